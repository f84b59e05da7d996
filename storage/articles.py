"""Articles with their revisions: what the pages said, at each time they said something else."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from datetime import datetime
from sqlite3 import Row

from msgspec.json import decode

from storage.columns import as_dating, as_moment, as_moment_or_none, clean, listed, moment
from storage.connection import Connection
from storage.records import Article, Image, Revision

CHUNK = 200  # articles in memory at a time while streaming

_NEWEST = """
    SELECT articles.*, revisions.id AS revision_id, page_id, fingerprint, revisions.fetched_at,
           url, title, lead, body, authors, section, tags,
           published_at, published_precision, published_from, images,
           updated_at, updated_precision, updated_from, layers, cited_by
    FROM articles
    JOIN revisions ON revisions.article_id = articles.id AND revisions.number = articles.revision
"""
_JUDGED = """
    SELECT articles.id, source, section, title, lead, body,
           published_at, published_precision, published_from
    FROM articles
    JOIN revisions ON revisions.article_id = articles.id AND revisions.number = articles.revision
"""
_REVISIONS = """
    SELECT articles.key, articles.source, revisions.* FROM revisions
    JOIN articles ON articles.id = revisions.article_id WHERE article_id = ? ORDER BY number
"""


class Articles:
    """The articles and revisions tables."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def revisions(self, article_id: int) -> tuple[Revision, ...]:
        """Everything an article ever said, oldest first; empty for a number no article bears."""
        return tuple(
            Revision(row["number"], article_of(row), as_moment(row["fetched_at"]), layers_of(row))
            for row in self._db.rows(_REVISIONS, [article_id])
        )

    def numbers(self) -> array[int]:
        """The numbers of all articles, ascending."""
        first, last, count = self._db.rows("SELECT min(id), max(id), count(*) FROM articles")[0]
        if count and count == last - first + 1:  # none was ever taken out: no need to read them
            return array("q", range(first, last + 1))
        found = array("q")
        for rows in self._db.chunks("SELECT id FROM articles ORDER BY id", [], 10_000):
            found.extend([row[0] for row in rows])
        return found

    def judged(self, numbers: Sequence[int]) -> list[tuple[int, Article]]:
        """What rules read of the newest revisions of these articles; all else is left empty. In any order.

        Half the time of reading all.
        """
        marks = ", ".join("?" * len(numbers))
        rows = self._db.rows(f"{_JUDGED} WHERE articles.id IN ({marks})", numbers)
        return [(row[0], _judged(*row[1:])) for row in rows]

    def newest_date(self, keys: Sequence[str]) -> datetime | None:
        """When the newest of these articles was published; None: none bears a date."""
        text = self._db.value(
            "SELECT max(r.published_at) FROM articles AS a"
            " JOIN revisions AS r ON r.article_id = a.id AND r.number = a.revision"
            " WHERE a.key IN (SELECT value FROM json_each(?))",
            [listed([clean(key) for key in keys])],
        )
        return as_moment_or_none(text)

    def by_hour(
        self, source: str, since: datetime, until: datetime
    ) -> tuple[dict[int, int], datetime | None]:
        """How many articles were published in each hour of the week (0: Monday's first), and since when.

        Undated ones count by when they were fetched, but for those of the first day, which were old.
        Midnight sharp is what a date without a time of day looks like, and says nothing of the hour.
        """
        bounds = [source, moment(since), moment(until)]
        rows = self._db.rows(
            "SELECT (strftime('%w', dated_at, '+7 hours') + 6) % 7 * 24"
            " + strftime('%H', dated_at, '+7 hours') AS hour, count(*) AS many,"
            " min(dated_at) AS oldest FROM articles WHERE source = ?"
            " AND dated_at >= ? AND dated_at < ? AND dated_at NOT LIKE '%T17:00:00.000000+00:00'"
            " AND (dated_at <> first_fetched_at OR julianday(dated_at) >"
            " (SELECT julianday(coalesce((SELECT min(started_at) FROM runs WHERE source = ?),"
            " (SELECT min(first_fetched_at) FROM articles WHERE source = ?))) + 1)) GROUP BY hour",
            [*bounds, source, source],
        )
        oldest = min((row["oldest"] for row in rows), default=None)
        return {row["hour"]: row["many"] for row in rows}, as_moment(oldest) if oldest else None

    def busy_hours(self, source: str, since: datetime, until: datetime) -> list[datetime]:
        """The hours, by their beginnings, in which articles of `source` are dated, in order.

        Midnight sharp in Vietnam is what a date without a time of day looks like: it counts as noon.
        """
        rows = self._db.rows(
            "SELECT DISTINCT CASE WHEN substr(dated_at, 12) = '17:00:00.000000+00:00'"
            " THEN strftime('%Y-%m-%dT%H', dated_at, '+12 hours') ELSE substr(dated_at, 1, 13) END AS hour"
            " FROM articles WHERE source = ? AND dated_at >= ? AND dated_at < ?",
            [source, moment(since), moment(until)],
        )
        return sorted(as_moment(f"{row['hour']}:00:00+00:00") for row in rows)

    def last_dated(self, source: str, until: datetime) -> datetime | None:
        """The newest date of its articles before `until`; None: it has none."""
        text = self._db.value(
            "SELECT max(dated_at) FROM articles WHERE source = ? AND dated_at < ?", [source, moment(until)]
        )
        return as_moment_or_none(text)

    def each(self, source: str | None = None) -> Iterator[tuple[int, Article]]:
        """Number and newest revision of every article, in the order first kept: streamed, of one moment.

        The store may be written to meanwhile, also by this Store.
        """
        where, parameters = ("", []) if source is None else ("WHERE source = ?", [source])
        with self._db.snapshot() as reader:
            for chunk in reader.chunks(f"SELECT id FROM articles {where} ORDER BY id", parameters, CHUNK):
                ids = [row["id"] for row in chunk]
                newest = newest_of(reader, ids)
                yield from ((article_id, article_of(newest[article_id])) for article_id in ids)


def newest_of(db: Connection, article_ids: Sequence[int]) -> dict[int, Row]:
    """Each article with its newest revision, as one row by the article's number."""
    marks = ", ".join("?" * len(article_ids))
    return {row["id"]: row for row in db.rows(f"{_NEWEST} WHERE articles.id IN ({marks})", article_ids)}


def newest_by_key(db: Connection, key: str) -> Row | None:
    """The article of that key with its newest revision; None if there is none."""
    return db.one(f"{_NEWEST} WHERE articles.key = ?", [key])


def article_of(row: Row) -> Article:
    """An article's and a revision's columns as the record."""
    return Article(
        key=row["key"],
        source=row["source"],
        url=row["url"],
        title=row["title"],
        lead=row["lead"],
        body=row["body"],
        authors=tuple(decode(row["authors"])),
        section=row["section"],
        tags=tuple(decode(row["tags"])),
        published=as_dating(row["published_at"], row["published_precision"], row["published_from"]),
        images=tuple(Image(url, caption) for url, caption in decode(row["images"])),
        updated=as_dating(row["updated_at"], row["updated_precision"], row["updated_from"]),
    )


def _judged(
    source: str, section: str | None, title: str, lead: str | None, body: str, *dated: str | None
) -> Article:
    return Article("", source, "", title, lead, body, (), section, (), as_dating(*dated), ())


def layers_of(row: Row) -> dict[str, str]:
    """Field → layer of a revision; empty where it was not recorded."""
    return decode(row["layers"], type=dict[str, str]) if row["layers"] else {}
