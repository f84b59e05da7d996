"""Keeping what was fetched and read: page, article, revision, flags and link together, or nothing of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from sqlite3 import Row
from typing import Literal, TypeVar

from storage.applied import unsettle
from storage.articles import article_of, newest_by_key
from storage.citations import write_cited
from storage.columns import (
    clean,
    clean_article,
    clean_or_none,
    dating_columns,
    finer,
    fingerprint,
    listed,
    moment,
    moment_or_none,
)
from storage.connection import Connection
from storage.errors import NoSuchLink
from storage.essence import essence, is_material
from storage.events import happened, put_back
from storage.flags import flags_of, write_flags
from storage.looks import first_look
from storage.pages import Pages
from storage.raising import IS_RAISED
from storage.records import Article, Cited, Figure, Flag, Kept, Mention
from storage.search import add, take_out
from storage.stories import add_to_stories, moved_in_time, take_from_story

_Place = TypeVar("_Place", Mention, Figure)
Keeping = Literal["kept", "revised", "unchanged"]

_STAYS = 3  # looks in a row after which a text that came back is believed

_ARTICLE = """
    INSERT INTO articles (key, source, found_in, first_fetched_at, dated_at, revision, flagged)
    VALUES (?, ?, ?, ?, ?, 1, 0)
"""
_REVISION = """
    INSERT INTO revisions (article_id, number, page_id, fetched_at, fingerprint, title, lead, body, authors,
                           images, url, section, tags, published_at, published_precision, published_from,
                           updated_at, updated_precision, updated_from, layers)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_SURROUNDINGS = """
    UPDATE revisions SET images = ?, url = ?, section = ?, tags = ?,
                         published_at = ?, published_precision = ?, published_from = ?,
                         updated_at = ?, updated_precision = ?, updated_from = ?,
                         layers = coalesce(?, layers)
    WHERE id = ?
"""
_SURROUNDED = (
    "images, url, section, tags, published_at, published_precision, published_from,"
    " updated_at, updated_precision, updated_from"
)
_REMEMBER = (
    f"INSERT INTO former_surroundings (ended_at, revision_id, {_SURROUNDED})"
    f" SELECT ?, id, {_SURROUNDED} FROM revisions WHERE id = ?"
)
_TIMES = """
    INSERT INTO revision_times (revision_id, kept_at, changed_at, material_at)
    SELECT ?, ?, changed_at, material_at FROM articles WHERE id = ?
"""
# A page of the past that is read again tells nothing of what the site has changed since.
_LINK = """
    UPDATE links SET state = 'kept', reason = NULL, attempts = 0, next_attempt = NULL,
                     fresh_as_of = coalesce(modified_at, ?)
    WHERE source = ? AND key IN (?, ?) AND (? OR fresh_as_of IS NULL)
"""


def keep(db: Connection, pages: Pages, batch: Sequence[Kept], now: datetime) -> tuple[Keeping, ...]:
    """Keep all of them in one transaction; see Store.keep."""
    with db.write():
        return tuple(_Keeper(db, pages, now).keep(cleaned(kept)) for kept in batch)


def cleaned(kept: Kept) -> Kept:
    """The same with clean texts, and flags whose spans still cut the same words out of them."""
    flags = tuple(_moved(flag, getattr(kept.article, flag.field) or "") for flag in kept.flags)
    article, cited = clean_article(kept.article), kept.cited and _moved_cited(kept.cited, kept.article)
    return replace(kept, link_key=clean(kept.link_key), article=article, flags=flags, cited=cited)


def surrounded(article: Article, before: Article) -> Article:
    """The article with what its page stopped telling: section, tags, and dates at least as precise."""
    return replace(
        article,
        section=article.section or before.section,
        tags=article.tags or before.tags,
        published=finer(article.published, before.published),
        updated=article.updated or before.updated,
    )


def _moved(flag: Flag, text: str) -> Flag:
    if clean(text) == text:
        return flag
    spans, excluded, together = (
        tuple((len(clean(text[:start])), len(clean(text[:end]))) for start, end in places)
        for places in (flag.spans, flag.excluded, flag.together)
    )
    return replace(flag, spans=spans, excluded=excluded, together=together)


def _moved_cited(cited: Cited, article: Article) -> Cited:
    """The same with places that still cut the same words out of the clean texts."""
    texts = {field: getattr(article, field) or "" for field in ("title", "lead", "body")}
    if all(clean(text) == text for text in texts.values()):
        return cited

    def moved(place: _Place) -> _Place:
        text = texts[place.field]
        return replace(place, start=len(clean(text[: place.start])), end=len(clean(text[: place.end])))

    citations = tuple(replace(one, mentions=tuple(map(moved, one.mentions))) for one in cited.citations)
    return replace(cited, citations=citations, figures=tuple(map(moved, cited.figures)))


