"""The body's container as blocks in reading order: paragraphs, headings, rows, captions, pictures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from lxml import etree
from lxml.html import HtmlElement

from crawler.reading.cutting import UNHEARD, Cuts
from crawler.reading.marks import Part, is_hidden, part_of
from crawler.reading.tags import BLOCK, HEADINGS, INLINE, SILENT
from crawler.reading.text import tidy
from crawler.reading.tree import finding, telling

Kind = Literal["paragraph", "heading", "row", "caption", "byline", "lead", "image"]

_SLANTED = frozenset(("em", "i"))
_BOLD = frozenset(("b", "strong"))
_SENTENCE_ENDS = (".", "!", "?", ":", ";", "…", "”", '"', ")")
_MOSTBLOCKS = 20_000
_ROWS = finding(".//tr")
_CELLS = finding("./td|./th")
_IMAGES = finding(".//img")
_NESTED = telling(".//table")
_LINKED = finding(".//a[@href]")
_LONGEST_CELL = 400
_LONGEST: dict[Part, int] = {"byline": 200, "lead": 1200}


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

    def __init__(self, container: HtmlElement, known: Known, cuts: Cuts) -> None:
        self.container = container
        self.known = known
        self.cuts = cuts
        self.blocks: list[Block] = []
        self.line = _Line()
        self.inside: dict[str, int] = {"a": 0, "slanted": 0, "bold": 0}
        self.holder: HtmlElement = container
        self.roles: list[tuple[HtmlElement, Kind]] = []  # elements whose whole text has one role
        self.skipped: HtmlElement | None = None  # the last one; its end comes next
        self.length = len(container.text_content())

    def run(self) -> list[Block]:
        walk = etree.iterwalk(self.container, events=("start", "end"))
        for event, element in walk:
            if event == "start":
                if element is not self.container and self._skipped(element):
                    walk.skip_subtree()
                    self.skipped = element
                else:
                    self._open(element)
            else:
                self._close(element)
            if len(self.blocks) > _MOSTBLOCKS:
                break
        self._flush()
        return self.blocks

    def _skipped(self, element: HtmlElement) -> bool:
        """Whether an element's inside is not for us; what it says in another role is taken here."""
        tag = element.tag
        if not isinstance(tag, str) or tag in SILENT:
            return True
        if element in self.known.dropped:
            self.cuts.element(element, "selector drop")
            return True
        if tag == "br":
            self._line_break()
        elif tag == "img":
            self._picture(element)
        elif tag == "table" and self._as_rows(element):
            return True
        reason = self._unwanted(element)
        if reason:
            self.cuts.element(element, reason)
        return reason is not None

    def _unwanted(self, element: HtmlElement) -> str | None:
        """Why what an element says of itself keeps it out of the story; None where it may stay."""
        if is_hidden(element):
            return "not shown" if self._minor(element) else None
        # `abbr.rate-usd` and `a.cms-relate` are words of a sentence: names tell of blocks only
        part = None if element.tag in INLINE else part_of(element)
        return f"called {part}" if part is not None and self._taken(element, part) else None

    def _picture(self, image: HtmlElement) -> None:
        if not self.roles:
            self._flush()
        self.blocks.append(Block("image", tidy(image.get("alt") or ""), image))

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
        return links > 0.2 * len(text)

    def _role(self, element: HtmlElement) -> Kind | None:
        if element in self.known.captions or element.tag in {"figcaption", "figure", "caption"}:
            return "caption"
        if element in self.known.bylines:
            return "byline"
        if element in self.known.leads:
            return "lead"
        if element.tag in INLINE:
            return None
        part = part_of(element)
        if part == "caption" or (element.tag == "table" and len(_IMAGES(element)) == 1):
            return "caption" if self._is_short(element, 500) else None
        if part in {"byline", "lead"}:
            return part if self._is_short(element, _LONGEST[part]) else None
        return None

    def _is_short(self, element: HtmlElement, most: int) -> bool:
        return len(" ".join(element.text_content().split())) <= most

    def _open(self, element: HtmlElement) -> None:
        tag = element.tag
        role = None if self.roles or element is self.container else self._role(element)
        if role:
            self._flush()
            self.roles.append((element, role))
            self.holder = element
        elif tag in BLOCK:
            self._flush()
            self.holder = element
        self._count(tag, 1)
        self._hear(element.text)

    def _close(self, element: HtmlElement) -> None:
        if element is self.container:
            return
        skipped: bool = element is self.skipped
        if not skipped:
            self._leave(element)
        elif element.tag in BLOCK:
            self._flush()
        self._hear(element.tail)

    def _leave(self, element: HtmlElement) -> None:
        self._count(element.tag, -1)
        if self.roles and self.roles[-1][0] is element:
            self._flush(ended=True)
            self.roles.pop()
        elif element.tag in BLOCK:
            self._flush()
            if element is self.holder:
                above = element.getparent()
                self.holder = self.container if above is None else above

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
        ended = "".join(self.line.parts).rstrip(" \t\r").endswith((*_SENTENCE_ENDS, "\n"))
        if ended and not self.roles:
            self._flush()
        else:
            self.line.parts.append("\n")

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
        if self.holder.tag in HEADINGS:
            return "heading"
        if part_of(self.holder) == "heading":
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


def blocks_of(container: HtmlElement, known: Known | None = None, cuts: Cuts = UNHEARD) -> list[Block]:
    """The container's lines in reading order, what its names call furniture left out."""
    return _Walk(container, known or Known(), cuts).run()
