"""What nobody was shown: articles that almost matched, and a random sample of those that did not."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from crawler.review import pages, views, wording
from crawler.review.estimating import wilson
from crawler.review.pages import Row, open_store
from crawler.review.periods import day_in
from crawler.review.rendering import page
from crawler.review.views import View, named
from crawler.review.watched import Watched
from crawler.review.wording import Refused, Trouble, short
from crawler.times import VIETNAM, utc_now
from storage.counting import Span
from storage.records import Case
from storage.sampling import NearQuery, Sampled, SampleSum
from storage.store import Store

Within = Literal["28d", "12w", "all"]

NEAR_PAGE = 20  # articles on one page of those that almost matched
SAMPLE = 10  # articles in one sample
MOST_ROUNDS = 50  # samples a day
_SAMPLED = timedelta(days=28)  # how far back the articles of a sample were fetched
_DAYS: Mapping[Within, int | None] = {"28d": 28, "12w": 84, "all": None}


@dataclass(frozen=True, slots=True)
class NearView:
    """A place in the list of articles that almost matched."""

    within: Within = "28d"
    source: str | None = None
    after: int | None = None  # the article above this page; None: from the nearest

    def query(self, now: datetime) -> NearQuery:
        """What to ask the store."""
        days = _DAYS[self.within]
        since = None if days is None else now - timedelta(days=days)
        return NearQuery(since, self.source, self.after, NEAR_PAGE)

    def address(self, path: str = "/missed", fragment: str = "", **more: int | None) -> str:
        """`path` with this place and `more` as its query."""
        within = None if self.within == "28d" else self.within
        stated = {"within": within, "source": self.source, "after": self.after, **more}
        query = urlencode({key: value for key, value in stated.items() if value is not None})
        return path + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")

    def at(self, within: Within) -> NearView:
        """The list of another span, from its beginning."""
        return NearView(within, self.source)


@dataclass(frozen=True, slots=True)
class SampleView:
    """One sample: of a day, the n-th."""

    day: date
    round: int = 1

    def address(self, path: str = "/missed/sample", fragment: str = "", **more: int | None) -> str:
        """`path` with this sample and `more` as its query."""
        stated = {"day": self.day, "round": self.round, **more}
        query = urlencode({key: value for key, value in stated.items() if value is not None})
        return f"{path}?{query}" + (f"#{fragment}" if fragment else "")

    @property
    def next(self) -> SampleView | None:
        """Another sample of the same day; None: there are enough."""
        return replace(self, round=self.round + 1) if self.round < MOST_ROUNDS else None


@dataclass(frozen=True, slots=True)
class NearRow:
    """An article that almost matched."""

    row: Row
    near: float


@dataclass(frozen=True, slots=True)
class SampleRow:
    """An article of a sample, and what a person saw of it."""

    row: Row
    seen: Sampled | None


@dataclass(frozen=True, slots=True)
class Estimate:
    """What people found in samples, and what it says of all unflagged articles."""

    sum: SampleSum
    low: float  # 0 … 1
    high: float


def near_view_of(stated: Mapping[str, str]) -> NearView:
    """The place an address names; Refused (400) says which part cannot be read."""
    wanted = stated.get("within", "28d")
    for within in _DAYS:
        if wanted == within:
            return NearView(within, named(stated, "source"), views.number(stated, "after"))
    raise Refused(Trouble.BAD_ADDRESS, wording.NO_SPAN.format(value=short(wanted)))


def sample_view_of(stated: Mapping[str, str], today: date) -> SampleView:
    """The sample an address names, today's first by itself; Refused (400) says which part cannot be read."""
    day = day_in(stated, "day") or today
    number = views.number(stated, "round") or 1
    if day > today or number > MOST_ROUNDS:
        raise Refused(Trouble.BAD_ADDRESS, wording.NO_SAMPLE.format(most=MOST_ROUNDS))
    return SampleView(day, number)


def today_now() -> date:
    """The day in Vietnam."""
    return utc_now().astimezone(VIETNAM).date()


def near(request: Request) -> Response:
    """A page of the articles that almost matched, the nearest first."""
    view, now = near_view_of(request.query_params), utc_now()
    with open_store(request) as store:
        query = view.query(now)
        found = store.sampling.near(replace(query, limit=NEAR_PAGE + 1))
        scores = store.sampling.nearness(found[:NEAR_PAGE])
        cases = store.cases.some(found[:NEAR_PAGE])
        acted = acted_of(store, request.query_params)
    more = replace(view, after=found[NEAR_PAGE - 1]) if len(found) > NEAR_PAGE else None
    rows = [NearRow(pages.row(case), scores.get(case.id, 0.0)) for case in cases]
    context = {"view": View(), "list": view, "spans": _DAYS, "rows": rows, "more": more, "acted": acted}
    return page("missed.html", {**context, "topics": _topics(request)})


def sample(request: Request) -> Response:
    """Some articles drawn at random from what is not flagged, to see whether anything was missed."""
    today = today_now()
    view = sample_view_of(request.query_params, today)
    with open_store(request) as store:
        drawn = drawn_in(store, view)
        seen = store.sampling.of(drawn)
        cases = store.cases.some(drawn)
        lately, ever = _estimates(store, today)
        unflagged = _unflagged(store, today)
        acted = acted_of(store, request.query_params)
    rows = [SampleRow(pages.row(case), seen.get(case.id)) for case in cases]
    context = {"view": View(), "list": view, "rows": rows, "lately": lately, "ever": ever, "acted": acted}
    return page("sample.html", {**context, "unflagged": unflagged, "topics": _topics(request)})


def drawn_in(store: Store, view: SampleView) -> tuple[int, ...]:
    """The articles of a sample: the same all day, but for those that rules came to flag meanwhile."""
    until = datetime.combine(view.day, time(), VIETNAM)
    numbers = store.sampling.span(until - _SAMPLED, until)
    chance = random.Random(f"{view.day}:{view.round}")
    return store.sampling.draw(numbers, SAMPLE, chance)


def acted_of(store: Store, stated: Mapping[str, str]) -> Case | None:
    """The article that something was decided of a moment ago, so that it can be taken back."""
    number = views.number(stated, "acted")
    found = store.cases.get(number) if number else None
    return found if found and (found.verdict or found.raised) else None


def _topics(request: Request) -> Mapping[str, str]:
    watched: Watched = request.app.state.watched
    return watched.topics


def _estimates(store: Store, today: date) -> Sequence[Estimate | None]:
    """Of the last twelve weeks, and of all samples ever."""
    since = datetime.combine(today, time(), VIETNAM) - timedelta(weeks=12)
    return [_estimate(store.sampling.sum(since)), _estimate(store.sampling.sum())]


def _estimate(found: SampleSum) -> Estimate | None:
    shares = wilson(found.missed, found.seen)
    return Estimate(found, *shares) if shares else None


def _unflagged(store: Store, today: date) -> int:
    """Articles of the last four weeks that are in no list of people's."""
    first = today - _SAMPLED
    span = Span(first, today)
    read = sum(day.read for day in store.counting.days(span))
    return read - sum(case.flagged for case in store.counting.by_source(span))
