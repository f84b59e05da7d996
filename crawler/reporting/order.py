"""What is asked for: which days, which cases, how many of them in full, and what beside; plain values."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Literal

from crawler.config.model import Office
from crawler.reporting.period import Period
from crawler.searching import Asked, Marks
from crawler.times import VIETNAM
from storage.cases import CaseQuery

MOST = 500  # articles in full, and as many in the list of those not decided
FORMATS = ("html", "docx")

Taken = Literal[
    "usual",  # what was kept in full, what is not decided in a list, what was dropped nowhere
    "all",  # everything in full, whatever was decided
    "keep",
    "later",
    "new",
    "drop",
]


@dataclass(frozen=True, slots=True)
class Question:
    """A query in the language of the rules that every article must be true of."""

    text: str  # as it was typed
    name: str | None  # of the saved search; None: typed here
    asked: Asked
    marks: Marks = "few"


@dataclass(frozen=True, slots=True)
class ReportOrder:
    """One press review: everything it depends on but the store, the configuration and the clock."""

    period: Period
    source: str | None = None
    rule: str | None = None
    question: Question | None = None
    taken: Taken = "usual"
    most: int = MOST
    with_notes: bool = False  # what people noted, and their names: nobody else's business
    official: bool = False  # in the office style
    number: str = ""  # of the document in the office style; "": to be written by hand
    office: Office = field(default_factory=Office)

    @property
    def full(self) -> tuple[CaseQuery, ...]:
        """The cases that are told in full: queries that no case fulfils two of."""
        if self.taken == "all":
            return self._everything
        if self.taken == "new":
            return (replace(self._asked, state="new"),)
        return (replace(self._asked, decision="keep" if self.taken == "usual" else self.taken),)

    @property
    def short(self) -> tuple[CaseQuery, ...]:
        """The cases that are listed."""
        if self.taken != "usual":
            return ()
        return replace(self._asked, state="new"), replace(self._asked, decision="later")

    @property
    def _everything(self) -> tuple[CaseQuery, ...]:
        if self.question:
            return (self._asked,)
        decided = [replace(self._asked, flagged=False, decision=one) for one in ("keep", "later", "drop")]
        return replace(self._asked, flagged=True), *decided

    @property
    def _asked(self) -> CaseQuery:
        return CaseQuery(rule=self.rule, source=self.source, since=self.since, until=self.before)

    @property
    def since(self) -> datetime:
        """The first moment of the period."""
        return datetime.combine(self.period.first, time(), VIETNAM)

    @property
    def before(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.period.last + timedelta(days=1), time(), VIETNAM)
