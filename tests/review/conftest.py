"""A served page for each test, and a client that sends what a browser sends."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from crawler.config import Config, Crawl, Review
from crawler.review import PageServer
from tests.review.browsing import ARGUMENTS, CHROMIUM, Seen
from tests.review.stock import Stock, stock

PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # for http: the usual one reads all the system's certificates


def config_for(store_path: Path, review: Review | None = None) -> Config:
    """A configuration of which the page reads where the store is and where to serve."""
    return Config(
        path=store_path.parent / "config.toml",
        store_path=store_path,
        crawl=Crawl(),
        review=review or Review(port=0),
        sources={},
        rules=(),
    )


@pytest.fixture
def stocked(tmp_path: Path) -> Stock:
    return stock(tmp_path / "diembao.sqlite", 5)


@pytest.fixture
def server(stocked: Stock) -> Iterator[PageServer]:
    server = PageServer(config_for(stocked.path))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def client(server: PageServer) -> Iterator[httpx.Client]:
    with httpx.Client(
        base_url=server.url, headers={"Sec-Fetch-Site": "same-origin"}, verify=PLAIN, trust_env=False
    ) as client:
        yield client


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
def tab(browser: Browser, server: PageServer, seen: Seen) -> Iterator[Page]:
    with browser.new_context(
        locale="vi-VN", base_url=server.url, viewport={"width": 1280, "height": 800}
    ) as context:
        tab = context.new_page()
        seen.watch(tab)
        yield tab
    assert seen.complaints == []
    assert [url for url in seen.requests if not url.startswith(server.url)] == []
