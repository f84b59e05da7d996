"""One thread owns the store, and what it returns is committed."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.crawling.doors import Keeping
from crawler.crawling.offers import Refusal
from crawler.crawling.retrying import Fate
from crawler.crawling.writer import StoreDoors, Writer
from storage.errors import NoSuchLink, StoreError
from storage.records import Article, FoundLink, Kept, Page
from storage.store import Store

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
PATIENCE = 30.0


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    opened = Writer(tmp_path / "store.sqlite")
    yield opened
    opened.close()


def found(number: int) -> FoundLink:
    return FoundLink(f"bao:{number}", f"https://bao.vn/{number}.html", "feed", "https://bao.vn/rss")


def kept(number: int) -> Kept:
    url = f"https://bao.vn/{number}.html"
    page = Page(url, 200, (("Content-Type", "text/html"),), NOW, b"<p>tin</p>")
    article = Article(f"bao:{number}", "bao", url, f"Tin {number}", None, "Một đoạn.", (), None, (), None, ())
    return Kept(f"bao:{number}", page, article, ())


def test_what_is_acknowledged_is_there_for_every_other_reader(writer: Writer, tmp_path: Path) -> None:
    async def crawl() -> None:
        doors = StoreDoors(writer, "bao")
        assert [link.key for link in await doors.seen([found(1)])] == ["bao:1"]
        assert await doors.keep(kept(1)) == "kept"
        with sqlite3.connect(tmp_path / "store.sqlite") as other:
            assert other.execute("SELECT count(*) FROM articles").fetchone() == (1,)
        assert await doors.seen([found(1)]) == ()

    asyncio.run(crawl())


def test_articles_that_wait_together_are_committed_together(writer: Writer) -> None:
    busy, go = threading.Event(), threading.Event()
    batches: list[int] = []

    def block(store: Store) -> None:
        real = store.keep

        def counted(batch: Sequence[Kept], now: datetime) -> tuple[Keeping, ...]:
            batches.append(len(batch))
            return real(batch, now)

        store.keep = counted  # type: ignore[method-assign]  # to see what is kept together
        busy.set()
        assert go.wait(PATIENCE)

    writer.submit(lambda store: store.links.offer("bao", [found(n) for n in range(20)], NOW)).result(PATIENCE)
    writer.submit(block)
    assert busy.wait(PATIENCE)
    waiting = [writer.keep(kept(n)) for n in range(20)]
    go.set()
    assert [one.result(PATIENCE) for one in waiting] == ["kept"] * 20
    assert batches == [20]


def test_one_bad_article_costs_only_itself(writer: Writer) -> None:
    writer.submit(lambda store: store.links.offer("bao", [found(1), found(2)], NOW)).result(PATIENCE)
    waiting = [writer.keep(kept(n)) for n in (1, 99, 2)]
    assert waiting[0].result(PATIENCE) == "kept"
    with pytest.raises(NoSuchLink):
        waiting[1].result(PATIENCE)
    assert waiting[2].result(PATIENCE) == "kept"


def test_closing_does_what_is_waiting_first(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "store.sqlite")
    writer.submit(lambda store: store.links.offer("bao", [found(n) for n in range(100)], NOW))
    waiting = [writer.keep(kept(n)) for n in range(100)]
    writer.close()
    assert [one.result(0) for one in waiting] == ["kept"] * 100


def test_a_store_that_cannot_be_opened_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "store.sqlite").write_text("no database, only words" * 100)
    with pytest.raises(StoreError):
        Writer(tmp_path / "store.sqlite")


def test_links_found_and_never_fetched_are_taken_up_again(writer: Writer) -> None:
    async def crawl() -> None:
        doors = StoreDoors(writer, "bao")
        await doors.seen([found(1), found(2), found(3)])
        await doors.keep(kept(1))
        one = (await doors.waiting())[0]
        await doors.mark(one, Fate("failed", "timeout", datetime.now(UTC) + timedelta(hours=1)))
        left = await doors.waiting()
        assert {link.key for link in left} == {"bao:2", "bao:3"} - {one.key}

    asyncio.run(crawl())


def test_refusals_are_recorded_with_their_reasons(writer: Writer) -> None:
    async def crawl() -> None:
        doors = StoreDoors(writer, "bao")
        foreign = replace(found(2), key="bao://other.vn/2.html")
        await doors.refuse(
            [Refusal(found(1), "refused", "skip-pattern"), Refusal(foreign, "foreign", "another-host")]
        )
        assert await doors.waiting() == ()

    asyncio.run(crawl())
    reasons = writer.submit(lambda store: store.links.reasons("bao")).result(PATIENCE)
    assert reasons == {"refused: skip-pattern": 1, "foreign: another-host": 1}
