"""One page by itself, for `diembao read URL`: fetched with the crawl's guard and politeness, not stored."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.config import Config, Source
from crawler.crawling.addresses import check_url
from crawler.crawling.failures import reason_of
from crawler.crawling.pace import Pace
from crawler.crawling.settings import settings_for
from crawler.errors import AddressRefused
from crawler.times import utc_now
from storage.records import Page


def fetch(config: Config, source: Source | None, url: str) -> Page:
    """The page at `url`, robots.txt asked first; once a process, since Twisted's reactor starts only once.

    AddressRefused for an address we do not go to, or that gives nothing: it names why.
    """
    check_url(url, allow_private=config.crawl.allow_private_addresses)
    settings = settings_for(config, source)
    del settings["SPIDER_LOADER_CLASS"]  # there is no file in spiders/ for a single page
    answers: list[Page | str] = []
    runner = CrawlerProcess(settings | {"LOG_INSTALL_ROOT_HANDLER": False})
    runner.crawl(_OnePage, url=url, answers=answers, pace=_pace(config))
    runner.start(install_signal_handlers=False)  # Ctrl-C and SIGTERM stay the command's own
    answer = answers[0] if answers else "nothing was answered"
    if isinstance(answer, str):
        raise AddressRefused(url, f"cannot be had: {answer}")
    return answer


def _pace(config: Config) -> Pace | None:
    """The turns that crawls take, too; None where there is no folder of a store to find or leave them in."""
    folder = config.store_path.absolute().parent
    return Pace(config.store_path) if os.access(folder, os.W_OK | os.X_OK) else None


class _OnePage(Spider):
    """Asks for one address and hands the answer, or the reason for none, to `answers`."""

    name = "one_page"

    def __init__(self, url: str, answers: list[Page | str], pace: Pace | None, **named: Any) -> None:
        super().__init__(**named)
        self.pace = pace  # read by Paced
        self._url = url
        self._answers = answers

    async def start(self) -> AsyncIterator[Any]:
        """The one request."""
        yield Request(self._url, self.parse, errback=self._fail)

    def parse(self, response: Response, **_: Any) -> None:
        """Whatever the status: reading says what it makes of it."""
        headers = tuple(
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, values in response.headers.items()
            for value in values
        )
        self._answers.append(Page(response.url, response.status, headers, utc_now(), response.body))

    def _fail(self, failure: Failure) -> None:
        self._answers.append(reason_of(failure.value) if failure.value else "unreadable-answer")
