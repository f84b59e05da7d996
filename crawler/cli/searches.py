"""`diembao searches`: the saved ones, listed, added, renamed and removed."""

from __future__ import annotations

from typing import Any

import click

from crawler.cli.choosing import Chosen, choosing
from crawler.cli.commanding import Command, Group
from crawler.cli.output import Named, as_json, emit, emit_list, one_line, table
from crawler.cli.searching import Typed, read
from crawler.cli.wanted import Wanted, pass_wanted
from crawler.errors import UsageError
from crawler.review.searched import DECIDED
from crawler.times import shown, utc_now
from storage.records import SavedSearch

_SUBCOMMANDS = {
    "add": "crawler.cli.searches:add",
    "rename": "crawler.cli.searches:rename",
    "remove": "crawler.cli.searches:remove",
}


@click.command("searches", cls=Group, lazy=_SUBCOMMANDS, invoke_without_command=True)
@pass_wanted
@click.pass_context
def searches(context: click.Context, wanted: Wanted) -> None:
    """List the saved searches, or add, rename or remove one. The review page has a feed of each."""
    if context.invoked_subcommand is not None:
        return
    with wanted.store() as store:
        found = store.searches.all()
    if as_json(wanted):
        emit_list(wanted, map(_told, found))
        return
    rows = [(one_line(one.name), one_line(one.query), _filters(one)) for one in found]
    for line in table(("name", "query", "narrowed to"), rows) if rows else ():
        emit(line)
    if not found:
        wanted.say("no search is saved yet; `diembao searches add NAME QUERY` saves one")


@click.command("add", cls=Command)
@click.argument("name", metavar="NAME", help="What to call it; up to 60 characters, no slashes.")
@click.argument("query", metavar="QUERY", nargs=-1, required=True, help="In the language of docs/rules.md.")
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
@pass_wanted
def add(
    wanted: Wanted,
    /,
    name: str,
    query: tuple[str, ...],
    decision: str | None,
    any_marks: bool | None,
    **asked: Any,
) -> None:
    """Save a search, to be asked again by `diembao search --saved NAME` and followed as a feed."""
    typed = Typed(" ".join(query), Chosen(**asked), decision, any_marks, best=None)
    config = wanted.load()
    read(typed.query, config.lists)
    with wanted.store() as store:
        typed.chosen.check(config, store)
        filters = {key: text for key, text in typed.stated.items() if key != "q"}
        store.searches.add(_name(name), typed.query, filters, utc_now())
    wanted.say(f"saved: {_name(name)}")


@click.command("rename", cls=Command)
@click.argument("name", metavar="NAME", help="What it is called.")
@click.argument("new", metavar="NEW", help="What to call it.")
@pass_wanted
def rename(wanted: Wanted, name: str, new: str) -> None:
    """Give a saved search another name; the address of its feed changes with it."""
    with wanted.store() as store:
        store.searches.rename(name, _name(new))
    wanted.say(f"renamed: {_name(new)}")


@click.command("remove", cls=Command)
@click.argument("name", metavar="NAME", help="What it is called.")
@pass_wanted
def remove(wanted: Wanted, name: str) -> None:
    """Forget a saved search; no article and no decision is touched."""
    with wanted.store() as store:
        store.searches.remove(name)
    wanted.say(f"removed: {name}")


def _name(text: str) -> str:
    from crawler.searching import checked_name

    try:
        return checked_name(text)
    except ValueError as error:
        raise UsageError(str(error)) from error


def _told(saved: SavedSearch) -> dict[str, Any]:
    return {
        "name": saved.name,
        "query": saved.query,
        "filters": dict(saved.filters),
        "made_at": shown(saved.made_at),
    }


def _filters(saved: SavedSearch) -> str:
    return ", ".join(f"{key} {one_line(text)}" for key, text in saved.filters.items()) or "–"
