"""Several articles decided at once, those picked or a whole list across its pages, and taken back as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from crawler.review import wording
from crawler.review.deciding import note_of, see_other
from crawler.review.forms import fields_of
from crawler.review.pages import open_store
from crawler.review.person import person
from crawler.review.views import GREATEST_ID, PAGE, TABS, View, number, view_of
from crawler.review.wording import DECISIONS, Refused, Trouble, short
from crawler.times import utc_now
from storage.batches import Ordered
from storage.cases import state_of
from storage.errors import NoSuchBatch
from storage.records import Case, Decision, Verdict, is_about
from storage.store import Store

MOST_LOOKED_AT = 2_000  # cases decided meanwhile, to tell how many of them were on the list

_OTHER_FIELDS = 10


@dataclass(frozen=True, slots=True)
class Picked:
    """What a form over several articles asks for."""

    decision: Decision
    note: str | None
    numbers: tuple[int, ...] | None  # None: the whole list
    seen: int  # the newest verdict of all when the list was shown
    noticed: int  # the newest event of all then: what was flagged since was on no list


async def decide(request: Request) -> Response:
    """Write one decision on each of the articles, and tell how many."""
    picked = picked_of(await fields_of(request, PAGE + _OTHER_FIELDS))
    return await run_in_threadpool(_decide, request, picked)


async def undo(request: Request) -> Response:
    """Take a batch back."""
    fields = dict(await fields_of(request))
    return await run_in_threadpool(_undo, request, fields.get("here", ""))


def picked_of(fields: Sequence[tuple[str, str]]) -> Picked:
    """A form's fields, checked; Refused (400) says which one cannot be used."""
    said = dict(fields)
    decision = said.get("decision", "")
    if decision not in DECISIONS:
        raise Refused(Trouble.BAD_FORM, wording.ODD_DECISION if decision else wording.NO_DECISION)
    numbers = tuple(_number("pick", value) for name, value in fields if name == "pick")
    whole = said.get("all") == "1"
    if not numbers and not whole:
        raise Refused(Trouble.BAD_FORM, wording.NOTHING_PICKED)
    return Picked(
        decision,
        note_of(said),
        None if whole else numbers,
        _number("seen", said.get("seen", "")),
        _number("noticed", said.get("noticed", "")),
    )


def was_listed(view: View, case: Case, history: Sequence[Verdict], seen: int) -> bool:
    """Whether a case that others decided after the verdict `seen` stood on the list until then."""
    earlier = [verdict for verdict in history if verdict.id <= seen]
    undone = {verdict.undoes for verdict in earlier}
    standing = [one for one in earlier if one.decision != "undo" and one.id not in undone]
    state = state_of(replace(case, verdict=standing[-1] if standing else None))
    wanted = TABS[view.tab].state
    return (
        wanted is not None  # a list of whatever was decided loses nothing by a decision
        and state == wanted
        and view.source in {None, case.article.source}
        and (view.rule is None or is_about(flag for flag in case.flags if flag.rule == view.rule))
    )


def _decide(request: Request, picked: Picked) -> Response:
    view = view_of(request.query_params)
    ordered = Ordered(picked.decision, picked.note, person().name, picked.seen)
    with open_store(request) as store:
        if picked.numbers is not None:
            outcome, off = store.batches.decide(ordered, picked.numbers, utc_now()), 0
        else:
            ordered = replace(ordered, chosen=view.whole.address())
            listed = store.cases.numbers(replace(view.whole.query, one_a_story=False))
            off = _taken_off(store, view, picked.seen, set(listed))
            late = store.events.flagged_since(picked.noticed)
            wanted = [one for one in listed if one not in late]
            outcome = store.batches.decide(ordered, wanted, utc_now())
    place = view if picked.numbers is not None else view.whole
    elsewhere = outcome.elsewhere + off
    return see_other(place.address(bulk=outcome.batch or 0, elsewhere=elsewhere, same=outcome.same))


def _taken_off(store: Store, view: View, seen: int, listed: set[int]) -> int:
    """How many articles left the list since it was shown, because others decided them."""
    gone = [one for one in store.verdicts.decided_since(seen) if one not in listed][:MOST_LOOKED_AT]
    return sum(
        was_listed(view, case, store.verdicts.history(case.id), seen) for case in store.cases.some(gone)
    )


def _undo(request: Request, here: str) -> Response:
    view = view_of(request.query_params)
    batch = number(request.path_params, "id") or 0
    with open_store(request) as store:
        try:
            outcome = store.batches.undo(batch, utc_now(), person().name)
        except NoSuchBatch as error:
            raise Refused(Trouble.NOTHING_HERE) from error
    path = "/decisions" if here == "decisions" else "/"
    return see_other(view.address(path, undone=batch, taken=outcome.undone, left=outcome.left))


def _number(key: str, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 19 and int(text) <= GREATEST_ID):
        raise Refused(Trouble.BAD_FORM, wording.NOT_A_COUNT.format(key=key, value=short(text)))
    return int(text)
