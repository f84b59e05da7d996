"""Backfills: how far each walk into a paper's past has come, so that it goes on where it was ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from storage.columns import as_moment, as_moment_or_none, clean, moment, moment_or_none
from storage.connection import Connection
from storage.records import Backfill, BackfillPlace


class Backfills:
    """The backfills table and the places of each walk."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def begin(self, source: str, since: datetime, until: datetime | None, now: datetime) -> Backfill:
        """The unfinished backfill of that window, else a new one."""
        wanted = [source, moment(since), moment_or_none(until)]
        with self._db.write():
            row = self._db.one(
                "SELECT id FROM backfills WHERE source = ? AND since = ? AND until IS ? AND ended_at IS NULL"
                " ORDER BY id DESC",
                wanted,
            )
            if row:
                return self.get(row["id"])
            cursor = self._db.execute(
                "INSERT INTO backfills (source, since, until, begun_at) VALUES (?, ?, ?, ?)",
                [*wanted, moment(now)],
            )
        assert cursor.lastrowid is not None
        return self.get(cursor.lastrowid)

    def get(self, number: int) -> Backfill:
        """One backfill; its number comes from `begin`."""
        row = self._db.one("SELECT * FROM backfills WHERE id = ?", [number])
        assert row is not None
        return Backfill(
            id=row["id"],
            source=row["source"],
            since=as_moment(row["since"]),
            until=as_moment_or_none(row["until"]),
            ended_at=as_moment_or_none(row["ended_at"]),
        )

    def end(self, number: int, now: datetime) -> None:
        """It has read all of its places and fetched all of their links."""
        with self._db.write():
            self._db.execute("UPDATE backfills SET ended_at = ? WHERE id = ?", [moment(now), number])

    def add(self, number: int, places: Sequence[BackfillPlace]) -> None:
        """Places yet to be read; those known already stay as they are."""
        with self._db.write():
            for place in places:
                self._db.execute(
                    "INSERT OR IGNORE INTO backfill_places (backfill_id, kind, url, depth, links)"
                    " VALUES (?, ?, ?, ?, 0)",
                    [number, place.kind, clean(place.url), place.depth],
                )

    def next_place(self, number: int) -> BackfillPlace | None:
        """The place to be read next; None: all are read."""
        row = self._db.one(
            "SELECT id, kind, url, depth FROM backfill_places WHERE backfill_id = ? AND outcome IS NULL"
            " ORDER BY id LIMIT 1",
            [number],
        )
        return BackfillPlace(row["kind"], row["url"], row["depth"], row["id"]) if row else None

    def done(
        self, place: BackfillPlace, outcome: str, links: int, more: Sequence[BackfillPlace] = ()
    ) -> None:
        """A place was read, or cannot be; `more`: what it leads to. Both or neither are recorded."""
        with self._db.write():
            number = self._db.value("SELECT backfill_id FROM backfill_places WHERE id = ?", [place.id])
            self._db.execute(
                "UPDATE backfill_places SET outcome = ?, links = ? WHERE id = ?",
                [clean(outcome), links, place.id],
            )
            self.add(number, more)

    def places(self, number: int) -> tuple[tuple[str, int], ...]:
        """How many places had each outcome; "open" those yet to be read."""
        rows = self._db.rows(
            "SELECT coalesce(outcome, 'open'), count(*) FROM backfill_places"
            " WHERE backfill_id = ? GROUP BY 1",
            [number],
        )
        return tuple((row[0], row[1]) for row in rows)

    def worked(self, number: int, kind: str) -> bool:
        """Whether any place of that kind showed links."""
        return bool(
            self._db.value(
                "SELECT 1 FROM backfill_places WHERE backfill_id = ? AND kind = ? AND links > 0 LIMIT 1",
                [number, kind],
            )
        )
