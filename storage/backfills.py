"""Backfills: how far each walk into a paper's past has come, so that it goes on where it was ended."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from storage.columns import as_moment, as_moment_or_none, clean, listed, moment, moment_or_none
from storage.connection import Connection
from storage.links import due_columns
from storage.records import Backfill, BackfillPlace

GIVEN_UP = "given-up"  # the outcome of a place that could not be read again and again
_MOST_ATTEMPTS = 6
# What waits is what `Links.backfilled` hands out.
_END = """
    UPDATE backfills SET ended_at = ? WHERE id = ?
    AND NOT EXISTS (SELECT 1 FROM backfill_places WHERE backfill_id = backfills.id AND outcome IS NULL)
    AND NOT EXISTS (SELECT 1 FROM links WHERE source = backfills.source AND found_in = 'backfill'
                    AND state IN ('new', 'failed')
                    AND (state = 'new' OR next_attempt <= ? OR next_attempt > ?))
"""


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
        """It has read all of its places and fetched all of their links; nothing happens while some wait."""
        with self._db.write():
            self._db.execute(_END, [moment(now), number, *due_columns(now)])

    def add(self, number: int, places: Sequence[BackfillPlace]) -> None:
        """Places yet to be read; those known already stay as they are."""
        with self._db.write():
            for place in places:
                self._db.execute(
                    "INSERT OR IGNORE INTO backfill_places (backfill_id, kind, url, depth, links)"
                    " VALUES (?, ?, ?, ?, 0)",
                    [number, place.kind, clean(place.url), place.depth],
                )

    def next_place(self, number: int, but: Collection[int] = ()) -> BackfillPlace | None:
        """The place to be read next, of those whose ids are not among `but`; None: there is none."""
        row = self._db.one(
            "SELECT id, kind, url, depth FROM backfill_places WHERE backfill_id = ? AND outcome IS NULL"
            " AND id NOT IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT 1",
            [number, listed(sorted(but))],
        )
        return BackfillPlace(row["kind"], row["url"], row["depth"], row["id"]) if row else None

    def put_off(self, place: BackfillPlace, trouble: str) -> None:
        """A place could not be read this time; after several times it is given up."""
        with self._db.write():
            self._db.execute(
                "UPDATE backfill_places SET attempts = attempts + 1, trouble = ?,"
                " outcome = CASE WHEN attempts + 1 >= ? THEN ? END WHERE id = ?",
                [clean(trouble), _MOST_ATTEMPTS, GIVEN_UP, place.id],
            )

    def unread(self, number: int) -> Mapping[str, int]:
        """How many places could not be read so far, or were given up, for each trouble: "timeout" → 2."""
        rows = self._db.rows(
            "SELECT trouble, count(*) FROM backfill_places WHERE backfill_id = ? AND trouble IS NOT NULL"
            " AND (outcome IS NULL OR outcome = ?) GROUP BY 1",
            [number, GIVEN_UP],
        )
        return {row[0]: row[1] for row in rows}

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
