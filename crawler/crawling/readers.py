"""A pool of reading processes: a page that hangs or kills its reader costs only itself."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from time import monotonic

from crawler.crawling.doors import Judged
from crawler.judging.ruletext import RuleText
from crawler.reading import Hints
from storage.records import Page

LIMIT = 30.0  # seconds for one page; the slowest real page takes under one
_MARGIN = 5.0  # seconds more until a reader whose own alarm failed is killed from here
_PRELOADED = ["crawler.crawling.reading_process", "crawler.reading.reader"]


@dataclass(slots=True)
class _Reader:
    """One place in the pool, and the process that fills it."""

    process: ForkServerProcess
    connection: Connection


class Readers:
    """Reads pages beside the reactor, `size` at once; what is too much waits its turn."""

    def __init__(self, rules: Sequence[RuleText], size: int, limit: float = LIMIT) -> None:
        """Nothing is started before the first page."""
        self._rules = tuple(rules)
        self._limit = limit
        self._threads = ThreadPoolExecutor(size, "reader")
        self._free: asyncio.Queue[_Reader | None] | None = None
        self._size = size
        self._all: list[_Reader] = []

    @property
    def pids(self) -> tuple[int, ...]:
        """The process numbers of the readers that run."""
        return tuple(reader.process.pid for reader in self._all if reader.process.pid is not None)

    async def judge(self, page: Page, hints: Hints) -> Judged | str:
        """The page read and judged; a reason (`reading-timeout`, `reading-crashed`) if that failed."""
        if self._free is None:
            self._free = asyncio.Queue()
            for _ in range(self._size):
                self._free.put_nowait(None)
        reader = await self._free.get()
        loop = asyncio.get_running_loop()
        try:
            reader, answer = await loop.run_in_executor(self._threads, self._ask, reader, page, hints)
        except BaseException:
            reader = None  # whoever asked was cancelled: the process may still be at the page
            raise
        finally:
            self._free.put_nowait(reader)
        return answer

    def close(self) -> None:
        """End the processes; pages that are being read are given up."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for reader in list(self._all):
            self._end(reader)

    def _ask(self, reader: _Reader | None, page: Page, hints: Hints) -> tuple[_Reader | None, Judged | str]:
        """In a thread: hand the page over and wait, bounded, for the answer."""
        reader = reader or self._start()
        begun = monotonic()
        try:
            reader.connection.send((page, hints))
            if not reader.connection.poll(self._limit + _MARGIN):
                raise EOFError
            answer, stays = reader.connection.recv()
        except (EOFError, OSError):
            self._end(reader)
            hung = monotonic() - begun >= self._limit
            return None, "reading-timeout" if hung else "reading-crashed"
        if not stays:
            self._end(reader)
        return (reader if stays else None), answer

    def _start(self) -> _Reader:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(_PRELOADED)
        from crawler.crawling.reading_process import serve

        ours, theirs = context.Pipe()
        process = context.Process(target=serve, args=(theirs, self._rules, self._limit), daemon=True)
        process.start()
        theirs.close()
        reader = _Reader(process, ours)
        self._all.append(reader)
        return reader

    def _end(self, reader: _Reader) -> None:
        with suppress(ValueError):
            self._all.remove(reader)
        reader.connection.close()
        reader.process.kill()
        reader.process.join(1.0)
