"""How far each channel has looked at what happened, and what happened since that it may tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from sqlite3 import Row

from storage.columns import as_moment, moment
from storage.connection import Connection

_CHUNK = 2_000  # events looked at in one transaction

# Rules that began to match, and still do; one whose text alone changed matched before.
_CANDIDATES = """
    SELECT e.article_id, e.at, a.source, a.found_in, a.first_fetched_at, r.published_at, f.rule,
           max(f.weight) AS weight
    FROM (SELECT n.article_id, n.rule, max(n.at) AS at FROM events AS n WHERE n.id > ? AND n.id <= ?
          AND n.kind = 'flagged' AND n.level = 'primary' AND NOT coalesce(
              (SELECT p.kind = 'flagged' AND p.level = 'primary' FROM events AS p
               WHERE p.article_id = n.article_id AND p.rule = n.rule AND p.id < n.id
               ORDER BY p.id DESC LIMIT 1), 0)
          GROUP BY n.article_id, n.rule) AS e
    CROSS JOIN articles AS a ON a.id = e.article_id
    CROSS JOIN revisions AS r ON r.article_id = a.id AND r.number = a.revision
    CROSS JOIN flags AS f ON f.revision_id = r.id AND f.rule = e.rule AND f.level = 'primary'
    GROUP BY e.article_id, f.rule ORDER BY e.article_id, f.rule
"""
_CHANGED = """
    SELECT s.article_id, a.material_at AS at, a.source, 'feed' AS found_in, a.material_at AS first_fetched_at,
           NULL AS published_at, f.rule, max(f.weight) AS weight
    FROM stands AS s CROSS JOIN articles AS a ON a.id = s.article_id
    CROSS JOIN revisions AS r ON r.article_id = a.id AND r.number = a.revision
    LEFT JOIN flags AS f ON f.revision_id = r.id AND f.level = 'primary'
    WHERE s.changed = 1 AND a.material_at > ? AND NOT EXISTS (SELECT 1 FROM notices AS n
          WHERE n.channel = ? AND n.subject = 'changed:' || s.article_id || ':' || a.material_at)
    GROUP BY s.article_id, f.rule ORDER BY s.article_id, f.rule
"""


@dataclass(frozen=True, slots=True)
class Place:
    """How far a channel has looked at what happened."""

    name: str
    begun_at: datetime  # what happened before is never told there
    event: int  # newest of those looked at; 0: none
    state: int  # newest change of a source's state looked at
    digest_at: datetime  # the hour of the last digest
    weekly_at: datetime


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that rules began to match, or that changed after it was decided on."""

    article_id: int
    at: datetime  # when that was seen
    source: str
    backfilled: bool
    first_fetched_at: datetime
    published_at: datetime | None  # None: not known, or of no account here
    weights: Mapping[str, float]  # rule → its weight, of those that say what the article is about


