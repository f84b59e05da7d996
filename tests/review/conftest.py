"""A served page for each test, and a client that sends what a browser sends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from crawler.config import Config, Crawl, Review
from crawler.review import PageServer
from tests.review.stock import Stock, stock


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
        base_url=server.url, headers={"Sec-Fetch-Site": "same-origin"}, trust_env=False
    ) as client:
        yield client
