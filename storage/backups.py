"""Every backup that was tried, and what became of it: proven, or why not."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from sqlite3 import Row

from storage.columns import as_moment, clean, listed, moment
from storage.connection import Connection
from storage.copying import Backup
from storage.records import TriedBackup

_KEPT = 400  # rows; the newest good one is kept whatever comes after it


class Backups:
    """The backups table. The copies themselves may have been moved or thrown away since."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def succeeded(self, made: Backup, now: datetime, *, scheduled: bool) -> None:
        """Record a proven copy."""
        counts = json.dumps(dict(made.counts))
        self._record([moment(now), clean(str(made.path)), int(scheduled), made.size, counts, None])

    def failed(self, path: Path, trouble: str, now: datetime, *, scheduled: bool) -> None:
        """Record why there is none at `path`."""
        self._record([moment(now), clean(str(path)), int(scheduled), None, None, clean(trouble)])

    def newest(self) -> TriedBackup | None:
        """The last one tried; None: none ever was."""
        return _tried(self._db.one("SELECT * FROM backups ORDER BY id DESC LIMIT 1"))

    def newest_good(self) -> TriedBackup | None:
        """The last one that was proven; None: there is none."""
        return _tried(self._db.one("SELECT * FROM backups WHERE trouble IS NULL ORDER BY id DESC LIMIT 1"))

    def since(self, at: datetime) -> tuple[TriedBackup, ...]:
        """Those tried at `at` or later, oldest first."""
        rows = self._db.rows("SELECT * FROM backups WHERE at >= ? ORDER BY id", [moment(at)])
        return tuple(tried for row in rows if (tried := _tried(row)))

    def _record(self, row: list[str | int | None]) -> None:
        with self._db.write():
            self._db.execute(
                "INSERT INTO backups (at, path, scheduled, bytes, counts, trouble) VALUES (?, ?, ?, ?, ?, ?)",
                row,
            )
            self._db.execute(
                "DELETE FROM backups WHERE id <= (SELECT max(id) FROM backups) - ?"
                " AND id <> (SELECT max(id) FROM backups WHERE trouble IS NULL)",
                [_KEPT],
            )


class Upkeeps:
    """The upkeeps table: when the store was last kept in order, and what was told then."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def begin(self, now: datetime) -> int:
        """An upkeep's number."""
        with self._db.write():
            cursor = self._db.execute("INSERT INTO upkeeps (at, told) VALUES (?, '[]')", [moment(now)])
            self._db.execute("DELETE FROM upkeeps WHERE id <= (SELECT max(id) FROM upkeeps) - ?", [_KEPT])
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def end(self, number: int, told: tuple[str, ...], trouble: str | None, now: datetime) -> None:
        """Record how it ended."""
        with self._db.write():
            self._db.execute(
                "UPDATE upkeeps SET ended_at = ?, told = ?, trouble = ? WHERE id = ?",
                [moment(now), listed(told), trouble and clean(trouble), number],
            )

    def newest(self) -> tuple[datetime, str | None] | None:
        """When the last one began, and its trouble; None: there was none yet."""
        row = self._db.one("SELECT at, trouble FROM upkeeps ORDER BY id DESC LIMIT 1")
        return (as_moment(row["at"]), row["trouble"]) if row else None


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
