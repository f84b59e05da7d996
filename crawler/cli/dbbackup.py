"""`diembao db backup` and `restore`: copies that are proven, and the way back, which is asked for first."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import click

from crawler.cli.alive import alive
from crawler.cli.commanding import Command
from crawler.cli.output import as_json, emit_one
from crawler.cli.wanted import Wanted, pass_wanted
from crawler.errors import StoreError, UsageError
from crawler.times import shown, utc_now

if TYPE_CHECKING:
    from crawler.config import Config
    from crawler.crawling.locks import Lock
    from storage.backups import Attempt
    from storage.restoring import Return

_LOST = {
    "articles": "articles",
    "verdicts": "verdicts",
    "raised": "articles raised by hand",
    "sampled": "looks at random articles",
    "searches": "saved searches",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a backup is to be put."""

    to: Path
    is_folder: bool  # it gets a name of its own there
    keep: int | None = None  # the newest so many stay there; None: all


@click.command("backup", cls=Command, data=True)
@click.argument(
    "to",
    metavar="[PATH]",
    required=False,
    type=click.Path(),
    help="A new file, or a folder in which it gets a name that bears its moment; else [backup] dir.",
)
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    metavar="N",
    help="PATH is a folder: keep the newest N backups of this store in it, throw older ones away.",
)
@click.option("--scheduled", is_flag=True, help="Record it as made by the schedule, as the daemon does.")
@pass_wanted
def backup(wanted: Wanted, to: str | None, keep: int | None, scheduled: bool) -> None:
    """Copy the store, also while the daemon writes. The copy is opened, checked and counted, then named."""
    from storage.backups import Attempt, Failure, remember

    config = wanted.load()
    place = chosen(config, to, keep)
    how = Attempt(utc_now(), scheduled or _is_asked_for(config, place))
    with _one_at_a_time(config):
        try:
            _copy(wanted, config.store_path, place, how)
        except StoreError as error:
            with suppress(StoreError):  # what went wrong first is told
                remember(config.store_path, how, Failure(place.to, str(error)))
            raise


@click.command("restore", cls=Command)
@click.argument("backup_file", metavar="FILE", type=click.Path(path_type=Path), help="A backup.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_wanted
def restore(wanted: Wanted, backup_file: Path, yes: bool) -> None:
    """Put a backup in the store's place, once it is checked. Shows what would be lost, and asks.

    The old file is kept beside the store. A backup of an older diembao is brought up to date.
    """
    from crawler.crawling.locks import DaemonLock
    from storage.restoring import restore as put_back
    from storage.restoring import weigh

    store_path = wanted.store_path()
    with DaemonLock(store_path):
        weighed = weigh(backup_file.absolute(), store_path)
        for line in told(weighed, backup_file):
            wanted.say(line)
        if not yes and store_path.exists():
            _ask(store_path, backup_file)
        with alive(wanted) as tell:
            kept = put_back(backup_file.absolute(), store_path, utc_now(), tell)
    wanted.say(f"{store_path}: restored from {backup_file}" + (f"; the old file is {kept}" if kept else ""))


def chosen(config: Config, to: str | None, keep: int | None) -> Place:
    """Where the command line means; UsageError where it says too little."""
    if to is None:
        if config.backup.dir is None:
            raise UsageError("name a file or a folder, or write [backup] dir into config.toml")
        return Place(config.backup.dir, True, keep or config.backup.keep)
    path = Path(to).expanduser().absolute()
    return Place(path, path.is_dir() or to.endswith(os.sep) or keep is not None, keep)


def _is_asked_for(config: Config, place: Place) -> bool:
    """Whether it goes where [backup] wants it."""
    wanted = config.backup.dir
    return place.is_folder and wanted is not None and place.to.resolve() == wanted.resolve()


def told(weighed: Return, backup_file: Path) -> Iterator[str]:
    """What restoring would bring and lose, line by line."""
    newest = f", its newest crawl or decision of {shown(weighed.newest)}" if weighed.newest else ""
    yield f"{backup_file}: written {shown(weighed.written_at)}{newest}"
    if weighed.older:
        yield f"it is of an older diembao: its tables are brought up to date ({weighed.older} changes)"
    if weighed.trouble:
        yield f"the store there cannot be read, so what would be lost is not known: {weighed.trouble}"
    if weighed.now is None:
        yield f"it has {_counts(weighed.then)}"
        return
    yield f"it has {_counts(weighed.then)}; the store has {_counts(weighed.now)}"
    lost = [f"{weighed.lost[what]} {name}" for what, name in _LOST.items() if weighed.lost.get(what)]
    yield f"lost would be {', '.join(lost)}" if lost else "nothing in the store is missing from it"
    if weighed.cases:
        numbers = ", ".join(map(str, weighed.cases))
        yield f"cases whose decisions would be lost: {numbers}" + (
            " and more" if weighed.lost["verdicts"] > len(weighed.cases) else ""
        )


def _counts(rows: Mapping[str, int]) -> str:
    return ", ".join(f"{rows.get(table, 0)} {table}" for table in ("articles", "verdicts", "pages"))


def _ask(store_path: Path, backup_file: Path) -> None:
    if not sys.stdin.isatty():
        raise UsageError("nobody is there to be asked (no terminal); say --yes to replace the store")
    click.confirm(f"Replace {store_path} by {backup_file}? The old file is kept.", abort=True, err=True)


def _copy(wanted: Wanted, store_path: Path, place: Place, how: Attempt) -> None:
    from storage.backup import backup as copy
    from storage.backupfolder import BackupFolder
    from storage.backups import remember

    thrown: tuple[Path, ...] = ()
    with alive(wanted) as tell:
        if place.is_folder:
            made, thrown = BackupFolder(place.to, store_path, place.keep).add(how.at, tell)
        else:
            made = copy(store_path, place.to, tell)
    remember(store_path, how, made)
    for old in thrown:
        wanted.say(f"{old}: thrown away, the newest {place.keep} are kept")
    wanted.say(f"{made.path}: {made.size} bytes, {made.counts.get('articles', 0)} articles, checked")
    if as_json(wanted):
        told = {"path": str(made.path), "bytes": made.size, "rows": dict(made.counts)}
        emit_one(wanted, told | {"thrown_away": [str(old) for old in thrown]})


def _one_at_a_time(config: Config) -> Lock:
    from crawler.crawling.locks import Lock

    path = config.store_path.absolute()
    name = f"backup of {quote(path.name, safe='')}.lock"
    return Lock(path.parent / "locks" / name, f"{path}: another backup of it is being made; wait for its end")
