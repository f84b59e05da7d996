"""Searches that people saved under a name, so that they can be asked again and followed as a feed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from sqlite3 import Row

from storage.columns import as_moment, clean, moment
from storage.connection import Connection
from storage.errors import NameTaken, NoSuchSearch
from storage.records import SavedSearch


class Searches:
    """The searches table."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def all(self) -> tuple[SavedSearch, ...]:
        """Every saved search, by name."""
        return tuple(map(_saved, self._db.rows("SELECT * FROM searches ORDER BY name")))

    def get(self, name: str) -> SavedSearch:
        """The search of that name; NoSuchSearch if there is none."""
        row = self._db.one("SELECT * FROM searches WHERE name = ?", [clean(name)])
        if row is None:
            raise NoSuchSearch(self._db.path, name)
        return _saved(row)

    def add(self, name: str, query: str, filters: Mapping[str, str], now: datetime) -> None:
        """Save a search; NameTaken if another bears that name."""
        asked = json.dumps(dict(sorted(filters.items())), ensure_ascii=False)
        with self._db.write():
            self._free(name)
            self._db.execute(
                "INSERT INTO searches (name, query, filters, made_at) VALUES (?, ?, ?, ?)",
                [clean(name), clean(query), clean(asked), moment(now)],
            )

    def rename(self, name: str, new: str) -> None:
        """Give a search another name; NoSuchSearch, or NameTaken if another bears that."""
        with self._db.write():
            saved = self.get(name)
            if clean(new) == saved.name:
                return
            self._free(new)
            self._db.execute("UPDATE searches SET name = ? WHERE id = ?", [clean(new), saved.id])

    def remove(self, name: str) -> None:
        """Forget a search; NoSuchSearch if there is none of that name."""
        with self._db.write():
            self._db.execute("DELETE FROM searches WHERE id = ?", [self.get(name).id])

    def _free(self, name: str) -> None:
        if self._db.value("SELECT count(*) FROM searches WHERE name = ?", [clean(name)]):
            raise NameTaken(self._db.path, name)


def _saved(row: Row) -> SavedSearch:
    return SavedSearch(
        row["id"], row["name"], row["query"], json.loads(row["filters"]), as_moment(row["made_at"])
    )
