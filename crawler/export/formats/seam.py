"""What every format is given and what it answers: the seam between choosing cases and writing files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from storage.records import LostPage, Page

Told = Mapping[str, Any]  # one case as the JSON of the contract (crawler/casejson.py)
Counts = Mapping[str, int]
Pages = Callable[[int], Iterable[Page]]  # an article's number → its stored pages, oldest first
LostPages = Callable[[int], Iterable[LostPage]]  # … → those that are not kept any more


def no_pages(article_id: int) -> Iterable[Any]:
    """For a place without a store behind it."""
    return ()


@dataclass(frozen=True, slots=True)
class WatchedSource:
    """What config.toml says of a source."""

    home: str
    province: str | None = None  # None: a paper of no province


@dataclass(frozen=True, slots=True)
class WatchedRule:
    """What config.toml says of a rule."""

    label: str
    version: str  # of today; flags bear that of their own day


@dataclass(frozen=True, slots=True)
class Watched:
    """Sources and rules by name; cases may name others that config.toml has forgotten."""

    sources: Mapping[str, WatchedSource] = field(default_factory=dict)
    rules: Mapping[str, WatchedRule] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class About:
    """What the files say of themselves; nothing in it follows the clock."""

    as_of: datetime  # the moment whose state of the store is told: a fact about the store
    query: Mapping[str, Any]  # as the manifest has it
    versions: Mapping[str, str]  # of program and libraries, as the manifest has them
    watched: Watched = Watched()


@dataclass(frozen=True, slots=True)
class Options:
    """What a person may ask of single formats."""

    excel: bool = False  # csv as Excel can open it by a double click


@dataclass(frozen=True, slots=True)
class Place:
    """All that a format may need to begin."""

    folder: Path  # its files go here, under the names of its Format
    about: About
    pages: Pages = no_pages  # of the same state of the store as the cases
    lost: LostPages = no_pages
    options: Options = Options()


class Tallied(Protocol):
    """What was counted while the cases passed by."""

    def total(self) -> Counts:
        """Counts of articles, flagged and decided ones."""

    def sources(self) -> Mapping[str, Counts]:
        """The same three for each source, by name."""

    def rules(self) -> Mapping[str, Counts]:
        """Rule → {version: articles that bear a flag of it}."""


class Writer(Protocol):
    """A format being written: entered, given case after case, finished once, left."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def add(self, case: Told) -> None:
        """Write one case."""

    def finish(self, tally: Tallied) -> Sequence[str]:
        """Make its files whole: nothing may be written after it, and every file is on its final name.

        What it answers is for people to read: a line for each way in which the format could not hold the
        cases as they are (cut cells, pages that are not kept); none where all is there.
        """


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """One file of the folder."""

    name: str  # its path below the folder, with /
    size: int  # bytes
    sha256: str  # hexadecimal


@dataclass(frozen=True, slots=True)
class Finished:
    """All that a description of whole files may need."""

    folder: Path
    about: About
    tally: Tallied
    files: Sequence[ExportedFile]  # those of the writers, sorted by name
