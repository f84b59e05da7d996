"""Cases: an article with its flags and the verdict that stands, found by what a person asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.articles import CHUNK
from storage.assembling import assembled
from storage.columns import clean, listed, moment
from storage.connection import Connection
from storage.errors import NoSuchCase
from storage.records import Case, CaseState, Decision, Verdict, is_about

_STATES: dict[Decision, CaseState] = {"keep": "kept", "drop": "dropped", "later": "later"}
_DECISIONS: dict[CaseState, Decision] = {state: decision for decision, state in _STATES.items()}

# Said again in state_of in Python, and in the triggers of m023 in SQL; tests hold them together.
# What was dropped and is about nothing any more needs nobody.

_FLAG = (
    "EXISTS (SELECT 1 FROM revisions AS r JOIN flags AS f ON f.revision_id = r.id"
    " WHERE r.article_id = a.id AND r.number = a.revision{})"
)
_RAISED_UNDER = "EXISTS (SELECT 1 FROM raised WHERE article_id = {} AND lowered_at IS NULL AND rule = ?)"


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
    gone: bool | None = None  # whether the paper took it down
    newest_first: bool = (
        True  # by publication, or first fetching if undated; False: all of the order reversed
    )
    by_score: bool = False  # what is about the heaviest rules first, and only then by time
    limit: int | None = None
    after: int | None = None  # number of a case: only what comes after it in this order
    one_a_story: bool = False  # of the copies of one text only the earliest of those that are asked for


@dataclass(frozen=True, slots=True)
class Counts:
    """How many articles there are, and what became of them."""

    articles: int = 0
    flagged: int = 0  # about a topic, or raised by a person
    decided: int = 0
    flagged_decided: int = 0  # flagged and decided


def state_of(case: Case) -> CaseState | None:
    """Where the case stands with the people who decide; None: neither flagged nor decided."""
    flagged = is_about(case.flags) or case.raised is not None
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
            return next(iter(assembled(self._db, [article_id])), None)

    def some(self, article_ids: Sequence[int]) -> list[Case]:
        """The cases of these numbers, in their order; those that no article bears are left out."""
        with self._db.reading():
            return assembled(self._db, article_ids)

    def find(self, query: CaseQuery) -> Iterator[Case]:
        """The cases asked for: streamed, all of one moment, however long the reading takes.

        The store may be written to meanwhile, also by this Store. NoSuchCase if `after` is no case's number.
        """
        with self._db.snapshot() as reader:
            sql, parameters = _select(query, _begin_of(reader, query), self._place(reader, query))
            for chunk in reader.chunks(sql, parameters, CHUNK):
                yield from assembled(reader, [row["id"] for row in chunk])

    def count(self, query: CaseQuery, most: int = -1) -> int:
        """How many cases `find` would give, without `limit` and `after`; no further than `most`, if any."""
        begin = _begin_of(self._db, query)
        conditions, parameters = _conditions(query, begin)
        sql = f"SELECT count(*) FROM (SELECT 1 FROM {begin.tables}{_where(conditions)} LIMIT ?)"
        return int(self._db.value(sql, [*parameters, most]))

    def stored(self) -> dict[str, Counts]:
        """How much of each source is stored, whatever is asked for."""
        rows = self._db.rows(
            "SELECT a.source, count(*), sum(a.flagged), count(s.article_id),"
            " sum(a.flagged = 1 AND s.article_id IS NOT NULL)"
            " FROM articles AS a LEFT JOIN stands AS s ON s.article_id = a.id GROUP BY a.source"
        )
        return {row["source"]: Counts(*tuple(row)[1:]) for row in rows}

    def places(self, query: CaseQuery, among: Sequence[int] | None = None) -> list[tuple[str, int]]:
        """When each case asked for is dated, as stored, and its number, in order; `among`: only of these."""
        begin = _begin_of(self._db, query) if among is None else _begin(query, by_rule=False)
        sql, parameters = _select(query, begin, self._place(self._db, query), among)
        return [(row["dated_at"], row["id"]) for row in self._db.rows(sql, parameters)]

    def numbers(self, query: CaseQuery) -> list[int]:
        """The numbers of the cases asked for, in order, all of one moment."""
        return [number for _, number in self.places(query)]

    def _place(self, reader: Connection, query: CaseQuery) -> Sequence[Any] | None:
        if query.after is None:
            return None
        columns = ", ".join(_order(query, _BY_ARTICLE))
        place = reader.one(f"SELECT {columns} FROM articles AS a WHERE id = ?", [query.after])
        if place is None:
            raise NoSuchCase(reader.path, query.after)
        return tuple(place)


def _select(
    query: CaseQuery, begin: _Begin, place: Sequence[Any] | None, among: Sequence[int] | None = None
) -> tuple[str, list[Any]]:
    """SQL and parameters for the numbers of the cases, in order; `place` is where `after` stands in it."""
    conditions, parameters = _conditions(query, begin)
    tables = begin.tables
    if among is not None:
        tables = f"json_each(?) AS one CROSS JOIN {tables}"
        conditions.append(f"{begin.number} = one.value")
        parameters.insert(0, listed(list(among)))
    columns = _order(query, begin)
    if place is not None:
        marks = ", ".join("?" * len(columns))
        conditions.append(f"({', '.join(columns)}) {'<' if query.newest_first else '>'} ({marks})")
        parameters += list(place)
    way = "DESC" if query.newest_first else "ASC"
    order = ", ".join(f"{column} {way}" for column in columns)
    sql = (
        f"SELECT {begin.number} AS id, {begin.dated_at} AS dated_at FROM {tables}{_where(conditions)}"
        f" ORDER BY {order}"
    )
    if query.limit is None:
        return sql, parameters
    return f"{sql} LIMIT ?", [*parameters, max(0, query.limit)]


def _where(conditions: Sequence[str]) -> str:
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""


@dataclass(frozen=True, slots=True)
class _Begin:
    """The tables, and in which columns of the first the order stands; articles are `a` in all of them.

    LEFT JOIN, so that SQLite leaves articles out where nothing is asked of them.
    """

    tables: str
    number: str
    dated_at: str


_BY_ARTICLE = _Begin("articles AS a", "a.id", "a.dated_at")
_BY_VERDICT = _Begin(
    "stands AS s LEFT JOIN articles AS a ON a.id = s.article_id", "s.article_id", "s.dated_at"
)
_BY_RULE = _Begin(
    "flagged_by AS b LEFT JOIN articles AS a ON a.id = b.article_id", "b.article_id", "b.dated_at"
)


def _begin_of(reader: Connection, query: CaseQuery) -> _Begin:
    """What people raised under a rule's name, seldom and little, is not in the order of what it flags."""
    raised = query.rule is not None and reader.value(
        "SELECT EXISTS (SELECT 1 FROM raised WHERE rule = ? AND lowered_at IS NULL)", [clean(query.rule)]
    )
    return _begin(query, by_rule=not raised)


