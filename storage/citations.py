"""What articles cite: documents and figures of each revision, written by the machine alone, and counted."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row
from typing import Any, Literal

from storage.columns import as_moment, clean, clean_or_none, listed, moment
from storage.connection import Connection
from storage.errors import NoSuchCase
from storage.records import Citation, Cited, Figure, Mention

Period = Literal["month", "week"]

_CITATION = """
    INSERT INTO citations (revision_id, key, kind, number, year, organ, province, dated, term, issuer, how,
                           confidence, mentions)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_FIGURE = """
    INSERT INTO figures (revision_id, field, begins, ends, value, whole, unit, counted, about)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_NEWEST = """
    citations AS c JOIN revisions AS r ON r.id = c.revision_id
    JOIN articles AS a ON a.id = r.article_id AND a.revision = r.number
"""
# The month, or the Monday of the week, in which an article was published in Vietnam.
_PERIODS: dict[Period, str] = {
    "month": "strftime('%Y-%m', a.dated_at, '+7 hours')",
    "week": "date(a.dated_at, '+7 hours', 'weekday 0', '-6 days')",
}


@dataclass(frozen=True, slots=True)
class CitationQuery:
    """Which citations are counted. None asks for nothing; all that is asked for must hold."""

    source: str | None = None
    since: datetime | None = None  # the article published, or first fetched if undated, then or later
    until: datetime | None = None  # … before this moment


@dataclass(frozen=True, slots=True)
class CitedDocument:
    """One document, and how often the newest texts of articles cite it."""

    citation: Citation  # as one of the articles cites it; its mentions are left out
    articles: int
    mentions: int  # places in all of them
    first: datetime  # of the earliest article
    last: datetime
    over_time: tuple[tuple[str, int], ...]  # "2026-11", or the Monday of a week → articles; in order


@dataclass(frozen=True, slots=True)
class Citing:
    """One article that cites a document."""

    id: int
    source: str
    title: str
    at: datetime  # published, or first fetched if undated
    key: str
    mentions: int


class Citations:
    """The citations and figures tables."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def replace(self, article_id: int, cited: Cited) -> None:
        """Set what the newest revision cites. NoSuchCase for an unknown number."""
        with self._db.write():
            revision_id = self._db.value(
                "SELECT revisions.id FROM articles JOIN revisions"
                " ON revisions.article_id = articles.id AND revisions.number = articles.revision"
                " WHERE articles.id = ?",
                [article_id],
            )
            if revision_id is None:
                raise NoSuchCase(self._db.path, article_id)
            write_cited(self._db, revision_id, cited)

    def documents(self, query: CitationQuery, by: Period = "month") -> tuple[CitedDocument, ...]:
        """Every document that newest revisions cite, the one that most articles cite first."""
        where, parameters = _where(query)
        rows = self._db.rows(
            f"SELECT c.*, {_PERIODS[by]} AS period, count(*) AS articles, min(a.dated_at) AS first,"
            " max(a.dated_at) AS last, sum(json_array_length(c.mentions)) AS places,"
            f" max(c.confidence) FROM {_NEWEST}{where} GROUP BY c.key, period ORDER BY c.key, period",
            parameters,
        )
        grouped: dict[str, list[Row]] = {}
        for row in rows:
            grouped.setdefault(row["key"], []).append(row)
        return tuple(sorted(map(_document, grouped.values()), key=_most_cited))

    def citing(self, keys: Sequence[str], query: CitationQuery) -> Iterator[Citing]:
        """The articles that cite one of these documents, newest first: one for each article and key."""
        where, parameters = _where(query)
        rows = self._db.rows(
            "SELECT a.id, a.source, a.dated_at, r.title, c.key, json_array_length(c.mentions) AS places"
            f" FROM {_NEWEST}{where}{' AND' if where else ' WHERE'} c.key IN (SELECT value FROM json_each(?))"
            " ORDER BY a.dated_at DESC, a.id DESC",
            [*parameters, listed(keys)],
        )
        for row in rows:
            at = as_moment(row["dated_at"])
            yield Citing(row["id"], row["source"], row["title"], at, row["key"], row["places"])

    def outdated(self, versions: Mapping[str, str], other: str) -> list[int]:
        """The articles whose newest text was read for citations by another version than its source wants.

        `other` is wanted of sources without a version.
        """
        rows = self._db.rows(
            "SELECT a.id, a.source, r.cited_by FROM articles AS a JOIN revisions AS r"
            " ON r.article_id = a.id AND r.number = a.revision ORDER BY a.id",
        )
        return [row["id"] for row in rows if row["cited_by"] != versions.get(row["source"], other)]

    def unread(self) -> int:
        """How many articles were kept before citations were looked for."""
        return int(
            self._db.value(
                "SELECT count(*) FROM articles AS a JOIN revisions AS r"
                " ON r.article_id = a.id AND r.number = a.revision WHERE r.cited_by IS NULL"
            )
        )