class _Keeper:
    """Keeps one article after another within the transaction of the batch."""

    def __init__(self, db: Connection, pages: Pages, now: datetime) -> None:
        self._db = db
        self._pages = pages
        self._now = now

    def keep(self, kept: Kept) -> Keeping:
        found_in = self._found_in(kept)
        before = newest_by_key(self._db, kept.article.key)
        if before is None:
            outcome = self._begin(kept, found_in)
        elif before["fingerprint"] == fingerprint(kept.article):
            outcome = self._leave(kept, before)
            self._set_returned(before["id"], 0)
        elif self._says_the_same(kept, before):
            outcome = "unchanged"
        else:
            outcome = self._revise(kept, before)
        later = before is None or moment(kept.page.fetched_at) > before["fetched_at"]
        self._close_link(kept, later=later)
        if later:
            article_id = self._db.value("SELECT id FROM articles WHERE key = ?", [kept.article.key])
            self._schedule(article_id, kept)
        return outcome

    def _found_in(self, kept: Kept) -> str:
        source = kept.article.source
        found_in = self._db.value(
            "SELECT found_in FROM links WHERE source = ? AND key = ?", [source, kept.link_key]
        )
        if found_in is None:
            raise NoSuchLink(self._db.path, source, kept.link_key)
        return str(found_in)

    def _begin(self, kept: Kept, found_in: str) -> Keeping:
        article = kept.article
        fetched = moment(kept.page.fetched_at)
        cursor = self._db.execute(
            _ARTICLE, [article.key, article.source, found_in, fetched, _dated_at(article, fetched)]
        )
        assert cursor.lastrowid is not None
        page_id = self._pages.write(article.source, kept.page)
        self._write(kept, cursor.lastrowid, 1, page_id)
        return "kept"

    def _leave(self, kept: Kept, before: Row) -> Keeping:
        known = article_of(before)
        article = surrounded(kept.article, known)
        if article != known or kept.layers:
            surroundings = [*_surroundings(article), _layers(kept.layers)]
            if article != known:
                self._db.execute(_REMEMBER, [moment(self._now), before["revision_id"]])
            self._db.execute(_SURROUNDINGS, [*surroundings, before["revision_id"]])
            dated_at = _dated_at(article, before["first_fetched_at"])
            self._db.execute("UPDATE articles SET dated_at = ? WHERE id = ?", [dated_at, before["id"]])
            moved_in_time(self._db, before["id"], known, dated_at)
        changed = write_flags(self._db, before["id"], before["revision_id"], kept.flags, self._now)
        if changed or article != known:
            unsettle(self._db, before["id"])
        if kept.cited:
            write_cited(self._db, before["revision_id"], kept.cited)
        return "unchanged"

    def _revise(self, kept: Kept, before: Row) -> Keeping:
        number = before["revision"] + 1
        same_page = moment(kept.page.fetched_at) == before["fetched_at"]
        # Of a page that is read again the site has changed nothing.
        changed_at = before["changed_at"] if same_page else moment(self._now)
        material = not same_page and self._is_material(kept, before)
        material_at = moment(self._now) if material else before["material_at"]
        self._db.execute(
            f"UPDATE articles SET revision = ?, changed_at = ?, material_at = ?, dated_at = ?,"
            f" flagged = {IS_RAISED}, score = 0, near = NULL WHERE id = ?",
            [
                number,
                changed_at,
                material_at,
                _dated_at(kept.article, before["first_fetched_at"]),
                before["id"],
            ],
        )
        take_out(self._db, before["id"], before["title"], before["lead"], before["body"])
        take_from_story(self._db, before["id"], article_of(before))
        page_id = before["page_id"] if same_page else self._pages.write(kept.article.source, kept.page)
        if same_page:
            happened(self._db, before["id"], "reread", moment(self._now))
        self._write(kept, before["id"], number, page_id)
        if page_id is None:  # let go while it was read again
            self._db.execute(
                "UPDATE revisions SET page_let_go_at = ? WHERE article_id = ? AND number = ?",
                [moment(self._now), before["id"], number],
            )
        return "revised"

    def _says_the_same(self, kept: Kept, before: Row) -> bool:
        """Whether a page fetched anew differs by nothing a reader reads, or flaps back to an earlier text.

        A text that came back and stays is a revision after all.
        """
        if moment(kept.page.fetched_at) == before["fetched_at"]:
            return False
        said = essence(kept.article)
        if said == essence(article_of(before)):
            self._set_returned(before["id"], 0)
            return True
        if all(said != essence(article_of(row)) for row in self._earlier(before)):
            self._set_returned(before["id"], 0)
            return False
        returned = self._db.value("SELECT returned FROM looks WHERE article_id = ?", [before["id"]]) or 0
        self._set_returned(before["id"], (returned + 1) % _STAYS)
        return bool(returned + 1 < _STAYS)

    def _earlier(self, before: Row) -> list[Row]:
        return self._db.rows(
            "SELECT articles.key, articles.source, revisions.* FROM revisions"
            " JOIN articles ON articles.id = article_id WHERE article_id = ? AND number < ?"
            " ORDER BY number DESC LIMIT 5",
            [before["id"], before["revision"]],
        )

    def _set_returned(self, article_id: int, times: int) -> None:
        self._db.execute(
            "UPDATE looks SET returned = ? WHERE article_id = ? AND returned <> ?", [times, article_id, times]
        )

    def _schedule(self, article_id: int, kept: Kept) -> None:
        """The first look, and what the server gave to ask with at every look."""
        given = {name.lower(): value for name, value in kept.page.headers}
        published = kept.article.published.at if kept.article.published else None
        due = first_look(published, kept.page.fetched_at)
        self._db.execute(
            "INSERT INTO looks VALUES (?, ?, 0, ?, ?, ?, 0, 0) ON CONFLICT (article_id) DO UPDATE SET"
            " etag = excluded.etag, last_modified = excluded.last_modified",
            [
                article_id,
                clean(kept.article.source),
                moment_or_none(due),
                clean_or_none(given.get("etag")),
                clean_or_none(given.get("last-modified")),
            ],
        )

    def _is_material(self, kept: Kept, before: Row) -> bool:
        """Against the text that was decided on; where nobody decided, against the one before."""
        decided = self._db.value("SELECT at FROM standing WHERE article_id = ?", [before["id"]])
        base = self._db.one(
            "SELECT articles.key, articles.source, revisions.* FROM revisions"
            " JOIN articles ON articles.id = article_id WHERE article_id = ? AND revisions.fetched_at <= ?"
            " ORDER BY number DESC LIMIT 1",
            [before["id"], decided or before["fetched_at"]],
        )
        row, row_id = (base, base["id"]) if base else (before, before["revision_id"])
        flags = flags_of(self._db, [row_id]).get(row_id, ())
        return is_material(article_of(row), kept.article, (flags, kept.flags))

    def _write(self, kept: Kept, article_id: int, number: int, page_id: int | None) -> None:
        article, fetched = kept.article, moment(kept.page.fetched_at)
        texts = [fingerprint(article), article.title, article.lead, article.body, listed(article.authors)]
        cursor = self._db.execute(
            _REVISION,
            [article_id, number, page_id, fetched, *texts, *_surroundings(article), _layers(kept.layers)],
        )
        assert cursor.lastrowid is not None
        self._db.execute(_TIMES, [cursor.lastrowid, moment(self._now), article_id])
        add(self._db, article_id, article)
        dated_at = self._db.value("SELECT dated_at FROM articles WHERE id = ?", [article_id])
        add_to_stories(self._db, article_id, article, dated_at)
        unsettle(self._db, article_id)
        write_flags(self._db, article_id, cursor.lastrowid, kept.flags, self._now)
        if kept.cited:
            write_cited(self._db, cursor.lastrowid, kept.cited)

    def _close_link(self, kept: Kept, *, later: bool) -> None:
        key, source = kept.article.key, kept.article.source
        self._db.execute(_LINK, [moment(kept.page.fetched_at), source, kept.link_key, key, later])
        if later:
            put_back(self._db, self._db.value("SELECT id FROM articles WHERE key = ?", [key]), self._now)


def _dated_at(article: Article, first_fetched: str) -> str:
    return moment(article.published.at) if article.published else first_fetched


def _surroundings(article: Article) -> list[str | None]:
    images = listed([(image.url, image.caption) for image in article.images])
    dated = (*dating_columns(article.published), *dating_columns(article.updated))
    return [images, article.url, article.section, listed(article.tags), *dated]


def _layers(layers: Mapping[str, str]) -> str | None:
    return clean(json.dumps(layers, ensure_ascii=False)) if layers else None