def _begin(query: CaseQuery, *, by_rule: bool = True) -> _Begin:
    """People decide far less than machines fetch, and rules flag less: what asks for these begins there."""
    if query.decision or query.state not in {None, "new"}:
        return _BY_VERDICT
    # By score there is an index of articles alone, whatever rules flag them.
    return _BY_RULE if query.rule is not None and by_rule and not query.by_score else _BY_ARTICLE


def _order(query: CaseQuery, begin: _Begin) -> tuple[str, ...]:
    """The columns that a list is ordered by, an index of its first table in this very order."""
    in_time = (begin.dated_at, begin.number)
    return ("a.score", *in_time) if query.by_score else in_time


def _conditions(query: CaseQuery, begin: _Begin) -> tuple[list[str], list[Any]]:
    """Conditions and their parameters; standing verdicts are `s`, flagging rules `b`."""
    conditions = _of_state(query, begin)
    parameters: list[Any] = [query.decision] if query.decision else []
    if query.flagged is not None and not (_is_told(query, begin) and query.flagged):
        conditions.append(_flagged(query.flagged, query.mentions))
    if query.rule is not None:
        conditions.append(_of_rule(query, begin))
        parameters += [clean(query.rule)] * (1 if begin is _BY_RULE else 2)
    if query.source is not None:
        conditions.append("a.source = ?")
        parameters.append(query.source)
    if query.gone is not None:
        conditions.append(f"a.gone_at IS {'NOT ' if query.gone else ''}NULL")
    for sign, bound in ((">=", query.since), ("<", query.until)):
        if bound is not None:
            conditions.append(f"{begin.dated_at} {sign} ?")
            parameters.append(moment(bound))
    if query.one_a_story:
        conditions.append(_first_of_story(begin, conditions))
        parameters += parameters
    return conditions, parameters


def _of_state(query: CaseQuery, begin: _Begin) -> list[str]:
    conditions = ["s.changed IN (0, 1) AND s.decision = ?"] if query.decision else []
    if query.state == "new":
        if not _is_told(query, begin):
            conditions.append("a.flagged = 1")
        conditions.append(f"NOT EXISTS (SELECT 1 FROM stands WHERE article_id = {begin.number})")
    elif query.state == "changed":
        conditions.append("s.changed = 1")
    elif query.state is not None:
        conditions.append(f"s.decision = '{_DECISIONS[query.state]}' AND s.changed = 0")
    return conditions


def _is_told(query: CaseQuery, begin: _Begin) -> bool:
    """Whether the first table says by itself that an article is flagged."""
    return begin is _BY_RULE and not query.mentions


def _of_rule(query: CaseQuery, begin: _Begin) -> str:
    level = "" if query.mentions else " AND b.level = 'primary'"
    if begin is _BY_RULE:
        return f"b.rule = ?{level}"
    place = f"b.dated_at = {begin.dated_at} AND b.article_id = {begin.number}"
    flag = f"EXISTS (SELECT 1 FROM flagged_by AS b WHERE b.rule = ? AND {place}{level})"
    return f"({flag} OR {_RAISED_UNDER.format(begin.number)})"


def _first_of_story(begin: _Begin, conditions: Sequence[str]) -> str:
    """SQL that no earlier article of the story fulfils the same conditions; they are asked within, again."""
    earlier = (
        f"{begin.number} IN (SELECT article_id FROM stories"
        " WHERE story_id = mine.story_id AND article_id < mine.article_id)"
    )
    return (
        f"NOT EXISTS (SELECT 1 FROM stories AS mine WHERE mine.article_id = {begin.number}"
        " AND mine.story_id <> mine.article_id"
        f" AND EXISTS (SELECT 1 FROM {begin.tables}{_where([earlier, *conditions])}))"
    )


def _flagged(wanted: bool, mentions: bool) -> str:
    if mentions:
        return _FLAG.format("") if wanted else f"NOT {_FLAG.format('')}"
    return "a.flagged = 1" if wanted else "a.flagged = 0"
