"""Stories: the articles that print one text, found by their sketches and put together as they are kept."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from sqlite3 import Row

from storage.articles import article_of, newest_of
from storage.columns import as_dating, as_moment
from storage.connection import Connection
from storage.likeness import VERSION, Text, alike, sketch
from storage.records import Article, Copy

WINDOW = 30  # days between two copies at most; also how long the periods are by which bands are kept together

_MOST_FOUND = 5_000  # rows of bands that are looked at for one article
_MOST_COMPARED = 8  # articles whose texts are compared with one; those with most bands in common come first
_COPY = """
    SELECT a.id, a.source, r.title, a.first_fetched_at, r.published_at, r.published_precision,
           r.published_from, a.flagged, s.id AS verdict_id, s.decision, s.at
    FROM articles AS a JOIN revisions AS r ON r.article_id = a.id AND r.number = a.revision
    LEFT JOIN standing AS s ON s.article_id = a.id
"""


class Stories:
    """The tables sketches, bands, copies and stories, written by the machine alone.

    Two articles are copies when their newest texts are alike and were dated at most WINDOW days apart. A
    story is all that copies of copies lead to, and bears the number of its earliest article: which articles
    it has depends on their texts alone, and not on the order in which they came.
    """

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def unsketched(self) -> array[int]:
        """The articles that were kept before copies were looked for, or were sketched otherwise."""
        found = array("q")
        sql = (
            "SELECT a.id FROM articles AS a LEFT JOIN sketches AS k ON k.article_id = a.id"
            " WHERE k.version IS NOT ? ORDER BY a.id"
        )
        for rows in self._db.chunks(sql, [VERSION], 10_000):
            found.extend([row[0] for row in rows])
        return found

    def sketch(self, article_ids: Sequence[int]) -> None:
        """Look for the copies of these articles, and have them found as copies; the same again is nothing."""
        with self._db.write():
            for row in newest_of(self._db, article_ids).values():
                if (
                    self._db.value("SELECT version FROM sketches WHERE article_id = ?", [row["id"]])
                    != VERSION
                ):
                    add_to_stories(self._db, row["id"], article_of(row), row["dated_at"])

    def told(self, article_ids: Sequence[int]) -> dict[int, Copy]:
        """These articles as copies are listed, by number; numbers that no article bears are left out."""
        marks = ", ".join("?" * len(article_ids))
        rows = self._db.rows(f"{_COPY} WHERE a.id IN ({marks})", article_ids)
        return {row["id"]: _copy(row) for row in rows}


def add_to_stories(db: Connection, article_id: int, article: Article, dated_at: str) -> None:
    """Sketch an article that is not sketched, within the transaction that keeps it, and join its copies."""
    text, period = Text(article), _period(dated_at)
    bands = sketch(text)
    near = _near(db, bands, period)
    for band in bands:
        db.execute("INSERT OR IGNORE INTO bands VALUES (?, ?, ?)", [period, band, article_id])
    db.execute("INSERT OR REPLACE INTO sketches VALUES (?, ?, ?)", [article_id, VERSION, period])
    found = [
        row["id"] for row in _compared(db, near, article_id, dated_at) if alike(text, Text(article_of(row)))
    ]
    for other in found:
        pair = [article_id, other]
        db.execute("INSERT OR IGNORE INTO copies VALUES (?, ?), (?, ?)", [*pair, *reversed(pair)])
    if found:
        _join(db, [article_id, *found])


def take_from_story(db: Connection, article_id: int, article: Article) -> None:
    """Forget an article's text that was sketched, within the transaction that revises it."""
    period = db.value("SELECT period FROM sketches WHERE article_id = ?", [article_id])
    if period is None:
        return
    for band in sketch(Text(article)):
        row = [period, band, article_id]
        db.execute("DELETE FROM bands WHERE period = ? AND band = ? AND article_id = ?", row)
    db.execute("DELETE FROM sketches WHERE article_id = ?", [article_id])
    db.execute(
        "DELETE FROM copies WHERE other_id = ? AND article_id IN"
        " (SELECT other_id FROM copies WHERE article_id = ?)",
        [article_id, article_id],
    )
    db.execute("DELETE FROM copies WHERE article_id = ?", [article_id])
    _part(db, article_id)


