"""The stored pages as they are read again: streamed with what they gave before, and how far that has come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row
from typing import Any

from storage.articles import article_of, layers_of, newest_of
from storage.columns import as_dating, as_moment_or_none, moment
from storage.connection import Connection
from storage.errors import StoreDamaged
from storage.flags import flags_of
from storage.pages import Pages
from storage.records import Dating, Flag, Page, Stored

# A reflag, which reads no page, leaves its place in the same table and begins its words with its name.
_SAME_KIND = "(asked LIKE 'reflag %') = (? LIKE 'reflag %')"
_CHUNK = 32  # pages in memory at a time


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which articles are read again."""

    sources: Sequence[str]
    since: datetime | None = None  # published, or first fetched if undated, at this moment or later


class Rereads:
    """Articles with their newest page in the order of their numbers, and the rereads table."""

    def __init__(self, connection: Connection, pages: Pages) -> None:
        self._db = connection
        self._pages = pages

    def each(self, wanted: Wanted, after: int = 0) -> Iterator[Stored]:
        """The articles whose numbers are above `after`: streamed, each as it is when its turn comes.

        The store may be written to meanwhile, for hours: no snapshot is held, which would keep the
        write-ahead log from ever being emptied. Articles kept after the first step are left out.
        """
        conditions, parameters = _conditions(wanted)
        last = self._db.value("SELECT max(id) FROM articles") or 0
        sql = f"SELECT id FROM articles WHERE id > ? AND id <= ? AND {conditions} ORDER BY id LIMIT ?"
        while rows := self._db.rows(sql, [after, last, *parameters, _CHUNK]):
            ids = [row["id"] for row in rows]
            yield from self._stored(ids)
            after = ids[-1]

    def count(self, wanted: Wanted, after: int = 0) -> int:
        """How many articles `each` would give."""
        conditions, parameters = _conditions(wanted)
        sql = f"SELECT count(*) FROM articles WHERE id > ? AND {conditions}"
        return int(self._db.value(sql, [after, *parameters]))

    def revision(self, article_id: int) -> int | None:
        """The number of an article's newest revision; None if there is no such article."""
        found: int | None = self._db.value("SELECT revision FROM articles WHERE id = ?", [article_id])
        return found

    def position(self, asked: str) -> int:
        """The last article that an unfinished reread of the same words has done; 0: there is none."""
        return int(self._db.value("SELECT position FROM rereads WHERE asked = ?", [asked]) or 0)

    def reached(self, asked: str, position: int, now: datetime) -> None:
        """Remember how far it has come; those of its kind asked for in other words are forgotten."""
        with self._db.write():
            self._db.execute(f"DELETE FROM rereads WHERE asked <> ? AND {_SAME_KIND}", [asked, asked])
            self._db.execute(
                "INSERT OR REPLACE INTO rereads VALUES (?, ?, ?)", [asked, position, moment(now)]
            )

    def forget(self, asked: str) -> None:
        """Nothing is left to go on with of that one."""
        with self._db.write():
            self._db.execute("DELETE FROM rereads WHERE asked = ?", [asked])

    def finished(self) -> None:
        """Nothing is left to go on with."""
        with self._db.write():
            self._db.execute("DELETE FROM rereads WHERE asked NOT LIKE 'reflag %'")

    def _stored(self, ids: Sequence[int]) -> Iterator[Stored]:
        with self._db.reading():
            rows = newest_of(self._db, ids)
            flags = flags_of(self._db, [row["revision_id"] for row in rows.values()])
            dated = self._dated(ids)
            pages = {number: self._page(row["page_id"]) for number, row in rows.items()}
        for number in ids:
            if number in rows:
                row = rows[number]
                yield _stored(row, flags.get(row["revision_id"], ()), dated.get(number), pages[number])

    def _page(self, page_id: int | None) -> Page | None:
        try:
            return self._pages.get(page_id) if page_id else None
        except StoreDamaged:
            return None

    def _dated(self, ids: Sequence[int]) -> dict[int, Dating | None]:
        marks = ", ".join("?" * len(ids))
        rows = self._db.rows(
            "SELECT articles.id, links.dated_at, dated_precision, dated_from FROM articles"
            " JOIN links ON links.source = articles.source AND links.key = articles.key"
            f" WHERE articles.id IN ({marks})",
            ids,
        )
        return {
            row["id"]: as_dating(row["dated_at"], row["dated_precision"], row["dated_from"]) for row in rows
        }


def _stored(row: Row, flags: tuple[Flag, ...], dated: Dating | None, page: Page | None) -> Stored:
    return Stored(
        row["id"],
        row["revision"],
        article_of(row),
        layers_of(row),
        flags,
        dated,
        page,
        row["cited_by"],
        as_moment_or_none(row["page_let_go_at"]),
    )


def _conditions(wanted: Wanted) -> tuple[str, list[Any]]:
    marks = ", ".join("?" * len(wanted.sources))
    if wanted.since is None:
        return f"source IN ({marks})", [*wanted.sources]
    return f"source IN ({marks}) AND dated_at >= ?", [*wanted.sources, moment(wanted.since)]
