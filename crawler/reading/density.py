"""Where the story stands on a page nobody described: the element whose own paragraphs say most."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement

from crawler.reading.tree import Tree, finding, heading, own_text

_PARAGRAPHS = finding(
    "//p[not(ancestor::footer or ancestor::nav)]"
    " | //*[self::div or self::td][text()[string-length(normalize-space(.)) > 60]]"
)
_LEVELS = 3
_NEARER = 3  # times what the same text counts that stands beside the title
_LINKS = finding(".//a[@href]")
_ASIDE = re.compile(
    r"\b(?:footer|copyright|side-?bar|comment|binh-?luan|widget|related|lien-quan|popup|modal)", re.IGNORECASE
)
_LEAST = 40  # characters of a paragraph that counts
_DECISIVE = 400  # characters of one element's own paragraphs that settle the question
_SHORT = 100  # characters of a lone paragraph beside the title that is the whole story
_SHARE = 0.35  # of all paragraphs' text that they must be


@dataclass(frozen=True, slots=True)
class Dense:
    """The element with most story in its own paragraphs."""

    element: HtmlElement
    paragraphs: int  # its own
    decisive: bool  # whether nothing else on the page comes near
    near: bool  # whether it stands beside the title


def densest(tree: Tree) -> Dense | None:
    """The likeliest container; None where no paragraph of the page counts."""
    scores: Counter[HtmlElement] = Counter()
    counts: Counter[HtmlElement] = Counter()
    total = 0
    for element, size in _weighed(tree.root):
        breaks = sum(child.tag == "br" for child in element)
        holder = element if element.tag != "p" and breaks > 1 else element.getparent()
        if holder is None or is_aside(holder):
            continue
        total += size
        scores[holder] += size
        counts[holder] += 1 + breaks // 2
        above = holder.getparent()
        if above is not None:
            scores[above] += size // 2
    return _best(tree.root, scores, counts, total) if scores else None


def _best(root: HtmlElement, scores: Counter[HtmlElement], counts: Counter[HtmlElement], total: int) -> Dense:
    around = _around_title(root)
    best = max(scores, key=lambda element: scores[element] * (_NEARER if _is_near(element, around) else 1))
    own = counts[best]
    alone = scores[best] >= max(_DECISIVE, _SHARE * total)
    near = _is_near(best, around)
    short = own == 1 and near and scores[best] >= _SHORT
    if short:
        beside = [element for element in counts if _is_near(element, around)]
        return Dense(_common(best, beside), own, True, near)
    return Dense(best, own, own >= 2 and (alone or near), near)


def _common(element: HtmlElement, others: list[HtmlElement]) -> HtmlElement:
    """The innermost element that holds them all: a lead and the one paragraph after it."""
    places = (element, *element.iterancestors())
    return next(
        (place for place in places if all(place in (other, *other.iterancestors()) for other in others)),
        element,
    )


def _around_title(root: HtmlElement) -> set[HtmlElement]:
    """What holds the title, as far up as a story stands beside its title."""
    head = heading(root)
    above = (
        head.iterancestors("div", "article", "section", "main", "header", "td") if head is not None else ()
    )
    return set(islice(above, _LEVELS))


def _is_near(element: HtmlElement, around: set[HtmlElement]) -> bool:
    return element in around or any(place in around for place in islice(element.iterancestors(), _LEVELS - 1))


def _weighed(root: HtmlElement) -> Iterator[tuple[HtmlElement, int]]:
    """Paragraphs and what each counts: its characters less twice those of its links."""
    for element in _PARAGRAPHS(root):
        text = element.text_content() if element.tag == "p" else own_text(element)
        size = len(" ".join(text.split()))
        if size >= _LEAST:
            linked = sum(len(link.text_content()) for link in _LINKS(element))
            if linked < size / 2:
                yield element, size - 2 * linked


def is_aside(element: HtmlElement) -> bool:
    """Whether an element stands in the page's foot, side or comments, or among its lists.

    What holds the title is none of these, whatever its name: VnExpress calls its main column sidebar-1.
    """
    places = (element, *element.iterancestors("div", "section", "footer", "nav", "aside", "ul"))
    return any(_is_named_aside(place) and place.find(".//h1") is None for place in places)


def _is_named_aside(element: HtmlElement) -> bool:
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return element.tag in {"footer", "nav", "aside"} or bool(_ASIDE.search(names))
