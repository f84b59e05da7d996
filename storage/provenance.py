"""Whose file a database is, and of which time: ours or another program's, older, newer."""

from __future__ import annotations

from storage.connection import Connection
from storage.errors import NewerStore, NotAStore
from storage.migrations import known, migrations

APPLICATION_ID = 0x64696562  # "dieb" in the file's header: this database is ours


def is_ours(connection: Connection) -> bool:
    """Whether it was a store before; False for an empty file; NotAStore for somebody else's."""
    if connection.value("PRAGMA application_id") == APPLICATION_ID:
        return True
    if connection.value("SELECT count(*) FROM sqlite_master"):
        raise NotAStore(connection.path, "is another program's database; choose another path")
    return False


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
