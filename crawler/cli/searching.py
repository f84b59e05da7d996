"""`diembao search`: everything stored, asked in the language of the rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from crawler.casejson import case_json
from crawler.cli.choosing import Chosen, choosing, limited
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
_FEW = 3  # hits: with fewer, what matches without marks is shown as well


@dataclass(frozen=True, slots=True)
class Hit:
    """One article that the question is true of."""

    case: Case
    proof: tuple[Flag, ...]
    exact: bool  # false: only without regard to marks

    def told(self) -> dict[str, Any]:
        """The case, and where the question's phrases stand."""
        places = [
            {"field": one.field, "spans": [list(span) for span in one.spans], "quote": one.quote}
            for one in self.proof
        ]
        return {**case_json(self.case), "exact": self.exact, "matches": places}


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
    question = _question(" ".join(query), config.lists)
    with wanted.store() as store:
        chosen.check(config, store)
        found = _exact_first(store, question, chosen, any_marks)
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


def _exact_first(store: Store, asked: _Asked, chosen: Chosen, any_marks: bool | None) -> Iterator[Hit]:
    seen: set[int] = set()
    for hit in _hits(store, asked.exact, chosen, exact=True):
        seen.add(hit.case.id)
        yield hit
    if asked.loose is not None and (len(seen) < _FEW if any_marks is None else any_marks):
        loose = _hits(store, asked.loose, chosen, exact=False)
        yield from (hit for hit in loose if hit.case.id not in seen)


@dataclass(frozen=True, slots=True)
class _Asked:
    exact: Question
    loose: Question | None  # the same without marks; None: it has none


def _question(query: str, lists: Mapping[str, Sequence[str]]) -> _Asked:
    from crawler.judging.asking import Question, without_marks

    bare = without_marks(query)
    bare_lists = {name: tuple(map(without_marks, phrases)) for name, phrases in lists.items()}
    try:
        exact = Question(query, lists)
        differs = bare != query or "@" in query
        return _Asked(exact, Question(bare, bare_lists) if differs else None)
    except RuleError as error:
        raise UsageError(str(error).replace("rules.search: ", "the query, ", 1)) from error


def _hits(store: Store, question: Question, chosen: Chosen, *, exact: bool) -> Iterator[Hit]:
    from storage.search import Narrowed

    numbers = None if question.expression is None else store.search.matching(question.expression)
    narrowed = Narrowed(chosen.source, chosen.since, chosen.before)
    newest = store.search.newest_first(numbers, narrowed)
    while some := list(islice(newest, _CHUNK)):
        for case in store.cases.some(some):
            if chosen.rule is not None and all(flag.rule != chosen.rule for flag in case.flags):
                continue
            proof = question.proof(case.article)
            if proof is not None:
                yield Hit(case, proof, exact)
