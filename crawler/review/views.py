"""Which cases are being looked at: the tab, the filters and the place, as they stand in an address; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal
from urllib.parse import urlencode

from crawler.review import wording
from crawler.review.languages import Sentence
from crawler.review.periods import day_in
from crawler.review.wording import Refused, Trouble, short
from crawler.times import VIETNAM
from storage.cases import CaseQuery
from storage.records import CaseState, Decision

PAGE = 45  # cases on one page of the queue: with copies and labels still under 100 KB
LONGEST_SEARCH = 12_000  # characters, percent-encoded once
GREATEST_ID = 2**63 - 1  # what SQLite can number

Order = Literal["score", "newest"]
ORDERS: Mapping[Order, str] = {"score": Sentence("Quan trọng trước"), "newest": Sentence("Mới trước")}

TabName = Literal["new", "later", "kept", "dropped", "changed", "flagged"]


@dataclass(frozen=True, slots=True)
class Tab:
    """One list of cases."""

    name: TabName
    title: str
    empty: str  # what an empty list means
    state: CaseState | None  # None: whatever was decided
    order: Order = "newest"  # unless the address names another


TABS: Mapping[str, Tab] = {
    tab.name: tab
    for tab in (
        Tab(
            "new",
            Sentence("Mới"),
            Sentence("Đã duyệt hết: không còn bài mới nào được gắn cờ."),
            "new",
            "score",
        ),
        Tab("later", Sentence("Để sau"), Sentence("Không có bài nào để sau."), "later"),
        Tab("kept", Sentence("Đã giữ"), Sentence("Chưa giữ bài nào."), "kept"),
        Tab("dropped", Sentence("Đã bỏ"), Sentence("Chưa bỏ bài nào."), "dropped"),
        Tab("changed", Sentence("Có sửa"), Sentence("Không có bài nào bị báo sửa sau khi duyệt."), "changed"),
        Tab("flagged", Sentence("Tất cả"), Sentence("Chưa có bài nào được gắn cờ."), None),
    )
}


@dataclass(frozen=True, slots=True)
class View:
    """A list of cases and a place in it."""

    tab: TabName = "new"
    source: str | None = None  # None: all of them
    rule: str | None = None  # None: all of them
    since: date | None = None  # published, or first fetched if undated, on this day or later; None: ever
    until: date | None = None  # … on this day or earlier; None: up to now
    decision: Decision | None = None  # of the verdict that stands, changed since or not; None: any or none
    after: int | None = None  # the case above this page; None: from the newest
    before: int | None = None  # the case below this page, when leafing back; None unless leafing back
    order: Order | None = None  # None: the tab's own
    search: str | None = None  # the search it was found by, packed; None: it was not

    @property
    def query(self) -> CaseQuery:
        """What to ask the store; `before` turns the order round, so that the nearest come first."""
        return CaseQuery(
            state=TABS[self.tab].state,
            # A decided case stays, whatever rules say now.
            flagged=True if self.tab == "flagged" and self.decision is None else None,
            source=self.source,
            rule=self.rule,
            since=_midnight(self.since),
            until=_midnight(self.until + timedelta(days=1)) if self.until else None,
            decision=self.decision,
            newest_first=self.before is None,
            after=self.after if self.before is None else self.before,
            by_score=self.ordered == "score",
            one_a_story=self.source is None,  # who looks at one paper sees all that it printed
        )

    @property
    def ordered(self) -> Order:
        """What comes first."""
        return self.order or TABS[self.tab].order

    def by(self, order: Order) -> View:
        """The same list in another order, from its beginning."""
        return replace(self.whole, order=None if order == TABS[self.tab].order else order)

    @property
    def whole(self) -> View:
        """The same list from its beginning."""
        return replace(self, after=None, before=None)

    def at(self, tab: TabName) -> View:
        """Another tab under the same filters, from its beginning."""
        return replace(self.whole, tab=tab, order=None, search=None, decision=None)

    def narrowed(self, **filters: str | None) -> View:
        """The same list with other filters, from its beginning; None takes a filter off."""
        return replace(self.whole, search=None, **filters)  # type: ignore[arg-type]  # dataclasses.replace sees no names

    def address(self, path: str = "/", fragment: str = "", **more: str | int | None) -> str:
        """`path` with this view and `more` as its query; what is None or the default is left out."""
        stated: dict[str, str | int | date | None] = {
            "source": self.source,
            "rule": self.rule,
            "since": self.since,
            "until": self.until,
            "decision": self.decision,
            "order": self.order,
            "after": self.after,
            "before": self.before,
            "search": self.search,
        }
        tab = {"tab": self.tab} if self.tab != "new" else {}
        query = urlencode(
            {**tab, **{key: value for key, value in {**stated, **more}.items() if value is not None}}
        )
        return path + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")


def view_of(stated: Mapping[str, str]) -> View:
    """The view an address names; Refused (400) says which part cannot be read."""
    tab = TABS.get(stated.get("tab", "new"))
    if tab is None:
        raise Refused(Trouble.BAD_ADDRESS, wording.NO_SUCH_TAB.format(value=short(stated["tab"])))
    order = stated.get("order")
    if order is not None and order not in ORDERS:
        raise Refused(Trouble.BAD_ADDRESS, wording.NO_SUCH_ORDER.format(value=short(order)))
    view = View(
        tab=tab.name,
        order=order,  # type: ignore[arg-type]  # one of ORDERS
        source=named(stated, "source"),
        rule=named(stated, "rule"),
        since=day_in(stated, "since"),
        until=day_in(stated, "until"),
        decision=_decision(stated),
        after=number(stated, "after"),
        before=number(stated, "before"),
        search=_packed(stated),
    )
    if view.after is not None and view.before is not None:
        raise Refused(Trouble.BAD_ADDRESS, wording.TWO_PLACES)
    return view


def _decision(stated: Mapping[str, str]) -> Decision | None:
    text = stated.get("decision")
    for decision in wording.DECISIONS:
        if text == decision:
            return decision
    if text is None:
        return None
    raise Refused(Trouble.BAD_ADDRESS, wording.NO_SUCH_DECISION.format(value=short(text)))


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), VIETNAM)


def number(stated: Mapping[str, str], key: str) -> int | None:
    """A case's id in an address; None: absent. Refused (400) for anything else."""
    text = stated.get(key)
    if text is None:
        return None
    if not text.isascii() or not text.isdecimal() or len(text) > 19 or not 0 < int(text) <= GREATEST_ID:
        raise Refused(Trouble.BAD_ADDRESS, wording.NO_NUMBER.format(key=key, value=short(text)))
    return int(text)


def named(stated: Mapping[str, str], key: str) -> str | None:
    """A name in an address; None: absent. Refused (400) for what is empty, too long or not printable."""
    text = stated.get(key)
    if text is not None and not (0 < len(text) <= 100 and text.isprintable()):
        raise Refused(Trouble.BAD_ADDRESS, wording.NO_NAME.format(key=key, value=short(text)))
    return text


def _packed(stated: Mapping[str, str]) -> str | None:
    text = stated.get("search")
    if text is not None and not (0 < len(text) <= LONGEST_SEARCH and text.isprintable()):
        raise Refused(Trouble.BAD_ADDRESS, wording.ODD_SEARCH)
    return text
