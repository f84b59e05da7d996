"""A folder of backups: names that bear their moment, leftovers swept, the newest so many kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from glob import escape
from pathlib import Path

from storage.backup import backup
from storage.copying import Backup, Tell, silent, written_badly
from storage.errors import StoreError
from storage.provenance import APPLICATION_ID

_ID_AT = 68  # where SQLite's file header keeps the application's id, 4 bytes, the highest first
_MAGIC = b"SQLite format 3\0"


@dataclass(frozen=True, slots=True)
class BackupFolder:
    """Where the backups of one store are put, and how many of them stay."""

    folder: Path
    store_path: Path
    keep: int | None = None  # None: all

    def name_at(self, now: datetime) -> Path:
        """What a backup made now is called: `diembao-20261125T172100Z.sqlite`."""
        return self.folder / f"{self.store_path.stem}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.sqlite"

    def made(self) -> list[Path]:
        """The backups of this store in the folder, oldest first.

        Only a proven copy ever gets such a name; a file that bears it and is no store is somebody else's.
        """
        named = re.compile(re.escape(self.store_path.stem) + r"-\d{8}T\d{6}Z\.sqlite")
        if not self.folder.is_dir():
            return []
        found = [file for file in self.folder.iterdir() if named.fullmatch(file.name)]
        return sorted(file for file in found if _is_store(file))

    def add(self, now: datetime, tell: Tell = silent) -> tuple[Backup, tuple[Path, ...]]:
        """One more backup, and the old ones that were thrown away for it; none is, where it failed.

        One at a time: whatever another one has begun there is taken for a leftover.
        """
        try:
            self._sweep()
        except OSError as error:
            raise written_badly(self.folder, error) from error
        new = backup(self.store_path, self.name_at(now), tell)
        return new, self._prune(new.path)

    def _sweep(self) -> None:
        """Copies that were killed half-way."""
        if self.folder.exists() and not self.folder.is_dir():
            raise StoreError(self.folder, "is no folder; backups that are kept by number want one")
        for part in self.folder.glob(f".{escape(self.store_path.stem)}-*.sqlite.part*"):
            part.unlink(missing_ok=True)

    def _prune(self, new: Path) -> tuple[Path, ...]:
        old = [file for file in self.made() if file != new]
        surplus = old[: len(old) + 1 - self.keep] if self.keep else []
        for file in surplus:
            file.unlink(missing_ok=True)
        return tuple(surplus)


def _is_store(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            header = file.read(_ID_AT + 4)
    except OSError:
        return False
    return header.startswith(_MAGIC) and header[_ID_AT:] == APPLICATION_ID.to_bytes(4, "big")
