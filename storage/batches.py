"""Decisions made together: written in chunks, each its own transaction, and taken back as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row

from storage.columns import as_moment, as_moment_or_none, clean_or_none, moment
from storage.connection import Connection
from storage.errors import NoSuchBatch
from storage.records import Batch, Decision
from storage.verdicts import standing_of

_STANDING = (
    "SELECT article_id, id FROM verdicts AS v WHERE batch_id = ?"
    " AND EXISTS (SELECT 1 FROM standing AS s WHERE s.article_id = v.article_id AND s.id = v.id)"
)
CHUNK = 500  # articles in one transaction, so that no crawl waits long


@dataclass(frozen=True, slots=True)
class Ordered:
    """What is decided, by whom, and what they had seen of the verdicts."""

    decision: Decision
    note: str | None  # None: each article keeps the note of the verdict before
    by: str | None  # None: nobody said
    seen: int  # the newest verdict of all when the list was shown; what was decided since is left alone
    chosen: str | None = None  # the address of the list; None: rows chosen one by one


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it."""

    batch: int | None  # None: nothing was written
    written: int
    elsewhere: int  # decided by others since, and left alone
    same: int  # decided just so already


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What an undo of a batch did."""

    undone: int
    left: int  # decided anew since, and left alone


class Batches:
    """The batches table, and the verdicts that belong to them."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def decide(self, ordered: Ordered, article_ids: Sequence[int], now: datetime) -> Outcome:
        """Decide these articles, whatever numbers no article bears left out.

        If it ends half-way, what was written until then is one batch, and can be taken back as one.
        """
        outcome = Outcome(None, 0, 0, 0)
        numbers = list(dict.fromkeys(article_ids))
        for start in range(0, len(numbers), CHUNK):
            with self._db.write():
                outcome = self._decide(ordered, numbers[start : start + CHUNK], now, outcome)
        return outcome

    def get(self, batch_id: int) -> Batch:
        """The batch of that number; NoSuchBatch if there is none."""
        row = self._db.one("SELECT * FROM batches WHERE id = ?", [batch_id])
        if row is None:
            raise NoSuchBatch(self._db.path, batch_id)
        return batch_of(row)

    def find(self, batch_id: int) -> Batch | None:
        """The same; None if there is none."""
        row = self._db.one("SELECT * FROM batches WHERE id = ?", [batch_id])
        return batch_of(row) if row else None

    def stands(self, batch_id: int) -> bool:
        """Whether any of its verdicts counts still."""
        return batch_stands(self._db, batch_id)

    def undo(self, batch_id: int, now: datetime, by: str | None = None) -> TakenBack:
        """Take back those of its verdicts that count still; NoSuchBatch if there is none."""
        with self._db.write():
            batch = self.get(batch_id)
            standing = self._db.rows(f"{_STANDING} ORDER BY id", [batch_id])
            for row in standing:
                self._db.execute(
                    "INSERT INTO verdicts (article_id, decision, at, undoes, by) VALUES (?, 'undo', ?, ?, ?)",
                    [row["article_id"], moment(now), row["id"], clean_or_none(by)],
                )
            undone = len(standing)
            if batch.undone_at is None:
                self._db.execute("UPDATE batches SET undone_at = ? WHERE id = ?", [moment(now), batch_id])
        return TakenBack(undone, 0 if batch.undone_at else batch.written - undone)

    def _decide(
        self, ordered: Ordered, article_ids: Sequence[int], now: datetime, so_far: Outcome
    ) -> Outcome:
        free, moved = self._unmoved(article_ids, ordered.seen)
        notes = self._notes(ordered, free)
        batch = so_far.batch or (self._begin(ordered, now) if notes else None)
        for number, note in notes.items():
            self._db.execute(
                "INSERT INTO verdicts (article_id, decision, note, at, by, batch_id)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                [number, ordered.decision, note, moment(now), clean_or_none(ordered.by), batch],
            )
        self._db.execute("UPDATE batches SET written = written + ? WHERE id = ?", [len(notes), batch])
        return Outcome(
            batch,
            so_far.written + len(notes),
            so_far.elsewhere + moved,
            so_far.same + len(free) - len(notes),
        )

    def _unmoved(self, article_ids: Sequence[int], seen: int) -> tuple[list[int], int]:
        """Those that nobody decided after the verdict `seen`, and how many somebody did."""
        marks = ", ".join("?" * len(article_ids))
        known = {
            row[0] for row in self._db.rows(f"SELECT id FROM articles WHERE id IN ({marks})", article_ids)
        }
        sql = f"SELECT DISTINCT article_id FROM verdicts WHERE article_id IN ({marks}) AND id > ?"
        moved = {row[0] for row in self._db.rows(sql, [*article_ids, seen])}
        return [one for one in article_ids if one in known - moved], len(moved)

    def _notes(self, ordered: Ordered, article_ids: Sequence[int]) -> dict[int, str | None]:
        """The note of each article's new verdict; those decided just so already are left out."""
        standing = standing_of(self._db, article_ids)
        said = clean_or_none(ordered.note)
        notes: dict[int, str | None] = {}
        for number in article_ids:
            before = standing.get(number)
            note = said or (before.note if before else None)
            if before is None or (before.decision, before.note) != (ordered.decision, note):
                notes[number] = note
        return notes

    def _begin(self, ordered: Ordered, now: datetime) -> int:
        cursor = self._db.execute(
            "INSERT INTO batches (decision, note, by, at, chosen, written) VALUES (?, ?, ?, ?, ?, 0)",
            [
                ordered.decision,
                clean_or_none(ordered.note),
                clean_or_none(ordered.by),
                moment(now),
                clean_or_none(ordered.chosen),
            ],
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid


def batch_stands(db: Connection, batch_id: int) -> bool:
    """Whether any verdict of the batch counts still."""
    return bool(db.rows(f"{_STANDING} LIMIT 1", [batch_id]))


def batch_of(row: Row) -> Batch:
    """A row of batches as the record."""
    return Batch(
        id=row["id"],
        decision=row["decision"],
        note=row["note"],
        at=as_moment(row["at"]),
        by=row["by"],
        chosen=row["chosen"],
        written=row["written"],
        undone_at=as_moment_or_none(row["undone_at"]),
    )
