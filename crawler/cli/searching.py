"""`diembao search`: everything stored, asked in the language of the rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from crawler.cli.choosing import Chosen, choosing, limited
from crawler.cli.commanding import Command
from crawler.cli.output import Named, as_json, emit, emit_list
from crawler.cli.wanted import Wanted, pass_wanted
from crawler.cli.wording import brief
from crawler.errors import RuleError, UsageError
from crawler.review.searched import DECIDED, Search, search_of
from crawler.times import day_of

if TYPE_CHECKING:
    from crawler.searching import Asked, Hit
    from storage.store import Store


@dataclass(frozen=True, slots=True)
class Typed:
    """A search as a command line says it; None where not asked."""

    query: str
    chosen: Chosen
    decision: str | None
    any_marks: bool | None
    best: bool | None

    @property
    def stated(self) -> dict[str, str]:
        """The same as the search page's address says it."""
        marks = {None: None, True: "any", False: "exact"}[self.any_marks]
        told = {
            "q": self.query or None,
            "source": self.chosen.source,
            "rule": self.chosen.rule,
            "since": day_of(self.chosen.since) if self.chosen.since else None,
            "until": day_of(self.chosen.until) if self.chosen.until else None,
            "decision": self.decision,
            "marks": marks,
            "order": "best" if self.best else None,
        }
        return {key: value for key, value in told.items() if value is not None}


@click.command("search", cls=Command, data=True)
@click.argument(
    "query", metavar="[QUERY]", nargs=-1, required=False, help="In the language of docs/rules.md."
)
@click.option("--saved", metavar="NAME", help="A search that was saved; other options narrow it down.")
@choosing
@click.option(
    "--decision",
    type=Named("decision", DECIDED),
    help="Only cases with this decision; new: flagged and undecided; changed: changed since.",
)
@click.option(
    "--any-marks/--exact-marks",
    default=None,
    help="Show behind these, or never, what matches without regard to marks; else where few match.",
)
@click.option(
    "--best", is_flag=True, default=None, help="The most relevant first, where no more than 500 match."
)
@limited()
@pass_wanted
def search(
    wanted: Wanted,
    /,
    query: tuple[str, ...],
    saved: str | None,
    decision: str | None,
    any_marks: bool | None,
    best: bool | None,
    limit: int,
    **asked: Any,
) -> None:
    """Search all stored articles, flagged or not, newest first.

    Words side by side are one phrase. Written with marks they want marks; written without, any will do.
    AND, OR, NOT, NEAR/10, title:, source: and all else are those of rules. Where fewer than 3 articles
    match, those follow that match without regard to marks, đ as d.
    """
    typed = Typed(" ".join(query), Chosen(**asked), decision, any_marks, best)
    if bool(typed.query) == bool(saved):
        raise UsageError("search what? Give a QUERY, or the name of a saved one with --saved")
    config = wanted.load()
    with wanted.store() as store:
        typed.chosen.check(config, store)
        stated = typed.stated
        if saved:
            found_saved = store.searches.get(saved)
            stated = {"q": found_saved.query, **found_saved.filters, **stated}
        hits = _hits(store, read(stated["q"], config.lists), search_of(stated))
        _print(wanted, hits, limit)


def read(query: str, lists: Mapping[str, Sequence[str]]) -> Asked:
    """The query read; UsageError says where it cannot be, and what was expected."""
    from crawler.searching import ask

    try:
        return ask(query, lists)
    except RuleError as error:
        raise UsageError(str(error).replace("rules.search: ", "the query, ", 1)) from error


def _hits(store: Store, asked: Asked, search: Search) -> Iterator[Hit]:
    from crawler.searching import MOST_RANKED, each, find

    if search.order == "best":
        found = find(store, asked, search.wish(MOST_RANKED))
        if found.ranked:
            return iter(found.hits)
    return each(store, asked, search.wish())


def _print(wanted: Wanted, found: Iterator[Hit], limit: int) -> None:
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
