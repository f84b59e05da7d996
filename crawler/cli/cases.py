"""`diembao cases` and `diembao show`: what was flagged, with its proof."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from crawler.casejson import case_json
from crawler.cli.choosing import CASE, Chosen, choosing, limited
from crawler.cli.commanding import Command
from crawler.cli.output import Named, as_json, emit, emit_list, emit_one
from crawler.cli.wanted import Wanted, pass_wanted
from crawler.cli.wording import History, brief, whole
from storage.cases import CaseQuery
from storage.errors import NoSuchCase

STATE = Named("state", ("new", "kept", "dropped", "later", "changed"))


@click.command("cases", cls=Command, data=True)
@click.option("--state", type=STATE, help="Only cases in this state; else all that are flagged.")
@click.option("--mentions", is_flag=True, help="Also cases that only mention what a rule looks for.")
@choosing
@limited()
@pass_wanted
def cases(wanted: Wanted, /, state: Any, mentions: bool, limit: int, **asked: Any) -> None:
    """List cases, newest first, with the sentence that proves each."""
    chosen = Chosen(**asked)
    config = wanted.load()
    with wanted.store() as store:
        chosen.check(config, store)
        query = replace(_query(chosen, state, limit), mentions=mentions)
        found = store.cases.find(query)
        if as_json(wanted):
            emit_list(wanted, map(case_json, found))
            return
        for case in found:
            emit(brief(case))
        total = store.cases.count(query)
    if not total:
        wanted.say("no such case")
    elif limit and limit < total:
        wanted.say(f"{limit} of {total} shown; --limit 0 shows all")


def _query(chosen: Chosen, state: Any, limit: int) -> CaseQuery:
    return CaseQuery(
        state=state,
        flagged=None if state else True,
        rule=chosen.rule,
        source=chosen.source,
        since=chosen.since,
        until=chosen.before,
        limit=limit or None,
    )


@click.command("show", cls=Command, data=True)
@click.argument("number", metavar="ID", type=CASE, help="A case's number, as `diembao cases` lists it.")
@pass_wanted
def show(wanted: Wanted, number: int) -> None:
    """Print one article with its matches lit up. Its flags, revisions and verdicts follow.

    With --verbose every revision tells which layer of reading gave each field.
    """
    with wanted.store() as store:
        case = store.cases.get(number)
        if case is None:
            raise NoSuchCase(store.path, number)
        if as_json(wanted):
            emit_one(wanted, case_json(case, named=True))
            return
        revisions, verdicts = store.articles.revisions(number), store.verdicts.history(number)
        emit(whole(case, History(revisions, verdicts, layers=wanted.verbose > 0)))
