"""`diembao db upkeep` and `compact`: the store kept in order beside the crawls, made smaller on request."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import click

from crawler.cli.commanding import Command
from crawler.cli.output import as_json, emit, emit_one
from crawler.cli.wanted import Wanted, pass_wanted
from crawler.sizes import spelled_size
from crawler.tending import policy_of, roomy, said, spelled_parting, tend, would_go
from crawler.times import shown, utc_now

if TYPE_CHECKING:
    from crawler.config import Config
    from crawler.crawling.locks import Lock
    from storage.records import LetGo
    from storage.upkeep import Room


@click.command("upkeep", cls=Command, data=True)
@click.option("--dry-run", is_flag=True, help="Show which pages would be let go, and change nothing.")
@pass_wanted
def upkeep(wanted: Wanted, dry_run: bool) -> None:
    """Keep the store in order, beside the crawls: let old pages go, empty the log, tidy the indexes.

    The daemon does so every day at [store] upkeep. Ended at any moment, nothing is half-done.
    """
    config = wanted.load()
    if dry_run:
        with wanted.store() as store:
            _tell(wanted, would_go(store, policy_of(config), utc_now()), store.upkeep.room())
        return
    with one_at_a_time(config), wanted.store() as store:
        tended, trouble = tend(store, config, utc_now)
    for line in [*said(tended), *filter(None, [trouble])]:
        wanted.say(line)
    if as_json(wanted):
        _emit(wanted, tended.let_go, tended.room)


@click.command("compact", cls=Command)
@pass_wanted
def compact(wanted: Wanted) -> None:
    """Write the store anew without the room that is free in it. Stop the daemon first.

    Nobody can write to the store meanwhile, and the disk needs room for two more of it.
    """
    from crawler.crawling.locks import DaemonLock

    config = wanted.load()
    with DaemonLock(config.store_path), one_at_a_time(config), wanted.store() as store:
        before, after = store.upkeep.compact()
    wanted.say(f"{config.store_path}: {spelled_size(after.size)}, before {spelled_size(before.size)}")


def one_at_a_time(config: Config) -> Lock:
    """Held by the one upkeep of a store."""
    from crawler.crawling.locks import Lock

    path = config.store_path.absolute()
    name = f"upkeep of {quote(path.name, safe='')}.lock"
    return Lock(path.parent / "locks" / name, f"{path}: another upkeep of it is at work; wait for its end")


def _tell(wanted: Wanted, gone: Iterable[LetGo], room: Room) -> None:
    """What would go, as data."""
    if as_json(wanted):
        _emit(wanted, gone, room)
        return
    for one in gone:
        emit(f"would go: {spelled_parting(one)}")
    emit(roomy(room))


def _emit(wanted: Wanted, gone: Iterable[LetGo], room: Room) -> None:
    emit_one(wanted, {"let_go": [_json(one) for one in gone], "room": _room(room)})


def _json(one: LetGo) -> dict[str, Any]:
    return {
        "source": one.source,
        "why": one.why,
        "pages": one.pages,
        "bytes": one.bytes,
        "newest": shown(one.newest),
    }


def _room(room: Room) -> dict[str, int]:
    return {"size": room.size, "free": room.free, "log": room.log}
