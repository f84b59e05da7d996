"""The base of every error a person is told, and the store's own.

* DiembaoError
  + StoreError — the database cannot be opened or written
    - NotAStore — the file is no store of ours
    - NewerStore — the store was written by a newer diembao
    - StoreBusy — another process keeps the store locked
    - StoreFull — no room on the disk
    - StoreReadOnly — the file or its folder cannot be written
    - StoreMissing — there is no store at that path yet
    - StoreDamaged — the file was a store once, and cannot be read any more
    - NoSuchCase — no article bears that number
    - NoSuchLink — no link bears that key
    - NoSuchRun — no run bears that number
    - NoSuchSearch — no saved search bears that name
    - NoSuchDelivery — no message to people bears that number
    - NoSuchExport — no export is remembered under that name
    - NameTaken — another saved search bears that name
    - ExportedMeanwhile — another export under that name was quicker
    - OutOfTime — whoever asked would wait no longer
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


class StoreMissing(StoreError):
    """There is no store at that path yet."""


class StoreDamaged(StoreError):
    """The file was a store once, and cannot be read any more."""


class NoSuchCase(StoreError):
    """No article bears that number."""

    exit_code = 2  # the command asks for something that is not there

    def __init__(self, path: Path | str, number: int) -> None:
        super().__init__(path, f"no case bears the number {number}; `diembao cases` lists them")
        self.number = number


class NoSuchBatch(StoreError):
    """No decisions made together bear that number."""

    exit_code = 2  # the command asks for something that is not there

    def __init__(self, path: Path | str, number: int) -> None:
        super().__init__(path, f"no batch of decisions bears the number {number}")
        self.number = number


class NoSuchLink(StoreError):
    """No link bears that key: it was never offered."""

    def __init__(self, path: Path | str, source: str, key: str) -> None:
        super().__init__(path, f"no link of {source} bears the key {key}; offer it first")
        self.key = key


class NoSuchRun(StoreError):
    """No run bears that number."""

    def __init__(self, path: Path | str, number: int) -> None:
        super().__init__(path, f"no run bears the number {number}")
        self.number = number


class NoSuchExport(StoreError):
    """No export is remembered under that name."""

    exit_code = 2

    def __init__(self, path: Path | str, name: str) -> None:
        super().__init__(path, f"no export is remembered as {name!r}; `diembao exports` lists them")
        self.name = name


class NoSuchSearch(StoreError):
    """No saved search bears that name."""

    exit_code = 2

    def __init__(self, path: Path | str, name: str) -> None:
        super().__init__(path, f"no saved search bears the name {name!r}; `diembao searches` lists them")
        self.name = name


class NoSuchDelivery(StoreError):
    """No message to people bears that number."""

    exit_code = 2

    def __init__(self, path: Path | str, number: int) -> None:
        super().__init__(path, f"no message bears the number {number}; `diembao notify list` lists them")
        self.number = number


class NameTaken(StoreError):
    """Another saved search bears that name."""

    exit_code = 2

    def __init__(self, path: Path | str, name: str) -> None:
        super().__init__(path, f"a saved search bears the name {name!r} already; take another, or remove it")
        self.name = name


class ExportedMeanwhile(StoreError):
    """Another export under that name was done while this one was written."""

    def __init__(self, path: Path | str, name: str) -> None:
        super().__init__(path, f"another export as {name!r} was made meanwhile; ask again for what changed")
        self.name = name


class OutOfTime(StoreError):
    """Whoever asked would wait no longer, and so the question was broken off."""
