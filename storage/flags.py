"""What rules matched: written by the machine alone, of one revision each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from sqlite3 import Row

from storage.columns import clean, listed, moment
from storage.connection import Connection
from storage.errors import NoSuchCase
from storage.events import note_flags
from storage.raising import IS_RAISED
from storage.records import Flag, Level, is_about, nearness

_COLUMNS = (
    "revision_id, rule, label, version, field, spans, quote, weight, flagged_at,"
    " level, score, absent, excluded, together"
)
_INSERT = f"INSERT INTO flags ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
# What stood is remembered, so that it can be told what was flagged at any moment.
_RETIRE = (
    f"INSERT INTO former_flags (ended_at, {_COLUMNS})"
    f" SELECT ?, {_COLUMNS} FROM flags WHERE revision_id = ? ORDER BY id"
)


class Flags:
    """The flags table."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def levels(self, rule: str) -> dict[int, Level]:
        """The articles whose newest revision that rule flags, each with the level."""
        rows = self._db.rows(
            "SELECT DISTINCT articles.id, level FROM flags CROSS JOIN revisions"
            " ON revisions.id = flags.revision_id CROSS JOIN articles"
            " ON articles.id = revisions.article_id AND articles.revision = revisions.number WHERE rule = ?",
            [clean(rule)],
        )
        return {row[0]: row[1] for row in rows}

    def others(self, known: Iterable[tuple[str, str, str]]) -> set[int]:
        """The articles whose newest revision bears a flag of none of these rules: name, version, label."""
        ours = {(clean(rule), version, clean(label)) for rule, version, label in known}
        borne = self._db.rows("SELECT DISTINCT rule, version, label FROM flags")
        return {
            row[0]
            for one in borne
            if tuple(one) not in ours
            for row in self._db.rows(
                "SELECT articles.id FROM flags CROSS JOIN revisions ON revisions.id = flags.revision_id"
                " CROSS JOIN articles"
                " ON articles.id = revisions.article_id AND articles.revision = revisions.number"
                " WHERE rule = ? AND version = ? AND label = ?",
                list(one),
            )
        }

    def of_newest(self, article_ids: Sequence[int]) -> dict[int, tuple[Flag, ...]]:
        """The flags of the newest revision of each of these articles that has any."""
        marks = ", ".join("?" * len(article_ids))
        rows = self._db.rows(
            "SELECT articles.id, revisions.id FROM articles JOIN revisions"
            " ON revisions.article_id = articles.id AND revisions.number = articles.revision"
            f" WHERE articles.id IN ({marks})",
            article_ids,
        )
        found = flags_of(self._db, [row[1] for row in rows])
        return {row[0]: found[row[1]] for row in rows if row[1] in found}

    def replace(self, article_id: int, flags: Sequence[Flag], now: datetime) -> None:
        """Set the flags of the newest revision, as when rules changed. NoSuchCase for an unknown number."""
        with self._db.write():
            revision_id = self._db.value(
                "SELECT revisions.id FROM articles JOIN revisions"
                " ON revisions.article_id = articles.id AND revisions.number = articles.revision"
                " WHERE articles.id = ?",
                [article_id],
            )
            if revision_id is None:
                raise NoSuchCase(self._db.path, article_id)
            write_flags(self._db, article_id, revision_id, flags, now)


def write_flags(
    db: Connection, article_id: int, revision_id: int, flags: Sequence[Flag], now: datetime
) -> bool:
    """Make these the flags of the newest revision, within a transaction; whether others stood there."""
    before = flags_of(db, [revision_id]).get(revision_id, ())
    after = tuple(_clean(flag) for flag in flags)
    note_flags(db, article_id, after, now)
    if before == after:
        return False
    db.execute(_RETIRE, [moment(now), revision_id])
    db.execute("DELETE FROM flags WHERE revision_id = ?", [revision_id])
    for flag in after:
        proof = [flag.field, listed(flag.spans), flag.quote, flag.weight, moment(now)]
        beside = [flag.level, flag.score, listed(flag.absent)]
        beside += [listed(flag.excluded), listed(flag.together)]
        db.execute(_INSERT, [revision_id, flag.rule, flag.label, flag.version, *proof, *beside])
    db.execute(
        f"UPDATE articles SET flagged = ? OR {IS_RAISED}, score = ?, near = ? WHERE id = ?",
        [is_about(after), score_of(after), nearness(after), article_id],
    )
    return True


def score_of(flags: Iterable[Flag]) -> float:
    """What the queue is ordered by: the scores of all rules that say what the article is about."""
    best: dict[str, float] = {}
    for flag in flags:
        if flag.level == "primary":
            best[flag.rule] = max(flag.score, best.get(flag.rule, 0.0))
    return round(sum(best.values()), 6)


def flags_of(db: Connection, revision_ids: Sequence[int]) -> dict[int, tuple[Flag, ...]]:
    """The flags of each of these revisions that has any, in the order they were written."""
    marks = ", ".join("?" * len(revision_ids))
    rows = db.rows(f"SELECT * FROM flags WHERE revision_id IN ({marks}) ORDER BY id", revision_ids)
    return _grouped(rows)


def _grouped(rows: Iterable[Row]) -> dict[int, tuple[Flag, ...]]:
    found: dict[int, list[Flag]] = {}
    for row in rows:
        found.setdefault(row["revision_id"], []).append(_flag(row))
    return {revision_id: tuple(flags) for revision_id, flags in found.items()}


def _flag(row: Row) -> Flag:
    return Flag(
        rule=row["rule"],
        label=row["label"],
        version=row["version"],
        field=row["field"],
        spans=_pairs(json.loads(row["spans"])),
        quote=row["quote"],
        weight=row["weight"],
        level=row["level"],
        score=row["score"],
        absent=tuple(json.loads(row["absent"])),
        excluded=_pairs(json.loads(row["excluded"])),
        together=_pairs(json.loads(row["together"])),
    )


def _clean(flag: Flag) -> Flag:
    return Flag(
        rule=clean(flag.rule),
        label=clean(flag.label),
        version=clean(flag.version),
        field=flag.field,
        spans=_pairs(flag.spans),
        quote=clean(flag.quote),
        weight=float(flag.weight),
        level=flag.level,
        score=float(flag.score),
        absent=tuple(map(clean, flag.absent)),
        excluded=_pairs(flag.excluded),
        together=_pairs(flag.together),
    )


def _pairs(spans: Iterable[Sequence[int]]) -> tuple[tuple[int, int], ...]:
    return tuple((start, end) for start, end in spans)