def moved_in_time(db: Connection, article_id: int, article: Article, dated_at: str) -> None:
    """Look for copies about its new date, within the transaction that dates an article otherwise."""
    period = db.value("SELECT period FROM sketches WHERE article_id = ?", [article_id])
    if period is not None and period != _period(dated_at):
        take_from_story(db, article_id, article)
        add_to_stories(db, article_id, article, dated_at)


def copies_of(db: Connection, article_ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """The other articles of each one's story, ascending; articles without copies are left out."""
    marks = ", ".join("?" * len(article_ids))
    rows = db.rows(
        "SELECT one.article_id, other.article_id FROM stories AS one JOIN stories AS other"
        f" ON other.story_id = one.story_id AND other.article_id <> one.article_id"
        f" WHERE one.article_id IN ({marks}) ORDER BY other.article_id",
        article_ids,
    )
    found: dict[int, list[int]] = {}
    for article_id, other in rows:
        found.setdefault(article_id, []).append(other)
    return {article_id: tuple(others) for article_id, others in found.items()}


def groups(pairs: Iterable[tuple[int, int]]) -> Iterator[set[int]]:
    """What copies of copies lead to: each number in one group with those that it is paired with."""
    beside: dict[int, set[int]] = {}
    for one, other in pairs:
        beside.setdefault(one, set()).add(other)
        beside.setdefault(other, set()).add(one)
    while beside:
        _, fresh = beside.popitem()
        group = set(fresh)
        while fresh:
            fresh = set().union(*(beside.pop(one, set()) for one in fresh)) - group
            group |= fresh
        yield group


def _period(dated_at: str) -> int:
    return date.fromisoformat(dated_at[:10]).toordinal() // WINDOW


def _near(db: Connection, bands: Sequence[int], period: int) -> Counter[int]:
    """Articles of about that time, each with how many of these bands it has."""
    marks = ", ".join("?" * len(bands))
    rows = db.rows(
        f"SELECT article_id FROM bands WHERE period IN (?, ?, ?) AND band IN ({marks}) LIMIT ?",
        [period - 1, period, period + 1, *bands, _MOST_FOUND],
    )
    return Counter(row[0] for row in rows)


def _compared(db: Connection, near: Counter[int], article_id: int, dated_at: str) -> list[Row]:
    """Those within the window that have most bands in common, with their newest texts."""
    del near[article_id]
    nearest = sorted(near, key=lambda one: (-near[one], one))[: 4 * _MOST_COMPARED]
    found = newest_of(db, nearest) if nearest else {}
    at = as_moment(dated_at)
    within = [
        found[one] for one in nearest if abs(as_moment(found[one]["dated_at"]) - at) <= timedelta(WINDOW)
    ]
    return within[:_MOST_COMPARED]


def _join(db: Connection, article_ids: Sequence[int]) -> None:
    """Make one story of these articles and of all that are in a story with one of them."""
    marks = ", ".join("?" * len(article_ids))
    rows = db.rows(f"SELECT DISTINCT story_id FROM stories WHERE article_id IN ({marks})", article_ids)
    former = [row[0] for row in rows]
    story = min([*former, *article_ids])
    for other in former:
        if other != story:
            db.execute("UPDATE stories SET story_id = ? WHERE story_id = ?", [story, other])
    for article_id in article_ids:
        db.execute("INSERT OR REPLACE INTO stories VALUES (?, ?)", [article_id, story])


def _part(db: Connection, article_id: int) -> None:
    """Take an article out of its story, and put together anew what stays."""
    story = db.value("SELECT story_id FROM stories WHERE article_id = ?", [article_id])
    if story is None:
        return
    pairs = db.rows(
        "SELECT c.article_id, c.other_id FROM stories AS s JOIN copies AS c ON c.article_id = s.article_id"
        " WHERE s.story_id = ?",
        [story],
    )
    db.execute("DELETE FROM stories WHERE story_id = ?", [story])
    for group in groups((row[0], row[1]) for row in pairs):
        _join(db, sorted(group))


def _copy(row: Row) -> Copy:
    return Copy(
        id=row["id"],
        source=row["source"],
        title=row["title"],
        published=as_dating(row["published_at"], row["published_precision"], row["published_from"]),
        first_fetched_at=as_moment(row["first_fetched_at"]),
        flagged=bool(row["flagged"]),
        decision=row["decision"],
        verdict_id=row["verdict_id"],
        decided_at=as_moment(row["at"]) if row["at"] else None,
    )
