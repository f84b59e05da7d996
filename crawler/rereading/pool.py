"""Reading processes for whoever waits in a plain thread: pages in, what was read out, in any number."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from concurrent.futures import Future
from threading import Thread
from types import TracebackType
from typing import Self

from crawler.crawling.doors import Judged
from crawler.crawling.readers import Readers
from crawler.judging.ruletext import RuleText
from crawler.reading import Hints
from storage.records import Page


def cores() -> int:
    """The processor cores that this process may use."""
    return len(os.sched_getaffinity(0))


class Pool:
    """The readers of a crawl, asked from a plain thread; a page that hangs or crashes costs only itself."""

    def __init__(self, rules: Sequence[RuleText], size: int) -> None:
        self.size = size
        self._readers = Readers(rules, size)
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="readers", daemon=True)

    def ask(self, page: Page, hints: Hints) -> Future[Judged | str]:
        """The page read and judged, or the reason why that failed."""
        return asyncio.run_coroutine_threadsafe(self._readers.judge(page, hints), self._loop)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(_give_up(), self._loop).result()
        self._readers.close()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


async def _give_up() -> None:
    """Cancel whatever waits for a reader."""
    asked = asyncio.all_tasks() - {asyncio.current_task()}
    for task in asked:
        task.cancel()
    await asyncio.gather(*asked, return_exceptions=True)
