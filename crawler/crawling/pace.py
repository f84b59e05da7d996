"""Requests to a host so many seconds apart, whoever makes them: every crawl of every process."""

from __future__ import annotations

import asyncio
import fcntl
import os
import re
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.crawling.failures import Refused
from crawler.crawling.told import ASKED_TO_WAIT, BUDGET
from crawler.urls import authority

_MOST_AHEAD = 120.0  # seconds; a turn further in the future was taken on a clock that was set back since


def next_turn(last: float, delay: float, now: float) -> float:
    """Pure: when the next request may be made; all in seconds since 1970, `last` is the turn before."""
    return now if last > now + _MOST_AHEAD else max(now, last + delay)


class Pace:
    """Turns at hosts: the time stamp of a file for each, which every process and the next run finds."""

    def __init__(self, store_path: Path) -> None:
        self._folder = store_path.absolute().parent / "locks"

    def turn(self, host: str, delay: float) -> float:
        """Take the next turn at an authority; how many seconds from now it is."""
        file = self._opened(host)
        try:
            state, now = os.fstat(file), time.time()
            at = next_turn(state.st_mtime, delay, now) if state.st_size else now
            if not state.st_size:
                os.write(file, b".")
            os.utime(file, (at, at))
        finally:
            os.close(file)
        return max(0.0, at - now)

    def taken(self, host: str) -> None:
        """The request of the last turn is made now: the next turn counts from here if that is late."""
        file = self._opened(host)
        try:
            now = time.time()
            if os.fstat(file).st_mtime < now:
                os.utime(file, (now, now))
        finally:
            os.close(file)

    def _opened(self, host: str) -> int:
        """The host's file, locked until it is closed."""
        name = re.sub(r"^(?:www|m)\.", "", host)
        self._folder.mkdir(parents=True, exist_ok=True)
        file = os.open(self._folder / (quote(name, safe="") + ".pace"), os.O_RDWR | os.O_CREAT, 0o644)
        fcntl.flock(file, fcntl.LOCK_EX)
        return file


class Paced(HTTP11DownloadHandler):
    """The download handler that waits for its turn, and counts what a source may be asked in a day."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._crawler = crawler

    async def download_request(self, request: Request) -> Response:
        """As Scrapy's, in its turn; Refused when today's budget is used up."""
        session: Any = getattr(self._crawler.spider, "session", None)
        if session is not None and not await session.spend():
            raise Refused(BUDGET, request.url)
        pace = session.pace if session is not None else getattr(self._crawler.spider, "pace", None)
        if pace is not None:
            await self._wait(pace, request)
        if session is not None and session.away:  # another answer said so while this one waited
            session.leave()
            raise Refused(ASKED_TO_WAIT, request.url)
        return await super().download_request(request)

    async def _wait(self, pace: Pace, request: Request) -> None:
        delay = self._crawler.engine.downloader._delay
        if delay > 0:
            host = authority(request.url)
            await asyncio.sleep(pace.turn(host, delay))
            pace.taken(host)
