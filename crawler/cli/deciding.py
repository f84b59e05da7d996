"""`diembao decide` and `diembao undo`: verdicts from the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unicodedata import normalize

import click

from crawler.casejson import case_json, verdict_json
from crawler.cli.choosing import CASE, DECISION
from crawler.cli.commanding import Command
from crawler.cli.output import as_json, emit_one
from crawler.cli.wanted import Wanted, pass_wanted
from crawler.errors import UsageError
from crawler.times import utc_now

if TYPE_CHECKING:
    from storage.records import Verdict
    from storage.store import Store


@click.command("decide", cls=Command, data=True)
@click.argument("number", metavar="ID", type=CASE, help="A case's number, as `diembao cases` lists it.")
@click.argument("decision", type=DECISION, metavar="keep|drop|later", help="What you decide.")
@click.option("--note", metavar="TEXT", help="Why; kept with the decision.")
@click.option("--by", metavar="NAME", help="Who decides; one of [review] reviewers, if there are any.")
@pass_wanted
def decide(wanted: Wanted, number: int, decision: Any, note: str | None, by: str | None) -> None:
    """Decide a case: keep, drop or later. The newest decision counts; none is lost."""
    name = _reviewer(wanted, by) if by is not None else None
    with wanted.store() as store:
        verdict = store.verdicts.decide(number, decision, note, utc_now(), name)
    wanted.say(f"case {number}: {decision}")
    if as_json(wanted):
        emit_one(wanted, {"id": number, **verdict_json(verdict, named=True)})


def _reviewer(wanted: Wanted, by: str) -> str:
    name = normalize("NFC", " ".join(by.split()))
    known = wanted.load().review.reviewers
    if known and name not in known:
        raise UsageError.unknown("reviewer", name, known)
    if not 0 < len(name) <= 40 or not name.isprintable():
        raise UsageError("--by takes a name of 1 to 40 characters")
    return name


@click.command("undo", cls=Command, data=True)
@click.argument("number", metavar="[ID]", type=CASE, required=False, help="Only decisions on this case.")
@click.option("--batch", type=CASE, metavar="N", help="All decisions of batch N that stand still.")
@pass_wanted
def undo(wanted: Wanted, number: int | None, batch: int | None) -> None:
    """Take the newest decision back, or that of case ID. Once more takes the one before it back.

    What was decided together on the review page is a batch, and can be taken back as one.
    """
    if batch is not None:
        if number is not None:
            raise UsageError("name a case or a batch, not both")
        _undo_batch(wanted, batch)
        return
    with wanted.store() as store:
        undone = store.verdicts.undo(utc_now(), number)
        case = store.cases.get(undone.article_id) if undone else None
        undone_batch = _batch_of(store, undone) if undone else None
    if case is None:
        wanted.say("nothing is left to take back")
        return
    standing = f"{case.verdict.decision} stands again" if case.verdict else "undecided again"
    wanted.say(f"case {case.id}: {standing}")
    if undone_batch:
        wanted.say(
            f"it was decided together with others; `diembao undo --batch {undone_batch}` takes all back"
        )
    if as_json(wanted):
        emit_one(wanted, {"id": case.id, "verdict": case_json(case)["verdict"]})


def _undo_batch(wanted: Wanted, batch: int) -> None:
    with wanted.store() as store:
        outcome = store.batches.undo(batch, utc_now())
    left = f", {outcome.left} decided anew since left alone" if outcome.left else ""
    wanted.say(f"batch {batch}: {outcome.undone} decisions taken back{left}")
    if as_json(wanted):
        emit_one(wanted, {"batch": batch, "undone": outcome.undone, "left": outcome.left})


def _batch_of(store: Store, undone: Verdict) -> int | None:
    """The batch whose verdict was taken back, if any of it stands still."""
    history = store.verdicts.history(undone.article_id)
    batch = next((one.batch for one in history if one.id == undone.undoes), None)
    return batch if batch and store.batches.stands(batch) else None
