"""`diembao db`: where the store is, whether it is sound, copies of it."""

from __future__ import annotations

from pathlib import Path

import click

from crawler.cli.commanding import Command, Group
from crawler.cli.output import as_json, emit, emit_one
from crawler.cli.wanted import Wanted, pass_wanted
from crawler.times import utc_now

_SUBCOMMANDS = ("path", "migrate", "check", "backup", "restore")


@click.command("db", cls=Group, lazy={name: f"crawler.cli.db:{name}" for name in _SUBCOMMANDS})
def db() -> None:
    """Find, check, copy and restore the store."""


@click.command("path", cls=Command)
@pass_wanted
def path(wanted: Wanted) -> None:
    """Print where the store is."""
    emit(str(wanted.load().store_path))


@click.command("migrate", cls=Command)
@pass_wanted
def migrate(wanted: Wanted) -> None:
    """Bring the store's tables up to this version. Every command does so when it opens the store."""
    with wanted.store() as store:
        wanted.say(f"{store.path}: its tables are those of this version")


@click.command("check", cls=Command, data=True)
@pass_wanted
def check(wanted: Wanted) -> int:
    """Look for damage. Exits with 1 if there is any; nothing is changed."""
    from storage.backup import check as troubles_of

    store_path = wanted.load().store_path
    troubles = troubles_of(store_path)
    if as_json(wanted):
        emit_one(wanted, {"path": str(store_path), "sound": not troubles, "troubles": list(troubles)})
    else:
        for trouble in troubles:
            emit(trouble)
        wanted.say(f"{store_path}: {'damaged' if troubles else 'sound'}")
    return 1 if troubles else 0


@click.command("backup", cls=Command, data=True)
@click.argument("to", metavar="FILE", type=click.Path(path_type=Path), help="A file that does not exist yet.")
@pass_wanted
def backup(wanted: Wanted, to: Path) -> None:
    """Copy the store to FILE, also while the daemon writes. The copy is opened and checked."""
    from storage.backup import backup as copy

    made = copy(wanted.load().store_path, to.absolute())
    wanted.say(f"{made.path}: {made.size} bytes, {made.counts.get('articles', 0)} articles, checked")
    if as_json(wanted):
        emit_one(wanted, {"path": str(made.path), "bytes": made.size, "rows": dict(made.counts)})


@click.command("restore", cls=Command)
@click.argument("backup_file", metavar="FILE", type=click.Path(path_type=Path), help="A backup.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_wanted
def restore(wanted: Wanted, backup_file: Path, yes: bool) -> None:
    """Put a backup in the store's place. It is checked first; the old file is kept beside it."""
    from storage.restoring import restore as put_back

    store_path = wanted.load().store_path
    if not yes and store_path.exists():
        click.confirm(f"Replace {store_path} by {backup_file}? The old file is kept.", abort=True, err=True)
    kept = put_back(backup_file.absolute(), store_path, utc_now())
    wanted.say(f"{store_path}: restored from {backup_file}" + (f"; the old file is {kept}" if kept else ""))
