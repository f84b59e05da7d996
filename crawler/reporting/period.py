"""Which days a press review is of: a week, a month, or the days a person names; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from crawler.errors import UsageError
from crawler.review.periods import Bucket
from crawler.review.periods import Period as Columns
from crawler.times import day_start, days_meant

Kind = Literal["week", "month", "days"]

MOST_DAYS = 366
MOST_BY_DAY = 31  # days that are told one by one; of more, weeks are told
_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Days of Vietnam, both included."""

    first: date
    last: date  # the whole week's or month's, even where it is not over yet
    kind: Kind

    @property
    def days(self) -> int:
        """How many they are."""
        return (self.last - self.first).days + 1

    @property
    def stem(self) -> str:
        """What a file of it is called: `2026-W47`, `2026-11`, `2026-11-16_2026-11-22`."""
        if self.kind == "week":
            year, week, _ = self.first.isocalendar()
            return f"{year}-W{week:02d}"
        if self.kind == "month":
            return f"{self.first:%Y-%m}"
        return f"{self.first.isoformat()}_{self.last.isoformat()}"

    @property
    def by_day(self) -> bool:
        """Whether its days are told one by one."""
        return self.days <= MOST_BY_DAY

    @property
    def columns(self) -> tuple[Bucket, ...]:
        """Its days, or its weeks from Monday on, of which the first and the last may be shorter."""
        return Columns(self.first, self.last, "day" if self.by_day else "week", "own").buckets

    def is_open(self, today: date) -> bool:
        """Whether some of it is still to come, or is going on."""
        return self.last >= today


def week_of(text: str, today: date) -> Period:
    """`47`, `2026-W47`, a day of the week, or "" for the last one that is over.

    A bare number is the newest week of that number that has begun. UsageError for anything else.
    """
    if not text:
        return _week(_monday(today) - _WEEK)
    named = re.fullmatch(r"(?:(\d{4})-?[Ww])?(\d{1,2})", text)
    monday = _numbered(named[1], int(named[2]), today) if named else _monday(_day(text))
    if monday is None:
        raise UsageError(f"--week {text!r} is no week; write it like 47, 2026-W47 or 2026-11-18")
    return _begun(_week(monday), today)


def month_of(text: str, today: date) -> Period:
    """`2026-11`, `11/2026`, or "" for the last month that is over; UsageError for anything else."""
    if not text:
        last = today.replace(day=1) - _DAY
        return Period(last.replace(day=1), last, "month")
    try:
        first, last = days_meant(text)
    except ValueError:
        first = last = date.min
    if first.day != 1 or not 27 <= (last - first).days <= 30:
        raise UsageError(f"--month {text!r} is no month; write it like 2026-11 or 11/2026")
    return _begun(Period(first, last, "month"), today)


def days_of(first: date, last: date, today: date) -> Period:
    """From the first to the last day; UsageError where they cross, are to come, or are too many."""
    found = Period(first, last, "days")
    if found.days < 1:
        raise UsageError("--since is later than --until")
    if found.days > MOST_DAYS:
        raise UsageError(f"{found.days} days are too many for one press review; at most {MOST_DAYS}")
    return _begun(found, today)


def _week(monday: date) -> Period:
    return Period(monday, monday + _WEEK - _DAY, "week")


def _begun(period: Period, today: date) -> Period:
    if period.first > today:
        raise UsageError(f"the days asked for begin on {period.first.isoformat()}, which is still to come")
    return period


def _numbered(year: str | None, number: int, today: date) -> date | None:
    if year:
        return _iso_monday(int(year), number)
    this_year = today.isocalendar().year
    tried = [_iso_monday(one, number) for one in (this_year, this_year - 1)]
    return next((monday for monday in tried if monday and monday <= today), None)


def _iso_monday(year: int, number: int) -> date | None:
    try:
        return date.fromisocalendar(year, number, 1)
    except ValueError:
        return None


def _day(text: str) -> date:
    try:
        return day_start(text).date()
    except ValueError as error:
        raise UsageError(f"--week {text!r} is no week; write it like 47, 2026-W47 or 2026-11-18") from error


def _monday(day: date) -> date:
    return day - day.weekday() * _DAY
