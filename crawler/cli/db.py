"""`diembao db`: where the store is, whether it is sound and of today; its copies and upkeep stand beside."""

from __future__ import annotations

import click

from crawler.cli.alive import alive
from crawler.cli.commanding import Command, Group
from crawler.cli.output import as_json, emit, emit_one
from crawler.cli.wanted import Wanted, pass_wanted

_SUBCOMMANDS = {
    "path": "crawler.cli.db:path",
    "migrate": "crawler.cli.db:migrate",
    "check": "crawler.cli.db:check",
    "backup": "crawler.cli.dbbackup:backup",
    "restore": "crawler.cli.dbbackup:restore",
    "upkeep": "crawler.cli.dbupkeep:upkeep",
    "compact": "crawler.cli.dbupkeep:compact",
}


@click.command("db", cls=Group, lazy=_SUBCOMMANDS)
def db() -> None:
    """Find, check, copy, restore the store, and keep it in order."""


@click.command("path", cls=Command)
@pass_wanted
def path(wanted: Wanted) -> None:
    """Print where the store is."""
    emit(str(wanted.store_path()))


@click.command("migrate", cls=Command)
@click.option("--no-backup", is_flag=True, help="Change its tables without copying it beside itself first.")
@pass_wanted
def migrate(wanted: Wanted, no_backup: bool) -> None:
    """Bring the store's tables up to this version. Every command does so when it opens the store."""
    from storage.store import Store

    with Store.open(wanted.store_path(), create=False, backup=not no_backup) as store:
        wanted.say(f"{store.path}: its tables are those of this version")


@click.command("check", cls=Command, data=True)
@pass_wanted
def check(wanted: Wanted) -> int:
    """Look for damage. Exits with 1 if there is any; nothing is changed."""
    from storage.backup import check as troubles_of

    store_path = wanted.store_path()
    with alive(wanted) as tell:
        troubles = troubles_of(store_path, tell)
    if as_json(wanted):
        emit_one(wanted, {"path": str(store_path), "sound": not troubles, "troubles": list(troubles)})
    else:
        for trouble in troubles:
            emit(trouble)
        wanted.say(f"{store_path}: {'not sound' if troubles else 'sound'}")
    return 1 if troubles else 0
