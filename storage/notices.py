"""What each channel is to tell people, and what it has told: noted once, never told twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row
from typing import Literal

from storage.columns import as_moment, clean, listed, moment
from storage.connection import Connection

NoticeKind = Literal[
    "new",
    "changed",
    "state",
    "lost",  # a message that never arrived in another channel
    "complaint",  # of the store itself
    "mended",  # it is over
]
Fate = Literal[
    "told",
    "decided",  # somebody had decided before it was told
    "unflagged",  # no rule flagged it any more
    "copy",  # of an article that was told
    "over",  # the source's state was another again, the complaint was over; or the channel was switched off
]

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
    INSERT INTO notices (channel, subject, kind, article_id, state_id, lost_id, complaint_id, rule, weight,
                         urgent, late, noted_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (channel, subject) DO UPDATE SET
        rule = excluded.rule, weight = excluded.weight, urgent = excluded.urgent, late = excluded.late,
        noted_at = excluded.noted_at, fate = NULL
    WHERE fate = 'unflagged' OR (fate IS NULL AND excluded.weight > weight)
"""


@dataclass(frozen=True, slots=True)
class Noted:
    """What a channel is to tell."""

    subject: str  # never twice in one channel
    kind: NoticeKind
    article_id: int | None = None
    state_id: int | None = None
    lost_id: int | None = None  # the delivery
    complaint_id: int | None = None
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
    states: int = 0  # changes of papers' health, messages lost in other channels, complaints of the store
    states_since: datetime | None = None  # when the first of them was noted; None: there is none


class Notices:
    """The notices table."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def note(self, channel: str, noted: Iterable[Noted], now: datetime) -> None:
        """Note what is to be told; what the channel has told before is passed over."""
        with self._db.write():
            for one in noted:
                of = [one.article_id, one.state_id, one.lost_id, one.complaint_id]
                how = [one.rule and clean(one.rule), one.weight, one.urgent, one.late]
                self._db.execute(_NOTE, [channel, one.subject, one.kind, *of, *how, moment(now)])

    def waiting(self, channel: str) -> Waiting:
        """How much the channel has to tell."""
        rows = self._db.rows(
            "SELECT kind NOT IN ('new', 'changed') AS of_state, urgent, count(*) AS many,"
            " min(noted_at) AS since FROM notices WHERE channel = ? AND fate IS NULL GROUP BY 1, 2",
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

    def pending_complaints(self, channel: str, kind: Literal["complaint", "mended"]) -> dict[int, int]:
        """The complaints of the store it has to tell, or that they are over: number → of the notice."""
        rows = self._db.rows(
            "SELECT complaint_id, id FROM notices WHERE channel = ? AND fate IS NULL AND kind = ?",
            [channel, kind],
        )
        return {row[0]: row[1] for row in rows}

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
