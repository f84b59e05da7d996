"""What one crawl makes of the answers of its ways, without a network."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from scrapy.http import HtmlResponse

from crawler.config import Source
from crawler.crawling.asking import Answer, Asking
from crawler.crawling.listings import Listing
from crawler.crawling.offers import Reach
from crawler.crawling.sitemaps import Window
from crawler.crawling.tally import Tally
from crawler.crawling.ways import Look, Ways
from crawler.crawling.writer import StoreDoors, Writer
from storage.records import Link, Way

HOME = "https://bao.vn/"
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


class Canned(Asking):
    """Answers what it was given, and 404 to everything else."""

    def __init__(self, pages: Mapping[str, str]) -> None:
        self._pages = pages

    async def ask(self, url: str, *, in_full: bool = False, more: Mapping[str, str] | None = None) -> Answer:
        """The page, if there is one."""
        if url not in self._pages:
            return Answer(url, "http-404")
        return Answer(url, "ok", HtmlResponse(url, body=self._pages[url].encode(), encoding="utf-8"))

    async def remember(self, answer: Answer, links: int) -> None:
        """Nothing is asked twice here."""

    async def remember_unfinished(self, answer: Answer) -> None:
        """Nothing is asked twice here."""


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    opened = Writer(tmp_path / "store.sqlite")
    yield opened
    opened.close()


def read(writer: Writer, page: str, *, json: bool = False) -> tuple[Ways, Tally, list[Link]]:
    """The listing at the home, read once."""
    tally = Tally()
    look = Look(Window(NOW - timedelta(days=30), 500), NOW)
    ways = Ways(Canned({HOME: page}), StoreDoors(writer, "bao"), Reach(Source("bao", HOME)), tally, look)

    def no_more(listing: Listing, url: str) -> str | None:
        return None

    async def walk() -> list[Link]:
        return [link async for links in ways.listing(HOME, no_more, json=json) for link in links]

    return ways, tally, asyncio.run(walk())


def test_a_json_listing_that_answers_with_a_page_is_told_and_offers_nothing(writer: Writer) -> None:
    _, tally, links = read(writer, '<a href="/tin-123456.html">Tin</a>', json=True)
    assert links == []
    assert tally.ways == [Way("listing", HOME, "not-json", 0)]


def test_links_beyond_the_bound_of_a_listing_are_told_in_the_run(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.crawling.listings._MOST_LINKS", 4)
    _, tally, links = read(writer, "".join(f'<a href="/tin-{n}.html">Tin</a>' for n in range(1000, 1007)))
    assert len(links) == 4
    assert tally.report({}, 0).reasons == {"left: beyond-bound (listing)": 3}


def test_an_article_whose_shape_is_learned_is_taken_for_no_section(writer: Writer) -> None:
    heads = "".join(
        f'<a href="/tin/ra-quan-{letter}">Ra quân tổng vệ sinh môi trường ở xã {letter}</a>'
        for letter in ("an", "binh", "cam", "dong", "giang", "hung")
    )
    ways, _, links = read(writer, f'<a href="/xa-hoi">Xã hội</a>{heads}')
    assert len(links) == 6
    assert list(ways.sections) == ["https://bao.vn/xa-hoi"]
