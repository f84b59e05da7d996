"""What each channel is to tell people, and what it has told: noted once, never told twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from sqlite3 import Row
from typing import Literal

from storage.columns import as_moment, clean, listed, moment
from storage.connection import Connection

NoticeKind = Literal[
    "new",
    "changed",
    "state",
    "lost",  # a message that never arrived in another channel
]
Fate = Literal[
    "told",
    "decided",  # somebody had decided before it was told
    "unflagged",  # no rule flagged it any more
    "copy",  # of an article that was told
    "over",  # the source's state was another again; or the channel was switched off
]

_CHUNK = 2_000  # events looked at in one transaction

# Of the articles that are the newest of their revisions, the primary flags by rule.
_CANDIDATES = """
    SELECT e.article_id, e.at, a.source, a.found_in, a.first_fetched_at, r.published_at, f.rule,
           max(f.weight) AS weight
    FROM (SELECT article_id, max(at) AS at FROM events WHERE id > ? AND id <= ? AND kind = 'flagged'
          AND level = 'primary' GROUP BY article_id) AS e
    CROSS JOIN articles AS a ON a.id = e.article_id
    CROSS JOIN revisions AS r ON r.article_id = a.id AND r.number = a.revision
    CROSS JOIN flags AS f ON f.revision_id = r.id AND f.level = 'primary'
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
_PENDING = """
    SELECT n.id, n.kind, n.article_id, n.rule, n.weight, n.urgent, n.late, a.source, a.dated_at,
           EXISTS (SELECT 1 FROM topics AS t WHERE t.article_id = n.article_id) AS about, s.changed,
           st.story_id
    FROM notices AS n CROSS JOIN articles AS a ON a.id = n.article_id
    LEFT JOIN stands AS s ON s.article_id = n.article_id
    LEFT JOIN stories AS st ON st.article_id = n.article_id
    WHERE n.channel = ? AND n.fate IS NULL AND n.kind IN ('new', 'changed')
"""
# What waits still may have become heavier; what was not told because nothing flagged it may be flagged again.
_NOTE = """
    INSERT INTO notices (channel, subject, kind, article_id, state_id, lost_id, rule, weight, urgent, late,
                         noted_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (channel, subject) DO UPDATE SET
        rule = excluded.rule, weight = excluded.weight, urgent = excluded.urgent, late = excluded.late,
        noted_at = excluded.noted_at, fate = NULL
    WHERE fate = 'unflagged' OR (fate IS NULL AND excluded.weight > weight)
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


@dataclass(frozen=True, slots=True)
class Noted:
    """What a channel is to tell."""

    subject: str  # never twice in one channel
    kind: NoticeKind
    article_id: int | None = None
    state_id: int | None = None
    lost_id: int | None = None  # the delivery
    rule: str | None = None  # the heaviest
    weight: float = 0.0
    urgent: bool = False  # it does not wait for a digest
    late: bool = False  # an old article that was found, or flagged, only now


@dataclass(frozen=True, slots=True)
class Pending:
    """A case that is to be told, as it is now."""

    id: int
    kind: NoticeKind
    article_id: int
    rule: str
    weight: float
    urgent: bool
    late: bool
    source: str
    dated_at: datetime
    about: bool  # a rule says still that it is about its topic
    decided: bool  # a verdict stands …
    changed: bool  # … and the article changed since
    story: int | None  # None: it has no copies


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much a channel has to tell."""

    urgent: int = 0  # cases that do not wait for a digest
    others: int = 0  # cases that do
    states: int = 0  # changes of papers' health, and messages lost in other channels
    states_since: datetime | None = None  # when the first of them was noted; None: there is none


