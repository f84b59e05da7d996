"""Copies that are proven before they are called backups, the check of a store, and the way back."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from storage.connection import Connection, told
from storage.daybook import miscounted
from storage.errors import NotAStore, StoreDamaged, StoreError, StoreFull, StoreMissing, StoreReadOnly
from storage.opening import is_ours, unapplied
from storage.pages import Pages
from storage.search import stale
from storage.standing import astray

_TABLES = ("links", "articles", "revisions", "pages", "flags", "verdicts", "raised", "sampled", "runs")
_PAGES_EXPANDED = 200  # of the check's sample
_ARTICLES_SOUGHT = 200  # in the full-text index, of the same
_BESIDE = ("-wal", "-shm")  # what SQLite keeps next to a file in use
_MAGIC = b"SQLite format 3\0"
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


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy that was opened, checked and counted."""

    path: Path
    size: int  # bytes
    counts: Mapping[str, int]  # rows by table


def backup(store_path: Path, to: Path) -> Backup:
    """Copy a store, also while others write to it, to a new file: of one moment, checked, then named.

    StoreError if the copy fails its check or `to` exists already; nothing is left at `to` then.
    """
    if to.exists():
        raise StoreError(to, "exists already; name a new file")
    part = to.with_name(f".{to.name}.part")
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        _copy(store_path, part)
        counts = _proven(part)
        _settle(part, to)
    except OSError as error:
        raise _written_badly(to, error) from error
    finally:
        _remove(part)
    return Backup(to, to.stat().st_size, counts)


def check(store_path: Path) -> tuple[str, ...]:
    """What is wrong with a store, a line each; nothing is changed.

    Raises StoreMissing, NotAStore, NewerStore, StoreReadOnly where there is no store to be checked.
    """
    try:
        with _opened(store_path) as connection:
            if unapplied(connection):
                return ("its tables are of an older diembao; `diembao db migrate` brings them up to date",)
            return (
                *_broken(connection),
                *_odd(connection),
                *_unexpandable(connection),
                *stale(connection, _ARTICLES_SOUGHT),
                *astray(connection),
                *miscounted(connection),
            )
    except StoreDamaged as error:
        return (str(error),)


def restore(backup_path: Path, store_path: Path, now: datetime) -> Path | None:
    """Put a checked copy of a backup in the store's place; where the old file is kept (None: there was none).

    StoreBusy while another process has the store open. A backup that fails its check replaces nothing.
    """
    part = store_path.with_name(f".{store_path.name}.restoring")
    try:
        store_path.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        _copy(backup_path, part)
        _proven(part)
        kept = _set_aside(store_path, now)
        _settle(part, store_path)
    except OSError as error:
        raise _written_badly(store_path, error) from error
    finally:
        _remove(part)
    return kept


@contextmanager
def _opened(path: Path) -> Iterator[Connection]:
    if not path.exists():
        raise StoreMissing(path, "there is no such file")
    if path.is_dir():
        raise NotAStore(path, "is a folder; name a file in it")
    with closing(Connection.open(path)) as connection:
        if not is_ours(connection):
            raise NotAStore(path, "is empty")
        yield connection


def _copy(source: Path, to: Path) -> None:
    """Page by page within one snapshot, so that writers neither wait nor show half-done."""
    with _opened(source) as original, closing(Connection.open(to, create=True)) as copy:
        try:
            original.raw.backup(copy.raw)
        except sqlite3.Error as error:
            raise told(to, error) from error
        copy.rows("PRAGMA journal_mode = DELETE")  # one file, complete by itself


def _proven(copy: Path) -> dict[str, int]:
    """Rows by table of a copy without fault; StoreDamaged otherwise."""
    with _opened(copy) as connection:
        troubles = _broken(connection)
        if troubles:
            raise StoreDamaged(copy, f"the copy fails its check: {troubles[0]}")
        known = {row["name"] for row in connection.rows("SELECT name FROM sqlite_master")}
        return {
            table: int(connection.value(f"SELECT count(*) FROM {table}"))
            for table in _TABLES
            if table in known
        }


def _broken(connection: Connection) -> tuple[str, ...]:
    found = [row[0] for row in connection.rows("PRAGMA integrity_check(20)") if row[0] != "ok"]
    for row in connection.rows("PRAGMA foreign_key_check"):
        found.append(f"row {row['rowid']} of {row['table']} points at nothing in {row['parent']}")
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


def _set_aside(path: Path, now: datetime) -> Path | None:
    if not path.exists():
        return None
    _make_single(path)
    kept = path.with_name(f"{path.name}.before-{now.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}")
    # The log goes first: left behind, SQLite would play it into the file that takes the place.
    for ending in (*_BESIDE, ""):
        beside = path.with_name(path.name + ending)
        if beside.exists():
            beside.rename(kept.with_name(kept.name + ending))
    return kept


def _make_single(path: Path) -> None:
    """Fold the log into the file, which SQLite does only if nobody has it open; a ruin stays as it is."""
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            return  # SQLite might throw the log of such a file away
    try:
        with closing(Connection.open(path, patience=0)) as connection:
            connection.rows("PRAGMA journal_mode = DELETE")
    except (NotAStore, StoreDamaged):
        return


def _settle(part: Path, to: Path) -> None:
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.replace(to)
    folder = os.open(to.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _remove(part: Path) -> None:
    for ending in ("", *_BESIDE, "-journal"):
        part.with_name(part.name + ending).unlink(missing_ok=True)


def _written_badly(path: Path, error: OSError) -> StoreError:
    kind = StoreFull if error.errno == errno.ENOSPC else StoreReadOnly
    return kind(path, f"cannot be written: {error.strerror}")
