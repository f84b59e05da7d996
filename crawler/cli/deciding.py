"""`diembao decide`, `raise` and `undo`: what a person decides, from the terminal."""

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
from storage.errors import NoSuchCase

if TYPE_CHECKING:
    from storage.records import Case, Verdict
    from storage.store import Store


@click.command("decide", cls=Command, data=True)
@click.argument("number", metavar="ID", type=CASE, help="A case's number, as `diembao cases` lists it.")
@click.argument("decision", type=DECISION, metavar="keep|drop|later", help="What you decide.")
@click.option("--note", metavar="TEXT", help="Why; kept with the decision.")
@click.option("--by", metavar="NAME", help="Who decides; one of [review] reviewers, if there are any.")
@click.option(
    "--copies",
    is_flag=True,
    help="Also for the copies that stand where it does: flagged, decided alike or not.",
)
@pass_wanted
def decide(wanted: Wanted, /, number: int, decision: Any, copies: bool, **said: str | None) -> None:
    """Decide a case: keep, drop or later. The newest decision counts; none is lost.

    With --copies every copy of its text (`story` in `show --json`) gets a verdict of its own; one that was
    decided otherwise, or is not flagged, is left alone.
    """
    from crawler.review.copies import told_of

    note, by = said["note"], said["by"]
    name = _reviewer(wanted, by) if by is not None else None
    now = utc_now()  # one for all copies: it tells that they were decided in one
    with wanted.store() as store, store.write():
        case = store.cases.get(number)
        if case is None:
            raise NoSuchCase(store.path, number)
        story = told_of(store, [case]).get(number) if copies else None
        verdict = store.verdicts.decide(number, decision, note, now, name)
        following = [copy.id for copy in story.following] if story else []
        for copy in following:
            store.verdicts.decide(copy, decision, note, now, name)
    wanted.say(", ".join(f"case {one}" for one in (number, *following)) + f": {decision}")
    if as_json(wanted):
        emit_one(wanted, {"id": number, **verdict_json(verdict, named=True), "copies": following})


def _reviewer(wanted: Wanted, by: str) -> str:
    name = normalize("NFC", " ".join(by.split()))
    known = wanted.load().review.reviewers
    if known and name not in known:
        raise UsageError.unknown("reviewer", name, known)
    if not 0 < len(name) <= 40 or not name.isprintable():
        raise UsageError("--by takes a name of 1 to 40 characters")
    return name


@click.command("raise", cls=Command, data=True)
@click.argument("number", metavar="ID", type=CASE, help="The number of any stored article.")
@click.option("--rule", metavar="RULE", help="The topic it belongs to: a rule of config.toml.")
@click.option("--note", metavar="TEXT", help="Why; kept with it.")
@click.option("--undo", is_flag=True, help="Take it back.")
@pass_wanted
def raise_(wanted: Wanted, number: int, rule: str | None, note: str | None, undo: bool) -> None:
    """Put an article that no rule flags among the new cases. It stays there whatever rules say."""
    if undo and (rule or note):
        raise UsageError("--undo goes with neither --rule nor --note")
    rules = [one.name for one in wanted.load().rules] if rule else []
    if rule and rule not in rules:
        raise UsageError.unknown("rule", rule, rules)
    with wanted.store() as store:
        if undo:
            stood = store.raised.lower(number, utc_now())
        else:
            stood = store.raised.put(number, rule, note, utc_now())
        case = store.cases.get(number)
    if case is None:
        raise NoSuchCase(store.path, number)
    done = "raised" if not undo else "no longer raised" if stood else "was not raised"
    wanted.say(f"case {number}: {done}")
    if as_json(wanted):
        emit_one(wanted, {"id": number, "raised": case_json(case)["raised"]})


@click.command("undo", cls=Command, data=True)
@click.argument("number", metavar="[ID]", type=CASE, required=False, help="Only decisions on this case.")
@click.option("--batch", type=CASE, metavar="N", help="All decisions of batch N that stand still.")
@click.option("--copies", is_flag=True, help="Also those written in one with it for the copies of its text.")
@pass_wanted
def undo(wanted: Wanted, number: int | None, batch: int | None, copies: bool) -> None:
    """Take the newest decision back, or that of case ID. Once more takes the one before it back.

    What was decided together on the review page is a batch, and can be taken back as one.
    """
    if batch is not None:
        if number is not None or copies:
            raise UsageError("name a case or a batch, not both")
        _undo_batch(wanted, batch)
        return
    now = utc_now()
    with wanted.store() as store, store.write():
        undone = store.verdicts.undo(now, number)
        taken = undone.undoes if undone else None
        case = store.cases.get(undone.article_id) if undone else None
        others = _decided_with(store, case, taken) if copies and case else []
        for other in others:
            store.verdicts.undo(now, other)
        undone_batch = _batch_of(store, undone) if undone else None
    if case is None:
        wanted.say("nothing is left to take back")
        return
    for other in others:
        wanted.say(f"case {other}: taken back as well")
    standing = f"{case.verdict.decision} stands again" if case.verdict else "undecided again"
    wanted.say(f"case {case.id}: {standing}")
    if undone_batch:
        wanted.say(
            f"it was decided together with others; `diembao undo --batch {undone_batch}` takes all back"
        )
    if as_json(wanted):
        emit_one(wanted, {"id": case.id, "verdict": case_json(case)["verdict"], "copies": others})


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


def _decided_with(store: Store, case: Case, taken: int | None) -> list[int]:
    """The copies whose verdicts were written in one with that one, which is taken back by now."""
    from crawler.review.copies import together

    verdict = next((one for one in store.verdicts.history(case.id) if one.id == taken), None)
    return [copy.id for copy in together(verdict, store.stories.told(case.story).values())]
