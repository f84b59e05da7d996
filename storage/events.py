"""What machines saw happen to articles and did to their flags: appended beside the change itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from storage.columns import as_moment, moment
from storage.connection import Connection
from storage.records import Event, Flag, Happening

_FLAG = "INSERT INTO events (article_id, at, kind, rule, label, version, level) VALUES (?, ?, ?, ?, ?, ?, ?)"

_Sort = tuple[str, str]  # version and level: what makes a flag another one


class Events:
    """The events table."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def of(self, article_id: int) -> tuple[Event, ...]:
        """Everything that happened to an article, oldest first."""
        rows = self._db.rows("SELECT * FROM events WHERE article_id = ? ORDER BY id", [article_id])
        return tuple(
            Event(row["kind"], as_moment(row["at"]), row["rule"], row["label"], row["version"], row["level"])
            for row in rows
        )

    def flagged_since(self, event: int) -> set[int]:
        """The articles that rules began to match, or matched otherwise, after that event."""
        sql = "SELECT DISTINCT article_id FROM events WHERE id > ? AND kind = 'flagged'"
        return {row[0] for row in self._db.rows(sql, [event])}

    def newest(self) -> int:
        """The number of the newest row of all; 0: there is none."""
        return int(self._db.value("SELECT max(id) FROM events") or 0)


def happened(db: Connection, article_id: int, kind: Happening, at: str) -> None:
    """Note it, within the transaction that writes it."""
    db.execute("INSERT INTO events (article_id, at, kind) VALUES (?, ?, ?)", [article_id, at, kind])


def put_back(db: Connection, article_id: int, now: datetime) -> None:
    """The site has it: whoever was gone is back, within the transaction that saw it."""
    cursor = db.execute(
        "UPDATE articles SET gone_at = NULL WHERE id = ? AND gone_at IS NOT NULL", [article_id]
    )
    if cursor.rowcount:
        happened(db, article_id, "back", moment(now))


def note_flags(db: Connection, article_id: int, flags: Sequence[Flag], now: datetime) -> None:
    """Note how these flags differ from those the article bore last, whatever revision bore them."""
    rows = db.rows(
        "SELECT kind, rule, label, version, level FROM events"
        " WHERE article_id = ? AND kind IN ('flagged', 'unflagged') ORDER BY id",
        [article_id],
    )
    last = {row["rule"]: row for row in rows}
    today = {flag.rule: flag for flag in flags}
    for rule, flag in today.items():
        before = last.get(rule)
        if before is None or before["kind"] == "unflagged" or _sort(flag) != tuple(before[3:5]):
            values = [article_id, moment(now), "flagged", rule, flag.label, flag.version, flag.level]
            db.execute(_FLAG, values)
    for rule, before in last.items():
        if before["kind"] == "flagged" and rule not in today:
            db.execute(_FLAG, [article_id, moment(now), "unflagged", *before[1:5]])


def _sort(flag: Flag) -> _Sort:
    return flag.version, flag.level
