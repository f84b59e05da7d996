"""Every backup that was tried, and what became of it: proven, or why not."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from sqlite3 import Row

from storage.columns import as_moment, as_moment_or_none, clean, clean_or_none, moment
from storage.connection import Connection
from storage.copying import Backup, opened
from storage.provenance import unapplied
from storage.records import TriedBackup

_KEPT = 400  # rows; the newest good one is kept whatever comes after it


@dataclass(frozen=True, slots=True)
class Attempt:
    """When a backup was begun, and why."""

    at: datetime
    scheduled: bool = False  # it is one that [backup] asks for; False: a person wanted a copy somewhere else


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no backup."""

    to: Path  # the file or folder that was asked for
    trouble: str


def remember(store_path: Path, how: Attempt, what: Backup | Failure) -> None:
    """Record what became of an attempt; nothing in a store of an older diembao, which stays as it is."""
    with opened(store_path) as connection:
        if unapplied(connection):
            return
        Backups(connection).record(how, what)


class Backups:
    """The backups table. The copies themselves may have been moved or thrown away since."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def record(self, how: Attempt, what: Backup | Failure) -> None:
        """Record a proven copy, or why there is none; the oldest rows are forgotten."""
        if isinstance(what, Backup):
            counts = json.dumps(dict(what.counts))
            told: list[str | int | None] = [clean(str(what.path)), how.scheduled, what.size, counts, None]
        else:
            told = [clean(str(what.to)), how.scheduled, None, None, clean(what.trouble)]
        with self._db.write():
            self._db.execute(
                "INSERT INTO backups (at, path, scheduled, bytes, counts, trouble) VALUES (?, ?, ?, ?, ?, ?)",
                [moment(how.at), *told],
            )
            self._db.execute(
                "DELETE FROM backups WHERE id <= (SELECT max(id) FROM backups) - ?"
                " AND id NOT IN (SELECT max(id) FROM backups WHERE trouble IS NULL GROUP BY scheduled)",
                [_KEPT],
            )

    def newest(self, *, scheduled: bool = False) -> TriedBackup | None:
        """The last one tried, of all or of those that [backup] asks for; None: none ever was."""
        sql = "SELECT * FROM backups WHERE scheduled >= ? ORDER BY id DESC LIMIT 1"
        return _tried(self._db.one(sql, [scheduled]))

    def newest_good(self, *, scheduled: bool = False) -> TriedBackup | None:
        """The last one that was proven, of all or of those that [backup] asks for; None: there is none."""
        sql = "SELECT * FROM backups WHERE trouble IS NULL AND scheduled >= ? ORDER BY id DESC LIMIT 1"
        return _tried(self._db.one(sql, [scheduled]))

    def since(self, at: datetime) -> tuple[TriedBackup, ...]:
        """Those tried at `at` or later, oldest first."""
        rows = self._db.rows("SELECT * FROM backups WHERE at >= ? ORDER BY id", [moment(at)])
        return tuple(tried for row in rows if (tried := _tried(row)))


class Upkeeps:
    """The upkeeps table: when the store was kept in order, and what that could not mend."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def begin(self, now: datetime) -> int:
        """An upkeep's number."""
        with self._db.write():
            cursor = self._db.execute("INSERT INTO upkeeps (at) VALUES (?)", [moment(now)])
            self._db.execute("DELETE FROM upkeeps WHERE id <= (SELECT max(id) FROM upkeeps) - ?", [_KEPT])
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def end(self, number: int, trouble: str | None, now: datetime) -> None:
        """Record that it came to its end, and what it could not mend; None: nothing."""
        with self._db.write():
            self._db.execute(
                "UPDATE upkeeps SET ended_at = ?, trouble = ? WHERE id = ?",
                [moment(now), clean_or_none(trouble), number],
            )

    def newest_ended(self) -> datetime | None:
        """When the last one that came to its end began; None: there was none yet."""
        return as_moment_or_none(
            self._db.value("SELECT at FROM upkeeps WHERE ended_at IS NOT NULL ORDER BY id DESC LIMIT 1")
        )

    def trouble(self) -> str | None:
        """What the last one that came to its end could not mend; None: nothing."""
        found: str | None = self._db.value(
            "SELECT trouble FROM upkeeps WHERE ended_at IS NOT NULL ORDER BY id DESC LIMIT 1"
        )
        return found

    def unended(self) -> int:
        """How many began since the last one that came to its end; one of them may be at it now."""
        sql = "SELECT count(*) FROM upkeeps WHERE id > (SELECT coalesce(max(id), 0) FROM upkeeps WHERE {})"
        return int(self._db.value(sql.format("ended_at IS NOT NULL")))

    def begun(self) -> datetime | None:
        """When the store's first crawl began; None: there was none, and so there is nothing to keep."""
        return as_moment_or_none(self._db.value("SELECT started_at FROM runs ORDER BY id LIMIT 1"))


def _tried(row: Row | None) -> TriedBackup | None:
    if row is None:
        return None
    return TriedBackup(
        at=as_moment(row["at"]),
        path=row["path"],
        scheduled=bool(row["scheduled"]),
        size=row["bytes"],
        counts=json.loads(row["counts"] or "{}"),
        trouble=row["trouble"],
    )
