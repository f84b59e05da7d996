"""What a soak measures: processes by /proc, files by their sizes, tables by their rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bench.soaking.keeping import Keeper, descendants, open_files, proportional, threads, zombies
from crawler.crawling.locks import HostLock

# What SQLite or an index keeps for itself: its rows are no measure of anything.
_INNER = ("sqlite_", "search_")
_HALF_MADE = {".part", ".tmp", ".new"}


@dataclass(frozen=True, slots=True)
class Sample:
    """One moment at rest: no crawl is going on."""

    day: float  # since the beginning
    life: int  # which daemon it is, counted from 1
    memory: int  # bytes of the daemon, proportional set size
    peak: int  # bytes: the most that all its children together had since the sample before
    files: int  # that the daemon has open
    threads: int
    children: int  # that it has though it should have none
    zombies: int
    store: int  # bytes of the database, without the write-ahead log
    wal: int
    logs: int  # bytes of logs/
    locks: int  # files in locks/
    held: int  # of them held though nobody crawls
    temporary: int  # files and folders left in the folder for temporary ones, or half-made beside the store
    rows: Mapping[str, int]  # by table

    @property
    def articles(self) -> int:
        """How many are stored."""
        return self.rows["articles"]

    @property
    def per_article(self) -> float:
        """Bytes of the store for each article."""
        return self.store / max(1, self.articles)


def sampled(keeper: Keeper, day: float, hosts: Iterable[str]) -> Sample:
    """The daemon and its folder now; the keeper's peak begins anew."""
    pid, store = keeper.pid, keeper.store
    running = [*descendants(pid)]
    peak, keeper.peak = keeper.peak, 0
    return Sample(
        day=day,
        life=keeper.starts,
        memory=proportional(pid),
        peak=peak,
        files=open_files(pid),
        threads=threads(pid),
        children=len(running),
        zombies=zombies(pid),
        store=store.stat().st_size,
        wal=_size(store.with_name(store.name + "-wal")),
        logs=sum(map(_size, _files(store.with_name("logs")))),
        locks=len(_files(store.with_name("locks"))),
        held=sum(not HostLock(store, host).is_free() for host in hosts),
        temporary=len(_left_over(keeper)),
        rows=rows(store),
    )


def rows(store: Path) -> dict[str, int]:
    """Rows of every table, by its name."""
    with closing(sqlite3.connect(f"{store.absolute().as_uri()}?mode=ro", uri=True)) as raw:
        names = [row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        ours = [name for name in names if name != "search" and not name.startswith(_INNER)]
        return {name: raw.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in sorted(ours)}


def _left_over(keeper: Keeper) -> list[Path]:
    beside = [path for path in _files(keeper.folder) if path.suffix in _HALF_MADE]
    return [*keeper.temporary.iterdir(), *(path for path in beside if path.name != ".clock.new")]


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