class Channels:
    """The channels table, and what it says of events, standing verdicts, states and deliveries."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def place(self, channel: str) -> Place | None:
        """How far the channel has looked; None: it is new."""
        row = self._db.one("SELECT * FROM channels WHERE name = ?", [channel])
        return _place(row) if row else None

    def begin(self, channel: str, now: datetime) -> Place:
        """Look at nothing that happened until now; the place of a channel that is known stays as it is."""
        with self._db.write():
            event = self._db.value("SELECT max(id) FROM events") or 0
            state = self._db.value("SELECT max(id) FROM states") or 0
            self._db.execute(
                "INSERT OR IGNORE INTO channels (name, begun_at, event, state, digest_at, weekly_at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                [channel, moment(now), event, state, moment(now), moment(now)],
            )
            place = self.place(channel)
        assert place is not None
        return place

    def forget(self, channel: str) -> None:
        """Look no further, as of a channel that is off: it begins anew, and tells nothing of until then."""
        with self._db.write():
            self._db.execute("UPDATE notices SET fate = 'over' WHERE channel = ? AND fate IS NULL", [channel])
            self._db.execute("DELETE FROM channels WHERE name = ?", [channel])

    def as_if_begun(self, channel: str, since: datetime) -> None:
        """Forget all that the channel noted, and let it look at all that happened since that moment."""
        with self._db.write():
            event = self._db.value("SELECT max(id) FROM events WHERE at < ?", [moment(since)]) or 0
            state = self._db.value("SELECT max(id) FROM states WHERE at < ?", [moment(since)]) or 0
            self._db.execute("DELETE FROM notices WHERE channel = ?", [channel])
            self._db.execute(
                "INSERT OR REPLACE INTO channels (name, begun_at, event, state, digest_at, weekly_at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                [channel, moment(since), event, state, moment(since), moment(since)],
            )

    def marked(self, channel: str, digest_at: datetime, weekly_at: datetime) -> None:
        """The last digest and the last weekly message were those of these moments."""
        with self._db.write():
            self._db.execute(
                "UPDATE channels SET digest_at = ?, weekly_at = ? WHERE name = ?",
                [moment(digest_at), moment(weekly_at), channel],
            )

    def happened(self, after: int) -> int | None:
        """The number of the first event after that one that may be told; None: there is none."""
        found: int | None = self._db.value(
            "SELECT id FROM events WHERE id > ? AND kind = 'flagged' AND level = 'primary' LIMIT 1",
            [after],
        )
        return found

    def newest_event(self, after: int) -> int:
        """The event up to which one look may go: not so many that others would wait for it."""
        sql = "SELECT max(id) FROM (SELECT id FROM events WHERE id > ? ORDER BY id LIMIT ?)"
        return int(self._db.value(sql, [after, _CHUNK]) or after)

    def candidates(self, after: int, until: int) -> list[Candidate]:
        """The articles that rules began to match in these events, and match still."""
        return list(_candidates(self._db.rows(_CANDIDATES, [after, until])))

    def changed(self, place: Place) -> list[Candidate]:
        """The decided cases that changed since, and that the channel has not noted."""
        return list(_candidates(self._db.rows(_CHANGED, [moment(place.begun_at), place.name])))

    def looked(self, channel: str, event: int, state: int) -> None:
        """The channel has looked at what happened up to these; within the transaction that notes it."""
        with self._db.write():
            self._db.execute(
                "UPDATE channels SET event = ?, state = ? WHERE name = ?", [event, state, channel]
            )

    def complained(self, place: Place) -> list[int]:
        """The complaints of the store that last or began since the channel did, and that it has not noted."""
        rows = self._db.rows(
            "SELECT id FROM complaints AS c WHERE (ended_at IS NULL OR begun_at > ?) AND NOT EXISTS"
            " (SELECT 1 FROM notices AS n WHERE n.channel = ? AND n.subject = 'complaint:' || c.id)",
            [moment(place.begun_at), place.name],
        )
        return [row[0] for row in rows]

    def mended(self, place: Place) -> list[int]:
        """The complaints of the store that the channel told, and has not noted to be over."""
        rows = self._db.rows(
            "SELECT c.id FROM complaints AS c JOIN notices AS t ON t.channel = ? AND t.fate = 'told'"
            " AND t.subject = 'complaint:' || c.id WHERE c.ended_at IS NOT NULL AND NOT EXISTS"
            " (SELECT 1 FROM notices AS n WHERE n.channel = ? AND n.subject = 'mended:' || c.id)",
            [place.name, place.name],
        )
        return [row[0] for row in rows]

    def lost(self, place: Place) -> list[int]:
        """The deliveries to other channels that never arrived, and that the channel has not noted.

        Messages about papers and lost messages are left out: two channels would tell each other for ever.
        """
        rows = self._db.rows(
            "SELECT id FROM deliveries AS d WHERE state IN ('refused', 'given-up') AND ended_at > ?"
            " AND channel <> ? AND kind <> 'sources' AND NOT EXISTS (SELECT 1 FROM notices AS n"
            " WHERE n.channel = ? AND n.subject = 'lost:' || d.id)",
            [moment(place.begun_at), place.name, place.name],
        )
        return [row[0] for row in rows]


def _candidates(rows: Iterable[Row]) -> Iterator[Candidate]:
    for article_id, group in groupby(rows, key=lambda row: int(row["article_id"])):
        flags = list(group)
        first = flags[0]
        yield Candidate(
            article_id=article_id,
            at=as_moment(first["at"]),
            source=first["source"],
            backfilled=first["found_in"] == "backfill",
            first_fetched_at=as_moment(first["first_fetched_at"]),
            published_at=as_moment(first["published_at"]) if first["published_at"] else None,
            weights={row["rule"]: row["weight"] for row in flags if row["rule"]},
        )


def _place(row: Row) -> Place:
    return Place(
        name=row["name"],
        begun_at=as_moment(row["begun_at"]),
        event=row["event"],
        state=row["state"],
        digest_at=as_moment(row["digest_at"]),
        weekly_at=as_moment(row["weekly_at"]),
    )
