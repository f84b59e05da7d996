"""Numbers and days as Vietnamese print sets them, 1.234,5 and ngày 3 tháng 11; foreign text cleaned; pure."""

from __future__ import annotations

import re
from datetime import date, datetime

from crawler.times import VIETNAM
from storage.records import Dating

NBSP = "\u00a0"  # keeps a number and its word on one line
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# What turns the direction of the text around it, or cannot be seen: foreign text may not do that to ours.
_UNSEEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u00ad\x7f-\x9f]")


def amount(count: float) -> str:
    """1234 as 1.234, and 1234.5 as 1.234,5."""
    whole, _, fraction = (f"{count:,}" if isinstance(count, int) else f"{count:,.10g}").partition(".")
    grouped = whole.replace(",", ".")
    return f"{grouped},{fraction}" if fraction else grouped


def percent(part: int, whole: int) -> str:
    """A part of a whole with one decimal, never rounded to none or to all: 12,5%."""
    if not whole:
        return "–"
    share = 100 * part / whole
    if 0 < share < 100:
        share = min(max(share, 0.1), 99.9)
    return f"{share:.1f}%".replace(".0%", "%").replace(".", ",")


def counted(count: int, of: str) -> str:
    """A count that stays with its word: 1.234 bài."""
    return f"{amount(count)}{NBSP}{of}"


def long_day(day: date) -> str:
    """Ngày as running text has it, its numbers kept with their words: ngày 3 tháng 11 năm 2026."""
    return f"ngày{NBSP}{day.day} tháng{NBSP}{day.month} năm{NBSP}{day.year}"


def official_day(day: date) -> str:
    """The same as the decree wants it below the motto: days below 10, and January and February, with a 0."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày{NBSP}{day.day:02d} tháng{NBSP}{month} năm{NBSP}{day.year}"


def short_day(day: date) -> str:
    """03/11/2026."""
    return f"{day:%d/%m/%Y}"


def days(first: date, last: date) -> str:
    """16/11–22/11/2026, or one day."""
    if first == last:
        return short_day(first)
    begin = f"{first:%d/%m}" if first.year == last.year else short_day(first)
    return f"{begin}–{short_day(last)}"


def moment(at: datetime) -> str:
    """10:15 ngày 23/11/2026, on Vietnam's clock."""
    there = at.astimezone(VIETNAM)
    return f"{there:%H:%M} ngày{NBSP}{short_day(there.date())}"


def dating(dated: Dating) -> str:
    """When something was published, no more precisely than is known."""
    if dated.precision == "day":
        return f"ngày{NBSP}{short_day(dated.at.astimezone(VIETNAM).date())}"
    return moment(dated.at)


def clean(text: str) -> str:
    """Foreign text on one line, without what XML cannot hold and what nobody sees."""
    return " ".join(_UNSEEN.sub("", legal(text)).split())


def legal(text: str) -> str:
    """The text without what XML cannot hold."""
    return _NOT_XML.sub("", text)


def cut(text: str, most: int) -> str:
    """The text, or its beginning up to a blank and an ellipsis."""
    if len(text) <= most:
        return text
    begin = text[: most - 1]
    blank = begin.rfind(" ")
    return f"{begin[: blank if blank > most // 2 else most - 1].rstrip()}…"


def roman(number: int) -> str:
    """1 … 39 as I … XXXIX."""
    tens, ones = divmod(number, 10)
    return "X" * tens + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[ones]
