"""The body's container as blocks in reading order: paragraphs, headings, rows, captions, pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from lxml import etree
from lxml.html import HtmlElement

from crawler.reading.marks import Part, is_hidden, part_of
from crawler.reading.text import tidy

Kind = Literal["paragraph", "heading", "row", "caption", "byline", "lead", "image"]

_BLOCK = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6"
    " header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
_SILENT = frozenset(
    "script style noscript template button select input textarea label iframe svg object embed audio video canvas"
    " nav map h1 link meta title head math".split()
)
_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
_SLANTED = frozenset(("em", "i"))
_BOLD = frozenset(("b", "strong"))
_MOST_BLOCKS = 20_000
_ROWS = etree.XPath(".//tr")
_CELLS = etree.XPath("./td|./th")
_IMAGES = etree.XPath("boolean(.//img)")
_NESTED = etree.XPath("boolean(.//table)")
_LINKED = etree.XPath(".//a[@href]")
_LONGEST_CELL = 400


@dataclass(frozen=True, slots=True)
class Block:
    """One line of the body, with what its markup tells of it."""

    kind: Kind
    text: str  # tidy; of an image its alternative text
    element: HtmlElement  # the innermost block element that holds it, or the img
    linked: float = 0.0  # share of the text that is link
    slanted: float = 0.0  # share that is em or i
    bold: float = 0.0  # share that is b or strong


@dataclass(frozen=True, slots=True)
class Known:
    """What selectors already say of elements inside the container."""

    dropped: frozenset[HtmlElement] = frozenset()
    captions: frozenset[HtmlElement] = frozenset()
    bylines: frozenset[HtmlElement] = frozenset()
    leads: frozenset[HtmlElement] = frozenset()


@dataclass(slots=True)
class _Line:
    """The line being gathered."""

    parts: list[str] = field(default_factory=list)
    linked: int = 0
    slanted: int = 0
    bold: int = 0


class _Walk:
    """One walk over a container; an iterative one, because pages nest two thousand deep."""

    def __init__(self, container: HtmlElement, known: Known) -> None:
        self.container = container
        self.known = known
        self.blocks: list[Block] = []
        self.line = _Line()
        self.inside: dict[str, int] = {"a": 0, "slanted": 0, "bold": 0}
        self.holder: HtmlElement = container
        self.roles: list[tuple[HtmlElement, Kind]] = []  # elements whose whole text has one role
        self.length = len(container.text_content())

    def run(self) -> list[Block]:
        walk = etree.iterwalk(self.container, events=("start", "end"))
        for event, element in walk:
            if event == "start":
                if element is not self.container and self._skipped(element):
                    walk.skip_subtree()
                else:
                    self._open(element)
            else:
                self._close(element)
            if len(self.blocks) > _MOST_BLOCKS:
                break
        self._flush()
        return self.blocks

    def _skipped(self, element: HtmlElement) -> bool:
        """Whether an element's inside is not for us; what it says in another role is taken here."""
        tag = element.tag
        if not isinstance(tag, str) or tag in _SILENT or element in self.known.dropped:
            return True
        if tag == "br":
            self._line_break()
        elif tag == "img":
            self.blocks.append(Block("image", tidy(element.get("alt") or ""), element))
        elif tag == "table" and self._as_rows(element):
            return True
        elif is_hidden(element):
            return self._minor(element)
        part = part_of(element)
        return part is not None and self._taken(element, part)

    def _taken(self, element: HtmlElement, part: Part) -> bool:
        if part == "furniture":
            return self._minor(element)
        if part == "date":
            return element.tag != "p" and len(element.text_content()) < 100
        return False

    def _minor(self, element: HtmlElement) -> bool:
        """Whether an element may go by its name alone: it must not hold the better part of the text."""
        text = element.text_content()
        if len(text) < 400 or len(text) < 0.3 * self.length:
            return True
        links = sum(len(link.text_content()) for link in _LINKED(element))
        return links > 0.5 * len(text)

    def _role(self, element: HtmlElement) -> Kind | None:
        if element in self.known.captions or element.tag in {"figcaption", "figure", "caption"}:
            return "caption"
        if element in self.known.bylines:
            return "byline"
        if element in self.known.leads:
            return "lead"
        part = part_of(element)
        if part == "caption" or (element.tag == "p" and element.get("class") == "Image"):
            return "caption" if len(element.text_content()) < 0.5 * self.length or self.length < 600 else None
        if part == "byline":
            return "byline" if len(element.text_content()) < 300 else None
        return (
            "lead"
            if part == "lead" and element.tag != "body" and len(element.text_content()) < 1200
            else None
        )

    def _open(self, element: HtmlElement) -> None:
        tag = element.tag
        role = None if self.roles or element is self.container else self._role(element)
        if role:
            self._flush()
            self.roles.append((element, role))
            self.holder = element
        elif tag in _BLOCK:
            self._flush()
            self.holder = element
        self._count(tag, 1)
        self._hear(element.text)

    def _close(self, element: HtmlElement) -> None:
        tag = element.tag
        if element is not self.container:
            if isinstance(tag, str) and tag not in _SILENT:
                self._leave(element)
            self._hear(element.tail)

    def _leave(self, element: HtmlElement) -> None:
        self._count(element.tag, -1)
        if self.roles and self.roles[-1][0] is element:
            self._flush(ended=True)
            self.roles.pop()
        elif element.tag in _BLOCK:
            self._flush()
            if element is self.holder:
                self.holder = element.getparent()

    def _count(self, tag: str, step: int) -> None:
        mark = "a" if tag == "a" else "slanted" if tag in _SLANTED else "bold" if tag in _BOLD else None
        if mark and (step > 0 or self.inside[mark]):
            self.inside[mark] += step

    def _hear(self, text: str | None) -> None:
        if not text:
            return
        line, size = self.line, len(text.strip())
        line.parts.append(text)
        line.linked += size if self.inside["a"] else 0
        line.slanted += size if self.inside["slanted"] else 0
        line.bold += size if self.inside["bold"] else 0

    def _line_break(self) -> None:
        """A line break ends a paragraph where a sentence ends; elsewhere it is a blank."""
        text = "".join(self.line.parts).rstrip()
        if not self.roles and text.endswith((".", "!", "?", ":", ";", "…", "”", '"', ")")):
            self._flush()
        elif not self.roles and "\n\0" in "".join(self.line.parts[-1:]):
            self._flush()
        else:
            self.line.parts.append("\n\0")

    def _flush(self, *, ended: bool = False) -> None:
        if self.roles and not ended:
            self.line.parts.append(" ")
            return
        line, self.line = self.line, _Line()
        text = tidy("".join(line.parts))
        if text:
            size = max(1, len(text))
            kind = self.roles[-1][1] if self.roles else self._plain(line, text)
            self.blocks.append(
                Block(kind, text, self.holder, line.linked / size, line.slanted / size, line.bold / size)
            )

    def _plain(self, line: _Line, text: str) -> Kind:
        if self.holder.tag in _HEADINGS:
            return "heading"
        short_and_bold = line.bold > 0.9 * len(text) and len(text) < 150 and text[-1] not in ".;…"
        return "heading" if short_and_bold else "paragraph"

    def _as_rows(self, table: HtmlElement) -> bool:
        """A table of figures, taken row by row; a table that only lays out a picture or text is walked."""
        rows = [_CELLS(row) for row in _ROWS(table)]
        if _IMAGES(table) or _NESTED(table) or max(map(len, rows), default=0) < 2:
            return False
        lines = [[tidy(cell.text_content()) for cell in cells] for cells in rows]
        if any(len(cell) > _LONGEST_CELL for cells in lines for cell in cells):
            return False
        self._flush()
        texts = (" | ".join(cell for cell in cells if cell) for cells in lines)
        self.blocks += [Block("row", text, table) for text in texts if text]
        return True


