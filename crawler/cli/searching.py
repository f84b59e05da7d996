"""`diembao search`: everything stored, asked in the language of the rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from crawler.cli.choosing import Chosen, choosing, limited
from crawler.cli.commanding import Command
from crawler.cli.output import as_json, emit, emit_list
from crawler.cli.wanted import Wanted, pass_wanted
from crawler.cli.wording import brief
from crawler.errors import RuleError, UsageError
from storage.cases import CaseQuery

if TYPE_CHECKING:
    from crawler.searching import Asked, Hit
    from storage.store import Store


@click.command("search", cls=Command, data=True)
@click.argument("query", metavar="QUERY", nargs=-1, required=True, help="In the language of docs/rules.md.")
@choosing
@click.option(
    "--any-marks/--exact-marks",
    default=None,
    help="Show behind these, or never, what matches without regard to marks; else where few match.",
)
@limited()
@pass_wanted
def search(
    wanted: Wanted, /, query: tuple[str, ...], any_marks: bool | None, limit: int, **asked: Any
) -> None:
    """Search all stored articles, flagged or not, newest first.

    Words side by side are one phrase. Written with marks they want marks; written without, any will do.
    AND, OR, NOT, NEAR/10, title:, source: and all else are those of rules. Where fewer than 3 articles
    match, those follow that match without regard to marks, đ as d.
    """
    chosen = Chosen(**asked)
    config = wanted.load()
    question = _asked(" ".join(query), config.lists)
    with wanted.store() as store:
        chosen.check(config, store)
        found = _hits(store, question, chosen, any_marks)
        hits = islice(found, limit) if limit else found
        if as_json(wanted):
            emit_list(wanted, (hit.told() for hit in hits))
            return
        count = 0
        for hit in hits:
            count += 1
            mark = "" if hit.exact else "without regard to marks:\n"
            emit(mark + brief(replace(hit.case, flags=hit.proof)))
    if not count:
        wanted.say("nothing found")
    elif count == limit:
        wanted.say(f"the first {limit} shown; --limit 0 shows all")


def _hits(store: Store, asked: Asked, chosen: Chosen, any_marks: bool | None) -> Iterator[Hit]:
    from crawler.searching import Wish, each

    query = CaseQuery(
        rule=chosen.rule, mentions=True, source=chosen.source, since=chosen.since, until=chosen.before
    )
    return each(store, asked, Wish(query, "few" if any_marks is None else "any" if any_marks else "exact"))


def _asked(query: str, lists: Mapping[str, Sequence[str]]) -> Asked:
    from crawler.searching import ask

    try:
        return ask(query, lists)
    except RuleError as error:
        raise UsageError(str(error).replace("rules.search: ", "the query, ", 1)) from error
