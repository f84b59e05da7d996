"""What servers gave us to ask "has it changed?" with, an address at a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from storage.columns import as_moment, as_moment_or_none, clean_or_none, moment, moment_or_none
from storage.connection import Connection
from storage.records import Validators


class Polls:
    """Validators of feeds, sitemaps and listings."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def validators(self, source: str, url: str) -> Validators | None:
        """What the last answer gave; None if it was never asked."""
        row = self._db.one(
            "SELECT etag, last_modified, unchanged, links, settled_at, lied_at FROM polls"
            " WHERE source = ? AND url = ?",
            [source, url],
        )
        if row is None:
            return None
        read_at, lied_at = as_moment_or_none(row[4]), as_moment_or_none(row[5])
        return Validators(row[0], row[1], row[2], row[3], read_at, lied_at)

    def lied(self, source: str) -> Mapping[str, datetime]:
        """The addresses whose "unchanged" was ever found to be a lie, and when last."""
        rows = self._db.rows(
            "SELECT url, lied_at FROM polls WHERE source = ? AND lied_at IS NOT NULL ORDER BY url", [source]
        )
        return {row[0]: as_moment(row[1]) for row in rows}

    def remember(self, source: str, url: str, validators: Validators, now: datetime) -> None:
        """Keep what the newest answer gave, in place of what was known."""
        row = [
            source,
            url,
            clean_or_none(validators.etag),
            clean_or_none(validators.last_modified),
            validators.unchanged,
            validators.links,
            moment(now),
            moment_or_none(validators.settled_at),
            moment_or_none(validators.lied_at),
        ]
        with self._db.write():
            self._db.execute(
                "INSERT OR REPLACE INTO polls"
                " (source, url, etag, last_modified, unchanged, links, asked_at, settled_at, lied_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )
