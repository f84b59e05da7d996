"""The forms that are sent: a decision, or one taken back; answered by the way to the next case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crawler.review import wording
from crawler.review.copies import Decided, Seen, decide_copies, seen_of, undo_copies
from crawler.review.forms import fields_of
from crawler.review.pages import LONGEST_NOTE, Draft, case_of, case_page, neighbour, open_store
from crawler.review.person import person
from crawler.review.searched import step_address
from crawler.review.views import GREATEST_ID, View, view_of
from crawler.review.wording import DECISIONS, Refused, Trouble
from crawler.times import utc_now
from storage.records import Case, Decision, Verdict
from storage.store import Store

Here = Literal["queue", "case", "decisions"]
HERES: tuple[Here, ...] = ("queue", "case", "decisions")


@dataclass(frozen=True, slots=True)
class Choice:
    """What a form asks for."""

    decision: Decision | None  # None: undo
    note: str | None
    seen: int  # the verdict that stood when the form was shown; 0: none
    here: Here  # which page it was sent from
    copies: tuple[Seen, ...] = ()  # of the same story, for which it is meant as well


Bearing = Literal["write", "done", "conflict"]


def bearing(choice: Choice, standing: Verdict | None, history: tuple[Verdict, ...]) -> Bearing:
    """What to do with a choice: write it, nothing (it is so already), or refuse to overwrite the unseen.

    "done" is the second click on a button, or two reviewers of one mind.
    """
    if choice.decision is None and any(verdict.undoes == choice.seen for verdict in history):
        return "done"
    if standing and (standing.decision, standing.note) == (choice.decision, choice.note):
        return "done"
    return "write" if choice.seen == (standing.id if standing else 0) else "conflict"


async def decide(request: Request) -> Response:
    """Write a decision and go on to the next case."""
    choice = choice_of(dict(await fields_of(request)))
    if choice.decision is None:
        raise Refused(Trouble.BAD_FORM, wording.NO_DECISION)
    return await run_in_threadpool(_decide, request, choice)


async def undo(request: Request) -> Response:
    """Take the standing decision of a case back and show the case again."""
    choice = choice_of({**dict(await fields_of(request)), "decision": "", "note": ""})
    if choice.seen == 0:
        raise Refused(Trouble.BAD_FORM, wording.NO_UNDO)
    return await run_in_threadpool(_undo, request, choice)


def choice_of(fields: Mapping[str, str]) -> Choice:
    """A form's fields, checked; Refused (400) says which one cannot be used."""
    decision, here = fields.get("decision", ""), fields.get("here", "case")
    if decision and decision not in DECISIONS:
        raise Refused(Trouble.BAD_FORM, wording.ODD_DECISION)
    if here not in HERES:
        raise Refused(Trouble.BAD_FORM, wording.NO_PLACE)
    return Choice(decision or None, note_of(fields), seen_in(fields), here, seen_of(fields))


def seen_in(fields: Mapping[str, str]) -> int:
    """The verdict that stood when the form was shown, 0 for none; Refused (400) for anything else."""
    seen = fields.get("seen", "")
    if not (seen.isascii() and seen.isdecimal() and len(seen) <= 19 and int(seen) <= GREATEST_ID):
        raise Refused(Trouble.BAD_FORM, wording.NOTHING_SEEN)
    return int(seen)


def note_of(fields: Mapping[str, str]) -> str | None:
    """What was written about it; None: nothing. Refused (400) where it is too long."""
    note = "\n".join(fields.get("note", "").split("\r\n")).strip()
    if len(note) > LONGEST_NOTE:
        raise Refused(Trouble.BAD_FORM, wording.LONG_NOTE.format(length=len(note), most=LONGEST_NOTE))
    return note or None


def _decide(request: Request, choice: Choice) -> Response:
    view = view_of(request.query_params)
    with open_store(request) as store:
        number = case_of(store, request).id
        onward = _next(store, view, number, choice)  # asked first: the decision may take it off the list
        missed = 0
        with store.write():
            found = case_of(store, request)
            what = bearing(choice, found.verdict, store.verdicts.history(number))
            if what == "write" and choice.decision:
                who, now = (
                    person().name,
                    utc_now(),
                )  # one for all copies: it tells that they were decided in one
                store.verdicts.decide(number, choice.decision, choice.note, now, who)
                missed = decide_copies(store, choice.copies, Decided(choice.decision, choice.note, now, who))
        if what == "conflict":
            return _conflict(store, view, found, choice)
    return see_other(_onward(view, choice.here, onward, number, missed))


def _next(store: Store, view: View, number: int, choice: Choice) -> int | None:
    """The case below, past the copies that are decided as well."""
    following = {copy for copy, _ in choice.copies}
    onward = neighbour(store, view, number, newer=False)
    while onward in following:
        onward = neighbour(store, view, onward, newer=False)
    return onward


def _undo(request: Request, choice: Choice) -> Response:
    view = view_of(request.query_params)
    with open_store(request) as store:
        with store.write():
            found = case_of(store, request)
            what = bearing(choice, found.verdict, store.verdicts.history(found.id))
            if what == "write":
                store.verdicts.undo(utc_now(), found.id, person().name)
                undo_copies(store, choice.copies, utc_now(), person().name)
        if what == "conflict":
            return _conflict(store, view, found, choice)
    back = {
        "queue": view.address("/", f"case-{found.id}"),
        "case": view.address(f"/cases/{found.id}"),
        "decisions": "/decisions",
    }
    return see_other(back[choice.here])


def _conflict(store: Store, view: View, found: Case, choice: Choice) -> Response:
    return case_page(store, view, found, {}, Draft(choice.note))


def _onward(view: View, here: Here, onward: int | None, decided: int, missed: int) -> str:
    """After a decision: the next case, or back to the queue from its last one."""
    if view.search is not None:
        return step_address(view.search, decided, "next", decided=decided)
    if here == "case" and onward is not None:
        return view.address(f"/cases/{onward}", decided=decided, missed=missed or None)
    fragment = f"case-{onward}" if onward is not None else ""
    return view.address("/", fragment, decided=decided, missed=missed or None)


def see_other(address: str) -> Response:
    """On to that page, which is asked for anew."""
    return RedirectResponse(address, 303)
