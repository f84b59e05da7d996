"""What the store and the configuration tell of a period: all that a press review is written from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from crawler.reporting.order import ReportOrder
from crawler.review.periods import Bucket
from crawler.review.tallying import Line, Sum
from storage.records import Case, Flag


@dataclass(frozen=True, slots=True)
class Paper:
    """One source over the period."""

    name: str
    home: str | None  # None: it stands no longer in config.toml
    province: str | None
    enabled: bool  # whether it is watched now
    state: str | None  # how it is now, "well", "ill" …; None: not known
    total: Sum
    blind: tuple[date, ...]  # days on which nobody could see it
    seen_at: datetime | None  # start of the newest crawl that ended well; None: none


@dataclass(frozen=True, slots=True)
class Counts:
    """The period in numbers."""

    buckets: tuple[Bucket, ...]
    whole: Line  # all papers together
    papers: tuple[Paper, ...]  # those that are watched, or of which anything is of the period; by name
    topics: tuple[Line, ...]  # in config.toml's order, then those that stand no longer there
    began: date | None  # when the first paper was crawled first, if within the period; else None


@dataclass(frozen=True, slots=True)
class Picked:
    """Some of the cases that were asked for."""

    cases: tuple[Case, ...]  # the newest, none that prints the text of another
    asked: int  # how many there are, copies of one text counted once where that is known


@dataclass(frozen=True, slots=True)
class InForce:
    """A rule that stands in config.toml now."""

    name: str
    label: str
    version: str | None  # None: it cannot be read


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything, as of one moment."""

    order: ReportOrder
    as_of: datetime
    counts: Counts
    full: Picked
    short: Picked
    proof: Mapping[int, tuple[Flag, ...]]  # case → where the question's words stand in it
    copies: Mapping[int, Case]  # other articles of their stories, by number
    everywhere: Mapping[str, int]  # document → articles of the period that cite it
    rules: tuple[InForce, ...]
    homes: Mapping[str, str]  # source → its host
    provinces: Mapping[str, str]  # source → its province
    recorded_since: datetime | None = None  # since when the store remembers its past; None: from the start on
