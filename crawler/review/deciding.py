"""The forms that are sent: a decision, or one taken back; answered by the way to the next case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crawler.review import wording
from crawler.review.pages import LONGEST_NOTE, Draft, case_of, case_page, neighbour, open_store
from crawler.review.views import GREATEST_ID, View, view_of
from crawler.review.wording import DECISIONS, Refused, Trouble
from crawler.times import utc_now
from storage.records import Case, Decision, Verdict
from storage.store import Store

Here = Literal["queue", "case"]
MOST_FIELDS = 20
HERES: tuple[Here, ...] = ("queue", "case")


@dataclass(frozen=True, slots=True)
class Choice:
    """What a form asks for."""

    decision: Decision | None  # None: undo
    note: str | None
    seen: int  # the verdict that stood when the form was shown; 0: none
    here: Here  # which page it was sent from


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
    choice = choice_of(await fields_of(request))
    if choice.decision is None:
        raise Refused(Trouble.BAD_FORM, wording.NO_DECISION)
    return await run_in_threadpool(_decide, request, choice)


async def undo(request: Request) -> Response:
    """Take the standing decision of a case back and show the case again."""
    choice = choice_of({**await fields_of(request), "decision": "", "note": ""})
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
    return Choice(decision or None, note_in(fields), seen_in(fields), here)


def seen_in(fields: Mapping[str, str]) -> int:
    """The verdict that stood when the form was shown, 0 for none; Refused (400) for anything else."""
    seen = fields.get("seen", "")
    if not (seen.isascii() and seen.isdecimal() and len(seen) <= 19 and int(seen) <= GREATEST_ID):
        raise Refused(Trouble.BAD_FORM, wording.NOTHING_SEEN)
    return int(seen)


def note_in(fields: Mapping[str, str]) -> str | None:
    """The note of a form; None: none. Refused (400) where it is too long."""
    note = "\n".join(fields.get("note", "").split("\r\n")).strip()
    if len(note) > LONGEST_NOTE:
        raise Refused(Trouble.BAD_FORM, wording.LONG_NOTE.format(length=len(note), most=LONGEST_NOTE))
    return note or None


async def fields_of(request: Request) -> dict[str, str]:
    """The fields of a form; Refused (400) where it is none, or cannot be read."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise Refused(Trouble.BAD_FORM, wording.ODD_KIND)
    try:
        body = (await request.body()).decode()
        return dict(parse_qsl(body, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS))
    except ValueError as error:
        raise Refused(Trouble.BAD_FORM, wording.ODD_BYTES) from error


def _decide(request: Request, choice: Choice) -> Response:
    view = view_of(request.query_params)
    with open_store(request) as store:
        number = case_of(store, request).id
        onward = neighbour(
            store, view, number, newer=False
        )  # asked first: the decision may take it off the list
        with store.write():
            found = case_of(store, request)
            what = bearing(choice, found.verdict, store.verdicts.history(number))
            if what == "write" and choice.decision:
                store.verdicts.decide(number, choice.decision, choice.note, utc_now())
        if what == "conflict":
            return _conflict(store, view, found, choice)
    return see_other(_onward(view, choice.here, number, onward))


def _undo(request: Request, choice: Choice) -> Response:
    view = view_of(request.query_params)
    with open_store(request) as store:
        with store.write():
            found = case_of(store, request)
            what = bearing(choice, found.verdict, store.verdicts.history(found.id))
            if what == "write":
                store.verdicts.undo(utc_now(), found.id)
        if what == "conflict":
            return _conflict(store, view, found, choice)
    queue = view.address("/", f"case-{found.id}")
    return see_other(queue if choice.here == "queue" else view.address(f"/cases/{found.id}"))


def _conflict(store: Store, view: View, found: Case, choice: Choice) -> Response:
    return case_page(store, view, found, {}, Draft(choice.note))


def _onward(view: View, here: Here, decided: int, onward: int | None) -> str:
    """After a decision: the next case, or back to the queue from its last one."""
    if here == "case" and onward is not None:
        return view.address(f"/cases/{onward}", decided=decided)
    return view.address("/", f"case-{onward}" if onward is not None else "", decided=decided)


def see_other(address: str) -> Response:
    """The answer to a form: where to look next."""
    return RedirectResponse(address, 303)
