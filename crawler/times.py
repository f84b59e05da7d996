"""Time as the papers keep it: stored in UTC, shown in Asia/Ho_Chi_Minh, never naive."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800, "y": 31_536_000}  # a year of 365 days
_DURATION = re.compile(r"(?:\d+(?:\.\d+)?[smhdwy])+")
_PART = re.compile(r"(\d+(?:\.\d+)?)([smhdwy])")


def utc_now() -> datetime:
    """The one clock of the shells; whatever decides is given `now` instead."""
    return datetime.now(UTC)


def shown(moment: datetime) -> str:
    """ISO 8601 with seconds and +07:00, as every output shows a moment."""
    return moment.astimezone(VIETNAM).isoformat(timespec="seconds")


def duration(text: str) -> timedelta:
    """`90s`, `30m`, `1h30m`, `2d`, `1w`, `1y` as a timedelta; ValueError for anything else or nothing."""
    folded = text.strip().lower()
    if not _DURATION.fullmatch(folded):
        raise ValueError(f"{text!r} is no duration; write it like 90s, 30m, 1h30m, 2d or 1w")
    seconds = sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(folded))
    if not 0 < seconds <= 3650 * 86_400:
        raise ValueError(f"{text!r} must be longer than nothing and shorter than ten years")
    return timedelta(seconds=seconds)


def time_of_day(text: str) -> time:
    """`03:30`, a time of day in Vietnam; ValueError for anything else."""
    match = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", text.strip())
    if not match:
        raise ValueError(f"{text!r} is no time of day; write it like 03:30")
    return time(int(match[1]), int(match[2]))


def last_time(at: time, moment: datetime) -> datetime:
    """When it last was `at` o'clock in Vietnam, at `moment` or before."""
    there = moment.astimezone(VIETNAM)
    today = datetime.combine(there.date(), at, VIETNAM)
    return today if today <= there else today - timedelta(days=1)


Hours = tuple[time, time]  # from, until; over midnight where the second is not later


def hours(text: str) -> Hours:
    """`23:00-05:00` as two times of day in Vietnam; ValueError for anything else."""
    match = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)", text.strip())
    if not match or match[1] + match[2] == match[3] + match[4]:
        raise ValueError(f"{text!r} are no hours; write them like 23:00-05:00")
    return time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4]))


Weekly = tuple[int, time]  # day of the week, 0 is Monday, and time of day in Vietnam

_WEEKDAYS = ("mon t2", "tue t3", "wed t4", "thu t5", "fri t6", "sat t7", "sun cn")


def weekly(text: str) -> Weekly:
    """`Mon 08:00` or `T2 08:00` as a day of the week and a time there; ValueError for anything else."""
    day, _, at = text.strip().partition(" ")
    for number, names in enumerate(_WEEKDAYS):
        if day.lower() in names.split():
            return number, time_of_day(at)
    raise ValueError(f"{text!r} is no time of the week; write it like Mon 08:00 or T2 08:00")


def quiet_until(quiet: Hours, moment: datetime) -> datetime | None:
    """When the quiet hours around `moment` end; None if it is in none."""
    there = moment.astimezone(VIETNAM)
    begin, end = quiet
    inside = begin <= there.time() < end if begin < end else not end <= there.time() < begin
    if not inside:
        return None
    until = datetime.combine(there.date(), end, VIETNAM)
    return until if until > there else until + timedelta(days=1)


def quiet_from(quiet: Hours, moment: datetime) -> datetime:
    """When quiet hours begin next after `moment`."""
    there = moment.astimezone(VIETNAM)
    begin = datetime.combine(there.date(), quiet[0], VIETNAM)
    return begin if begin > there else begin + timedelta(days=1)


def day_of(moment: datetime) -> str:
    """The day in Vietnam: `2026-11-23`."""
    return moment.astimezone(VIETNAM).date().isoformat()


def next_midnight(moment: datetime) -> datetime:
    """The first moment of the next day in Vietnam."""
    there = moment.astimezone(VIETNAM)
    return datetime.combine(there.date() + timedelta(days=1), time(), VIETNAM)


def exact(moment: datetime) -> str:
    """ISO 8601 and +07:00, with as many digits as the moment has, so that it can be asked for again."""
    return shown(moment) if not moment.microsecond else moment.astimezone(VIETNAM).isoformat()


def day_start(text: str) -> datetime:
    """The first moment in Vietnam of `2026-11-23` or `23/11/2026`; ValueError for anything else."""
    found = _day(text.strip())
    if found is None or not 1900 <= found.year <= 9998:
        raise ValueError(f"{text!r} is no day; write it like 2026-11-23 or 23/11/2026")
    return datetime.combine(found, time(), VIETNAM)


def moment_meant(text: str) -> datetime:
    """`2026-11-23T18:30` or `23/11/2026 18:30:15` in Vietnam, or with a zone; a day alone is its last moment.

    ValueError for anything else.
    """
    day = _day(text.strip())
    if day is not None:
        return next_midnight(day_start(text)) - timedelta(microseconds=1)
    first, _, rest = text.strip().replace("T", " ").partition(" ")
    try:
        at = datetime.fromisoformat(f"{day_start(first).date()}T{rest.strip()}")
    except ValueError as error:
        raise ValueError(f"{text!r} is no moment; write it like 2026-11-23 or 2026-11-23T18:30") from error
    return at if at.tzinfo else at.replace(tzinfo=VIETNAM)


def days_meant(text: str) -> tuple[date, date]:
    """The first and the last day of `2026`, `2026-11`, `11/2026`, `2026-11-23` or `23/11/2026`.

    ValueError for anything else.
    """
    day = _day(text)
    if day is not None:
        return day, day
    if re.fullmatch(r"\d{4}", text):
        return date(int(text), 1, 1), date(int(text), 12, 31)
    month = re.fullmatch(r"(?P<year>\d{4})-(?P<month>\d{1,2})", text) or re.fullmatch(
        r"(?P<month>\d{1,2})[/.-](?P<year>\d{4})", text
    )
    if month is None:
        raise ValueError(f"{text!r} is no day, month or year")
    first = date(int(month["year"]), int(month["month"]), 1)
    return first, date(first.year, first.month, monthrange(first.year, first.month)[1])


def _day(text: str) -> date | None:
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text)
    vietnamese = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text)
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        return date(int(vietnamese[3]), int(vietnamese[2]), int(vietnamese[1])) if vietnamese else None
    except ValueError:
        return None
