"""On which days a source was really looked at, by the crawls of each day; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import median
from typing import Literal

from storage.counting import DayCount, Watch

Sight = Literal[
    "seen",  # a crawl ended well, or none was due
    "partly",  # one did, but most did not
    "blind",  # none did, though it was being watched
    "pending",  # today, and none has ended yet
    "unwatched",  # before its first crawl, after its last, or in the future
]

LOOK_BACK = timedelta(days=21)  # how far before a period its crawls show what is usual
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Looking:
    """What is known of one source's crawls."""

    watch: Watch | None  # None: it was never crawled
    today: date
    watched_now: bool  # it stands in config.toml and is enabled


def sights(days: Iterable[DayCount], looking: Looking, first: date, last: date) -> Mapping[date, Sight]:
    """How well one source was seen on every day of a span.

    A source that is crawled every third day only is not blind in between: a gap counts where it is longer
    than half as much again as what is usual.
    """
    known = {day.day: day for day in days}
    done = sorted(day for day, count in known.items() if count.crawled)
    usual = median([(later - earlier).days for earlier, later in pairwise(done)] or [1])
    gaps = _Gaps(done, usual, looking.today)
    count = (last - first).days + 1
    span = [first + n * _DAY for n in range(count)]
    return {day: _sight(day, known.get(day), looking, gaps) for day in span}


@dataclass(frozen=True, slots=True)
class _Gaps:
    done: list[date]
    usual: float  # days between two days with a good crawl
    today: date

    def is_usual(self, day: date) -> bool:
        """Whether a day without a crawl lies in no longer a gap than usual."""
        before = max((one for one in self.done if one < day), default=None)
        after = min((one for one in self.done if one > day), default=self.today)
        return before is not None and (after - before).days <= self.usual * 1.5


def _sight(day: date, count: DayCount | None, looking: Looking, gaps: _Gaps) -> Sight:
    watch = looking.watch
    if watch is None or day < watch.first or day > (looking.today if looking.watched_now else watch.last):
        return "unwatched"
    crawled, troubled = (count.crawled, count.troubled) if count else (0, 0)
    if crawled:
        return "partly" if troubled > crawled else "seen"
    if troubled:
        return "blind"
    if day == looking.today:
        return "pending"
    return "seen" if gaps.is_usual(day) else "blind"
