"""What people decided: only ever appended, and taken back by one more row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from sqlite3 import Row

from storage.columns import as_moment, clean_or_none, moment
from storage.connection import Connection
from storage.errors import NoSuchCase
from storage.records import Decision, Verdict


class Verdicts:
    """The verdicts table. What counts for an article is its newest keep, drop or later not taken back."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def decide(
        self, article_id: int, decision: Decision, note: str | None, now: datetime, by: str | None = None
    ) -> Verdict:
        """Append a decision; `by` is who decides. NoSuchCase for a number no article bears."""
        with self._db.write():
            if not self._db.value("SELECT count(*) FROM articles WHERE id = ?", [article_id]):
                raise NoSuchCase(self._db.path, article_id)
            return self._append([article_id, decision, clean_or_none(note), moment(now), None, _name(by)])

    def undo(self, now: datetime, article_id: int | None = None, by: str | None = None) -> Verdict | None:
        """Take the newest decision back, overall or of one article; None: nothing is left to take back.

        Again and again walks back through all of them: what stood before stands again.
        """
        where, parameters = ("", []) if article_id is None else ("WHERE article_id = ?", [article_id])
        with self._db.write():
            last = self._db.one(f"SELECT * FROM in_force {where} ORDER BY id DESC LIMIT 1", parameters)
            if last is None:
                return None
            return self._append([last["article_id"], "undo", None, moment(now), last["id"], _name(by)])

    def decided_since(self, verdict: int) -> list[int]:
        """The articles decided, or undone, after that row."""
        rows = self._db.rows("SELECT DISTINCT article_id FROM verdicts WHERE id > ? ORDER BY 1", [verdict])
        return [row[0] for row in rows]

    def newest(self) -> int:
        """The number of the newest row of all; 0: there is none. What comes later has a greater one."""
        return int(self._db.value("SELECT max(id) FROM verdicts") or 0)

    def decided(self) -> dict[int, Decision]:
        """The decision that stands, by article."""
        return {row["article_id"]: row["decision"] for row in self._db.rows("SELECT * FROM standing")}

    def history(self, article_id: int) -> tuple[Verdict, ...]:
        """Every row of an article, oldest first, undos among them."""
        rows = self._db.rows("SELECT * FROM verdicts WHERE article_id = ? ORDER BY id", [article_id])
        return tuple(verdict_of(row) for row in rows)

    def _append(self, values: Sequence[object]) -> Verdict:
        cursor = self._db.execute(
            "INSERT INTO verdicts (article_id, decision, note, at, undoes, by) VALUES (?, ?, ?, ?, ?, ?)",
            values,
        )
        row = self._db.rows("SELECT * FROM verdicts WHERE id = ?", [cursor.lastrowid])
        return verdict_of(row[0])


def _name(by: str | None) -> str | None:
    return clean_or_none(by) or None


def standing_of(db: Connection, article_ids: Sequence[int]) -> dict[int, Verdict]:
    """The verdict that counts for each of these articles that has one."""
    marks = ", ".join("?" * len(article_ids))
    rows = db.rows(f"SELECT * FROM standing WHERE article_id IN ({marks})", article_ids)
    return {row["article_id"]: verdict_of(row) for row in rows}


def verdict_of(row: Row) -> Verdict:
    """A row of verdicts as the record."""
    return Verdict(
        id=row["id"],
        article_id=row["article_id"],
        decision=row["decision"],
        note=row["note"],
        at=as_moment(row["at"]),
        undoes=row["undoes"],
        by=row["by"],
        batch=row["batch_id"],
    )
