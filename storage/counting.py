"""What was found, read, flagged and decided on each day of Vietnam: read from tables that triggers keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from storage.columns import clean
from storage.connection import Connection

_DECIDED = "count(decision), sum(decision = 'keep'), sum(decision = 'drop')"
# Decided cases may have lost their flags since: they are counted by source, and by no rule.
_TOPICS = f"""
    SELECT day, rule, max(label), count(*), {_DECIDED} FROM (
        SELECT c.day, c.decision, t.rule, t.label
        FROM cases_by_day AS c CROSS JOIN topics AS t ON t.article_id = c.article_id
        WHERE {{0}}
        UNION ALL SELECT c.day, c.decision, h.rule, NULL
        FROM raised AS h CROSS JOIN cases_by_day AS c ON c.article_id = h.article_id
        WHERE h.lowered_at IS NULL AND h.rule NOTNULL AND {{0}}
        AND NOT EXISTS (SELECT 1 FROM topics AS t WHERE t.article_id = h.article_id AND t.rule = h.rule))
    {{1}} GROUP BY day, rule
"""
_OF_RULE = """
    (EXISTS (SELECT 1 FROM topics WHERE article_id = c.article_id AND rule = ?) OR EXISTS
     (SELECT 1 FROM raised WHERE article_id = c.article_id AND lowered_at IS NULL AND rule = ?))
"""


@dataclass(frozen=True, slots=True)
class Span:
    """Which days are asked for, both included, and of what; None: of all."""

    first: date
    last: date
    source: str | None = None
    rule: str | None = None

    def condition(self) -> tuple[str, list[Any]]:
        """SQL that is true of its days and its source, and its parameters."""
        days: list[Any] = [self.first.isoformat(), self.last.isoformat()]
        if self.source is None:
            return "c.day BETWEEN ? AND ?", days
        return "c.day BETWEEN ? AND ? AND c.source = ?", [*days, clean(self.source)]


class DayCount(NamedTuple):  # there are tens of thousands of them in a year
    """One source on one day."""

    day: date  # in Vietnam: of publication, or of first fetching or finding where that is not known
    source: str
    read: int  # articles
    unread: int  # links that gave no article: not fetched yet, or in vain
    crawled: int  # crawls begun that day that ended well
    troubled: int  # … that did not

    @property
    def found(self) -> int:
        """Links that are articles, or may be: all but those refused unread."""
        return self.read + self.unread


class CaseCount(NamedTuple):
    """Cases of one day that share a source or a rule."""

    day: date  # as of DayCount
    name: str  # the source's or the rule's
    flagged: int  # by rules or by hand; and those decided that nothing flags any more
    reviewed: int  # decided, to keep, drop or later
    kept: int
    dropped: int
    label: str | None = None  # the rule's, where its flags tell it


@dataclass(frozen=True, slots=True)
class Watch:
    """The first and the last day on which a source was crawled, however that went."""

    first: date
    last: date


class Counting:
    """The days, cases_by_day and topics tables."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def days(self, span: Span) -> list[DayCount]:
        """What was found and read, and how crawls went; days and sources without anything are left out."""
        where, parameters = span.condition()
        rows = self._db.rows(
            "SELECT day, source, read, unread, crawled, troubled FROM days AS c"
            f" WHERE {where} AND read + unread + crawled + troubled > 0",
            parameters,
        )
        return [DayCount(date.fromisoformat(row[0]), *row[1:]) for row in rows]

    def by_source(self, span: Span) -> list[CaseCount]:
        """Cases by day and source; of a rule: what it flags, and what people raised under its name."""
        where, parameters = span.condition()
        if span.rule is not None:
            where, parameters = f"{where} AND {_OF_RULE}", [*parameters, *[clean(span.rule)] * 2]
        rows = self._db.rows(
            f"SELECT day, source, NULL, count(*), {_DECIDED} FROM cases_by_day AS c"
            f" WHERE {where} GROUP BY day, source",
            parameters,
        )
        return [_case_count(*row) for row in rows]

    def by_rule(self, span: Span) -> list[CaseCount]:
        """Cases by day and rule: what it flags now, and what people raised under its name."""
        where, parameters = span.condition()
        of_rule, named = ("", []) if span.rule is None else ("WHERE rule = ?", [clean(span.rule)])
        rows = self._db.rows(_TOPICS.format(where, of_rule), [*parameters, *parameters, *named])
        return [_case_count(*row) for row in rows]

    def watched(self) -> Mapping[str, Watch]:
        """Every source that was ever crawled, and when."""
        rows = self._db.rows(
            "SELECT source, min(day), max(day) FROM days WHERE crawled + troubled > 0 GROUP BY source"
        )
        return {row[0]: Watch(date.fromisoformat(row[1]), date.fromisoformat(row[2])) for row in rows}


def _case_count(
    day: str, name: str, label: str | None, flagged: int, reviewed: int, kept: int, dropped: int
) -> CaseCount:
    return CaseCount(date.fromisoformat(day), name, flagged, reviewed, kept or 0, dropped or 0, label)
