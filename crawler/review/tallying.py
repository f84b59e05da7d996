"""Counts by day put into the columns of an overview, with what each is a part of; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from operator import attrgetter

from crawler.review.periods import Bucket
from crawler.review.sight import Sight
from storage.counting import CaseCount, DayCount

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sum:
    """What one column, or a whole line, comes to."""

    found: int = 0
    read: int = 0
    flagged: int = 0
    reviewed: int = 0
    kept: int = 0
    dropped: int = 0
    watched: int = 0  # days on which it was to be looked at; of several sources: added up
    blind: int = 0  # … of those: on which nobody could
    partly: int = 0  # … of those: on which most crawls failed

    @property
    def waiting(self) -> int:
        """Flagged, and not decided yet."""
        return self.flagged - self.reviewed


@dataclass(frozen=True, slots=True)
class Line:
    """One source, one topic, or all: a sum for each column."""

    name: str
    columns: tuple[Sum, ...]
    label: str | None = None  # of a topic

    @property
    def total(self) -> Sum:
        """All columns together."""
        return together(self.columns)


_PARTS = [attrgetter(part.name) for part in fields(Sum)]


def together(sums: Iterable[Sum]) -> Sum:
    """Their sum, part by part."""
    every = list(sums)
    return Sum(*(sum(map(part, every)) for part in _PARTS))


def line(name: str, buckets: Sequence[Bucket], of_days: _OfDays) -> Line:
    """What is counted under one name, in columns."""
    return Line(name, tuple(_sum(bucket, of_days) for bucket in buckets), of_days.label)


def added(name: str, lines: Iterable[Line], width: int) -> Line:
    """All lines as one."""
    every = list(lines)
    return Line(name, tuple(together(one.columns[place] for one in every) for place in range(width)))


@dataclass(frozen=True, slots=True)
class _OfDays:
    days: Mapping[date, DayCount]
    cases: Mapping[date, CaseCount]
    sights: Mapping[date, Sight]
    label: str | None = None


def of_days(
    days: Iterable[DayCount] = (), cases: Iterable[CaseCount] = (), sights: Mapping[date, Sight] | None = None
) -> _OfDays:
    """What is known of one source or one topic, day by day."""
    by_day = {case.day: case for case in cases}
    label = max((case.label for case in by_day.values() if case.label), default=None)
    return _OfDays({day.day: day for day in days}, by_day, sights or {}, label)


def _sum(bucket: Bucket, known: _OfDays) -> Sum:
    span = [bucket.first + n * _DAY for n in range(bucket.days)]
    found = read = flagged = reviewed = kept = dropped = 0
    for day in span:
        if count := known.days.get(day):
            found, read = found + count.read + count.unread, read + count.read
        if case := known.cases.get(day):
            flagged, reviewed = flagged + case.flagged, reviewed + case.reviewed
            kept, dropped = kept + case.kept, dropped + case.dropped
    sights = [known.sights.get(day) for day in span]
    blind, partly = sights.count("blind"), sights.count("partly")
    watched = blind + partly + sights.count("seen")
    return Sum(found, read, flagged, reviewed, kept, dropped, watched, blind, partly)
