"""Cases: an article with its flags and the verdict that stands, found by what a person asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from sqlite3 import Row
from typing import Any

from storage.articles import CHUNK, article_of, newest_of
from storage.citations import cited_of
from storage.columns import as_moment, as_moment_or_none, clean, moment
from storage.connection import Connection
from storage.errors import NoSuchCase
from storage.flags import flags_of
from storage.records import Case, CaseState, Cited, Decision, Flag, Verdict, is_about
from storage.stories import copies_of
from storage.verdicts import standing_of

_STATES: dict[Decision, CaseState] = {"keep": "kept", "drop": "dropped", "later": "later"}
_DECISIONS: dict[CaseState, Decision] = {state: decision for decision, state in _STATES.items()}

# Said twice, here in SQL and in state_of in Python; a test holds them together.
# What was dropped and is about nothing any more needs nobody.
_CHANGED = "(a.material_at > s.at AND (a.flagged = 1 OR s.decision <> 'drop'))"

_BY_ARTICLE = "articles AS a"

_FLAG = (
    "EXISTS (SELECT 1 FROM revisions AS r JOIN flags AS f ON f.revision_id = r.id"
    " WHERE r.article_id = a.id AND r.number = a.revision{})"
)


@dataclass(frozen=True, slots=True)
class CaseQuery:
    """Which cases, in which order. None asks for nothing; all that is asked for must hold."""

    state: CaseState | None = None
    flagged: bool | None = None
    mentions: bool = False  # with `flagged` or `rule`: those that only mention it, too
    rule: str | None = None  # a flag of this rule
    source: str | None = None
    since: datetime | None = None  # published, or first fetched if undated, at this moment or later
    until: datetime | None = None  # … before this moment
    decision: Decision | None = None  # of the verdict that stands, changed since or not
    newest_first: bool = True  # by publication, or first fetching if undated
    limit: int | None = None
    after: int | None = None  # number of a case: only what comes after it in this order
    one_a_story: bool = False  # of the copies of one text only the earliest of those that are asked for


def state_of(case: Case) -> CaseState | None:
    """Where the case stands with the people who decide; None: neither flagged nor decided."""
    flagged = is_about(case.flags)
    if case.verdict is None:
        return "new" if flagged else None
    if _outlived(case, case.verdict) and (flagged or case.verdict.decision != "drop"):
        return "changed"
    return _STATES[case.verdict.decision] if case.verdict.decision != "undo" else None


def _outlived(case: Case, verdict: Verdict) -> bool:
    return case.material_at is not None and case.material_at > verdict.at


class Cases:
    """Cases, put together from the tables of articles, flags and verdicts; nothing is written here."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def get(self, article_id: int) -> Case | None:
        """The case of that number; None if there is none."""
        with self._db.reading():
            return next(iter(_cases(self._db, [article_id])), None)

    def some(self, article_ids: Sequence[int]) -> list[Case]:
        """The cases of these numbers, in their order; those that no article bears are left out."""
        with self._db.reading():
            return _cases(self._db, article_ids)

    def find(self, query: CaseQuery) -> Iterator[Case]:
        """The cases asked for: streamed, all of one moment, however long the reading takes.

        The store may be written to meanwhile, also by this Store. NoSuchCase if `after` is no case's number.
        """
        with self._db.snapshot() as reader:
            sql, parameters = _select(query, self._place(reader, query))
            for chunk in reader.chunks(sql, parameters, CHUNK):
                yield from _cases(reader, [row["id"] for row in chunk])

    def count(self, query: CaseQuery) -> int:
        """How many cases `find` would give, without `limit` and `after`."""
        tables, conditions, parameters = _conditions(query)
        return int(self._db.value(f"SELECT count(*) FROM {tables}{_where(conditions)}", parameters))

    def _place(self, reader: Connection, query: CaseQuery) -> str | None:
        if query.after is None:
            return None
        place = reader.value("SELECT dated_at FROM articles WHERE id = ?", [query.after])
        if place is None:
            raise NoSuchCase(reader.path, query.after)
        return str(place)


def _select(query: CaseQuery, place: str | None) -> tuple[str, list[Any]]:
    """SQL and parameters for the numbers of the cases, in order; `place` is where `after` stands in it."""
    tables, conditions, parameters = _conditions(query)
    if place is not None:
        conditions.append(f"(a.dated_at, a.id) {'<' if query.newest_first else '>'} (?, ?)")
        parameters += [place, query.after]
    way = "DESC" if query.newest_first else "ASC"
    sql = f"SELECT a.id FROM {tables}{_where(conditions)} ORDER BY a.dated_at {way}, a.id {way}"
    if query.limit is None:
        return sql, parameters
    return f"{sql} LIMIT ?", [*parameters, max(0, query.limit)]


