"""Which ways of finding showed each link, and the sums of a source's ledger that are made of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from storage.columns import clean
from storage.connection import Connection
from storage.records import FoundIn, LedgerSum, Showing, WaySum

_BITS: Mapping[FoundIn, int] = {"feed": 1, "sitemap": 2, "listing": 4, "backfill": 8}
_KINDS = """
    (SELECT sum(DISTINCT CASE w.kind WHEN 'feed' THEN 1 WHEN 'sitemap' THEN 2
                              WHEN 'listing' THEN 4 ELSE 8 END)
     FROM sightings AS s JOIN showings AS w ON w.id = s.showing_id WHERE s.link_id = l.id)
"""
_FIRST_CRAWL = """
    coalesce((SELECT ended_at FROM runs WHERE source = ? AND outcome = 'done' ORDER BY id LIMIT 1), '9')
"""
_SUMS = f"""
    SELECT coalesce(kinds, 0), state, reason, aside, later, count(*) FROM (
        SELECT l.state, l.reason, l.state = 'failed' AND l.next_attempt IS NULL AS aside,
               l.first_seen > {_FIRST_CRAWL} AND l.found_in <> 'backfill' AS later, {_KINDS} AS kinds
        FROM links AS l WHERE l.source = ?)
    GROUP BY 1, 2, 3, 4, 5
"""
_WAYS = """
    SELECT w.kind, w.url, count(*), max(s.last_seen)
    FROM showings AS w JOIN sightings AS s ON s.showing_id = w.id
    WHERE w.source = ? GROUP BY w.id ORDER BY w.kind, count(*) DESC, w.url
"""
_LACKING = f"""
    SELECT l.url FROM links AS l
    WHERE l.source = ? AND l.state NOT IN ('refused', 'foreign') AND l.found_in <> 'backfill'
    AND l.first_seen > {_FIRST_CRAWL}
    AND (coalesce({_KINDS}, 0) & ?) = 0 ORDER BY l.id DESC LIMIT ?
"""
_SEEN = """
    INSERT INTO sightings (link_id, showing_id, first_seen, last_seen) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET last_seen = max(last_seen, excluded.last_seen)
"""


class Sightings:
    """The showings and sightings tables."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def record(self, source: str, seen: Iterable[tuple[int, Sequence[Showing]]], now: datetime) -> None:
        """Links by their numbers, each with the ways that show it now; within a write."""
        numbers: dict[Showing, int] = {}
        at = int(now.timestamp())
        for link_id, shown_by in seen:
            for showing in shown_by:
                if showing not in numbers:
                    numbers[showing] = self._number(source, showing)
                self._db.execute(_SEEN, [link_id, numbers[showing], at, at])

    def sums(self, source: str) -> tuple[LedgerSum, ...]:
        """Every link of the source, in groups that share ways and fate."""
        return tuple(
            LedgerSum(_kinds(row[0]), row[1], row[2], bool(row[3]), bool(row[4]), row[5])
            for row in self._db.rows(_SUMS, [source, source])
        )

    def ways(self, source: str) -> tuple[WaySum, ...]:
        """What each way has shown, those that showed most first within their kind."""
        return tuple(
            WaySum(row[0], row[1], row[2], datetime.fromtimestamp(row[3], UTC))
            for row in self._db.rows(_WAYS, [source])
        )

    def lacking(self, source: str, kind: FoundIn, most: int) -> tuple[str, ...]:
        """Addresses of articles found after the first crawl that no way of this kind showed, newest first."""
        return tuple(row[0] for row in self._db.rows(_LACKING, [source, source, _BITS[kind], most]))

    def samples(self, source: str, way: WaySum, most: int) -> tuple[str, ...]:
        """Addresses of articles that one way showed, newest first."""
        rows = self._db.rows(
            "SELECT l.url FROM showings AS w JOIN sightings AS s ON s.showing_id = w.id"
            " JOIN links AS l ON l.id = s.link_id WHERE w.source = ? AND w.kind = ? AND w.url = ?"
            " AND l.state NOT IN ('refused', 'foreign') ORDER BY l.id DESC LIMIT ?",
            [source, way.kind, way.url, most],
        )
        return tuple(row[0] for row in rows)

    def sources(self) -> tuple[str, ...]:
        """Every source that has links."""
        return tuple(row[0] for row in self._db.rows("SELECT DISTINCT source FROM links ORDER BY source"))

    def _number(self, source: str, showing: Showing) -> int:
        values = [source, showing.kind, clean(showing.url)]
        self._db.execute("INSERT OR IGNORE INTO showings (source, kind, url) VALUES (?, ?, ?)", values)
        return int(
            self._db.value("SELECT id FROM showings WHERE source = ? AND kind = ? AND url = ?", values)
        )


def _kinds(bits: int) -> frozenset[FoundIn]:
    return frozenset(kind for kind, bit in _BITS.items() if bits & bit)
