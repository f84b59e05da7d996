"""A source's requests of a day: whatever dies, they are never more than allowed."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from crawler.crawling.budget import Budget
from crawler.crawling.writer import Writer
from storage.records import Traffic
from storage.store import Store

DAY = "2026-11-23"


def crawl(path: Path, bound: int | None, requests: int, *, killed: bool) -> int:
    """A crawl that would make so many requests; how many it made."""
    with Store.open(path) as store:
        spent = store.traffic.of(DAY).get("bao", Traffic()).requests
    writer = Writer(path)
    budget = Budget(writer, "bao", DAY, None if bound is None else max(0, bound - spent))

    async def asked() -> int:
        return sum([await budget.spend() for _ in range(requests)])

    made = asyncio.run(asked())
    if not killed:
        budget.settle(received=1000)
    writer.close()
    return made


def spent(path: Path) -> int:
    with Store.open(path) as store:
        return store.traffic.of(DAY)["bao"].requests


@pytest.mark.parametrize("each", [1, 7, 19, 20, 21, 50])
def test_a_crawl_that_dies_again_and_again_never_overdraws_the_budget(tmp_path: Path, each: int) -> None:
    path = tmp_path / "s.sqlite"
    made = sum(crawl(path, 100, each, killed=True) for _ in range(30))
    assert made <= spent(path) == 100


def test_a_crawl_that_ends_gives_back_what_it_did_not_use(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    for number in range(1, 4):
        assert crawl(path, 100, 7, killed=False) == 7
        assert spent(path) == 7 * number
    assert crawl(path, 100, 500, killed=False) == 79
    assert spent(path) == 100


def test_without_a_bound_all_is_counted_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    assert crawl(path, None, 47, killed=False) == 47
    assert crawl(path, None, 47, killed=True) == 47
    assert spent(path) == 47 + 40
