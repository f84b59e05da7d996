"""The base of every error a person is told, and the store's own.

* DiembaoError
  + StoreError — the database cannot be opened or written
    - NotAStore — the file is no store of ours
    - NewerStore — the store was written by a newer diembao
    - StoreBusy — another process keeps the store locked
    - StoreFull — no room on the disk
    - StoreReadOnly — the file or its folder cannot be written
"""

from __future__ import annotations

from pathlib import Path


class DiembaoError(Exception):
    """One line that says what is wrong and what to do about it."""

    exit_code = 1


class StoreError(DiembaoError):
    """The database cannot be opened or written."""

    def __init__(self, path: Path | str, trouble: str) -> None:
        super().__init__(f"{path}: {trouble}")
        self.path = path


class NotAStore(StoreError):
    """The file is no store of ours."""


class NewerStore(StoreError):
    """The store was written by a newer diembao."""


class StoreBusy(StoreError):
    """Another process keeps the store locked."""


class StoreFull(StoreError):
    """No room on the disk."""


class StoreReadOnly(StoreError):
    """The file or its folder cannot be written."""
