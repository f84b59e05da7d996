"""Copies that are proven before they are called backups, and the check of a store."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from storage.connection import Connection
from storage.copying import Backup, Tell, broken, living, opened, proven_copy, silent
from storage.daybook import miscounted
from storage.errors import StoreDamaged, StoreError
from storage.pages import Pages
from storage.provenance import unapplied
from storage.search import stale
from storage.standing import astray

_PAGES_EXPANDED = 200  # of the check's sample
_ARTICLES_SOUGHT = 200  # in the full-text index, of the same
_ODDITIES: Mapping[str, str] = {
    "articles without their newest revision": """
        SELECT count(*) FROM articles AS a WHERE NOT EXISTS
        (SELECT 1 FROM revisions WHERE article_id = a.id AND number = a.revision)
    """,
    "articles whose mark of being flagged is wrong": """
        SELECT count(*) FROM articles AS a
        JOIN revisions AS r ON r.article_id = a.id AND r.number = a.revision
        WHERE a.flagged <> (EXISTS (SELECT 1 FROM flags WHERE revision_id = r.id AND level = 'primary')
                            OR EXISTS (SELECT 1 FROM raised WHERE article_id = a.id AND lowered_at IS NULL))
    """,
    "pages that no revision was read from": """
        SELECT count(*) FROM pages WHERE NOT EXISTS (SELECT 1 FROM revisions WHERE page_id = pages.id)
    """,
    "revisions without a page that nobody let go": """
        SELECT count(*) FROM revisions WHERE (page_id IS NULL) <> (page_let_go_at IS NOT NULL)
    """,
    "pages that the list of their ages lacks or has too many": """
        SELECT (SELECT count(*) FROM page_sizes WHERE page_id NOT IN (SELECT id FROM pages))
        + (SELECT count(*) FROM pages WHERE id NOT IN (SELECT page_id FROM page_sizes))
    """,
    "pages let go that were never counted": """
        SELECT max(0, (SELECT count(*) FROM (SELECT DISTINCT article_id, fetched_at FROM revisions
        WHERE page_let_go_at IS NOT NULL)) - (SELECT coalesce(sum(pages), 0) FROM let_go))
    """,
    "undos of another article's verdict": """
        SELECT count(*) FROM verdicts AS u JOIN verdicts AS v ON v.id = u.undoes
        WHERE u.article_id <> v.article_id OR v.decision = 'undo' OR v.id >= u.id
    """,
    "pairs of copies that are not of one story": """
        SELECT count(*) FROM copies AS c LEFT JOIN stories AS s ON s.article_id = c.article_id
        LEFT JOIN stories AS o ON o.article_id = c.other_id
        WHERE s.story_id IS NULL OR s.story_id IS NOT o.story_id
    """,
    "articles in a story without a copy": """
        SELECT count(*) FROM stories AS s
        WHERE NOT EXISTS (SELECT 1 FROM copies WHERE article_id = s.article_id)
        OR NOT EXISTS (SELECT 1 FROM copies WHERE other_id = s.article_id)
    """,
}


def backup(store_path: Path, to: Path, tell: Tell = silent) -> Backup:
    """Copy a store, also while others write to it, to a new file: of one moment, checked, then named.

    StoreError if the copy fails its check or `to` exists already; nothing is left at `to` then.
    """
    if to.exists():
        raise StoreError(to, "exists already; name a new file")
    return proven_copy(store_path, to, tell)


def check(store_path: Path, tell: Tell = silent) -> tuple[str, ...]:
    """What is wrong with a store, a line each; nothing is changed.

    Raises StoreMissing, NotAStore, NewerStore, StoreReadOnly where there is no store to be checked.
    """
    found: list[str] = []
    try:
        with opened(store_path) as connection:
            if unapplied(connection):
                return ("its tables are of an older diembao; `diembao db migrate` brings them up to date",)
            for number, (what, look) in enumerate(_LOOKS.items(), 1):
                with living(connection, f"{number} of {len(_LOOKS)}: {what}", tell):
                    found += look(connection)
    except StoreDamaged as error:
        found.append(str(error))
    return tuple(found)


def _odd(connection: Connection) -> tuple[str, ...]:
    counted = {what: connection.value(sql) for what, sql in _ODDITIES.items()}
    return tuple(f"{count} {what}" for what, count in counted.items() if count)


def _unexpandable(connection: Connection) -> tuple[str, ...]:
    rows = connection.rows(
        "SELECT id FROM pages WHERE id IN (SELECT id FROM pages ORDER BY random() LIMIT ?)", [_PAGES_EXPANDED]
    )
    damaged = Pages(connection).damaged(row["id"] for row in rows)
    return tuple(f"page {page_id} no longer expands to what was fetched" for page_id in damaged)


_LOOKS: Mapping[str, Callable[[Connection], Sequence[str]]] = {
    "the file, and whether all rows point at others": broken,
    "whether the tables agree": _odd,
    "whether pages expand": _unexpandable,
    "the full-text index": lambda connection: stale(connection, _ARTICLES_SOUGHT),
    "verdicts that stand, and rules that flag": astray,
    "the counts by day": miscounted,
}
