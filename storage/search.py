"""The full-text index: every article's newest revision by its syllables, with marks and without."""

from __future__ import annotations

import logging
import re
from array import array
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from storage.articles import article_of, newest_of
from storage.connection import Connection
from storage.folding import bare, fold, spellings
from storage.records import Article
from storage.seeking import UNLIMITED, Limits, Seeking, Sought

FIELDS = ("title", "lead", "body")
COLUMNS = (*FIELDS, *(f"bare_{field}" for field in FIELDS))

_MARKS = ", ".join("?" * len(COLUMNS))
_NAMES = ", ".join(COLUMNS)
_INSERT = f"INSERT INTO search (rowid, {_NAMES}) VALUES (?, {_MARKS})"
# The index keeps no text of its own: whoever takes an article out must say what was put in.
_DELETE = f"INSERT INTO search (search, rowid, {_NAMES}) VALUES ('delete', ?, {_MARKS})"
_INSIDE = re.compile("[\\w\u0300-\u036f]+")  # what a syllable goes on with, see judging/views.py
_CHUNK = 500  # articles, or numbers of them, in memory at a time
_TOLD = 50_000  # articles between two lines of a long build

log = logging.getLogger(__name__)


def tokens(text: str) -> list[str]:
    """The syllables of a text, folded: everything that parts syllables is left out."""
    return _INSIDE.findall(fold(text).text.replace("_", " "))


@lru_cache(1 << 16)
def canonical(token: str) -> str:
    """One spelling for all accepted ones: hoà and hòa, kỹ and kĩ."""
    return min(spellings(token))


@lru_cache(1 << 16)
def canonical_bare(token: str) -> str:
    """The same without marks."""
    return min(spellings(bare(token)))


def columns(title: str, lead: str | None, body: str) -> tuple[str, ...]:
    """What is indexed of a text, in the order of COLUMNS.

    Whoever changes what this gives must append a migration that calls `rebuild`, or entries cannot be
    taken out of old stores any more.
    """
    found = [tokens(text) for text in (title, lead or "", body)]
    return (
        *(" ".join(map(canonical, some)) for some in found),
        *(" ".join(map(canonical_bare, some)) for some in found),
    )


def add(db: Connection, article_id: int, article: Article) -> None:
    """Index an article that is not yet indexed, within the transaction that keeps it."""
    db.execute(_INSERT, [article_id, *columns(article.title, article.lead, article.body)])


def take_out(db: Connection, article_id: int, title: str, lead: str | None, body: str) -> None:
    """Forget the revision that was indexed, within the transaction that revises it."""
    db.execute(_DELETE, [article_id, *columns(title, lead, body)])


def rebuild(raw: Any) -> None:
    """Index everything anew, within a migration's transaction, in bounded memory."""
    raw.execute("INSERT INTO search (search) VALUES ('delete-all')")
    count = raw.execute("SELECT count(*) FROM articles").fetchone()[0]
    cursor = raw.execute(
        "SELECT a.id, title, lead, body FROM articles AS a"
        " JOIN revisions AS r ON r.article_id = a.id AND r.number = a.revision ORDER BY a.id"
    )
    done = 0
    while rows := cursor.fetchmany(_CHUNK):
        raw.executemany(_INSERT, [(row[0], *columns(row[1], row[2], row[3])) for row in rows])
        done += len(rows)
        if count > _TOLD and done % _TOLD < _CHUNK:
            log.warning("the store gets its full-text index, once: %d of %d articles", done, count)


class Search:
    """Numbers of articles by an expression of FTS5 over COLUMNS; the `search` table."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def matching(self, expression: str) -> array[int]:
        """The numbers of all articles that the index gives, ascending."""
        found = array("q")
        sql = "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid"
        for rows in self._db.chunks(sql, [expression], 10_000):
            found.extend([row[0] for row in rows])
        return found

    def seek(self, sought: Sought, limits: Limits = UNLIMITED) -> Seeking:
        """Articles by the index and by what else must hold, in the order asked for; see Seeking."""
        return Seeking(self._db, sought, limits)

    def articles(self, numbers: Sequence[int]) -> list[tuple[int, Article]]:
        """The newest revisions of these articles, in their order."""
        found = newest_of(self._db, numbers)
        return [(number, article_of(found[number])) for number in numbers if number in found]


def stale(db: Connection, sample: int) -> tuple[str, ...]:
    """What is wrong with the index, a line each: articles it lacks or has too many, texts it lacks."""
    found = []
    lacking = "SELECT count(*) FROM articles WHERE id NOT IN (SELECT id FROM search_docsize)"
    surplus = "SELECT count(*) FROM search_docsize WHERE id NOT IN (SELECT id FROM articles)"
    for sql, what in (
        (lacking, "articles that the full-text index lacks"),
        (surplus, "entries of the full-text index of no article"),
    ):
        if count := db.value(sql):
            found.append(f"{count} {what}")
    rows = db.rows(
        "SELECT id FROM articles WHERE id IN (SELECT id FROM articles ORDER BY random() LIMIT ?)", [sample]
    )
    wrong = [
        one for one, article in Search(db).articles([row[0] for row in rows]) if not _knows(db, one, article)
    ]
    found += [f"article {number} is not in the full-text index as it is stored" for number in wrong]
    return tuple(found)


def _knows(db: Connection, number: int, article: Article) -> bool:
    texts = columns(article.title, article.lead, article.body)
    sizes = db.value("SELECT sz FROM search_docsize WHERE id = ?", [number])
    if sizes is None:
        return True  # counted among those it lacks
    if _varints(sizes) != [len(text.split()) for text in texts]:
        return False
    return all(
        db.value(
            "SELECT count(*) FROM search WHERE search MATCH ? AND rowid = ?", [_phrase(name, text), number]
        )
        for name, text in zip(COLUMNS, texts, strict=True)
        if text
    )


def _phrase(column: str, text: str) -> str:
    """Syllables from the middle of a column."""
    words = text.split()
    middle = max(0, len(words) // 2 - 6)
    return f'{column} : "{" ".join(words[middle : middle + 12])}"'


def _varints(blob: bytes) -> list[int]:
    """SQLite's variable-length integers, as FTS5 writes the number of tokens of each column."""
    numbers, value = [], 0
    for octet in blob:
        value = value << 7 | octet & 0x7F
        if octet < 0x80:
            numbers.append(value)
            value = 0
    return numbers
