"""`diembao config show`: what is in force, and who said so."""

from __future__ import annotations

import json
from typing import Any

import click

from crawler.cli.commanding import Command, Group
from crawler.cli.output import as_json, emit, emit_list, faint, one_line
from crawler.cli.wanted import Wanted, pass_wanted


@click.command("config", cls=Group, lazy={"show": "crawler.cli.config:show"})
def config() -> None:
    """Show the configuration in force."""


@click.command("show", cls=Command, data=True)
@click.argument("prefix", default="", help="A table or key, like crawl or crawl.delay.")
@pass_wanted
def show(wanted: Wanted, prefix: str) -> None:
    """Print every value with where it came from. PREFIX, like sources.baohatinh, narrows it down."""
    from crawler.config.showing import values
    from crawler.errors import UsageError

    loaded = wanted.load()
    chosen = [
        one for one in values(loaded) if f"{one.key}.".startswith(f"{prefix.rstrip('.')}." if prefix else "")
    ]
    if prefix and not chosen:
        raise UsageError(f"{loaded.path}: there is no {prefix}")
    told: list[dict[str, Any]] = [{"key": one.key, "value": one.value, "from": one.origin} for one in chosen]
    if as_json(wanted):
        emit_list(wanted, told)
        return
    for one in told:
        value = one_line(json.dumps(one["value"], ensure_ascii=False))
        emit(f"{one['key']} = {value}  {faint('# ' + one['from'])}")
