"""How well each source was, and since when: a change of state is one row, and none is overwritten."""

from __future__ import annotations

import json
from datetime import datetime
from sqlite3 import Row

from storage.columns import as_moment, clean, clean_or_none, moment
from storage.connection import Connection
from storage.records import StateChange

_NEWEST_OF_EACH = "SELECT * FROM states WHERE id IN (SELECT max(id) FROM states GROUP BY source)"


class States:
    """The states table."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def record(self, change: StateChange) -> int | None:
        """Append a change, whatever its id; its number.

        None, and nothing is written, where the source is not in the state `before` any more: somebody else
        saw it, too.
        """
        row = [
            clean(change.source),
            moment(change.at),
            change.state,
            change.before,
            clean(change.cause),
            clean_or_none(change.kind),
            clean(json.dumps(dict(change.values), ensure_ascii=False)),
        ]
        with self._db.write():
            if change.state == change.before or self._state(change.source) != change.before:
                return None
            cursor = self._db.execute(
                'INSERT INTO states (source, at, state, before, cause, kind, "values")'
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                row,
            )
        return cursor.lastrowid

    def latest(self) -> dict[str, StateChange]:
        """The newest change of every source that has any."""
        return {row["source"]: _change(row) for row in self._db.rows(_NEWEST_OF_EACH)}

    def since(self, change: int) -> tuple[StateChange, ...]:
        """The changes recorded after that one, oldest first; 0: all."""
        return tuple(map(_change, self._db.rows("SELECT * FROM states WHERE id > ? ORDER BY id", [change])))

    def of(self, source: str) -> tuple[StateChange, ...]:
        """The changes of one source, oldest first."""
        rows = self._db.rows("SELECT * FROM states WHERE source = ? ORDER BY id", [clean(source)])
        return tuple(map(_change, rows))

    def newest(self, source: str) -> StateChange | None:
        """The newest change of a source; None: none was recorded."""
        row = self._db.one("SELECT * FROM states WHERE source = ? ORDER BY id DESC LIMIT 1", [clean(source)])
        return _change(row) if row else None

    def count(self, since: datetime) -> dict[str, int]:
        """How often each source has changed from that moment on; those that have not are left out."""
        rows = self._db.rows(
            "SELECT source, count(*) FROM states WHERE at >= ? GROUP BY source", [moment(since)]
        )
        return {row[0]: row[1] for row in rows}

    def _state(self, source: str) -> str | None:
        sql = "SELECT state FROM states WHERE source = ? ORDER BY id DESC LIMIT 1"
        state: str | None = self._db.value(sql, [clean(source)])
        return state


def _change(row: Row) -> StateChange:
    return StateChange(
        id=row["id"],
        source=row["source"],
        at=as_moment(row["at"]),
        state=row["state"],
        before=row["before"],
        cause=row["cause"],
        kind=row["kind"],
        values=json.loads(row["values"]),
    )