def blocks_of(container: HtmlElement, known: Known | None = None) -> list[Block]:
    """The container's lines in reading order, what its names call furniture left out."""
    return _captions_found(_Walk(container, known or Known()).run())


def _captions_found(blocks: list[Block]) -> list[Block]:
    return list(_with_captions(blocks))


def _with_captions(blocks: Iterable[Block]) -> Iterator[Block]:
    """Unmarked captions recognised: a short line right after a picture that is no sentence of the story."""
    after_image = False
    for block in blocks:
        if after_image and block.kind in {"paragraph", "heading"} and _like_a_caption(block):
            yield replace(block, kind="caption")
            after_image = False
            continue
        after_image = block.kind == "image" or (after_image and block.kind == "caption" and False)
        yield block


def _like_a_caption(block: Block) -> bool:
    if len(block.text) > 300 or block.element.tag in _HEADINGS:
        return False
    return (
        _centred(block.element)
        or block.slanted > 0.8
        or _credited(block.text)
        or block.text[-1] not in '.:;?!…”"'
    )


def _centred(element: HtmlElement) -> bool:
    style = (element.get("style") or "").replace(" ", "").lower()
    names = (element.get("class") or "").lower()
    return (
        "text-align:center" in style
        or element.get("align") == "center"
        or element.tag == "center"
        or "center" in names
    )


def _credited(text: str) -> bool:
    return any(
        mark in text[-80:].lower() for mark in ("ảnh:", "ảnh minh họa", "ảnh minh hoạ", "nguồn:", "(ảnh")
    )
