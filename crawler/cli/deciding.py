"""`diembao decide`, `raise` and `undo`: what a person decides, from the terminal."""

from __future__ import annotations

from typing import Any

import click

from crawler.casejson import case_json, verdict_json
from crawler.cli.choosing import CASE, DECISION
from crawler.cli.commanding import Command
from crawler.cli.output import as_json, emit_one
from crawler.cli.wanted import Wanted, pass_wanted
from crawler.errors import UsageError
from crawler.times import utc_now
from storage.errors import NoSuchCase


@click.command("decide", cls=Command, data=True)
@click.argument("number", metavar="ID", type=CASE, help="A case's number, as `diembao cases` lists it.")
@click.argument("decision", type=DECISION, metavar="keep|drop|later", help="What you decide.")
@click.option("--note", metavar="TEXT", help="Why; kept with the decision.")
@pass_wanted
def decide(wanted: Wanted, number: int, decision: Any, note: str | None) -> None:
    """Decide a case: keep, drop or later. The newest decision counts; none is lost."""
    with wanted.store() as store:
        verdict = store.verdicts.decide(number, decision, note, utc_now())
    wanted.say(f"case {number}: {decision}")
    if as_json(wanted):
        emit_one(wanted, {"id": number, **verdict_json(verdict)})


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
@pass_wanted
def undo(wanted: Wanted, number: int | None) -> None:
    """Take the newest decision back, or that of case ID. Once more takes the one before it back."""
    with wanted.store() as store:
        undone = store.verdicts.undo(utc_now(), number)
        case = store.cases.get(undone.article_id) if undone else None
    if case is None:
        wanted.say("nothing is left to take back")
        return
    standing = f"{case.verdict.decision} stands again" if case.verdict else "undecided again"
    wanted.say(f"case {case.id}: {standing}")
    if as_json(wanted):
        emit_one(wanted, {"id": case.id, "verdict": case_json(case)["verdict"]})