class Notices:
    """The tables channels and notices."""

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

    def note(self, channel: str, noted: Iterable[Noted], now: datetime) -> None:
        """Note what is to be told; what the channel has told before is passed over."""
        with self._db.write():
            for one in noted:
                values = [one.article_id, one.state_id, one.lost_id, one.rule and clean(one.rule), one.weight]
                self._db.execute(
                    _NOTE,
                    [channel, one.subject, one.kind, *values, one.urgent, one.late, moment(now)],
                )

    def looked(self, channel: str, event: int, state: int) -> None:
        """The channel has looked at what happened up to these; within the transaction that notes it."""
        with self._db.write():
            self._db.execute(
                "UPDATE channels SET event = ?, state = ? WHERE name = ?", [event, state, channel]
            )

    def waiting(self, channel: str) -> Waiting:
        """How much the channel has to tell."""
        rows = self._db.rows(
            "SELECT kind IN ('state', 'lost') AS of_state, urgent, count(*) AS many, min(noted_at) AS since"
            " FROM notices WHERE channel = ? AND fate IS NULL GROUP BY 1, 2",
            [channel],
        )
        cases = {row["urgent"]: row["many"] for row in rows if not row["of_state"]}
        states = next((row for row in rows if row["of_state"]), None)
        return Waiting(
            urgent=cases.get(1, 0),
            others=cases.get(0, 0),
            states=states["many"] if states else 0,
            states_since=as_moment(states["since"]) if states else None,
        )

    def pending(self, channel: str, *, urgent: bool) -> list[Pending]:
        """The cases the channel has to tell; `urgent`: only those that do not wait for a digest."""
        only = " AND n.urgent = 1" if urgent else ""
        return [_pending(row) for row in self._db.rows(_PENDING + only, [channel])]

    def pending_states(self, channel: str) -> dict[int, int]:
        """The changes of state the channel has to tell: number of the change → of the notice."""
        rows = self._db.rows(
            "SELECT state_id, id FROM notices WHERE channel = ? AND fate IS NULL AND kind = 'state'",
            [channel],
        )
        return {row[0]: row[1] for row in rows}

    def pending_lost(self, channel: str) -> dict[int, int]:
        """The lost messages the channel has to tell: number of the delivery → of the notice."""
        rows = self._db.rows(
            "SELECT lost_id, id FROM notices WHERE channel = ? AND fate IS NULL AND kind = 'lost'", [channel]
        )
        return {row[0]: row[1] for row in rows}

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

    def told_states(self, channel: str) -> dict[str, str]:
        """Of each source the state that the channel told last."""
        rows = self._db.rows(
            "SELECT s.source, s.state, max(s.id) FROM notices AS n JOIN states AS s ON s.id = n.state_id"
            " WHERE n.channel = ? AND n.fate = 'told' GROUP BY s.source",
            [channel],
        )
        return {row[0]: row[1] for row in rows}

    def told_stories(self, channel: str, stories: Sequence[int]) -> set[int]:
        """Those of these stories of which the channel has told an article."""
        rows = self._db.rows(
            "SELECT DISTINCT st.story_id FROM stories AS st"
            " WHERE st.story_id IN (SELECT value FROM json_each(?)) AND EXISTS (SELECT 1 FROM notices AS n"
            " WHERE n.article_id = st.article_id AND n.channel = ? AND n.fate = 'told')",
            [listed(list(stories)), channel],
        )
        return {row[0] for row in rows}

    def settle(self, fates: Mapping[int, Fate], delivery_id: int | None) -> None:
        """What became of these notices; those told are told by that delivery."""
        with self._db.write():
            for number, fate in fates.items():
                self._db.execute(
                    "UPDATE notices SET fate = ?, delivery_id = ? WHERE id = ? AND fate IS NULL",
                    [fate, delivery_id if fate == "told" else None, number],
                )


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


def _pending(row: Row) -> Pending:
    return Pending(
        id=row["id"],
        kind=row["kind"],
        article_id=row["article_id"],
        rule=row["rule"] or "",
        weight=row["weight"],
        urgent=bool(row["urgent"]),
        late=bool(row["late"]),
        source=row["source"],
        dated_at=as_moment(row["dated_at"]),
        about=bool(row["about"]),
        decided=row["changed"] is not None,
        changed=bool(row["changed"]),
        story=row["story_id"],
    )
