"""What happened: noted here where it stands nowhere else, and told together with what other tables know."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from sqlite3 import Row
from typing import Any

from storage.columns import as_moment, clean, clean_or_none, moment
from storage.connection import Connection
from storage.records import Happened

_CHUNK = 200  # rows at a time
_OUT_OF_TURN = timedelta(
    hours=6
)  # by which a later row may bear an earlier moment: a crawl ends after others


@dataclass(frozen=True, slots=True)
class Sought:
    """Which of all that happened is asked for."""

    since: datetime  # from that moment on
    most: int  # the newest so many, at least one
    source: str | None = None  # None: of all, and what concerns none
    kinds: frozenset[str] = frozenset()  # empty: all


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

    def find(self, sought: Sought) -> list[Happened]:
        """What is sought, oldest first.

        Crawls that ended, changes of health, what was flagged or vanished, decisions without their notes and
        names, and whatever was noted.
        """
        tellers = [teller for teller in _TELLERS if teller.may_tell(sought.kinds)]
        found = [one for teller in tellers for one in self._newest(teller, sought)]
        found.sort(key=lambda one: (one.at, one.kind, one.id))
        return found[-sought.most :]

    def flagged_after(self, event: int, most: int) -> list[Happened]:
        """What rules began to match after that event, oldest first."""
        sql = f"{_EVENTS} AND e.id > ? AND e.kind = 'flagged' ORDER BY e.id LIMIT ?"
        return [_event(row) for row in self._db.rows(sql, [event, most])]

    def _newest(self, teller: _Teller, sought: Sought) -> Iterator[Happened]:
        where, parameters = "", []
        if sought.source is not None:
            where, parameters = f" AND {teller.source} = ?", [clean(sought.source)]
        given = 0
        for rows in self._db.chunks(f"{teller.sql}{where} ORDER BY 1 DESC", parameters, _CHUNK):
            for row in rows:
                at = as_moment(row["at"])
                if given == sought.most or at < sought.since - _OUT_OF_TURN:
                    return
                told = teller.told(row)
                if at >= sought.since and (not sought.kinds or told.kind in sought.kinds):
                    given += 1
                    yield told


@dataclass(frozen=True, slots=True)
class _Teller:
    """A table that tells of things that happened."""

    sql: str  # its first column numbers the rows in their order; ends within WHERE
    source: str  # the column of the source
    told: Callable[[Row], Happened]
    kind: str | None = None  # the one that it tells; None: several

    def may_tell(self, kinds: frozenset[str]) -> bool:
        """Whether any of `kinds` may stand there."""
        return not kinds or self.kind is None or self.kind in kinds


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
_TELLERS = (
    _Teller("SELECT * FROM journal WHERE true", "source", _noted),
    _Teller("SELECT * FROM states WHERE true", "source", _state, "state"),
    _Teller(_RUNS, "source", _run, "crawl"),
    _Teller(_EVENTS, "a.source", _event),
    _Teller(_VERDICTS, "a.source", _verdict, "decision"),
)
