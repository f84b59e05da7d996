"""Which days an overview is of, as an address says it, and how they are put into columns; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from urllib.parse import urlencode

from crawler.review import wording
from crawler.review.wording import Refused, Trouble
from crawler.times import day_start

By = Literal["day", "week"]
Name = Literal["28d", "12w", "own"]

MOST_DAYS = 366
MOST_BY_DAY = 92  # columns that still can be told apart
_USUALLY_BY_DAY = 45
_NAMED: Mapping[str, Name] = {"28d": "28d", "12w": "12w"}
_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Bucket:
    """The days of one column, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many they are."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Period:
    """Days of Vietnam, both included, in columns of a day or of a week that begins on Monday."""

    first: date
    last: date
    by: By
    name: Name

    @property
    def buckets(self) -> tuple[Bucket, ...]:
        """The columns; the first and the last week may be shorter."""
        found, first = [], self.first
        while first <= self.last:
            whole = first if self.by == "day" else _monday(first) + _WEEK - _DAY
            found.append(Bucket(first, min(whole, self.last)))
            first = found[-1].last + _DAY
        return tuple(found)

    def address(self, path: str = "/overview", **more: str | None) -> str:
        """`path` with this period and `more` as its query."""
        own = {"from": self.first.isoformat(), "until": self.last.isoformat(), "by": self.by}
        named = {"28d": {}, "12w": {"period": "12w"}, "own": own}[self.name]
        query = urlencode({**named, **{key: value for key, value in more.items() if value is not None}})
        return path + (f"?{query}" if query else "")


def usual(name: Name, today: date) -> Period:
    """The last 28 days, today among them, or the last twelve weeks, this one among them."""
    if name == "12w":
        return Period(_monday(today) - 11 * _WEEK, today, "week", "12w")
    return Period(today - 27 * _DAY, today, "day", "28d")


def period_of(stated: Mapping[str, str], today: date) -> Period:
    """The period an address names; Refused (400) says which part cannot be read."""
    if stated.get("from") or stated.get("until"):
        return _own(stated, today)
    name = stated.get("period", "28d")
    if name in _NAMED:
        return usual(_NAMED[name], today)
    raise Refused(Trouble.BAD_ADDRESS, wording.NO_PERIOD.format(value=wording.short(name)))


def day_in(stated: Mapping[str, str], key: str) -> date | None:
    """A day in an address, `2026-11-23` or `23/11/2026`; None: absent. Refused (400) for anything else."""
    text = stated.get(key)
    if not text:
        return None
    try:
        return day_start(text[:40]).date()
    except ValueError as error:
        detail = wording.NO_DAY.format(key=key, value=wording.short(text))
        raise Refused(Trouble.BAD_ADDRESS, detail) from error


def _own(stated: Mapping[str, str], today: date) -> Period:
    last = day_in(stated, "until") or today
    first = day_in(stated, "from") or last - 27 * _DAY
    days = (last - first).days + 1
    if days < 1:
        raise Refused(Trouble.BAD_ADDRESS, wording.CROSSED_DAYS)
    if days > MOST_DAYS:
        raise Refused(Trouble.BAD_ADDRESS, wording.LONG_PERIOD.format(days=days, most=MOST_DAYS))
    by = stated.get("by") or ("day" if days <= _USUALLY_BY_DAY else "week")
    if by == "day" and days <= MOST_BY_DAY:
        return Period(first, last, "day", "own")
    if by == "day":
        raise Refused(Trouble.BAD_ADDRESS, wording.MANY_COLUMNS.format(days=days, most=MOST_BY_DAY))
    if by == "week":
        return Period(first, last, "week", "own")
    raise Refused(Trouble.BAD_ADDRESS, wording.NO_COLUMNS.format(value=wording.short(by)))


def _monday(day: date) -> date:
    return day - day.weekday() * _DAY
