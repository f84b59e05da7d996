"""Totals of everything stored, for whoever watches the store from outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from storage.connection import Connection
from storage.records import Traffic

Counts = Mapping[tuple[str, str], int]  # (source, something of its) → how many

_WAL = "-wal"


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes on disk."""

    store: int
    wal: int  # written and not yet moved into the store


class Metering:
    """Counts read from indexes and from the tables that triggers keep."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def answers(self) -> None:
        """Return if the store can be read; StoreError if not."""
        self._db.value("SELECT count(*) FROM sqlite_schema")

    def articles(self) -> Mapping[str, int]:
        """Articles by source."""
        rows = self._db.rows("SELECT source, sum(read) FROM days GROUP BY source")
        return {row[0]: row[1] for row in rows if row[1]}

    def cases(self) -> Counts:
        """Cases by source and decision; "undecided" where there is none."""
        return self._counts(
            "SELECT source, coalesce(decision, 'undecided'), count(*) FROM cases_by_day GROUP BY 1, 2"
        )

    def links(self) -> Counts:
        """Links by source and state."""
        return self._counts("SELECT source, state, count(*) FROM links GROUP BY source, state")

    def runs(self) -> Counts:
        """Crawls by source and outcome, running ones too."""
        return self._counts("SELECT source, outcome, count(*) FROM runs GROUP BY source, outcome")

    def traffic(self) -> Mapping[str, Traffic]:
        """What each source was ever asked, and how much it answered."""
        rows = self._db.rows("SELECT source, sum(requests), sum(bytes) FROM traffic GROUP BY source")
        return {row[0]: Traffic(row[1], row[2]) for row in rows}

    def messages(self) -> Counts:
        """Messages to people by channel and state."""
        return self._counts("SELECT channel, state, count(*) FROM deliveries GROUP BY channel, state")

    def sizes(self) -> Sizes:
        """Of the store's files."""
        path = self._db.path
        return Sizes(_size(path), _size(path.with_name(path.name + _WAL)))

    def _counts(self, sql: str) -> Counts:
        return {(row[0], row[1]): row[2] for row in self._db.rows(sql)}


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
