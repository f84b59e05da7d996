"""Pages of systems we do not know: trafilatura finds the story, our own reading takes it."""

from __future__ import annotations

from collections.abc import Sequence, Set
from itertools import takewhile

from lxml import etree
from lxml.html import HtmlElement

from crawler.reading.density import is_aside
from crawler.reading.text import bare, tidy
from crawler.reading.tree import Tree

_LONG = 80
_MOST_STEPS = 12
_MOST_TEXT = 500_000  # characters, several times those of any page met
_DEEPEST = 400  # levels, several times those of any page met
_TEASER = 40  # characters of a summary …
_MOST_TEASERS = 12
_CARD_LEVELS = 3  # … and levels above it where its headline stands
_HEADLINE = 20  # characters of a headline, at least and at most
_MOST_HEADLINE = 200
_OPENING = 24  # characters that tell one line from another
_SPEAKING = ("p", "div", "span", "a", "li", "td", "h2", "h3", "h4", "h5", "em", "strong", "b", "i")
_MOST_CARD = 5_000  # characters, blanks included, of the largest card
_ENOUGH = 0.85  # share of trafilatura's long lines that a container must hold


def whole_page(tree: Tree) -> list[str]:
    """The lines trafilatura takes for the story; none where it finds none.

    Never with deduplicate=True: that is memory across pages, and the same page read again comes out empty.
    favor_recall and fast are left alone too: on one page of the ePi CMS they took the teasers. Of a page
    longer or deeper than any story it is not asked: its time grows faster than both.
    """
    if not _is_ordinary(tree.root):
        return []
    import trafilatura

    try:
        text: str | None = trafilatura.extract(
            tree.root, include_comments=False, include_tables=True, with_metadata=False
        )
    except (RecursionError, ValueError, TypeError, AttributeError, AssertionError):
        # hostile markup breaks it in ways of its own; a page it cannot read is one it finds nothing in
        return []
    return [line for part in (text or "").split("\n") if (line := tidy(part.lstrip("-• ")))]


def _is_ordinary(root: HtmlElement) -> bool:
    """Whether a page has no more text, and no deeper nesting, than people write."""
    size = depth = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if event == "start" and element.tag not in {"script", "style"}:
            size += len(element.text or "") + len(element.tail or "")
        if size > _MOST_TEXT or depth > _DEEPEST:
            return False
    return True


def located(tree: Tree, lines: Sequence[str]) -> HtmlElement | None:
    """The smallest element that holds nearly all of these lines; None where they stand nowhere together.

    None too where they stand in the page's foot, head or side: a page without a story has nothing longer.
    """
    wanted = [bare(line) for line in lines if len(line) >= _LONG] or [bare(line) for line in lines]
    element = _holder(tree.root, max(wanted, key=len)) if wanted else None
    for step in range(_MOST_STEPS):
        if element is None or (element.tag in {"body", "html"} and step > 1):
            return None
        if _says_all(element, wanted):
            break
        element = element.getparent()
    return None if element is None or is_aside(element) else element


def are_teasers(tree: Tree, lines: Sequence[str], among: Sequence[str] = ()) -> bool:
    """Whether most of these lines stand each in a card of its own with the headline of another story.

    A card holds none of the other lines, nor any of `among`.
    """
    told = [bare(line) for line in lines if len(line) >= _TEASER][:_MOST_TEASERS]
    others = {*told, *(bare(line) for line in among if len(line) >= _TEASER)}
    if not told or len(others) < 2:
        return False
    holders = _openers(tree, told)
    cards = sum(_in_card(holders.get(line[:_OPENING]), others - {line}, len(line)) for line in told)
    return cards >= _ENOUGH * len(told)


def _openers(tree: Tree, lines: Sequence[str]) -> dict[str, HtmlElement]:
    """The first element that opens with the first words of each line, by those words."""
    wanted = {line[:_OPENING] for line in lines}
    found: dict[str, HtmlElement] = {}
    for element in tree.root.iter(*_SPEAKING):
        if element.text and len(element.text) >= _OPENING:
            opening = bare(element.text[:_MOST_HEADLINE])[:_OPENING]
            if opening in wanted:
                found.setdefault(opening, element)
    return found


def _in_card(holder: HtmlElement | None, others: Set[str], size: int) -> bool:
    if holder is not None and (holder.tag == "a" or next(holder.iterancestors("a"), None) is not None):
        return True
    card = holder
    for _ in range(_CARD_LEVELS):
        card = card.getparent() if card is not None else None
        if card is None:
            return False
        text = card.text_content()
        said = bare(text) if len(text) < _MOST_CARD else text
        if len(said) > 2 * size + _MOST_HEADLINE or any(other in said for other in others):
            return False
        ahead = takewhile(lambda element: element is not holder, card.iter())
        if any(element.tag == "a" and _is_headline(element) for element in ahead):
            return True
    return False


def _is_headline(link: HtmlElement) -> bool:
    return _HEADLINE < len(tidy(link.text_content())) < _MOST_HEADLINE


def _says_all(element: HtmlElement, wanted: Sequence[str]) -> bool:
    said = bare(tidy(element.text_content()))
    return sum(line in said for line in wanted) >= _ENOUGH * len(wanted)


def _holder(root: HtmlElement, line: str) -> HtmlElement | None:
    """The innermost element that says `line`."""
    found: HtmlElement | None = None
    element: HtmlElement | None = root
    while element is not None:
        found = element
        element = next((child for child in element if _says(child, line)), None)
    return found


def _says(element: HtmlElement, line: str) -> bool:
    return (
        isinstance(element.tag, str)
        and element.tag not in {"script", "style", "noscript"}
        and line in bare(tidy(element.text_content()))
    )
