"""`diembao sources`: what is watched, as config.toml says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from crawler.cli.commanding import Group
from crawler.cli.output import as_json, emit, emit_list, table
from crawler.cli.wanted import Wanted, pass_wanted

if TYPE_CHECKING:
    from crawler.config import Source


@click.command("sources", cls=Group, lazy={"add": "crawler.cli.addsource:add"}, invoke_without_command=True)
@pass_wanted
@click.pass_context
def sources(context: click.Context, wanted: Wanted) -> None:
    """List what is watched, or add a new paper."""
    if context.invoked_subcommand is not None:
        return
    told = [_told(source) for source in wanted.load().sources.values()]
    if as_json(wanted):
        emit_list(wanted, told)
        return
    heads = ("source", "enabled", "every", "at least", "home")
    rows = [
        (one["source"], "yes" if one["enabled"] else "no", one["every"], one["at_least"] or "–", one["home"])
        for one in told
    ]
    for line in table(heads, rows):
        emit(line)


def _told(source: Source) -> dict[str, Any]:
    from crawler.config.showing import written

    return {
        "source": source.name,
        "home": source.home,
        "enabled": source.enabled,
        "spider": source.spider,
        "feeds": list(source.feeds),
        "sitemaps": list(source.sitemaps),
        "listings": list(source.listings),
        "every": "auto" if source.auto else written(source.every),
        "at_least": written(source.at_least),
    }
