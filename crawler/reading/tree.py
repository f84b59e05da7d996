"""One parse of a page, and what every layer asks of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import cast

from cssselect import HTMLTranslator, SelectorError
from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from crawler.reading.legacy import Letters, mend
from crawler.reading.text import bare, tidy

_EMPTY = b"<html><head></head><body></body></html>"
# Beyond this much markup nothing of an article follows: the longest real page met was 0.6 MB.
_MOST_MARKUP = 12_000_000
_INLINE = {"b", "strong", "i", "em", "span", "a", "u", "font"}
_MARKS = tuple(etree.XPath(path, smart_strings=False) for path in ("//*/@class", "//*/@id", "//*/@itemprop"))
_ROLES = etree.XPath("//*/@data-role", smart_strings=False)
_TITLE = etree.XPath("string((//title | //meta[@property='og:title']/@content)[1])", smart_strings=False)
_TITLED = ("h2", "h3", "h4", "h5", "div", "span", "td", "p", "b", "strong", "font")
_HEADLINE = re.compile(
    r"(?:detail|news|article|lbl|tin|bai)[\w-]*(?:title|tieu-?de|headline|header)"
    r"|(?:title|tieu-?de|headline|header)[\w-]*(?:detail|news|article|tin|bai)",
    re.IGNORECASE,
)
_LEAST_TITLE = 12  # characters …
_MOST_TITLE = 300
_LEAST_WORDS = 5  # … and words of a title told by its name alone
_VALUES = ("content", "datetime", "data-time", "data-date")


@dataclass(frozen=True, slots=True)
class Tree:
    """A page as markup, parsed once."""

    root: HtmlElement
    markup: bytes  # as parsed, in UTF-8: for cheap questions before dear ones
    url: str
    names: str = ""  # every class, id, itemprop and data-role of it: what selectors ask for
    fonts: tuple[Letters, ...] = ()  # of before Unicode, that parts of it were written for; converted


def parsed(markup: str, url: str) -> Tree:
    """The page's tree, whatever the markup: libxml2 mends it, and stops at its 2,048th level of nesting."""
    kept = markup[:_MOST_MARKUP].encode("utf-8", "ignore")
    for candidate in (kept, _EMPTY):
        parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
        try:
            root = document_fromstring(candidate, parser=parser)
        except (etree.ParserError, etree.XMLSyntaxError, ValueError):
            continue
        return Tree(root, kept, url, _names(root), mend(root, markup))
    raise AssertionError("an empty document is always parsed")


def _names(root: HtmlElement) -> str:
    marked = {name for path in _MARKS for name in cast("list[str]", path(root))}
    roles = {f"data-role={name}" for name in cast("list[str]", _ROLES(root))}
    return f" {' '.join(marked | roles)} "


def finding(expression: str) -> Callable[[HtmlElement], list[HtmlElement]]:
    """A compiled XPath that finds elements."""
    path = etree.XPath(expression)
    return lambda element: cast("list[HtmlElement]", path(element))


def telling(expression: str) -> Callable[[HtmlElement], bool]:
    """A compiled XPath that is true or false."""
    path = etree.XPath(f"boolean({expression})")
    return lambda element: bool(path(element))


def quoting(expression: str) -> Callable[[HtmlElement], str]:
    """A compiled XPath that gives the text of the first node it finds, or ""."""
    path = etree.XPath(f"string({expression})", smart_strings=False)
    return lambda element: str(path(element))


_H1 = finding("//h1")
PLAYER = telling(
    ".//video | .//audio | .//iframe[contains(@src,'youtube') or contains(@src,'player')"
    " or contains(@src,'embed') or contains(@src,'.mp4')]"
)


@lru_cache(maxsize=2048)
def _path(selector: str) -> etree.XPath | None:
    try:
        return etree.XPath(HTMLTranslator().css_to_xpath(selector))
    except (SelectorError, etree.XPathError):
        return None


def chosen(root: HtmlElement, selector: str) -> list[HtmlElement]:
    """All elements a CSS selector finds, in document order; none for a selector that cannot be read."""
    path = _path(selector)
    return [] if path is None else cast("list[HtmlElement]", path(root))


def first(root: HtmlElement, selectors: Iterable[str]) -> list[HtmlElement]:
    """What the first selector finds that finds anything."""
    return next((found for selector in selectors if (found := chosen(root, selector))), [])


def heading(root: HtmlElement) -> HtmlElement | None:
    """The element that shows the article's title; None where there is none.

    The h1 that says most, which is the article's and not the paper's. Where the document's title knows of
    no h1, older systems set the title in another element that says the same, or is called a headline.
    """
    best = max(_H1(root), key=lambda element: len(tidy(element.text_content())), default=None)
    claimed = bare(str(_TITLE(root)))
    if best is not None and (not claimed or _is_claimed(bare(tidy(best.text_content())), claimed)):
        return best
    named = _said_by_title(root, claimed)
    if named is not None:
        return named
    return best if best is not None else _called_headline(root)


def _is_claimed(text: str, claimed: str) -> bool:
    return len(text) >= _LEAST_TITLE and (text in claimed or claimed in text)


def _said_by_title(root: HtmlElement, claimed: str) -> HtmlElement | None:
    """The first element below the head that says the better part of what the document's title says."""
    return next(
        (
            leaf
            for leaf in _leaves(root)
            if _is_claimed(text := bare(leaf.text or ""), claimed) and 2 * len(text) >= len(claimed)
        ),
        None,
    )


def _called_headline(root: HtmlElement) -> HtmlElement | None:
    return next((leaf for leaf in _leaves(root) if _names_headline(leaf)), None)


def _names_headline(leaf: HtmlElement) -> bool:
    near = (leaf, *islice(leaf.iterancestors(), 1))
    names = " ".join(f"{element.get('class', '')} {element.get('id', '')}" for element in near)
    return len((leaf.text or "").split()) >= _LEAST_WORDS and bool(_HEADLINE.search(names))


def _leaves(root: HtmlElement) -> Iterator[HtmlElement]:
    """Elements with words and nothing inside that may be a title, links left out."""
    for leaf in root.iter(*_TITLED):
        if len(leaf) == 0 and leaf.text and _LEAST_TITLE <= len(leaf.text.strip()) <= _MOST_TITLE:
            above = leaf.getparent()
            if above is None or above.tag not in {"a", "li"}:
                yield leaf


def said(element: HtmlElement) -> str:
    """What an element says: the value of a meta or an input, else its text on one line."""
    if element.tag == "meta":
        return tidy(element.get("content", ""))
    return tidy(element.text_content())


def stamped(element: HtmlElement) -> Iterable[str]:
    """What an element says of time: its machine-readable attributes first, then its text."""
    yield from (value for name in _VALUES if (value := element.get(name)))
    yield said(element)


def own_text(element: HtmlElement) -> str:
    """The text that stands in an element itself, blocks inside it left out."""
    parts = [element.text or ""]
    for child in element:
        if child.tag in _INLINE:
            parts.append(child.text_content())
        parts.append(child.tail or "")
    return " ".join(parts)
