"""What servers gave us to ask "has it changed?" with, an address at a time."""

from __future__ import annotations

from datetime import datetime

from storage.columns import clean_or_none, moment
from storage.connection import Connection
from storage.records import Validators


class Polls:
    """Validators of feeds, sitemaps and listings."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def validators(self, source: str, url: str) -> Validators | None:
        """What the last answer gave; None if it was never asked."""
        row = self._db.one(
            "SELECT etag, last_modified, unchanged, links FROM polls WHERE source = ? AND url = ?",
            [source, url],
        )
        return Validators(*row) if row else None

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
        ]
        with self._db.write():
            self._db.execute("INSERT OR REPLACE INTO polls VALUES (?, ?, ?, ?, ?, ?, ?)", row)
