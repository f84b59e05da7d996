"""`diembao exports`: the exports that are remembered under names, listed and forgotten."""

from __future__ import annotations

import json
from typing import Any

import click

from crawler.cli.commanding import Command, Group
from crawler.cli.output import as_json, emit, emit_list, one_line, table
from crawler.cli.wanted import Wanted, pass_wanted
from crawler.times import exact, shown
from storage.records import Exported


@click.command(
    "exports", cls=Group, lazy={"forget": "crawler.cli.exports:forget"}, invoke_without_command=True
)
@pass_wanted
@click.pass_context
def exports(context: click.Context, wanted: Wanted) -> None:
    """List the names of exports, each with its last, or forget one. `export --as` gives a name."""
    if context.invoked_subcommand is not None:
        return
    with wanted.store() as store:
        found = store.exports.all()
    if as_json(wanted):
        emit_list(wanted, (_told(one, articles) for one, articles in found))
        return
    rows = [
        (one_line(one.name), shown(one.at), shown(one.as_of), str(articles), one_line(one.folder))
        for one, articles in found
    ]
    for line in table(("name", "last made", "as of", "articles", "folder"), rows) if rows else ():
        emit(line)
    if not found:
        wanted.say("no export has a name yet; `diembao export --as NAME` gives one")


@click.command("forget", cls=Command)
@click.argument("name", metavar="NAME", help="What it is called.")
@pass_wanted
def forget(wanted: Wanted, name: str) -> None:
    """Forget what was exported under a name: the next export of it is full. No folder is touched."""
    with wanted.store() as store:
        store.exports.forget(name)
    wanted.say(f"forgotten: {one_line(name)}")


def _told(one: Exported, articles: int) -> dict[str, Any]:
    return {
        "name": one.name,
        "at": shown(one.at),
        "as_of": exact(one.as_of),
        "articles": articles,
        "folder": one.folder,
        "manifest": one.manifest,
        "query": json.loads(one.asked),
    }
