"""What is searched for, as it stands in an address: words, filters, order and place; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Literal, get_args
from urllib.parse import parse_qsl, urlencode

from crawler.review import wording
from crawler.review.views import named, number
from crawler.review.wording import Refused, Trouble, short
from crawler.searching import Marks, Place, Wish
from crawler.times import day_start
from storage.cases import CaseQuery
from storage.records import Decision

PAGE = 30  # hits on one page
LONGEST = 1_000  # characters of a query

Order = Literal["new", "best"]
Decided = Literal["keep", "drop", "later", "new", "changed"]
ORDERS: tuple[Order, ...] = get_args(Order)
MARKS: tuple[Marks, ...] = get_args(Marks)
DECIDED: tuple[Decided, ...] = get_args(Decided)

_DECISIONS: Mapping[str, Decision] = {"keep": "keep", "drop": "drop", "later": "later"}


@dataclass(frozen=True, slots=True)
class Search:
    """A question, what else must hold, and a place in the answer."""

    q: str = ""  # in the language of the rules; empty: nothing is asked yet
    source: str | None = None
    rule: str | None = None
    since: str | None = None  # a day as it was typed
    until: str | None = None  # the last day, as it was typed
    decision: Decided | None = None
    marks: Marks = "few"
    order: Order = "new"
    after: int | None = None  # the last hit that was shown, or article that was looked at
    loose: bool = False  # whether the place is among what matches without regard to marks only
    longer: bool = False  # whether the person is willing to wait

    @property
    def whole(self) -> Search:
        """The same from its beginning."""
        return replace(self, after=None, loose=False, longer=False)

    @property
    def place(self) -> Place:
        """Behind which hit to begin."""
        return Place(self.after, self.loose)

    @property
    def query(self) -> CaseQuery:
        """What else must hold, as the store is asked."""
        return CaseQuery(
            state="new" if self.decision == "new" else "changed" if self.decision == "changed" else None,
            decision=_DECISIONS.get(self.decision or ""),
            rule=self.rule,
            mentions=True,
            source=self.source,
            since=day_start(self.since) if self.since else None,
            until=day_start(self.until) + timedelta(days=1) if self.until else None,
        )

    def wish(self, most: int = PAGE) -> Wish:
        """What of all that is true is to be shown."""
        return Wish(self.query, self.marks, most, ranked=self.order == "best")

    def at(self, place: Place, *, longer: bool = False) -> Search:
        """The same, from that place on."""
        return replace(self, after=place.after, loose=place.loose, longer=longer)

    def but(self, **stated: Any) -> Search:
        """The same but for what is stated, from its beginning."""
        return replace(self.whole, **stated)

    @property
    def stated(self) -> dict[str, str]:
        """What an address or a form says of it; what is the default is left out."""
        told = {
            "q": self.q or None,
            "source": self.source,
            "rule": self.rule,
            "since": self.since,
            "until": self.until,
            "decision": self.decision,
            "marks": None if self.marks == "few" else self.marks,
            "order": None if self.order == "new" else self.order,
            "after": str(self.after) if self.after else None,
            "loose": "1" if self.loose else None,
            "longer": "1" if self.longer else None,
        }
        return {key: value for key, value in told.items() if value is not None}

    @property
    def packed(self) -> str:
        """The whole of it in one parameter of another address."""
        return urlencode(self.whole.stated)

    def address(self, path: str = "/search") -> str:
        """`path` with this search as its query."""
        return path + (f"?{urlencode(self.stated)}" if self.stated else "")


def search_of(stated: Mapping[str, str]) -> Search:
    """The search an address names; Refused (400) says which part cannot be read."""
    if len(stated.get("q", "")) > LONGEST:
        raise _refused(wording.LONG_QUERY.format(length=len(stated["q"]), most=LONGEST))
    filled = {key: text.strip() for key, text in stated.items() if text.strip()}  # forms send empty fields
    search = Search(
        q=" ".join(filled.get("q", "").split()),
        source=named(filled, "source"),
        rule=named(filled, "rule"),
        since=_day(filled, "since"),
        until=_day(filled, "until"),
        decision=_one_of(filled, "decision", DECIDED, None),
        marks=_one_of(filled, "marks", MARKS, "few"),
        order=_one_of(filled, "order", ORDERS, "new"),
        after=number(filled, "after"),
        loose=_one_of(filled, "loose", ("1",), None) is not None,
        longer=_one_of(filled, "longer", ("1",), None) is not None,
    )
    asked = search.query
    if asked.since and asked.until and asked.since >= asked.until:
        raise _refused(wording.CROSSED_DAYS)
    return search


def unpacked(packed: str) -> Search:
    """The search that another address bears in one parameter; Refused (400) if it cannot be read."""
    try:
        return search_of(dict(parse_qsl(packed, strict_parsing=True, max_num_fields=20)))
    except ValueError as error:
        raise _refused(wording.ODD_SEARCH) from error


def step_address(packed: str, number: int, way: Literal["next", "previous"], **more: int) -> str:
    """The way from one hit of a search to the one beside it."""
    return f"/search/step?{urlencode({'search': packed, 'from': number, 'to': way, **more})}"


def _one_of(stated: Mapping[str, str], key: str, known: Any, usual: Any) -> Any:
    text = stated.get(key)
    if text is not None and text not in known:
        raise _refused(wording.NOT_ONE_OF.format(key=key, value=short(text), known=", ".join(known)))
    return text or usual


def _day(stated: Mapping[str, str], key: str) -> str | None:
    text = stated.get(key)
    try:
        if text:
            day_start(text)
    except ValueError as error:
        raise _refused(wording.ODD_DAY.format(value=short(text or ""))) from error
    return text


def _refused(detail: str) -> Refused:
    return Refused(Trouble.BAD_ADDRESS, detail)
