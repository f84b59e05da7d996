"""What was decided lately, newest first: single decisions and batches in one list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.batches import batch_of, batch_stands
from storage.columns import as_moment_or_none
from storage.connection import Connection
from storage.records import Batch, Verdict
from storage.verdicts import verdict_of

_SINGLE = """
    SELECT v.*, r.title, u.at AS undone_at, u.by AS undone_by,
           EXISTS (SELECT 1 FROM standing AS s WHERE s.article_id = v.article_id AND s.id = v.id) AS stands
    FROM verdicts AS v
    JOIN articles AS a ON a.id = v.article_id
    JOIN revisions AS r ON r.article_id = a.id AND r.number = a.revision
    LEFT JOIN verdicts AS u ON u.undoes = v.id
"""
_BATCH = """
    SELECT * FROM (SELECT b.*, (SELECT min(id) FROM verdicts WHERE batch_id = b.id) AS place
    FROM batches AS b ORDER BY b.id DESC) WHERE place < ? LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class Made:
    """One decision, or one batch of them, as a list of decisions shows it."""

    place: int  # in the list: the number of its first verdict
    verdict: Verdict | None  # None: a batch
    batch: Batch | None  # None: a single decision
    title: str | None  # of the article; None: a batch
    stands: bool  # whether anything of it counts still
    undone_at: datetime | None  # None: not taken back


class Decisions:
    """Reads the verdicts and batches tables."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def newest(self, most: int, before: int | None = None) -> list[Made]:
        """At most so many; `before`: only what stands after that place in the list."""
        place = before or 2**63 - 1
        with self._db.reading():
            found = [*self._single(place, most), *self._batches(place, most)]
        return sorted(found, key=lambda made: -made.place)[:most]

    def of_batch(self, batch_id: int, most: int, before: int | None = None) -> list[Made]:
        """The decisions of one batch, newest first."""
        sql = f"{_SINGLE} WHERE v.batch_id = ? AND v.id < ? ORDER BY v.id DESC LIMIT ?"
        return self._made(sql, [batch_id, before or 2**63 - 1, most])

    def _single(self, place: int, most: int) -> list[Made]:
        where = "WHERE v.batch_id IS NULL AND v.decision <> 'undo' AND v.id < ? ORDER BY v.id DESC LIMIT ?"
        return self._made(f"{_SINGLE} {where}", [place, most])

    def _made(self, sql: str, parameters: Sequence[object]) -> list[Made]:
        return [
            Made(
                row["id"],
                verdict_of(row),
                None,
                row["title"],
                bool(row["stands"]),
                as_moment_or_none(row["undone_at"]),
            )
            for row in self._db.rows(sql, parameters)
        ]

    def _batches(self, place: int, most: int) -> list[Made]:
        found = []
        for row in self._db.rows(_BATCH, [place, most]):
            batch = batch_of(row)
            stands = batch.undone_at is None and batch_stands(self._db, batch.id)
            found.append(Made(row["place"], None, batch, None, stands, batch.undone_at))
        return found
