"""`diembao decide` and `diembao undo`: verdicts from the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from crawler.casejson import case_json, verdict_json
from crawler.cli.choosing import CASE, DECISION
from crawler.cli.commanding import Command
from crawler.cli.output import as_json, emit_one
from crawler.cli.wanted import Wanted, pass_wanted
from crawler.times import utc_now
from storage.errors import NoSuchCase

if TYPE_CHECKING:
    from storage.records import Case
    from storage.store import Store


@click.command("decide", cls=Command, data=True)
@click.argument("number", metavar="ID", type=CASE, help="A case's number, as `diembao cases` lists it.")
@click.argument("decision", type=DECISION, metavar="keep|drop|later", help="What you decide.")
@click.option("--note", metavar="TEXT", help="Why; kept with the decision.")
@click.option(
    "--copies",
    is_flag=True,
    help="Also for the copies that stand where it does: flagged, decided alike or not.",
)
@pass_wanted
def decide(wanted: Wanted, number: int, decision: Any, note: str | None, copies: bool) -> None:
    """Decide a case: keep, drop or later. The newest decision counts; none is lost.

    With --copies every copy of its text (`story` in `show --json`) gets a verdict of its own; one that was
    decided otherwise, or is not flagged, is left alone.
    """
    from crawler.review.copies import told_of

    now = utc_now()  # one for all copies: it tells that they were decided in one
    with wanted.store() as store, store.write():
        case = store.cases.get(number)
        if case is None:
            raise NoSuchCase(store.path, number)
        story = told_of(store, [case]).get(number) if copies else None
        verdict = store.verdicts.decide(number, decision, note, now)
        following = [copy.id for copy in story.following] if story else []
        for copy in following:
            store.verdicts.decide(copy, decision, note, now)
    wanted.say(", ".join(f"case {one}" for one in (number, *following)) + f": {decision}")
    if as_json(wanted):
        emit_one(wanted, {"id": number, **verdict_json(verdict), "copies": following})


@click.command("undo", cls=Command, data=True)
@click.argument("number", metavar="[ID]", type=CASE, required=False, help="Only decisions on this case.")
@click.option("--copies", is_flag=True, help="Also those written in one with it for the copies of its text.")
@pass_wanted
def undo(wanted: Wanted, number: int | None, copies: bool) -> None:
    """Take the newest decision back, or that of case ID. Once more takes the one before it back."""
    now = utc_now()
    with wanted.store() as store, store.write():
        undone = store.verdicts.undo(now, number)
        taken = undone.undoes if undone else None
        case = store.cases.get(undone.article_id) if undone else None
        others = _decided_with(store, case, taken) if copies and case else []
        for other in others:
            store.verdicts.undo(now, other)
    if case is None:
        wanted.say("nothing is left to take back")
        return
    for other in others:
        wanted.say(f"case {other}: taken back as well")
    standing = f"{case.verdict.decision} stands again" if case.verdict else "undecided again"
    wanted.say(f"case {case.id}: {standing}")
    if as_json(wanted):
        emit_one(wanted, {"id": case.id, "verdict": case_json(case)["verdict"], "copies": others})


def _decided_with(store: Store, case: Case, taken: int | None) -> list[int]:
    """The copies whose verdicts were written in one with that one, which is taken back by now."""
    from crawler.review.copies import together

    verdict = next((one for one in store.verdicts.history(case.id) if one.id == taken), None)
    return [copy.id for copy in together(verdict, store.stories.told(case.story).values())]
