"""When something was published: every form the papers write, read day first, with the time of day."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from unicodedata import normalize

from crawler.times import VIETNAM
from storage.records import Dating, Origin, Precision

_EARLIEST = datetime(1995, 1, 1, tzinfo=VIETNAM)
_LAST_YEAR = 9998  # the last from which moving between zones does not overflow
_AHEAD = timedelta(days=1)
_STRUCTURED = {"json-ld", "meta"}

_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SPELT = {
    "một": 1, "giêng": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7,
    "tám": 8, "chín": 9, "mười": 10, "mười một": 11, "mười hai": 12, "chạp": 12,
}  # fmt: skip

_TIME = (
    r"(?P<hour>\d{1,2})\s*(?::|h|g|giờ)\s*(?P<minute>\d{2})(?!\d)"
    r"(?:\s*(?::|phút|m)\s*(?P<second>\d{2})(?!\d)(?:[.,]\d{1,9})?)?(?:\s*(?:phút|p)\b)?"
    r"(?:\s*(?P<half>am|pm|sa|ch|sáng|trưa|chiều|tối|đêm|a\.m\.|p\.m\.)(?!\w))?"
)
_CLOCK = re.compile(r"(?<![\d:/.-])" + _TIME)
_ISO = re.compile(
    r"(?<!\d)(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)"
    r"(?:(?:t|\s|,|-|\|)+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?"
    r"\s*(?P<zone>z\b|utc\b|gmt\b(?!\s*[+-])|(?:gmt|utc)?\s*[+-]\s*\d{1,2}:?(?:\d{2})?)?"
    r"(?:\s*(?P<half>am|pm|sa|ch)\b)?)?"
)
_NUMERIC = re.compile(
    r"(?<![\d/.-])(?P<day>\d{1,2})\s?(?P<mark>[-/.])\s?(?P<month>\d{1,2})\s?(?P=mark)\s?(?P<year>\d{4}|\d{2})(?![\d/])"
)
_WRITTEN = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})\s+tháng\s+(?P<month>\d{1,2})\s*(?:,|năm|/|-)?\s*(?P<year>\d{4})(?!\d)"
)
_SPELT_OUT = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})\s+tháng\s+(?P<month>mười một|mười hai|"
    + "|".join(_SPELT)
    + r")\s*(?:,|năm)?\s*(?P<year>\d{4})(?!\d)"
)
_MONTHS = "|".join(_ENGLISH)
_DAY_NAMED = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})[\s-]+(?P<month>{_MONTHS})[a-z]*\.?,?[\s-]+(?P<year>\d{{4}})(?!\d)"
)
_NAMED_DAY = re.compile(
    rf"\b(?P<month>{_MONTHS})[a-z]*\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})(?!\d)"
)
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")
_ZERO_ZONE = re.compile(r"\s*(?:z\b|(?:utc|gmt)\b(?!\s*[+-])|(?:gmt|utc)?\s*[+-]\s*0{1,2}:?(?:00)?(?!\d))")
_CHANGE = re.compile(r"cập nhật|chỉnh sửa|sửa đổi|updated|modified", re.IGNORECASE)
_CHANGED_AT = re.compile(rf"(?:{_CHANGE.pattern})\D{{0,20}}(?:\d{{1,2}}[:hg]\d\d(?::\d\d)?\D{{0,20}})?$")
_AFTER = re.compile(r"[\s,|()\[\]@–-]*(?:lúc\s*)?[\s,|()\[\]-]*")
_MOST = 400  # characters; a longer text is no date line


def parse_moment(text: str, origin: Origin, now: datetime) -> Dating | None:
    """The moment that a date line, an attribute, a feed or a sitemap names; None where it names none.

    Day first always. Whatever offset is printed the wall clock is Vietnam's, because printed offsets lie
    (VnExpress 2019 prints +08:00); only Z, UTC, GMT and +00:00 are believed and converted. Midnight to
    the second is taken for a bare day. A day without its year is no date. A moment before 1995, or more
    than a day after `now`, is refused.
    """
    found = moment_told(text, origin)
    return found if found and not doubt(found, now) else None


def moment_told(text: str, origin: Origin) -> Dating | None:
    """The moment that a text names, plausible or not; None where it names none."""
    folded = _folded(text)
    return _epoch(folded, origin) or _named(folded, origin)


def doubt(dating: Dating, now: datetime) -> str | None:
    """Why no paper published this then; None where it may have."""
    if dating.at < _EARLIEST:
        return "before 1995"
    return "in the future" if dating.at > now + _AHEAD else None


def update_told(text: str, origin: Origin) -> Dating | None:
    """The moment that a text calls that of its last change: `Cập nhật 11/02/2022 09:00`; else None."""
    folded = _folded(text)
    if not says_update(folded):
        return None
    changes = (match for match in _days(folded) if _is_change(match, folded))
    return next((told for match in changes if (told := _reading(match, folded, origin))), None)


def says_update(text: str) -> bool:
    """Whether a line speaks of a change at all."""
    return bool(_CHANGE.search(text))


def _folded(text: str) -> str:
    return " ".join(normalize("NFC", text[:_MOST]).lower().split())


def _epoch(text: str, origin: Origin) -> Dating | None:
    if not _EPOCH.fullmatch(text):
        return None
    at = datetime.fromtimestamp(int(text[:10]), UTC).astimezone(VIETNAM)
    return Dating(at, "second", origin)


def _named(text: str, origin: Origin) -> Dating | None:
    matches = sorted(_days(text), key=lambda match: (_is_change(match, text), match.start()))
    readings = [told for match in matches[:6] if (told := _reading(match, text, origin))]
    likely = (told for told in readings if told.at >= _EARLIEST)
    return next(likely, readings[0] if readings else None)


def _days(text: str) -> list[re.Match[str]]:
    forms = (_ISO, _NUMERIC, _WRITTEN, _SPELT_OUT, _DAY_NAMED, _NAMED_DAY)
    return [match for form in forms for match in form.finditer(text)]


def _is_change(match: re.Match[str], text: str) -> bool:
    return bool(_CHANGED_AT.search(text[: match.start()]))


def _reading(match: re.Match[str], text: str, origin: Origin) -> Dating | None:
    day = _day(match, text, origin)
    if day is None:
        return None
    clock = match if match.groupdict().get("hour") else _clock_beside(match, text)
    if clock is None:
        return Dating(day, "day", origin)
    hour, minute, second = _hour(clock), int(clock["minute"]), int(clock["second"] or 0)
    if not (0 <= hour <= 23 and minute <= 59 and second <= 59):
        return Dating(day, "day", origin)
    if clock["second"] and not (hour or minute or second):
        return Dating(day, "day", origin)
    precision: Precision = "second" if clock["second"] else "minute"
    at = day.replace(hour=hour, minute=minute, second=second)
    if _is_zero_zone(clock, text):
        at = at.replace(tzinfo=UTC).astimezone(VIETNAM)
    return Dating(at, precision, origin)


def _day(match: re.Match[str], text: str, origin: Origin) -> datetime | None:
    year = int(match["year"])
    if len(match["year"]) == 2:
        year += 2000 if year < 70 else 1900
    day, month = int(match["day"]), _month(match["month"])
    if match.re is _NUMERIC and origin in _STRUCTURED and _american(text):
        # 1/21/2022 8:12:40 AM is real, and month first; where both readings are days it tells nothing
        if day > 12 or (month <= 12 and day != month):
            return None if day <= 12 else _midnight(year, month, day)
        day, month = month, day
    return _midnight(year, month, day)


def _midnight(year: int, month: int, day: int) -> datetime | None:
    if not 1 < year <= _LAST_YEAR:
        return None
    try:
        return datetime(year, month, day, tzinfo=VIETNAM)
    except ValueError:
        return None


def _american(text: str) -> bool:
    """The shape of .NET's en-US dates: slashes, seconds and AM or PM."""
    return bool(re.fullmatch(r"\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d{2}:\d{2} [ap]m", text))


