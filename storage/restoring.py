"""The way back: what a backup would bring and what would be lost by it, and the store replaced by it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from storage.columns import as_moment
from storage.connection import Connection, told
from storage.copying import Tell, copy, counted, opened, proven, remove, settle, silent, written_badly
from storage.errors import NotAStore, StoreDamaged, StoreError
from storage.laterexports import remember_later_exports
from storage.opening import Opening, open_connection
from storage.provenance import unapplied

_MAGIC = b"SQLite format 3\0"
_BESIDE = ("-wal", "-shm")  # what SQLite keeps next to a file in use
_NAMED = 10  # cases whose decisions would be lost, by number

_LOST_ARTICLES = """
    SELECT count(*) FROM articles AS a WHERE NOT EXISTS (SELECT 1 FROM was.articles AS w WHERE w.key = a.key)
"""
# By what was decided and when, because a store that was restored before gives the same numbers twice.
_LOST_VERDICTS = """
    SELECT v.article_id FROM verdicts AS v JOIN articles AS a ON a.id = v.article_id
    LEFT JOIN was.articles AS wa ON wa.key = a.key
    WHERE NOT EXISTS (SELECT 1 FROM was.verdicts AS w
                      WHERE w.article_id = wa.id AND w.at = v.at AND w.decision = v.decision)
    ORDER BY v.id
"""
# Tables that people write beside verdicts, and when each row was written.
_BY_PEOPLE = {"raised": "at", "sampled": "at", "searches": "made_at"}


@dataclass(frozen=True, slots=True)
class Return:
    """What restoring a backup would mean for a store."""

    written_at: datetime  # when the file of the backup was last written
    newest: datetime | None  # the newest crawl or verdict in it; None: there is none
    then: Mapping[str, int]  # rows by table in the backup
    older: int  # migrations that the backup lacks
    now: Mapping[str, int] | None = None  # rows by table in the store; None: there is none that can be read
    trouble: str | None = None  # why the store cannot be read; None: it can, or there is none
    lost: Mapping[str, int] = field(default_factory=dict)  # rows of the store that the backup has not
    cases: tuple[int, ...] = ()  # the first ones whose verdicts would be lost, by number


def weigh(backup_path: Path, store_path: Path) -> Return:
    """What would be won and lost by `restore`; nothing is changed. NewerStore for a newer backup."""
    with opened(backup_path) as backup:
        written = datetime.fromtimestamp(backup_path.stat().st_mtime, UTC)
        weighed = Return(written, _newest(backup), counted(backup), len(unapplied(backup)))
    if not store_path.exists():
        return weighed
    try:
        if store_path.is_file() and not _is_database(store_path):
            raise NotAStore(store_path, "is no SQLite database")
        with opened(store_path) as store:
            _attach(store, backup_path)
            lost, cases = _lost(store)
            return Return(
                written, weighed.newest, weighed.then, weighed.older, counted(store), None, lost, cases
            )
    except StoreError as error:
        return Return(written, weighed.newest, weighed.then, weighed.older, None, str(error))


def restore(backup_path: Path, store_path: Path, now: datetime, tell: Tell = silent) -> Path | None:
    """Put a checked copy of a backup in the store's place; where the old file is kept (None: there was none).

    The tables of an older backup are brought up to date first. StoreBusy while another process has the store
    open. A backup that fails its check, or a newer diembao's, replaces nothing.
    """
    part = store_path.with_name(f".{store_path.name}.restoring")
    try:
        store_path.parent.mkdir(parents=True, exist_ok=True)
        remove(part)
        copy(backup_path, part, tell)
        proven(part, tell)
        _bring_up_to_date(part, store_path)
        kept = _set_aside(store_path, now)
        settle(part, store_path)
    except OSError as error:
        raise written_badly(store_path, error) from error
    finally:
        with suppress(OSError):  # a disk that cannot be written has nothing of it
            remove(part)
    return kept


def _bring_up_to_date(part: Path, store_path: Path) -> None:
    with closing(open_connection(part, Opening(create=False, backup=False))) as connection:
        if store_path.exists() and _is_database(store_path):
            remember_later_exports(connection, store_path)
    _make_single(part)


def _newest(backup: Connection) -> datetime | None:
    found = backup.value(
        "SELECT max(at) FROM (SELECT max(started_at) AS at FROM runs UNION ALL SELECT max(at) FROM verdicts)"
    )
    return as_moment(found) if found else None


def _attach(store: Connection, backup_path: Path) -> None:
    try:
        store.execute("ATTACH ? AS was", [f"{backup_path.absolute().as_uri()}?mode=ro"])
    except sqlite3.Error as error:  # told apart from the store's own trouble
        raise told(backup_path, error) from error


def _lost(store: Connection) -> tuple[dict[str, int], tuple[int, ...]]:
    cases = [row[0] for row in store.rows(_LOST_VERDICTS)]
    lost = {"articles": int(store.value(_LOST_ARTICLES)), "verdicts": len(cases)}
    lost |= {table: _lost_rows(store, table, at) for table, at in _BY_PEOPLE.items()}
    return lost, tuple(dict.fromkeys(cases))[:_NAMED]


def _lost_rows(store: Connection, table: str, at: str) -> int:
    known = "SELECT count(*) FROM {}.sqlite_master WHERE type = 'table' AND name = ?"
    if not store.value(known.format("main"), [table]):
        return 0
    if not store.value(known.format("was"), [table]):
        return int(store.value(f"SELECT count(*) FROM main.{table}"))
    return int(
        store.value(f"SELECT count(*) FROM main.{table} WHERE {at} NOT IN (SELECT {at} FROM was.{table})")
    )


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
    if not _is_database(path):
        return
    try:
        with closing(Connection.open(path, patience=0)) as connection:
            connection.rows("PRAGMA journal_mode = DELETE")
    except (NotAStore, StoreDamaged):
        return


def _is_database(path: Path) -> bool:
    """Whether SQLite may touch it: it might throw the log of a ruin away."""
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC
