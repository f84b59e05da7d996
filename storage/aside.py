"""Links of listings that are no articles: recorded once, and touched once a day as long as they are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.columns import as_moment, clean, listed, moment
from storage.connection import Connection
from storage.links import link_of
from storage.records import FoundLink, Link, LinkState

# The condition of the index links_aside, word for word, or SQLite does not use it.
_ASIDE = (
    "state IN ('refused', 'foreign') AND fresh_as_of IS NULL AND (found_in IN ('listing', 'backfill')"
    " OR reason IN ('calendar', 'too-deep', 'endless-queries', 'endless-paths'))"
)
_SINCE = f"SELECT reason, url FROM links WHERE source = ? AND first_seen > ? AND {_ASIDE}"
_PUT = """
    INSERT INTO links (source, key, url, found_in, found_at, first_seen, last_seen, state, reason, attempts)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
    ON CONFLICT (source, key) DO UPDATE
    SET last_seen = excluded.last_seen, state = excluded.state, reason = excluded.reason
    WHERE fresh_as_of IS NULL
"""
_STALE = timedelta(days=1)  # after which it is worth a write that it is still shown


@dataclass(frozen=True, slots=True)
class PutAside:
    """A link that is not to be fetched, and why."""

    found: FoundLink
    state: LinkState
    reason: str


class Aside:
    """The part of the links table that nobody ever asks for."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def since(self, source: str, moment_before: datetime) -> tuple[tuple[str, str], ...]:
        """Reason and address of what was first seen since then."""
        return tuple((row[0], row[1]) for row in self._db.rows(_SINCE, [source, moment(moment_before)]))

    def known(self, source: str, keys: Sequence[str]) -> Mapping[str, datetime]:
        """When those of `keys` that are in the ledger, whatever they are there, were last seen."""
        rows = self._db.rows(
            "SELECT key, last_seen FROM links WHERE source = ? AND key IN (SELECT value FROM json_each(?))",
            [source, listed([clean(key) for key in keys])],
        )
        return {row[0]: as_moment(row[1]) for row in rows}

    def put(self, source: str, batch: Sequence[PutAside], now: datetime) -> None:
        """Record them; nothing is written for what was seen today. What was fetched stays what it is."""
        known = self.known(source, [one.found.key for one in batch])
        stale = [one for one in batch if now - known.get(clean(one.found.key), now - 2 * _STALE) > _STALE]
        if not stale:
            return
        with self._db.write():
            for one in stale:
                found, at = one.found, moment(now)
                place = [source, clean(found.key), clean(found.url), found.found_in, clean(found.found_at)]
                self._db.execute(_PUT, [*place, at, at, one.state, clean(one.reason)])

    def of_reason(self, source: str, reason: str, most: int) -> tuple[Link, ...]:
        """Links of the ledger that bear this reason, the newest first."""
        rows = self._db.rows(
            "SELECT * FROM links WHERE source = ? AND state IN ('refused', 'foreign', 'failed', 'gone')"
            " AND reason = ? ORDER BY id DESC LIMIT ?",
            [source, clean(reason), most],
        )
        return tuple(link_of(row) for row in rows)
