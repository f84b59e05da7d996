"""From a path to a connection: whose file is it, is it of our time, are its tables today's."""

from __future__ import annotations

from pathlib import Path

from sqlite_utils import Database

from storage.connection import Connection, patiently
from storage.errors import NewerStore, NotAStore, StoreMissing, StoreReadOnly
from storage.migrations import known, migrations

APPLICATION_ID = 0x64696562  # "dieb" in the file's header: this database is ours
_MOST_LOG = 64 * 2**20  # bytes the write-ahead log may keep after a checkpoint


def open_connection(path: Path, *, create: bool, patience: float) -> Connection:
    """A connection to a store of today's tables; a StoreError, the file untouched, where it is none."""
    _make_way(path, create=create)
    connection = Connection.open(path, create=create, patience=patience)
    try:
        patiently(lambda: is_ours(connection), patience)
        _configure(connection)
        if unapplied(connection):
            _migrate(connection)
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


def is_ours(connection: Connection) -> bool:
    """Whether it was a store before; False for an empty file; NotAStore for somebody else's."""
    if connection.value("PRAGMA application_id") == APPLICATION_ID:
        return True
    if connection.value("SELECT count(*) FROM sqlite_master"):
        raise NotAStore(connection.path, "is another program's database; choose another path")
    return False


def _configure(connection: Connection) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.rows(f"PRAGMA journal_size_limit = {_MOST_LOG}")
    if connection.value("PRAGMA journal_mode") != "wal":
        patiently(lambda: connection.rows("PRAGMA journal_mode = WAL"), connection.patience)


def unapplied(connection: Connection) -> frozenset[str]:
    """Migrations still to be applied; NewerStore where one was applied that we do not know."""
    if not connection.value(
        "SELECT count(*) FROM sqlite_master WHERE name = ?", [migrations.migrations_table]
    ):
        return known()
    rows = connection.rows(
        f"SELECT name FROM {migrations.migrations_table} WHERE migration_set = ?", [migrations.name]
    )
    applied = {row["name"] for row in rows}
    if applied - known():
        raise NewerStore(connection.path, "was written by a newer diembao; upgrade this one")
    return known() - applied


def _migrate(connection: Connection) -> None:
    """Several processes may arrive here at once: the first migrates, the others find it done."""
    with connection.write():
        is_ours(connection)
        migrations.apply(Database(connection.raw, recursive_triggers=False, execute_plugins=False))
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
