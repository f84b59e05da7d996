"""One connection to the file: how it is opened, how a write begins, what SQLite's errors are called here."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from storage.errors import (
    NotAStore,
    OutOfTime,
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreReadOnly,
)

PATIENCE = 30.0  # seconds a writer waits for the others
_STEPS = 1_000  # of SQLite's machine between two looks at the clock, a millisecond or less

_TROUBLES: Mapping[int, tuple[type[StoreError], str]] = {
    sqlite3.SQLITE_BUSY: (
        StoreBusy,
        "another process keeps the store locked; try again when it has finished",
    ),
    sqlite3.SQLITE_LOCKED: (StoreBusy, "the store is locked by this very process; close its other readers"),
    sqlite3.SQLITE_READONLY: (
        StoreReadOnly,
        "cannot be written; check the rights of the file and its folder",
    ),
    sqlite3.SQLITE_PERM: (StoreReadOnly, "cannot be written; check the rights of the file and its folder"),
    sqlite3.SQLITE_CANTOPEN: (
        StoreReadOnly,
        "cannot be opened; check that its folder exists and can be written",
    ),
    sqlite3.SQLITE_FULL: (StoreFull, "no room left on the disk; nothing half-written was kept"),
    sqlite3.SQLITE_NOTADB: (NotAStore, "is no SQLite database; choose another path, or move the file away"),
    sqlite3.SQLITE_INTERRUPT: (OutOfTime, "took too long, and was broken off"),
    sqlite3.SQLITE_CORRUPT: (StoreDamaged, "is damaged; restore a backup with `diembao db restore`"),
}

Parameters = Sequence[Any]
Result = TypeVar("Result")


def told(path: Path, error: sqlite3.Error) -> StoreError:
    """SQLite's error as one of ours, saying what to mend."""
    code = getattr(error, "sqlite_errorcode", None)  # absent where Python itself complains
    if code == sqlite3.SQLITE_IOERR_SHMSIZE:  # no room for the log's index: nothing else makes it fail
        code = sqlite3.SQLITE_FULL
    kind, trouble = _TROUBLES.get((code or 0) & 0xFF, (StoreError, f"SQLite says: {error}"))
    return kind(path, trouble)


def patiently(action: Callable[[], Result], patience: float) -> Result:
    """`action`'s result, tried again while the store is busy, for `patience` seconds.

    SQLite's own timeout is not honoured while another process sets up or recovers the write-ahead log.
    """
    deadline = time.monotonic() + patience
    while True:
        try:
            return action()
        except StoreBusy:
            if time.monotonic() >= deadline:
                raise
            time.sleep(random.uniform(0.005, 0.05))


class Connection:
    """A connection of one thread. Statements come out as rows by name, errors as StoreErrors."""

    def __init__(self, path: Path, raw: sqlite3.Connection, patience: float) -> None:
        self.path = path
        self.raw = raw
        self.patience = patience
        self.writing = False
        self.held = False  # whether it sees one state of the store for as long as it is open
        self.past = False  # whether that is a state of long ago, which the full-text index does not know

    @classmethod
    def open(
        cls, path: Path, *, create: bool = False, read_only: bool = False, patience: float = PATIENCE
    ) -> Connection:
        """Connect without touching the file's content yet."""
        mode = "rwc" if create else "ro" if read_only else "rw"
        try:
            raw = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode={mode}", timeout=patience, isolation_level=None, uri=True
            )
        except sqlite3.Error as error:
            raise told(path, error) from error
        raw.row_factory = sqlite3.Row
        return cls(path, raw, patience)

    def close(self) -> None:
        """Let go of the file."""
        self.raw.close()

    def execute(self, sql: str, parameters: Parameters = ()) -> sqlite3.Cursor:
        """Run one statement."""
        try:
            return self.raw.execute(sql, parameters)
        except sqlite3.Error as error:
            raise told(self.path, error) from error

    def rows(self, sql: str, parameters: Parameters = ()) -> list[sqlite3.Row]:
        """Every row at once, so that no statement stays open."""
        try:
            return self.raw.execute(sql, parameters).fetchall()
        except sqlite3.Error as error:
            raise told(self.path, error) from error

    def one(self, sql: str, parameters: Parameters = ()) -> sqlite3.Row | None:
        """The first row; None where there is none."""
        found = self.rows(sql, parameters)
        return found[0] if found else None

    def value(self, sql: str, parameters: Parameters = ()) -> Any:
        """The first column of the first row; None where there is none."""
        row = self.one(sql, parameters)
        return row[0] if row is not None else None

    def chunks(self, sql: str, parameters: Parameters, size: int) -> Iterator[list[sqlite3.Row]]:
        """The rows, `size` at a time, for results that do not fit in memory."""
        cursor = self.execute(sql, parameters)
        try:
            while rows := cursor.fetchmany(size):
                yield rows
        except sqlite3.Error as error:
            raise told(self.path, error) from error
        finally:
            cursor.close()

    @contextmanager
    def write(self) -> Iterator[None]:
        """One transaction, holding the writer's lock from its first moment; within another, a part of it."""
        if self.held:
            raise StoreReadOnly(self.path, "is read as of one moment; write through the store itself")
        if self.writing:
            yield
            return
        # Outside of `try`: within a snapshot it fails, and must not end that.
        patiently(lambda: self.execute("BEGIN IMMEDIATE"), self.patience)
        self.writing = True
        try:
            yield
            self.execute("COMMIT")
        finally:
            self.writing = False
            if self.raw.in_transaction:
                self.execute("ROLLBACK")

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One snapshot for several statements; within a write or another snapshot, that one's own view."""
        if self.raw.in_transaction:
            yield
            return
        self.execute("BEGIN")
        try:
            yield
        finally:
            self.execute("ROLLBACK")

    @contextmanager
    def hurried(self, tired: Callable[[], bool]) -> Iterator[None]:
        """What is read within is broken off, with OutOfTime, as soon as `tired` says so."""
        self.raw.set_progress_handler(tired, _STEPS)
        try:
            yield
        finally:
            self.raw.set_progress_handler(None, 0)

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection of its own that sees one state of the store, while this one may go on writing.

        Within a write it is this very connection, since only that sees what is not yet committed; within a
        snapshot, too, since another one would be of another moment.
        """
        if self.raw.in_transaction:
            yield self
            return
        reader = Connection.open(self.path)
        try:
            reader.execute("PRAGMA query_only = 1")
            with reader.reading():
                yield reader
        finally:
            reader.close()

    @contextmanager
    def holding(self) -> Iterator[Connection]:
        """The same for many questions: whatever is asked of it is answered of this moment.

        Only the store cannot be written through it; tables of its own may be made, of which nothing stays.
        As long as it is open the write-ahead log grows by all that is written, and cannot be emptied.
        """
        reader = Connection.open(self.path, read_only=True)
        try:
            with reader.reading():
                reader.value("SELECT id FROM articles LIMIT 1")  # a snapshot begins with a look
                reader.held = True
                yield reader
        finally:
            reader.close()
