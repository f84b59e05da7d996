"""The lines around an article's title: where papers without better markup print date and author."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from itertools import dropwhile, islice, takewhile

from lxml.html import HtmlElement

from crawler.reading.dates import says_update
from crawler.reading.tags import INLINE
from crawler.reading.text import tidy
from crawler.reading.tree import heading

_TIME = re.compile(r"\d\s?[:hg]\s?\d\d")
_MOST_LINE = 110  # characters of a line that is a date line and no sentence
_MOST_BEFORE = 60  # elements
_MOST_AFTER = 150
_FOLLOWING = 3  # siblings of the body …
_MOST_PARTS = 8  # … and blocks in one of them
_LEVELS = 3  # above the title, still its own surroundings
_UNSEEN = {"script", "style", "noscript", "option", "template"}


def beside_title(root: HtmlElement, container: HtmlElement | None) -> list[str]:
    """Short lines with a number around the title, outside the body: those with a time of day first.

    Of these, those that tell of a later change come after those that do not.
    """
    head = heading(root)
    if head is None:
        return []
    walk = _surroundings(head, container).iter()
    before = deque(takewhile(lambda element: element is not head, walk), maxlen=_MOST_BEFORE)
    after = takewhile(lambda element: not _begins(element, head, container), islice(walk, _MOST_AFTER))
    lines = [line for element in (head, *after, *reversed(before)) for line in _lines(element)]
    return sorted(lines, key=lambda line: (not _TIME.search(line), says_update(line)))


def before_body(root: HtmlElement, container: HtmlElement | None) -> Iterator[HtmlElement]:
    """The elements between the title and the body, in reading order; none where the body holds the title."""
    head = heading(root)
    if head is None or container is None or container in head.iterancestors():
        return
    walk = _surroundings(head, container).iter()
    passed = dropwhile(lambda element: element is not head, walk)
    ahead = list(takewhile(lambda element: element is not container, islice(passed, 1, _MOST_AFTER)))
    if len(ahead) < _MOST_AFTER - 1:
        yield from (element for element in ahead if isinstance(element.tag, str))


def after_body(container: HtmlElement | None) -> Iterator[str]:
    """The short lines right after the body, where portals print the author."""
    if container is not None:
        for element in islice(container.itersiblings(), _FOLLOWING):
            for block in _parts(element):
                text = tidy(block.text_content())
                if 0 < len(text) <= _MOST_LINE:
                    yield text


def _parts(element: HtmlElement) -> Iterator[HtmlElement]:
    """The blocks directly in a block, else the block itself."""
    if isinstance(element.tag, str):
        inside = [child for child in islice(element, _MOST_PARTS) if child.tag in {"p", "div"}]
        yield from inside or [element]


def _surroundings(head: HtmlElement, container: HtmlElement | None) -> HtmlElement:
    """What stands around the title: never the whole page, unless the title stands in it by itself."""
    element, levels = head, _LEVELS
    while levels:
        parent = element.getparent()
        if parent is None or parent.tag == "html":
            return element
        if parent.tag in {"body", "form"}:
            alone = container is None or container is parent or element not in container.iterancestors()
            return parent if alone and element is not container else element
        levels -= element.tag not in INLINE
        element = parent
    return element


def _begins(element: HtmlElement, head: HtmlElement, container: HtmlElement | None) -> bool:
    """Whether the story begins here: at its container, or at a long paragraph where that holds the title."""
    if container is not None and container in head.iterancestors():
        return element.tag == "p" and len(tidy(element.text_content())) > _MOST_LINE
    return element is container


def _lines(element: HtmlElement) -> Iterator[str]:
    if not isinstance(element.tag, str) or element.tag in _UNSEEN:
        return
    said = element.text_content() if len(element) < 4 else element.text or ""
    for text in (said, element.tail or ""):
        if 6 <= len(text.strip()) <= _MOST_LINE and any(map(str.isdigit, text)):
            yield tidy(text)
