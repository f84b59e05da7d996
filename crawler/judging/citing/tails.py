"""What follows the number of a citation: date, year, issuer and term, in any order."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from crawler.judging.citing.organs import Issuer, issuer_at

_W = r"[ \n]{0,2}"  # what may stand between two words; two line ends part paragraphs
_TAIL = re.compile(rf",?{_W}(?P<open>\()?(?:(?:được )?(?:ban hành|ký) )?")
_DATE = re.compile(
    r"(?P<on>ngày )?(?P<day>\d{1,2})(?: ?[/.-] ?(?P<month>\d{1,2}) ?[/.-] ?(?P<year>\d{4})"
    r"| tháng (?P<month2>\d{1,2}),?(?: năm (?P<year2>\d{4}))?)(?![\d/])"
    r"|ngày \d{1,2} ?[/.-] ?\d{1,2}(?!\d)"
)
_IN_YEAR = re.compile(r"năm (?P<year>(?:19|20)\d\d)(?!\d)")
_OF = re.compile(r"(?:của |do )")
_TERM = re.compile(r"kh(?:óa|oá) (?P<term>[xvi]{1,5}|\d{1,2})(?!\w)")
_ROMAN = (
    "",
    "I",
    "II",
    "III",
    "IV",
    "V",
    "VI",
    "VII",
    "VIII",
    "IX",
    "X",
    "XI",
    "XII",
    "XIII",
    "XIV",
    "XV",
    "XVI",
)


@dataclass(frozen=True, slots=True)
class Raw:
    """One citation as it stands there; None: it does not tell."""

    start: int  # in the folded text
    end: int
    kind: str
    number: int
    year: int | None = None
    organ: str | None = None
    body: str | None = None  # of the Party: Ban Bí thư, Bộ Chính trị, Ban Chấp hành
    province: str | None = None
    below: bool = False  # of a district or commune
    dated: str | None = None
    term: str | None = None
    issuer: tuple[int, int] | None = None  # where it is named
    symbol: bool = False  # the organ stands in its symbol


@dataclass(frozen=True, slots=True)
class Tail:
    """The text behind a citation; `numbered`: "số" stands before its number."""

    folded: str
    numbered: bool

    def after(self, raw: Raw) -> Raw:
        """The same with what its tail tells."""
        for _ in range(3):
            longer = self._longer(raw)
            if longer is None:
                break
            raw = longer
        return raw

    def _longer(self, raw: Raw) -> Raw | None:
        opening = _TAIL.match(self.folded, raw.end)
        assert opening is not None
        bracket = opening["open"] is not None
        for read in (self._date, self._year, self._issuer, self._term):
            longer = read(raw, opening.end())
            if longer is not None:
                closes = bracket and self.folded[longer.end : longer.end + 1] == ")"
                return replace(longer, end=longer.end + 1) if closes else longer
        return None

    def _date(self, raw: Raw, place: int) -> Raw | None:
        found = _DATE.match(self.folded, place) if raw.dated is None else None
        if found is None or not (found["on"] or self.folded[place - 1] == "(" or found["day"] is None):
            return None
        if found["day"] is None or not (found["year"] or found["year2"]):
            return None  # the day alone does not tell the year
        parts = (found["year"] or found["year2"], found["month"] or found["month2"], found["day"])
        try:
            return replace(raw, dated=date(*map(int, parts)).isoformat(), end=found.end())
        except ValueError:
            return None

    def _year(self, raw: Raw, place: int) -> Raw | None:
        if raw.dated or raw.year or not (raw.symbol or self.numbered):  # "Kế hoạch 5 năm 2021 - 2025"
            return None
        found = _IN_YEAR.match(self.folded, place)
        return replace(raw, dated=found["year"], end=found.end()) if found else None

    def _issuer(self, raw: Raw, place: int) -> Raw | None:
        if raw.issuer is not None:
            return None
        of = _OF.match(self.folded, place)
        begin = of.end() if of else place
        issuer = issuer_at(self.folded, begin)
        if issuer is None or not (of or (raw.symbol and issuer.body)):
            return None
        return replace(_issued(raw, issuer), issuer=(begin, issuer.end), end=issuer.end)

    def _term(self, raw: Raw, place: int) -> Raw | None:
        found = _TERM.match(self.folded, place) if raw.term is None else None
        if found is None:
            return None
        written = found["term"]
        term = _ROMAN[int(written)] if written.isdigit() and int(written) < len(_ROMAN) else written.upper()
        return replace(raw, term=term, end=found.end())


def _issued(raw: Raw, issuer: Issuer) -> Raw:
    """With what its issuer's name tells; the organ of a symbol stands."""
    organ = raw.organ or issuer.organ
    return replace(raw, organ=organ, body=issuer.body, province=issuer.province, below=issuer.below)
