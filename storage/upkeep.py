"""The store kept in order beside the crawls: in short steps, so that no writer waits more than a moment."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from storage.columns import moment
from storage.connection import Connection
from storage.copying import room_for
from storage.errors import StoreFull
from storage.records import LetGo
from storage.retention import Policy, Retention, summed

_ROWS_LOOKED_AT = 1_000  # of each index, for the planner's statistics
_MERGED = 128  # pages of the full-text index that one step writes, about
_AT_LOG = 0.2  # seconds that a shortening of the log may keep writers waiting …
_TRIES = 5  # … and how often it is tried
_LEAST_BREATH, _MOST_BREATH = 0.005, 0.25  # seconds between two steps, in which others write

# What only ever served the present, and for how long after its time it is kept. Runs, links, sightings,
# events and counts are no such thing: they say what became of everything that was found.
_PASSING = {
    "hosts": ("paused_until", timedelta(days=30)),
    "robots": ("asked_at", timedelta(days=30)),
    "polls": ("asked_at", timedelta(days=400)),
}

Pause = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Log:
    """The write-ahead log, before and after it was put into the store."""

    before: int  # bytes
    after: int  # bytes
    held: bool  # by readers, so that it could not be emptied


@dataclass(frozen=True, slots=True)
class Room:
    """How large a store is, and how much of it is free to be used again."""

    size: int  # bytes of the file
    free: int  # bytes within it that hold nothing; the file shrinks by them only when it is compacted
    log: int  # bytes of the log beside it


@dataclass(frozen=True, slots=True)
class Tended:
    """What an upkeep did."""

    let_go: tuple[LetGo, ...]  # one for each source and reason
    pages: int  # bytes of pages that are kept, compressed
    pruned: Mapping[str, int]  # rows by table
    merges: int  # steps by which the full-text index was put together
    unfinished: bool  # whether its time ran out before there was nothing left to merge
    log: Log
    room: Room


@dataclass(frozen=True, slots=True)
class Order:
    """How the store is to be tended."""

    policy: Policy = field(default_factory=Policy)
    merging: float = 300.0  # seconds spent on the full-text index at most
    pause: Pause = time.sleep


class Upkeep:
    """Everything that keeps a store quick and no larger than it must be."""

    def __init__(self, connection: Connection, retention: Retention) -> None:
        self._db = connection
        self._retention = retention

    def tend(self, order: Order, now: datetime) -> Tended:
        """All of it; ended at any moment, what was done stays done and the next goes on from there."""
        # What a page said stands in the paper for all to read: to overwrite it costs more than to write it.
        self._db.rows("PRAGMA secure_delete = OFF")
        gone = self._let_go(order, now)
        pruned = {table: self._prune(table, now) for table in _PASSING}
        merges, unfinished = self._merge(order)
        self._analyze(order)
        log = self.shorten_log(order.pause)
        return Tended(gone, self._retention.size(), pruned, merges, unfinished, log, self.room())

    def room(self) -> Room:
        """As it is now."""
        size = self._db.value("PRAGMA page_size")
        return Room(
            int(self._db.value("PRAGMA page_count") * size),
            int(self._db.value("PRAGMA freelist_count") * size),
            _size(self._log),
        )

    def shorten_log(self, pause: Pause = time.sleep) -> Log:
        """Put the log into the store and empty it, as far as readers let it; writers wait for an instant."""
        before = _size(self._log)
        self._db.rows("PRAGMA wal_checkpoint(PASSIVE)")  # the bulk of it, for which nobody waits
        held = True
        for _ in range(_TRIES):
            held = bool(self._checkpointed())
            if not held:
                break
            pause(_AT_LOG)
        return Log(before, _size(self._log), held)

    def compact(self) -> tuple[Room, Room]:
        """Write the whole file anew without what is free in it; before and after.

        All writers wait until it is done, minutes for a large store. StoreFull where the disk has no room for
        two more of it; the store is as it was then, and also when this is killed.
        """
        before = self.room()
        needed = 2 * (before.size - before.free)
        if lacking := room_for(needed, self._db.path.parent):
            raise StoreFull(
                self._db.path,
                f"compacting it takes {needed:,} bytes for a while, {lacking:,} more than are free",
            )
        folder = str(self._db.path.parent.absolute()).replace("'", "''")
        self._db.rows(f"PRAGMA temp_store_directory = '{folder}'")  # /tmp may be small, or memory
        self._db.execute("VACUUM")
        self.shorten_log()
        return before, self.room()

    @property
    def _log(self) -> Path:
        return self._db.path.with_name(self._db.path.name + "-wal")

    def _let_go(self, order: Order, now: datetime) -> tuple[LetGo, ...]:
        gone: list[LetGo] = []
        breath = _Breath(order.pause)
        for step in self._retention.let_go(order.policy, now):
            gone += step
            breath.take()
        return summed(gone)

    def _prune(self, table: str, now: datetime) -> int:
        column, kept = _PASSING[table]
        with self._db.write():
            return self._db.execute(f"DELETE FROM {table} WHERE {column} < ?", [moment(now - kept)]).rowcount

    def _merge(self, order: Order) -> tuple[int, bool]:
        """Steps done, and whether time ran out before one found nothing to do."""
        end, steps, breath = time.monotonic() + order.merging, 0, _Breath(order.pause)
        while time.monotonic() < end:
            if not self._merged():
                return steps, False
            steps += 1
            breath.take()
        return steps, True

    def _merged(self) -> bool:
        """One step; whether it found anything to do, which fewer than two changes mean it did not."""
        before = self._db.raw.total_changes
        with self._db.write():
            self._db.execute("INSERT INTO search (search, rank) VALUES ('merge', ?)", [_MERGED])
        return self._db.raw.total_changes - before >= 2

    def _analyze(self, order: Order) -> None:
        self._db.rows(f"PRAGMA analysis_limit = {_ROWS_LOOKED_AT}")
        rows = self._db.rows("SELECT DISTINCT tbl_name AS name FROM sqlite_master WHERE type = 'index'")
        breath = _Breath(order.pause)
        for row in rows:
            if not row["name"].startswith(("search", "sqlite_", "_sqlite")):
                with self._db.write():
                    self._db.execute(f'ANALYZE "{row["name"]}"')
                breath.take()
        with self._db.write():
            # Where most pages are gone it is made of nulls, and would be believed to find nothing.
            self._db.execute("DELETE FROM sqlite_stat1 WHERE idx = 'idx_revisions_page_id'")

    def _checkpointed(self) -> int:
        """1 where somebody was in the way for longer than an instant."""
        self._db.rows(f"PRAGMA busy_timeout = {int(1000 * _AT_LOG)}")
        try:
            return int(self._db.value("PRAGMA wal_checkpoint(TRUNCATE)"))
        finally:
            self._db.rows(f"PRAGMA busy_timeout = {int(1000 * self._db.patience)}")


class _Breath:
    """As long between two steps as the last one took, so that others get at least half of the time."""

    def __init__(self, pause: Pause) -> None:
        self._pause = pause
        self._since = time.monotonic()

    def take(self) -> None:
        took = time.monotonic() - self._since
        self._pause(min(_MOST_BREATH, max(_LEAST_BREATH, took)))
        self._since = time.monotonic()


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