def _month(word: str) -> int:
    if word.isdigit():
        return int(word)
    return _SPELT[word] if word in _SPELT else _ENGLISH.index(word[:3]) + 1


def _clock_beside(match: re.Match[str], text: str) -> re.Match[str] | None:
    """The time right after the day, else right before it, nothing but marks and small words between."""
    after = _CLOCK.match(text, _AFTER.match(text, match.end()).end())  # type: ignore[union-attr]  # may be empty, always matches
    if after:
        return after
    before = [
        clock
        for clock in _CLOCK.finditer(text, 0, match.start())
        if _joined(text[clock.end() : match.start()])
    ]
    return before[-1] if before else None


def _joined(between: str) -> bool:
    words = re.sub(r"thứ\s*(?:hai|ba|tư|năm|sáu|bảy|\d)|chủ\s*nhật|ngày|gmt|utc|\bcn\b|\bt\d\b", "", between)
    return len(words) <= 16 and not re.search(r"[^\W\d_]", words)


def _hour(clock: re.Match[str]) -> int:
    """24-hour clock; `14:30 PM` and `00:01 AM` are printed by papers that put the half on a 24-hour clock."""
    hour, half = int(clock["hour"]), (clock["half"] or "").replace(".", "")
    if half in {"pm", "ch", "chiều", "tối"} and hour < 12:
        return hour + 12
    if half == "đêm" and 8 <= hour < 12:
        return hour + 12
    if half == "trưa" and hour < 4:
        return hour + 12
    return 0 if half in {"am", "sa", "đêm"} and hour == 12 else hour


def _is_zero_zone(clock: re.Match[str], text: str) -> bool:
    zone = clock.groupdict().get("zone")
    if zone is not None:
        return bool(_ZERO_ZONE.fullmatch(zone))
    return clock.re is not _ISO and bool(_ZERO_ZONE.match(text, clock.end()))
