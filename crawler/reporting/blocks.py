"""What a press review is made of, said once for every format: headings, paragraphs, tables, one chart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

RunKind = Literal[
    "plain",
    "strong",
    "faint",
    "lit",  # words that prove
]
ParagraphKind = Literal[
    "text",
    "meta",  # whose an article is, and of when
    "quote",
    "note",  # what a person noted
    "hint",  # how to read what stands below
    "warning",  # what could not be seen, or was left out
]


@dataclass(frozen=True, slots=True)
class Run:
    """Some text of one look; foreign text is cleaned, and escaped by whoever writes it."""

    text: str
    kind: RunKind = "plain"
    href: str | None = None  # an address that a person may follow; None: no link


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with its number, which the table of contents leads to."""

    is_a: ClassVar[str] = "heading"
    level: Literal[1, 2, 3]
    number: str  # "II.", "2.", "2.1."
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, or a line of its own."""

    is_a: ClassVar[str] = "paragraph"
    runs: Runs
    kind: ParagraphKind = "text"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    name: str
    width: int  # its share of the whole
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose first column names the row."""

    is_a: ClassVar[str] = "table"
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Runs, ...], ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One day or week: `part` is within `whole`."""

    label: str
    whole: int
    part: int
    blind: int  # days of all papers on which one could not be seen


@dataclass(frozen=True, slots=True)
class Chart:
    """How many articles day by day."""

    is_a: ClassVar[str] = "chart"
    title: str
    description: str
    whole: str  # what the whole bars are, for the legend
    part: str
    blind: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One article, whose parts stay together where there is room."""

    is_a: ClassVar[str] = "entry"
    blocks: tuple[Heading | Paragraph, ...]


Block = Heading | Paragraph | Table | Chart | Entry


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What the office style puts above and below; "" where nobody said it, which leaves room to write."""

    parent_organ: str
    organ: str
    symbol: str  # "12/BC-PV05"
    place: str
    authority: str  # "TL. GIÁM ĐỐC"
    signer_title: str  # "TRƯỞNG PHÒNG"
    signer: str
    recipients: tuple[str, ...]
    dated: str  # "ngày 23 tháng 11 năm 2026"


@dataclass(frozen=True, slots=True)
class Report:
    """The whole document."""

    title: str
    subject: str  # what it is about; "": nobody said
    days: str
    made: str  # as of when, by which program
    as_of: datetime
    blocks: tuple[Block, ...]
    letterhead: Letterhead | None = None  # None: no office style

    @property
    def headings(self) -> tuple[Heading, ...]:
        """What the table of contents lists: chapters and topics."""
        return tuple(one for one in self.blocks if isinstance(one, Heading) and one.level < 3)


def plain(text: str) -> Runs:
    """One run of ours."""
    return (Run(text),)


def texts(runs: Iterable[Run]) -> str:
    """What the runs say."""
    return "".join(run.text for run in runs)
