"""`diembao rules`: the laboratory that rules are made in; each subcommand in a module of its own."""

from __future__ import annotations

import click

from crawler.cli.commanding import Group

SUBCOMMANDS = {
    "lint": "crawler.cli.rulelinting:lint",
    "test": "crawler.cli.ruletesting:test",
    "explain": "crawler.cli.ruleexplaining:explain",
    "suggest": "crawler.cli.rulesuggesting:suggest",
}


@click.command("rules", cls=Group, lazy=SUBCOMMANDS)
def rules() -> None:
    """Try rules on everything stored, before they are let loose."""
