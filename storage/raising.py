"""Articles that a person raised though no rule did: never a flag, and never taken away by judging again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from sqlite3 import Row

from storage.columns import as_moment, as_moment_or_none, clean_or_none, moment
from storage.connection import Connection
from storage.errors import NoSuchCase
from storage.records import Raise

# True of an article of which somebody is to decide, said of a row of `articles`.
IS_RAISED = "EXISTS (SELECT 1 FROM raised WHERE article_id = articles.id AND lowered_at IS NULL)"
_IS_FLAGGED = """
    EXISTS (SELECT 1 FROM revisions AS r JOIN flags AS f ON f.revision_id = r.id
            WHERE r.article_id = articles.id AND r.number = articles.revision AND f.level = 'primary')
"""


class Raised:
    """The raised table: one row each time, the newest that was not lowered stands."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def put(self, article_id: int, rule: str | None, note: str | None, now: datetime) -> Raise:
        """Raise an article; one that is raised already is given this rule and note by a row of its own.

        NoSuchCase for a number no article bears.
        """
        with self._db.write():
            if not self._db.value("SELECT count(*) FROM articles WHERE id = ?", [article_id]):
                raise NoSuchCase(self._db.path, article_id)
            self._lower(article_id, now)
            cursor = self._db.execute(
                "INSERT INTO raised (article_id, rule, note, at) VALUES (?, ?, ?, ?)",
                [article_id, clean_or_none(rule), clean_or_none(note), moment(now)],
            )
            self._db.execute("UPDATE articles SET flagged = 1 WHERE id = ?", [article_id])
            return raise_of(self._db.rows("SELECT * FROM raised WHERE id = ?", [cursor.lastrowid])[0])

    def lower(self, article_id: int, now: datetime) -> Raise | None:
        """Take it back; None: it was not raised."""
        with self._db.write():
            stood = raised_of(self._db, [article_id]).get(article_id)
            if stood:
                self._lower(article_id, now)
                self._db.execute(f"UPDATE articles SET flagged = {_IS_FLAGGED} WHERE id = ?", [article_id])
            return stood

    def history(self, article_id: int) -> tuple[Raise, ...]:
        """Every time it was raised, oldest first."""
        rows = self._db.rows("SELECT * FROM raised WHERE article_id = ? ORDER BY id", [article_id])
        return tuple(raise_of(row) for row in rows)

    def _lower(self, article_id: int, now: datetime) -> None:
        self._db.execute(
            "UPDATE raised SET lowered_at = ? WHERE article_id = ? AND lowered_at IS NULL",
            [moment(now), article_id],
        )


def raised_of(db: Connection, article_ids: Sequence[int]) -> dict[int, Raise]:
    """How each of these articles is raised that is."""
    marks = ", ".join("?" * len(article_ids))
    rows = db.rows(f"SELECT * FROM raised WHERE lowered_at IS NULL AND article_id IN ({marks})", article_ids)
    return {row["article_id"]: raise_of(row) for row in rows}


def raise_of(row: Row) -> Raise:
    """A row of raised as the record."""
    return Raise(
        id=row["id"],
        article_id=row["article_id"],
        rule=row["rule"],
        note=row["note"],
        at=as_moment(row["at"]),
        lowered_at=as_moment_or_none(row["lowered_at"]),
    )
