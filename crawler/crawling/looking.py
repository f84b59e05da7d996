"""Known articles looked at again: changed texts, what is gone, and what came back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Literal, TypeVar

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.crawling.failures import Refused, reason_of
from crawler.crawling.offers import Reach
from crawler.crawling.session import Session
from crawler.crawling.told import ASKED_TO_WAIT, BUDGET
from crawler.crawling.walls import is_page, wall
from crawler.reading import Hints
from crawler.times import utc_now
from storage.looks import Look
from storage.records import Kept, Page
from storage.store import Store

_Result = TypeVar("_Result")
_FEW = 2  # articles that may be found missing in one crawl, however few are looked at


@dataclass(frozen=True, slots=True)
class Found:
    """What a look found."""

    what: Literal["same", "kept", "missing", "trouble"]
    reason: str = ""  # of what is missing, or of a trouble that says nothing about the article
    kept: Kept | None = None


def of_status(status: int) -> Found | None:
    """Pure: what a status alone says; None: the page must be read."""
    if status == 304:
        return Found("same")
    if status in {404, 410}:
        return Found("missing", f"http-{status}")
    return None if status == 200 else Found("trouble", f"http-{status}")


def too_many(missing: int, looked: int) -> bool:
    """Pure: whether so many are missing that the site, and not the articles, is in trouble."""
    return missing > _FEW and 2 * missing > looked


@dataclass
class Looking:
    """The looks of one crawl, one after another."""

    crawler: Crawler
    session: Session
    reach: Reach

    async def look_again(self, most: int, stopping: Callable[[], bool]) -> None:
        """At most so many of the articles that are due, until `stopping`."""
        source, now = self.session.source.name, utc_now()
        missing: list[tuple[Look, str]] = []
        looked = 0
        for look in await self._do(lambda store: store.looks.due(source, now, most)):
            if stopping():
                break
            found = await self._look(look)
            if found.reason in {BUDGET, ASKED_TO_WAIT}:  # not asked for: it stays due
                break
            looked += 1
            if found.what == "missing":
                missing.append((look, found.reason))
            else:
                await self._record(look, found)
        self.session.tally.counts["looked"] += looked
        await self._gone(missing, looked)

    async def _look(self, look: Look) -> Found:
        conditions = {"If-None-Match": look.etag, "If-Modified-Since": look.last_modified}
        headers = {name: value for name, value in conditions.items() if value}
        request = Request(look.link.url, headers=headers, dont_filter=True, priority=-10)
        try:
            response = await self.crawler.engine.download_async(request)
        except Refused as error:
            return Found("missing" if error.reason == "redirected-home" else "trouble", error.reason)
        except Exception as error:  # whatever the other side does says nothing about the article
            return Found("trouble", reason_of(error))
        return of_status(response.status) or await self._read(look, response)

    async def _read(self, look: Look, response: Response) -> Found:
        kind = (response.headers.get("Content-Type") or b"").decode("latin-1")
        if not response.body or not is_page(kind, response.body) or wall(response.body):
            return Found("trouble", "no-page")
        if self.reach.answered(look.link, response.url) != look.link.key:
            return Found("missing", "redirected-to-another")
        source = self.session.source
        page = Page(response.url, response.status, _headers(response), utc_now(), response.body)
        hints = Hints(source.name, look.link.key, source.selectors, look.link.dated, source.home)
        judged = await self.session.readers.judge(page, hints)
        if isinstance(judged, str):
            return Found("trouble", judged)
        reading = judged.reading
        if reading.article is None:
            soft = reading.refused == "error-page"
            return Found("missing", "soft-404") if soft else Found("trouble", reading.kind)
        return Found("kept", kept=Kept(look.link.key, page, reading.article, judged.flags, reading.layers))

    async def _record(self, look: Look, found: Found) -> None:
        tally, now = self.session.tally, utc_now()
        if found.what == "same":
            await self._do(lambda store: store.looks.seen_again(look, now))
        elif found.kept is not None:
            keeping = await self.session.doors.keep(found.kept)
            tally.counts["revised"] += keeping == "revised"
            await self._do(lambda store: store.looks.done(look, now, revised=keeping == "revised"))
        else:
            tally.left_out(f"look-in-vain ({found.reason})", 1)
            await self._do(lambda store: store.looks.done(look, now))

    async def _gone(self, missing: list[tuple[Look, str]], looked: int) -> None:
        """What is missing is gone, unless nearly everything is: then it is the site that is ill."""
        tally, now = self.session.tally, utc_now()
        doubted = too_many(len(missing), looked)
        for look, reason in missing:
            if doubted:
                tally.left_out("look-in-vain (many are missing at once)", 1)
            elif look.link.state != "gone":
                tally.counts["gone"] += 1
                tally.reasons[f"gone: {reason}"] += 1
                await self._mark(look, reason)
            await self._do(partial(_done, look=look, now=now))

    async def _mark(self, look: Look, reason: str) -> None:
        source, now = self.session.source.name, utc_now()
        await self._do(lambda store: store.links.mark(source, look.link.key, "gone", reason, None, now))

    async def _do(self, work: Callable[[Store], _Result]) -> _Result:
        return await asyncio.wrap_future(self.session.desk.writer.submit(work))


def _done(store: Store, look: Look, now: datetime) -> None:
    store.looks.done(look, now)


def _headers(response: Response) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
