"""The baseline of bench.crawl: a bare spider, trafilatura in its callback, one insert an article."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import scrapy
import trafilatura
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response, TextResponse
from sqlite_utils import Database


class Bare(scrapy.Spider):
    """Fetches every address of a file and stores what trafilatura makes of it."""

    name = "bare"
    custom_settings = {  # noqa: RUF012 - Scrapy reads a plain class attribute
        "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
        "ROBOTSTXT_OBEY": False,
        "TELNETCONSOLE_ENABLED": False,
        "LOG_LEVEL": "ERROR",
    }

    def __init__(self, addresses: Path, store: Path) -> None:
        super().__init__()
        self.addresses = addresses.read_text(encoding="utf-8").split()
        self.table = Database(store)["articles"]

    async def start(self) -> AsyncIterator[Any]:
        """One request an address."""
        for address in self.addresses:
            yield scrapy.Request(address)

    def parse(self, response: Response) -> None:
        """Extraction in the reactor and an insert of its own, as most people begin."""
        assert isinstance(response, TextResponse)
        document = trafilatura.bare_extraction(response.text, url=response.url, with_metadata=True)
        if document is not None and not isinstance(document, dict):
            row = document.as_dict()
            self.table.insert(  # type: ignore[union-attr]  # a table, never a view
                {"url": response.url, "title": row["title"], "date": row["date"], "text": row["text"]}
            )


def main() -> None:
    """`python -m bench.bare ADDRESSES STORE`"""
    runner = CrawlerProcess()
    runner.crawl(Bare, addresses=Path(sys.argv[1]), store=Path(sys.argv[2]))
    runner.start()


if __name__ == "__main__":
    main()
