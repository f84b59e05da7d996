"""Exports that were made after a backup: a store restored from it is told that they were, and no more."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from storage.connection import Connection
from storage.copying import opened
from storage.errors import StoreError

_MADE = (
    "SELECT s.name, e.at, e.as_of, e.asked, e.folder, e.manifest FROM exports AS e"
    " JOIN export_series AS s ON s.id = e.series_id"
    " WHERE e.state IN ('done', 'pending', 'later') ORDER BY e.id"
)


def remember_later_exports(part: Connection, was: Path) -> None:
    """Note in a restored store what the store `was` exported since; nothing where that cannot be read.

    Whoever has those exports knows of articles and decisions that the restored store has not.
    """
    made: list[tuple[str, ...]] = []
    with suppress(StoreError), opened(was) as store:  # a ruin, an older one, or nothing is there
        made = [tuple(row) for row in store.rows(_MADE)]
    with part.write():
        known = {row[0] for row in part.rows("SELECT manifest FROM exports")}
        for name, *told in made:
            if told[-1] in known:
                continue
            part.execute("INSERT OR IGNORE INTO export_series (name) VALUES (?)", [name])
            part.execute(
                "INSERT INTO exports (series_id, at, as_of, asked, folder, manifest, state)"
                " SELECT id, ?, ?, ?, ?, ?, 'later' FROM export_series WHERE name = ?",
                [*told, name],
            )
