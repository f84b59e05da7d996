"""What happened: noted here where it stands nowhere else, and told together with what other tables know."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from sqlite3 import Row
from typing import Any

from storage.columns import as_moment, clean, clean_or_none, moment
from storage.connection import Connection
from storage.records import Happened

_Told = Callable[[Row], Happened]

_CHUNK = 200  # rows at a time
_OUT_OF_TURN = timedelta(
    hours=6
)  # by which a later row may bear an earlier moment: a crawl ends after others


class Journal:
    """The journal table, and the rows of other tables that tell of something that happened."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def note(self, happened: Happened) -> None:
        """Append it, whatever its number."""
        row = [
            moment(happened.at),
            clean(happened.kind),
            clean_or_none(happened.source),
            clean(happened.said),
            clean(json.dumps(dict(happened.values), ensure_ascii=False)),
        ]
        with self._db.write():
            self._db.execute(
                'INSERT INTO journal (at, kind, source, said, "values") VALUES (?, ?, ?, ?, ?)', row
            )

    def since(self, at: datetime, most: int, source: str | None = None) -> list[Happened]:
        """The newest `most` things that happened from that moment on, oldest first.

        Crawls that ended, changes of health, what was flagged or vanished, decisions without their notes and
        names, and whatever was noted.
        """
        found = [one for tell in _TELLERS.values() for one in self._newest(tell, at, most, source)]
        found.sort(key=lambda one: (one.at, one.kind, one.id))
        return found[-most:] if most else []

    def flagged_after(self, event: int, most: int) -> list[Happened]:
        """What rules began to match after that event, oldest first."""
        sql = f"{_EVENTS} AND e.id > ? AND e.kind = 'flagged' ORDER BY e.id LIMIT ?"
        return [_event(row) for row in self._db.rows(sql, [event, most])]

    def _newest(
        self, tell: tuple[str, str, _Told], at: datetime, most: int, source: str | None
    ) -> Iterator[Happened]:
        sql, of_source, told = tell
        where, parameters = ("", []) if source is None else (f" AND {of_source} = ?", [clean(source)])
        given = 0
        for rows in self._db.chunks(f"{sql}{where} ORDER BY 1 DESC", parameters, _CHUNK):
            for row in rows:
                if given == most or as_moment(row["at"]) < at - _OUT_OF_TURN:
                    return
                if as_moment(row["at"]) >= at:
                    given += 1
                    yield told(row)


_EVENTS = (
    "SELECT e.id AS id, e.at AS at, e.kind AS kind, e.rule AS rule, e.label AS label, e.level AS level,"
    " a.id AS article, a.source AS source, r.title AS title FROM events AS e"
    " CROSS JOIN articles AS a ON a.id = e.article_id"
    " CROSS JOIN revisions AS r ON r.article_id = a.id AND r.number = a.revision WHERE true"
)
_VERDICTS = (
    "SELECT v.id AS id, v.at AS at, v.decision AS decision, a.id AS article, a.source AS source,"
    " r.title AS title FROM verdicts AS v CROSS JOIN articles AS a ON a.id = v.article_id"
    " CROSS JOIN revisions AS r ON r.article_id = a.id AND r.number = a.revision WHERE true"
)
_RUNS = (
    "SELECT id, coalesce(ended_at, started_at) AS at, source, outcome, counts, trouble, started_at"
    " FROM runs WHERE outcome <> 'running'"
)


def _noted(row: Row) -> Happened:
    values = json.loads(row["values"])
    return Happened(row["id"], as_moment(row["at"]), row["kind"], row["source"], row["said"], values)


def _state(row: Row) -> Happened:
    was = f", was {row['before']}" if row["before"] else ""
    cause = f": {row['cause']}" if row["cause"] else ""
    values = {"state": row["state"], "before": row["before"], "cause": row["kind"]}
    said = f"is {row['state']}{was}{cause}"
    return Happened(row["id"], as_moment(row["at"]), "state", row["source"], said, values)


def _run(row: Row) -> Happened:
    counts: Mapping[str, int] = json.loads(row["counts"])
    told = ", ".join(f"{name} {count}" for name, count in counts.items() if name in _COUNTED and count)
    said = "; ".join(part for part in (told or "nothing new", row["trouble"]) if part)
    values: dict[str, Any] = {"outcome": row["outcome"], "started_at": row["started_at"], **counts}
    return Happened(
        row["id"], as_moment(row["at"]), "crawl", row["source"], f"{row['outcome']}: {said}", values
    )


def _event(row: Row) -> Happened:
    rule = f" by {row['rule']} ({row['level']})" if row["rule"] else ""
    values = {
        name: row[name] for name in ("article", "title", "rule", "label", "level") if row[name] is not None
    }
    said = f"article {row['article']} {row['kind']}{rule}: {row['title']}"
    return Happened(row["id"], as_moment(row["at"]), row["kind"], row["source"], said, values)


def _verdict(row: Row) -> Happened:
    values = {name: row[name] for name in ("article", "title", "decision")}
    said = f"article {row['article']}: {row['decision']}: {row['title']}"
    return Happened(row["id"], as_moment(row["at"]), "decision", row["source"], said, values)


_COUNTED = frozenset({"found", "new", "kept", "revised", "gone", "flagged", "failed", "refused"})
_TELLERS: Mapping[str, tuple[str, str, _Told]] = {
    "journal": ("SELECT * FROM journal WHERE true", "source", _noted),
    "states": ("SELECT * FROM states WHERE true", "source", _state),
    "runs": (_RUNS, "source", _run),
    "events": (_EVENTS, "a.source", _event),
    "verdicts": (_VERDICTS, "a.source", _verdict),
}
