"""From a path to a connection: whose file is it, is it of our time, are its tables today's."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from storage.connection import PATIENCE, Connection, patiently
from storage.errors import NotAStore, StoreMissing, StoreReadOnly
from storage.migrations import migrations
from storage.provenance import APPLICATION_ID, is_ours, unapplied
from storage.upgrading import back_up_before

_MOST_LOG = 64 * 2**20  # bytes the write-ahead log may keep after a checkpoint


@dataclass(frozen=True, slots=True)
class Opening:
    """How a store is opened."""

    create: bool = True  # where there is none
    patience: float = PATIENCE  # seconds a writer waits for the others
    backup: bool = True  # copy a store of an older diembao before its tables are changed


def open_connection(path: Path, how: Opening) -> Connection:
    """A connection to a store of today's tables; a StoreError, the file untouched, where it is none."""
    _make_way(path, create=how.create)
    connection = Connection.open(path, create=how.create, patience=how.patience)
    try:
        patiently(lambda: is_ours(connection), how.patience)
        _configure(connection)
        if unapplied(connection):
            _migrate(connection, backup=how.backup)
    except BaseException:
        connection.close()
        raise
    return connection


def _make_way(path: Path, *, create: bool) -> None:
    if path.is_dir():
        raise NotAStore(path, "is a folder; name a file in it")
    if path.exists():
        return
    if not create:
        raise StoreMissing(path, "there is no store yet; `diembao crawl` or `diembao daemon` makes one")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreReadOnly(path, f"its folder cannot be made: {error.strerror}") from error


def _configure(connection: Connection) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.rows(f"PRAGMA journal_size_limit = {_MOST_LOG}")
    if connection.value("PRAGMA journal_mode") != "wal":
        patiently(lambda: connection.rows("PRAGMA journal_mode = WAL"), connection.patience)


def _migrate(connection: Connection, *, backup: bool) -> None:
    """Several processes may arrive here at once: the first copies and migrates, the others find it done."""
    with connection.write():
        if is_ours(connection) and backup and (missing := unapplied(connection)):
            back_up_before(connection, missing)
        migrations.apply(Database(connection.raw, recursive_triggers=False, execute_plugins=False))
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
