"""Asking whether a feed has changed, and finding out the servers that lie about it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.config import Source
from crawler.crawling.asking import Answer, Asking
from crawler.crawling.conditions import conditions, is_distrusted
from crawler.crawling.doors import Doors
from crawler.crawling.offers import Reach
from crawler.crawling.sitemaps import Window
from crawler.crawling.tally import Tally
from crawler.crawling.ways import Look, Ways
from crawler.crawling.writer import StoreDoors, Writer
from crawler.times import utc_now
from storage.records import Validators

URL = "https://bao.example.vn/rss"
DAY = timedelta(days=1)


class Server:
    """Answers by a function of its request; keeps what it was asked, and what the crawl remembers of it."""

    def __init__(self, answer: Callable[[Request], Response], known: Validators | None) -> None:
        self.answer = answer
        self.known = known
        self.asked: list[Request] = []
        self.asking = Asking(
            cast(Crawler, SimpleNamespace(engine=SimpleNamespace(download_async=self._download))),
            cast(Doors, SimpleNamespace(validators=self._validators, remember=self._remember)),
        )

    async def _download(self, request: Request) -> Response:
        self.asked.append(request)
        response = self.answer(request)
        response.request = request
        return response

    async def _validators(self, url: str) -> Validators | None:
        return self.known

    async def _remember(self, url: str, known: Validators) -> None:
        self.known = known

    def poll(self, *, news: bool) -> Answer:
        """Ask, doubt, remember: what a crawl does with a feed."""
        return asyncio.run(self._polled(news))

    async def _polled(self, news: bool) -> Answer:
        answer = await self.asking.ask(URL)
        await self.asking.doubt(answer, news=news)
        await self.asking.remember(answer, 20)
        return answer


def is_conditional(request: Request) -> bool:
    return "If-None-Match" in request.headers


def full(etag: str) -> Response:
    return Response(URL, 200, {"ETag": etag}, b"<rss>x</rss>")


def liar(request: Request) -> Response:
    return Response(URL, 304) if is_conditional(request) else full('"new"')


def liar_by_etag(request: Request) -> Response:
    return Response(URL, 304) if is_conditional(request) else full('"old"')


def honest(request: Request) -> Response:
    return Response(URL, 304) if request.headers.get("If-None-Match") == b'"new"' else full('"new"')


def known(unchanged: int = 11, **more: Any) -> Validators:
    return Validators('"old"', None, unchanged, 20, **more)


@pytest.mark.parametrize(("answer", "requests"), [(liar, 2), (liar_by_etag, 1)])
def test_a_liar_is_found_out_by_the_full_answer_and_never_asked_conditionally_again(
    answer: Callable[[Request], Response], requests: int, caplog: pytest.LogCaptureFixture
) -> None:
    server = Server(answer, known())
    server.poll(news=True)
    assert len(server.asked) == requests
    assert "asked in full from now on" in caplog.text
    assert server.known is not None
    assert is_distrusted(server.known.lied_at, utc_now())
    server.asked.clear()
    for _ in range(3):
        server.poll(news=False)
    assert [is_conditional(request) for request in server.asked] == [False, False, False]


def test_an_honest_server_with_news_is_trusted_and_asked_once_more_at_most() -> None:
    server = Server(honest, known())
    server.poll(news=True)
    assert len(server.asked) == 2
    assert server.known is not None
    assert (server.known.etag, server.known.lied_at) == ('"new"', None)
    assert server.poll(news=False).outcome == "unchanged"


@pytest.mark.parametrize(
    ("before", "news"),
    [
        (known(0), True),
        (known(5), True),
        (known(11), False),
        (Validators(None, None, 0, 20), True),
        (None, True),
    ],
)
def test_a_server_that_gives_no_reason_is_not_doubted(before: Validators | None, *, news: bool) -> None:
    server = Server(honest, before)
    server.poll(news=news)
    assert len(server.asked) == 1
    assert server.known is not None
    assert server.known.lied_at is None


def test_a_liar_is_tried_again_after_a_month_whichever_way_the_clock_jumped() -> None:
    now = utc_now()
    for days, trusted in ((0, False), (29, False), (31, True), (-29, False), (-31, True)):
        assert bool(conditions(known(0, lied_at=now - days * DAY), now)) is trusted, days


def test_a_feed_that_was_empty_and_says_unchanged_is_asked_in_full_in_the_end() -> None:
    server = Server(liar, Validators('"old"', None, 0, 0))
    outcomes = [server.poll(news=False).outcome for _ in range(12)]
    assert outcomes == ["empty"] * 11 + ["ok"]


def test_a_source_may_be_asked_in_full_always() -> None:
    server = Server(honest, known(0))
    server.asking = Asking(server.asking._crawler, server.asking._doors, conditional=False)
    assert server.poll(news=True).outcome == "ok"
    assert [is_conditional(request) for request in server.asked] == [False]


class Recorder(Asking):
    """Says of everything that it is unchanged, and keeps how it was asked."""

    def __init__(self) -> None:
        self.in_full: list[bool] = []

    async def ask(self, url: str, *, in_full: bool = False, more: Mapping[str, str] | None = None) -> Answer:
        self.in_full.append(in_full)
        return Answer(url, "http-404")


@pytest.mark.parametrize("overflowed", [False, True])
def test_after_a_feed_that_overflowed_sitemaps_are_asked_in_full(tmp_path: Path, *, overflowed: bool) -> None:
    asking, source, now = Recorder(), Source("bao", "https://bao.example.vn"), utc_now()
    writer = Writer(tmp_path / "s.sqlite")
    doors = StoreDoors(writer, source.name)
    ways = Ways(asking, doors, Reach(source), Tally(), Look(Window(now - DAY, 9), now))
    ways.overflowed = overflowed
    asyncio.run(ways.feeds_and_sitemaps((), (f"{source.home}/sitemap.xml",)))
    writer.close()
    assert asking.in_full == [overflowed]
