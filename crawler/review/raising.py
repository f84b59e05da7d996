"""The forms about what was not flagged: raised by hand, decided at once, seen in a sample; and taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from crawler.review import missed, wording
from crawler.review.deciding import Choice, bearing, note_of, see_other, seen_in
from crawler.review.forms import fields_of
from crawler.review.missed import NearView, SampleView
from crawler.review.pages import LONGEST_NOTE, Draft, case_of, case_page, open_store
from crawler.review.rendering import page
from crawler.review.views import View, named, view_of
from crawler.review.watched import Watched
from crawler.review.wording import Refused, Trouble
from crawler.times import utc_now
from storage.records import Case, Decision
from storage.store import Store

Act = Literal[
    "raise",  # put before those who decide
    "lower",  # take that back
    "keep",
    "drop",
    "undo",  # take the verdict back
    "fine",  # of a sample: nothing was missed
    "missed",  # of a sample: it should have been flagged; raises it
    "unseen",  # take what was seen back
]
From = Literal["case", "near", "sample"]

_DECIDES: Mapping[str, Decision | None] = {"keep": "keep", "drop": "drop", "undo": None}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a form asks for."""

    act: Act
    rule: str | None  # the topic it is raised for; None: none was named
    note: str | None
    seen: int  # the verdict that stood when the form was shown; 0: none
    place: From  # which page it was sent from


@dataclass(frozen=True, slots=True)
class _Doing:
    store: Store
    case: Case
    wish: Wish
    now: datetime


def wish_of(fields: Mapping[str, str]) -> Wish:
    """A form's fields, checked; Refused (400) says which one cannot be used."""
    act = next((one for one in get_args(Act) if one == fields.get("act")), None)
    place = next((one for one in get_args(From) if one == fields.get("here")), None)
    if act is None:
        raise Refused(Trouble.BAD_FORM, wording.NO_ACT)
    if place is None:
        raise Refused(Trouble.BAD_FORM, wording.NO_PLACE)
    if act in {"fine", "missed", "unseen"} and place != "sample":
        raise Refused(Trouble.BAD_FORM, wording.NOT_SAMPLED)
    rule = {"rule": fields["rule"]} if fields.get("rule") else {}
    return Wish(act, named(rule, "rule"), note_of(fields), seen_in(fields), place)


def form(request: Request) -> Response:
    """The form that raises one article, with the topics to choose from."""
    view = view_of(request.query_params)
    watched: Watched = request.app.state.watched
    with open_store(request) as store:
        found = case_of(store, request)
    context = {"view": view, "case": found, "topics": watched.topics, "longest_note": LONGEST_NOTE}
    return page("raise.html", context)


async def act(request: Request) -> Response:
    """Do what the form asks and go on in the list it came from."""
    wish = wish_of(dict(await fields_of(request)))
    return await run_in_threadpool(_act, request, wish)


def _act(request: Request, wish: Wish) -> Response:
    onward = _Onward.of(request, wish)
    with open_store(request) as store:
        number = case_of(store, request).id
        following = onward.following(store, number)  # asked first: what is done may take it off the list
        with store.write():
            done = _done(_Doing(store, case_of(store, request), wish, utc_now()))
        if not done:
            found = case_of(store, request)
            return case_page(store, onward.view, found, {}, Draft(wish.note))
    return see_other(onward.address(number, following))


def _done(doing: _Doing) -> bool:
    """False, and nothing is written: somebody decided meanwhile."""
    wish, number = doing.wish, doing.case.id
    if wish.act in _DECIDES:
        return _decide(doing, _DECIDES[wish.act])
    if wish.act in {"raise", "missed"}:
        _raise(doing)
    if wish.act == "lower" or (wish.act == "unseen" and _was_missed(doing)):
        doing.store.raised.lower(number, doing.now)
    if wish.act in {"fine", "missed"}:
        doing.store.sampling.record(number, wish.act == "missed", doing.now)
    if wish.act == "unseen":
        doing.store.sampling.take_back(number, doing.now)
    return True


def _raise(doing: _Doing) -> None:
    """Once: a second click leaves what stands."""
    standing, wish = doing.case.raised, doing.wish
    if standing is None or (standing.rule, standing.note) != (wish.rule, wish.note):
        doing.store.raised.put(doing.case.id, wish.rule, wish.note, doing.now)


def _was_missed(doing: _Doing) -> bool:
    seen = doing.store.sampling.of([doing.case.id]).get(doing.case.id)
    return seen is not None and seen.missed


def _decide(doing: _Doing, decision: Decision | None) -> bool:
    verdicts, number = doing.store.verdicts, doing.case.id
    choice = Choice(decision, doing.wish.note, doing.wish.seen, "case")
    what = bearing(choice, doing.case.verdict, verdicts.history(number))
    if what == "write" and decision:
        verdicts.decide(number, decision, choice.note, doing.now)
    elif what == "write":
        verdicts.undo(doing.now, number)
    return what != "conflict"


@dataclass(frozen=True, slots=True)
class _Onward:
    """Where a form came from, and where it leads."""

    view: View
    near: NearView | None = None
    sample: SampleView | None = None

    @classmethod
    def of(cls, request: Request, wish: Wish) -> _Onward:
        stated = request.query_params
        if wish.place == "near":
            return cls(View(), near=missed.near_view_of(stated))
        if wish.place == "sample":
            return cls(View(), sample=missed.sample_view_of(stated, missed.today_now()))
        return cls(view_of(stated))

    def following(self, store: Store, number: int) -> int | None:
        """The article after this one in its list; Refused: it is not in the sample it is said to be of."""
        if self.near:
            return _after(store.sampling.near(self.near.query(utc_now())), number)
        if self.sample:
            drawn = missed.drawn_in(store, self.sample)
            if number not in drawn:
                raise Refused(Trouble.BAD_FORM, wording.NOT_SAMPLED)
            seen = store.sampling.of(drawn)
            return _after([one for one in drawn if one == number or one not in seen], number)
        return None

    def address(self, number: int, following: int | None) -> str:
        fragment = f"case-{following or number}"
        if self.near:
            return self.near.address(fragment=fragment, acted=number)
        if self.sample:
            return self.sample.address(fragment=fragment, acted=number)
        return self.view.address(f"/cases/{number}")


def _after(listed: list[int], number: int) -> int | None:
    place = listed.index(number) + 1 if number in listed else 0
    return listed[place] if place < len(listed) else None
