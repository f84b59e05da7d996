"""What a source may be asked today: counted before it is asked, so that no crash overdraws it."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from dataclasses import dataclass, field

from crawler.crawling.writer import Writer
from storage.records import Traffic

_STEP = 20  # requests; so many are counted too many at most when a crawl is killed, too few without a bound


@dataclass(slots=True)
class Budget:
    """The requests of one crawl, all counted to the day it began on."""

    writer: Writer
    source: str
    day: str
    left: int | None = None  # requests that it may be asked; None: no bound
    made: int = 0
    _counted: Traffic = field(default_factory=Traffic)  # of this crawl, already in the store

    async def spend(self) -> bool:
        """Count one request that is about to be made; False if today's are all made."""
        if self.left is not None and self.made >= self.left:
            return False
        self.made += 1
        if self.left is None:
            if self.made % _STEP == 0:
                self._count(Traffic(self.made, self._counted.bytes))
        elif self.made > self._counted.requests:
            await self._reserve(min(self.made - 1 + _STEP, self.left))
        return True

    def settle(self, received: int) -> None:
        """At the end: the requests that were made, and the bytes that were received."""
        self._count(Traffic(self.made, received))

    async def _reserve(self, requests: int) -> None:
        await asyncio.wrap_future(self._count(Traffic(requests, self._counted.bytes)))

    def _count(self, so_far: Traffic) -> Future[None]:
        before, self._counted = self._counted, so_far
        fresh = Traffic(so_far.requests - before.requests, so_far.bytes - before.bytes)
        return self.writer.submit(lambda store: store.traffic.add(self.source, self.day, fresh))
