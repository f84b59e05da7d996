"""`diembao search`: everything stored, asked in the language of the rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from crawler.casejson import case_json
from crawler.cli.choosing import Chosen, choosing
from crawler.cli.commanding import Command
from crawler.cli.output import as_json, emit, emit_list
from crawler.cli.wanted import Wanted, pass_wanted
from crawler.cli.wording import brief
from crawler.errors import RuleError, UsageError

if TYPE_CHECKING:
    from crawler.judging.asking import Question
    from storage.records import Case, Flag
    from storage.store import Store

_CHUNK = 50  # articles in memory at a time


@dataclass(frozen=True, slots=True)
class Hit:
    """One article that the question is true of."""

    case: Case
    proof: tuple[Flag, ...]

    def told(self) -> dict[str, Any]:
        """The case, and where the question's phrases stand."""
        places = [
            {"field": one.field, "spans": [list(span) for span in one.spans], "quote": one.quote}
            for one in self.proof
        ]
        return {**case_json(self.case), "matches": places}


@click.command("search", cls=Command, data=True)
@click.argument("query", metavar="QUERY", nargs=-1, required=True, help="In the language of docs/rules.md.")
@choosing
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    metavar="N",
    default=20,
    show_default=True,
    help="At most so many; 0: all.",
)
@pass_wanted
def search(wanted: Wanted, /, query: tuple[str, ...], limit: int, **asked: Any) -> None:
    """Search all stored articles, flagged or not, newest first.

    Words side by side are one phrase. Written with marks they want marks; written without, any will do.
    AND, OR, NOT, NEAR/10, title:, source: and all else are those of rules.
    """
    chosen = Chosen(**asked)
    config = wanted.load()
    question = _question(" ".join(query), config.lists)
    with wanted.store() as store:
        chosen.check(config, store)
        found = (hit for hit in _hits(store, question) if _is_chosen(hit.case, chosen))
        hits = islice(found, limit) if limit else found
        if as_json(wanted):
            emit_list(wanted, (hit.told() for hit in hits))
            return
        count = 0
        for hit in hits:
            count += 1
            emit(brief(replace(hit.case, flags=hit.proof)))
    if not count:
        wanted.say("nothing found")
    elif count == limit:
        wanted.say(f"the newest {limit} shown; --limit 0 shows all")


def _question(query: str, lists: Any) -> Question:
    from crawler.judging.asking import Question

    try:
        return Question(query, lists)
    except RuleError as error:
        raise UsageError(str(error).replace("rules.search: ", "the query, ", 1)) from error


def _hits(store: Store, question: Question) -> Iterator[Hit]:
    numbers = None if question.expression is None else store.search.matching(question.expression)
    newest = store.search.newest_first(numbers)
    while some := list(islice(newest, _CHUNK)):
        for case in store.cases.some(some):
            proof = question.proof(case.article)
            if proof is not None:
                yield Hit(case, proof)


def _is_chosen(case: Case, chosen: Chosen) -> bool:
    dated = case.article.published.at if case.article.published else case.first_fetched_at
    return (
        (chosen.source is None or case.article.source == chosen.source)
        and (chosen.rule is None or any(flag.rule == chosen.rule for flag in case.flags))
        and (chosen.since is None or dated >= chosen.since)
        and (chosen.before is None or dated < chosen.before)
    )
