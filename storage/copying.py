"""Whole copies of a store: of one moment, proven before they bear their name, nothing left of what failed."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from storage.connection import Connection, told
from storage.errors import (
    NotAStore,
    OutOfTime,
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreMissing,
    StoreReadOnly,
)
from storage.provenance import is_ours

_TABLES = ("links", "articles", "revisions", "pages", "flags", "verdicts", "raised", "sampled", "runs")
_BESIDE = ("-wal", "-shm", "-journal")  # what SQLite keeps next to a file in use
_SPARE = 16 * 2**20  # bytes of a disk that a copy leaves to the others
_STRETCH = 2048  # pages copied at a time: whoever copies can be ended between two
_STEPS = 5_000_000  # of SQLite's machine between two signs of life, a second or so

Tell = Callable[[str], None]  # how far a long work has come, in a few words


def silent(_: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy that was opened, checked and counted."""

    path: Path
    size: int  # bytes
    counts: Mapping[str, int]  # rows by table


@contextmanager
def opened(path: Path) -> Iterator[Connection]:
    """A store as it is, its tables not brought up to date; StoreMissing, NotAStore where there is none."""
    if not path.exists():
        raise StoreMissing(path, "there is no such file")
    if path.is_dir():
        raise NotAStore(path, "is a folder; name a file in it")
    with closing(Connection.open(path)) as connection:
        if not is_ours(connection):
            raise NotAStore(path, "is empty")
        yield connection


@contextmanager
def living(connection: Connection, what: str, tell: Tell) -> Iterator[None]:
    """Tell `what` at once, and again as long as a statement within takes."""

    def alive() -> int:
        tell(what)
        return 0

    tell(what)
    connection.raw.set_progress_handler(alive, _STEPS)
    try:
        yield
    except OutOfTime:
        # A signal came: what its handler raised is lost on the way through SQLite, and nobody else ends this.
        raise KeyboardInterrupt from None
    finally:
        connection.raw.set_progress_handler(None, 0)


def proven_copy(store_path: Path, to: Path, tell: Tell = silent) -> Backup:
    """Copy, prove the copy, then give it its name `to`; nothing is left of a copy that failed.

    What an earlier one to the same name left behind when it was killed is taken away first.
    """
    part = part_of(to)
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        remove(part)
        before = copy(store_path, part, tell)
        counts = proven(part, tell)
        _none_lost(part, before, counts)
        settle(part, to)
    except StoreError as error:
        raise _by_its_name(error, part, to) from error
    except OSError as error:
        raise written_badly(to, error) from error
    finally:
        with suppress(OSError):  # a disk that cannot be written has nothing of it
            remove(part)
    return Backup(to, to.stat().st_size, counts)


def part_of(to: Path) -> Path:
    """What a copy is called while it is made."""
    return to.with_name(f".{to.name}.part")


def proven(part: Path, tell: Tell = silent) -> dict[str, int]:
    """Rows by table of a copy without fault; StoreDamaged otherwise."""
    with opened(part) as connection, living(connection, "checking the copy", tell):
        troubles = broken(connection)
        if troubles:
            raise StoreDamaged(part, f"the copy fails its check: {troubles[0]}")
        return counted(connection)


def counted(connection: Connection) -> dict[str, int]:
    """Rows by table, of the tables that a store of its age has."""
    known = {row["name"] for row in connection.rows("SELECT name FROM sqlite_master")}
    return {
        table: int(connection.value(f"SELECT count(*) FROM {table}")) for table in _TABLES if table in known
    }


def broken(connection: Connection) -> tuple[str, ...]:
    """What SQLite finds wrong with the file, and rows that point at nothing."""
    found = [row[0] for row in connection.rows("PRAGMA integrity_check(20)") if row[0] != "ok"]
    for row in connection.rows("PRAGMA foreign_key_check"):
        found.append(f"row {row['rowid']} of {row['table']} points at nothing in {row['parent']}")
    return tuple(found)


def size_of(connection: Connection) -> int:
    """Bytes that a copy of the store takes at most."""
    return int(connection.value("PRAGMA page_count") * connection.value("PRAGMA page_size"))


def room_for(size: int, folder: Path) -> int:
    """How many bytes the disk of `folder` lacks for a file of `size`; 0: it has room."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return max(0, size + _SPARE - shutil.disk_usage(folder).free)


def settle(part: Path, to: Path) -> None:
    """Give a finished file its name, so that it has it after a power failure too."""
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.replace(to)
    folder = os.open(to.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def remove(part: Path) -> None:
    """Take away what was begun, with what SQLite keeps beside it."""
    for ending in ("", *_BESIDE):
        part.with_name(part.name + ending).unlink(missing_ok=True)


def written_badly(path: Path, error: OSError) -> StoreError:
    """The system's refusal as one of our errors."""
    kind = StoreFull if error.errno in {errno.ENOSPC, errno.EDQUOT} else StoreReadOnly
    return kind(path, f"cannot be written: {error.strerror}")


def copy(source: Path, to: Path, tell: Tell = silent) -> dict[str, int]:
    """Stretch by stretch within one snapshot, so that writers neither wait nor show half-done.

    One file, complete by itself, not proven yet; the rows by table that the store had at that moment.
    """
    with opened(source) as original, closing(Connection.open(to, create=True)) as made:
        size = size_of(original)
        if lacking := room_for(size, to.parent):
            raise StoreFull(
                to, f"a copy takes {size:,} bytes, {lacking:,} more than are free on that disk; make room"
            )
        with original.reading():
            rows = counted(original)
            try:
                original.raw.backup(made.raw, pages=_STRETCH, progress=_copied(tell))
            except sqlite3.Error as error:
                raise told(to, error) from error
        made.rows("PRAGMA journal_mode = DELETE")  # one file, complete by itself
    return rows


def _by_its_name(error: StoreError, part: Path, to: Path) -> StoreError:
    """The same trouble, told of the file that was asked for."""
    if error.path != part:
        return error
    return type(error)(to, str(error).removeprefix(f"{part}: "))


def _copied(tell: Tell) -> Callable[[int, int, int], None]:
    def progress(_status: int, remaining: int, total: int) -> None:
        tell(f"copying: {100 * (total - remaining) // max(1, total)} %")

    return progress


def _none_lost(part: Path, before: Mapping[str, int], after: Mapping[str, int]) -> None:
    for table, rows in before.items():
        if after.get(table) != rows:
            raise StoreDamaged(part, f"the copy has {after.get(table, 0)} {table}, the store {rows}")
