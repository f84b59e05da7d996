"""Pages as they were fetched: compressed in, whole again out, so that reading can be done again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from sqlite3 import Row

from storage.columns import as_moment, clean, listed, moment
from storage.compression import Damaged, Squeezer, trained
from storage.connection import Connection
from storage.errors import StoreDamaged
from storage.records import LostPage, Page

ENOUGH_PAGES = 96  # that a dictionary is trained on
RENEWED_AFTER = 4096  # further pages of a source, by which time it looks different
_MOST_OF_A_SAMPLE = 256 * 1024  # bytes; what a paper's pages share stands near their top

_NEWEST = """
    SELECT pages.* FROM articles
    JOIN revisions ON revisions.article_id = articles.id
    JOIN pages ON pages.id = revisions.page_id
    WHERE articles.id = ? ORDER BY revisions.number DESC LIMIT 1
"""
_EVERY = """
    SELECT DISTINCT page_id FROM revisions WHERE article_id = ? AND page_id IS NOT NULL ORDER BY page_id
"""


# Of revisions as they were only the real table tells it; see past.py.
_LOST = """
    SELECT DISTINCT r.url, r.fetched_at, m.page_let_go_at FROM revisions AS r
    JOIN main.revisions AS m ON m.id = r.id
    WHERE r.article_id = ? AND m.page_let_go_at NOTNULL ORDER BY r.number
"""


class Pages:
    """The pages table, and the dictionaries it is compressed with."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._squeezers: dict[int | None, Squeezer] = {}
        self._tried: dict[str, int] = {}  # newest page when training last came to nothing

    def newest(self, article_id: int) -> Page | None:
        """The newest page of an article; None where none is kept."""
        row = self._db.one(_NEWEST, [article_id])
        return self._page(row) if row else None

    def of(self, article_id: int) -> Iterator[Page]:
        """Every page that the article's texts were read from, oldest first, one at a time in memory."""
        for row in self._db.rows(_EVERY, [article_id]):
            page = self.get(row["page_id"])
            if page:
                yield page

    def lost(self, article_id: int) -> tuple[LostPage, ...]:
        """Every page of the article's texts that was let go, oldest first."""
        rows = self._db.rows(_LOST, [article_id])
        return tuple(LostPage(row[0], as_moment(row[1]), as_moment(row[2])) for row in rows)

    def get(self, page_id: int) -> Page | None:
        """The page of that number; None if there is none."""
        row = self._db.one("SELECT * FROM pages WHERE id = ?", [page_id])
        return self._page(row) if row else None

    def train(self, source: str, now: datetime) -> bool:
        """Train a dictionary for a source's later pages if it needs one and has enough pages; whether it did.

        Costs nothing worth counting when there is nothing to do, so that it may be asked after every batch.
        """
        last = self._db.one(
            "SELECT id, last_page FROM dictionaries WHERE source = ? ORDER BY id DESC LIMIT 1", [source]
        )
        needed = RENEWED_AFTER if last else ENOUGH_PAGES
        rows = self._db.rows(
            "SELECT id FROM pages WHERE source = ? AND id > ? ORDER BY id DESC LIMIT ?",
            [source, max(last["last_page"] if last else 0, self._tried.get(source, 0)), needed],
        )
        if len(rows) < needed:
            return False
        dictionary = trained([self._body(row["id"])[:_MOST_OF_A_SAMPLE] for row in rows[:ENOUGH_PAGES]])
        newest = self._tried[source] = rows[0]["id"]
        return dictionary is not None and self._remember(source, dictionary, last, newest, now)

    def write(self, source: str, page: Page) -> int:
        """Keep a page, within a transaction; its number."""
        dictionary_id = self._db.value("SELECT max(id) FROM dictionaries WHERE source = ?", [source])
        headers = [(clean(name), clean(value)) for name, value in page.headers]
        cursor = self._db.execute(
            "INSERT INTO pages (source, url, status, headers, fetched_at, size, dictionary_id, body)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                source,
                clean(page.url),
                page.status,
                listed(headers),
                moment(page.fetched_at),
                len(page.body),
                dictionary_id,
                self._squeezer(dictionary_id).squeeze(page.body),
            ],
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def damaged(self, page_ids: Iterable[int]) -> tuple[int, ...]:
        """Which of these pages no longer expand to what they were."""
        return tuple(page_id for page_id in page_ids if not self._whole(page_id))

    def _whole(self, page_id: int) -> bool:
        try:
            self._body(page_id)
        except StoreDamaged:
            return False
        return True

    def _body(self, page_id: int) -> bytes:
        row = self._db.rows("SELECT id, size, dictionary_id, body FROM pages WHERE id = ?", [page_id])[0]
        return self._expanded(row)

    def _remember(
        self, source: str, dictionary: bytes, before: Row | None, last_page: int, now: datetime
    ) -> bool:
        with self._db.write():
            newest = self._db.value("SELECT max(id) FROM dictionaries WHERE source = ?", [source])
            if newest != (before["id"] if before else None):  # another process was faster
                return False
            self._db.execute(
                "INSERT INTO dictionaries (source, trained_at, pages, last_page, body)"
                " VALUES (?, ?, ?, ?, ?)",
                [source, moment(now), ENOUGH_PAGES, last_page, dictionary],
            )
        return True

    def _squeezer(self, dictionary_id: int | None) -> Squeezer:
        if dictionary_id not in self._squeezers:
            body = self._db.value("SELECT body FROM dictionaries WHERE id = ?", [dictionary_id])
            self._squeezers[dictionary_id] = Squeezer(body)
        return self._squeezers[dictionary_id]

    def _expanded(self, row: Row) -> bytes:
        try:
            return self._squeezer(row["dictionary_id"]).expand(row["body"], row["size"])
        except Damaged as error:
            raise StoreDamaged(self._db.path, f"page {row['id']} is damaged: {error}") from error

    def _page(self, row: Row) -> Page:
        return Page(
            url=row["url"],
            status=row["status"],
            headers=tuple((name, value) for name, value in json.loads(row["headers"])),
            fetched_at=as_moment(row["fetched_at"]),
            body=self._expanded(row),
        )