def write_cited(db: Connection, revision_id: int, cited: Cited) -> None:
    """Make this what the revision cites, within a transaction; the same again changes nothing."""
    by = db.value("SELECT cited_by FROM revisions WHERE id = ?", [revision_id])
    if by == cited.by and cited_of(db, {revision_id: by}).get(revision_id) == cited:
        return
    for table in ("citations", "figures"):
        db.execute(f"DELETE FROM {table} WHERE revision_id = ?", [revision_id])
    for one in cited.citations:
        db.execute(_CITATION, [revision_id, *_citation_columns(one)])
    for figure in cited.figures:
        place = [figure.field, figure.start, figure.end]
        told = [figure.value, figure.whole, figure.unit, clean(figure.counted), clean_or_none(figure.about)]
        db.execute(_FIGURE, [revision_id, *place, *told])
    db.execute("UPDATE revisions SET cited_by = ? WHERE id = ?", [cited.by, revision_id])


def cited_of(db: Connection, by: dict[int, str | None]) -> dict[int, Cited]:
    """What each revision cites, of those read for it; `by` is revision → version of that reading."""
    ids = [revision_id for revision_id, version in by.items() if version is not None]
    if not ids:
        return {}
    marks = ", ".join("?" * len(ids))
    citations: dict[int, list[Citation]] = {}
    for row in db.rows(f"SELECT * FROM citations WHERE revision_id IN ({marks}) ORDER BY id", ids):
        citations.setdefault(row["revision_id"], []).append(_citation(row, _mentions(row["mentions"])))
    figures: dict[int, list[Figure]] = {}
    for row in db.rows(f"SELECT * FROM figures WHERE revision_id IN ({marks}) ORDER BY id", ids):
        figures.setdefault(row["revision_id"], []).append(_figure(row))
    return {
        number: Cited(by[number] or "", tuple(citations.get(number, ())), tuple(figures.get(number, ())))
        for number in ids
    }


def _where(query: CitationQuery) -> tuple[str, list[Any]]:
    conditions, parameters = [], []
    bounds = (
        ("a.source = ?", query.source),
        ("a.dated_at >= ?", query.since and moment(query.since)),
        ("a.dated_at < ?", query.until and moment(query.until)),
    )
    for condition, value in bounds:
        if value is not None:
            conditions.append(condition)
            parameters.append(value)
    return (f" WHERE {' AND '.join(conditions)}" if conditions else ""), parameters


def _document(rows: Sequence[Row]) -> CitedDocument:
    counts = Counter({row["period"]: row["articles"] for row in rows})
    surest = max(rows, key=lambda row: row["confidence"])
    return CitedDocument(
        citation=_citation(surest, ()),
        articles=counts.total(),
        mentions=sum(row["places"] for row in rows),
        first=as_moment(min(row["first"] for row in rows)),
        last=as_moment(max(row["last"] for row in rows)),
        over_time=tuple(sorted(counts.items())),
    )


def _most_cited(one: CitedDocument) -> tuple[int, int, str]:
    return -one.articles, -one.mentions, one.citation.key


def _citation_columns(one: Citation) -> Iterable[Any]:
    mentions = listed([(place.field, place.start, place.end, place.how) for place in one.mentions])
    yield from (one.key, one.kind, one.number, one.year, one.organ, one.province, one.dated, one.term)
    yield from (clean_or_none(one.issuer), one.how, one.confidence, mentions)


def _citation(row: Row, mentions: tuple[Mention, ...]) -> Citation:
    parts = (
        "key",
        "kind",
        "number",
        "year",
        "organ",
        "province",
        "dated",
        "term",
        "issuer",
        "how",
        "confidence",
    )
    return Citation(**{part: row[part] for part in parts}, mentions=mentions)


def _mentions(written: str) -> tuple[Mention, ...]:
    return tuple(Mention(field, start, end, how) for field, start, end, how in json.loads(written))


def _figure(row: Row) -> Figure:
    return Figure(
        field=row["field"],
        start=row["begins"],
        end=row["ends"],
        value=row["value"],
        whole=row["whole"],
        unit=row["unit"],
        counted=row["counted"],
        about=row["about"],
    )
