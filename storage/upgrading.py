"""A proven copy beside the store before an older one's tables are changed; only the newest few are kept."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from glob import escape
from pathlib import Path

from storage.connection import Connection
from storage.copying import proven_copy, room_for, size_of
from storage.errors import StoreError, StoreFull

KEPT = 3  # copies of this kind; older ones are taken away once a new one is proven
_WORTH = ("articles", "links", "verdicts", "runs")  # an empty store is not worth a copy

log = logging.getLogger(__name__)


def back_up_before(connection: Connection, missing: Iterable[str]) -> Path | None:
    """Copy the store, within the write transaction that will migrate it; where to, None for an empty one.

    Held back are all other writers, so that several processes that open an old store make one copy. Raises
    StoreError, StoreFull where none can be had, and then nothing has been changed.
    """
    if not any(_has_rows(connection, table) for table in _WORTH):
        return None
    path = connection.path
    newest = max(missing).partition("_")[0]
    copy = path.with_name(f"{path.stem}.before-{newest}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.sqlite")
    _sweep(path)
    _check_room(connection)
    log.warning("%s is of an older diembao: it is copied before its tables are changed", path)
    try:
        made = proven_copy(path, copy)
    except StoreError as error:
        raise type(error)(
            path,
            f"the copy before the upgrade failed ({error}); `diembao db migrate --no-backup` does without",
        ) from error
    log.warning("%s: the store as it was, %s bytes, checked", copy, f"{made.size:,}")
    _prune(path)
    return copy


def copies(path: Path) -> list[Path]:
    """The copies of this kind beside a store, oldest first."""
    named = re.compile(re.escape(path.stem) + r"\.before-m\d{3}-(\d{8}T\d{6}Z)\.sqlite")
    found = [(match[1], file) for file in path.parent.iterdir() if (match := named.fullmatch(file.name))]
    return [file for _, file in sorted(found)]


def _has_rows(connection: Connection, table: str) -> bool:
    known = connection.value("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?", [table])
    return bool(known and connection.value(f"SELECT EXISTS (SELECT 1 FROM {table})"))


def _check_room(connection: Connection) -> None:
    """As much again for the tables that are made anew."""
    path, size = connection.path, size_of(connection)
    if lacking := room_for(2 * size, path.parent):
        raise StoreFull(
            path,
            f"is of an older diembao; copying and upgrading it takes {2 * size:,} bytes, {lacking:,} more "
            "than are free; make room, or copy it elsewhere and run `diembao db migrate --no-backup`",
        )


def _sweep(path: Path) -> None:
    """What was begun and killed; nobody is at it, because the writer's lock is ours."""
    for part in path.parent.glob(f".{escape(path.stem)}.before-m*-*.sqlite.part*"):
        part.unlink(missing_ok=True)


def _prune(path: Path) -> None:
    for old in copies(path)[:-KEPT]:
        old.unlink(missing_ok=True)
        log.warning("%s: an older copy, taken away; the newest %d are kept", old, KEPT)