def _where(conditions: Sequence[str]) -> str:
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""


def _conditions(query: CaseQuery) -> tuple[str, list[str], list[Any]]:
    """Tables, conditions and their parameters; articles are `a`, standing verdicts `s`."""
    tables, conditions = _by_verdict(query)
    parameters: list[Any] = [query.decision] if query.decision else []
    if query.flagged is not None:
        conditions.append(_flagged(query.flagged, query.mentions))
    if query.rule is not None:
        conditions.append(
            _FLAG.format(" AND f.rule = ?")
            if query.mentions
            else "a.flagged = 1 AND " + _FLAG.format(" AND f.rule = ? AND f.level = 'primary'")
        )
        parameters.append(clean(query.rule))
    if query.source is not None:
        conditions.append("a.source = ?")
        parameters.append(query.source)
    for sign, bound in ((">=", query.since), ("<", query.until)):
        if bound is not None:
            conditions.append(f"a.dated_at {sign} ?")
            parameters.append(moment(bound))
    if query.one_a_story:
        number = "a.id" if tables == _BY_ARTICLE else "s.article_id"
        conditions.append(_first_of_story(tables, number, conditions))
        parameters += parameters
    return tables, conditions, parameters


def _first_of_story(tables: str, number: str, conditions: Sequence[str]) -> str:
    """SQL that no earlier article of the story fulfils the same conditions; they are asked within, again.

    `number` is the column that the tables are looked up by.
    """
    earlier = (
        f"{number} IN (SELECT article_id FROM stories"
        " WHERE story_id = mine.story_id AND article_id < mine.article_id)"
    )
    return (
        f"NOT EXISTS (SELECT 1 FROM stories AS mine WHERE mine.article_id = {number}"
        " AND mine.story_id <> mine.article_id"
        f" AND EXISTS (SELECT 1 FROM {tables}{_where([earlier, *conditions])}))"
    )


def _flagged(wanted: bool, mentions: bool) -> str:
    if mentions:
        return _FLAG.format("") if wanted else f"NOT {_FLAG.format('')}"
    return "a.flagged = 1" if wanted else "a.flagged = 0"


def _by_verdict(query: CaseQuery) -> tuple[str, list[str]]:
    """People decide far less than machines fetch: whatever asks for a verdict begins at the verdicts."""
    conditions = ["s.decision = ?"] if query.decision else []
    if query.state == "new":
        conditions.append("a.flagged = 1 AND NOT EXISTS (SELECT 1 FROM in_force WHERE article_id = a.id)")
    elif query.state == "changed":
        conditions.append(_CHANGED)
    elif query.state is not None:
        conditions.append(f"s.decision = '{_DECISIONS[query.state]}' AND {_CHANGED} IS NOT TRUE")
    if query.decision or query.state not in {None, "new"}:
        return "standing AS s CROSS JOIN articles AS a ON a.id = s.article_id", conditions
    return _BY_ARTICLE, conditions


def _cases(db: Connection, article_ids: Sequence[int]) -> list[Case]:
    rows = newest_of(db, article_ids)
    flags = flags_of(db, [row["revision_id"] for row in rows.values()])
    cited = cited_of(db, {row["revision_id"]: row["cited_by"] for row in rows.values()})
    verdicts = standing_of(db, article_ids)
    copies = copies_of(db, article_ids)
    found = [
        _case(row, flags.get(row["revision_id"], ()), verdicts.get(number), cited.get(row["revision_id"]))
        for number in article_ids
        if (row := rows.get(number))
    ]
    return [replace(case, story=copies[case.id]) if case.id in copies else case for case in found]


def _case(row: Row, flags: tuple[Flag, ...], verdict: Verdict | None, cited: Cited | None) -> Case:
    return Case(
        id=row["id"],
        article=article_of(row),
        found_in=row["found_in"],
        first_fetched_at=as_moment(row["first_fetched_at"]),
        fetched_at=as_moment(row["fetched_at"]),
        revision=row["revision"],
        changed_at=as_moment_or_none(row["changed_at"]),
        gone_at=as_moment_or_none(row["gone_at"]),
        flags=flags,
        verdict=verdict,
        cited=cited,
        material_at=as_moment_or_none(row["material_at"]),
    )
