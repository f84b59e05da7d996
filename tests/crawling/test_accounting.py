"""What listings show besides articles is in the ledger, and no site can flood it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from crawler.config import Source
from crawler.crawling.accounting import Accounting
from crawler.crawling.offers import Offer, Place, Reach
from crawler.crawling.room import Room
from crawler.crawling.shapes import shape
from crawler.crawling.tally import Tally
from crawler.crawling.writer import StoreDoors, Writer
from crawler.times import utc_now
from crawler.watching.gaps import Gaps, gaps
from storage.store import Store

SOURCE = Source("bao", "https://bao.vn/")
LISTING = Place("listing", "https://bao.vn/xa-hoi")
PATIENCE = 30.0
MENU = [Offer("/", text="Trang chủ"), Offer("/xa-hoi", text="Xã hội"), Offer("/the-thao", text="Thể thao")]


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    opened = Writer(tmp_path / "store.sqlite")
    yield opened
    opened.close()


def crawled(writer: Writer, *pages: list[Offer], place: Place = LISTING) -> Tally:
    """One crawl of these pages."""
    tally = Tally()
    accounting = Accounting(StoreDoors(writer, SOURCE.name), Reach(SOURCE), tally)

    async def crawl() -> None:
        for page in pages:
            await accounting.doors.seen(await accounting.of(page, place))

    asyncio.run(crawl())
    return tally


def ledger(writer: Writer) -> Gaps:
    return writer.submit(lambda store: gaps(store, SOURCE.name)).result(PATIENCE)


def test_every_link_of_a_listing_is_in_the_ledger_and_the_sums_close(writer: Writer) -> None:
    tally = crawled(writer, [*MENU, Offer("/tin-1234.html"), Offer("/xem/tin-dai?ma=1", text="Một tin dài")])
    found = ledger(writer)
    assert found.fates == {"refused: menu-address": 3, "open: new": 1, "refused: no-article-address": 1}
    assert found.closes
    assert found.dropped == {"no-article-address": ("https://bao.vn/xem/tin-dai?ma=1",)}
    assert tally.report({}, 1).reasons == {"refused: menu-address": 3, "refused: no-article-address": 1}
    assert tally.report({}, 1).counts["refused"] == 0  # nothing that was offered as an article


def test_a_menu_on_every_page_is_written_once(writer: Writer) -> None:
    assert crawled(writer, MENU, MENU, MENU).aside == {"refused: menu-address": 3}
    before = writer.submit(changes).result(PATIENCE)
    assert crawled(writer, MENU).aside == {"refused: menu-address": 3}
    assert writer.submit(changes).result(PATIENCE) == before


def changes(store: Store) -> int:
    return int(store._db.value("SELECT total_changes()"))


def test_a_calendar_cannot_flood_the_ledger_and_is_counted(writer: Writer) -> None:
    days = [[Offer(f"/lich?so={crawl}-{day}") for day in range(150)] for crawl in range(3)]
    told = [crawled(writer, page) for page in days]
    assert ledger(writer).links == 100
    assert [tally.left["left: too-many-alike"] for tally in told] == [50, 150, 150]


def test_endless_shapes_are_bounded_together() -> None:
    room = Room()
    taken = [room.takes("no-article-address", f"https://bao.vn/a?{key:x}k=1") for key in range(1500)]
    assert sum(taken) == 1000


def test_what_is_an_article_by_a_later_configuration_is_new_then(writer: Writer) -> None:
    crawled(writer, [Offer("/xem/tin-dai", text="Một tin dài hơn cả tên của một mục báo")])
    assert ledger(writer).fates == {"refused: no-article-address": 1}
    found = Source("bao", "https://bao.vn/", article=(re.compile("^/xem/"),))
    accounting = Accounting(StoreDoors(writer, "bao"), Reach(found), Tally())

    async def crawl() -> None:
        links = await accounting.of([Offer("/xem/tin-dai")], LISTING)
        assert [link.state for link in await accounting.doors.seen(links)] == ["new"]

    asyncio.run(crawl())
    assert ledger(writer).fates == {"open: new": 1}


def test_a_backfills_menus_are_not_counted_as_links_that_it_meant_to_fetch(writer: Writer) -> None:
    crawled(writer, [*MENU, Offer("/tin-1234.html")], place=Place("backfill", "https://bao.vn/"))
    counts = writer.submit(lambda store: store.links.backfill_counts("bao")).result(PATIENCE)
    assert counts == {"new": 1}
    assert ledger(writer).links == 4


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/lich/23-11-2026", "/lich/24-11-2026"),
        ("/?id=1", "/?id=2"),
        ("/bv/12345", "/bv/12346"),
        ("/news/2026/11/25/abc", "/news/2025/1/2/bcd"),
    ],
)
def test_addresses_that_a_system_numbers_through_have_one_shape(one: str, other: str) -> None:
    assert shape(f"https://bao.vn{one}") == shape(f"https://bao.vn{other}")


def test_a_section_and_a_headline_differ_in_shape() -> None:
    assert shape("https://bao.vn/xa-hoi") != shape("https://bao.vn/xa-hoi-hom-nay-co-gi-moi")


def odd(numbers: Iterable[int]) -> list[Offer]:
    """A listing of a system that nobody described."""
    heads = [
        Offer(f"/?id={number}", text=f"Ra quân tổng vệ sinh môi trường lần {number}") for number in numbers
    ]
    return [*MENU, *heads]


def test_a_shape_learned_from_a_listing_finds_its_articles_and_is_told(writer: Writer) -> None:
    tally = crawled(writer, odd(range(100, 400)))
    assert tally.report({}, 0).learned == (r"^/\?(?:.*&)?id=\d+",)
    assert ledger(writer).fates == {"open: new": 300, "refused: menu-address": 3}


def test_what_was_kept_teaches_the_shape_where_a_listing_shows_too_little(writer: Writer) -> None:
    crawled(writer, odd(range(100, 110)))
    writer.submit(
        lambda store: store._db.execute("UPDATE links SET state = 'kept' WHERE state = 'new'")
    ).result(PATIENCE)
    crawled(writer, odd([200]))
    assert ledger(writer).fates == {"kept": 10, "open: new": 1, "refused: menu-address": 3}


def test_a_feed_of_odd_addresses_is_believed(writer: Writer) -> None:
    lines = [Offer(f"/bv/{number}") for number in range(10, 16)]
    crawled(writer, lines, place=Place("feed", "https://bao.vn/rss"))
    assert ledger(writer).fates == {"open: new": 6}


def test_a_source_whose_shape_is_written_down_learns_nothing(writer: Writer) -> None:
    reach = Reach(Source("bao", "https://bao.vn/", article=(re.compile("-post"),)))
    asyncio.run(Accounting(StoreDoors(writer, "bao"), reach, Tally()).of(odd(range(100, 200)), LISTING))
    assert reach.learned == []


def test_an_answer_from_where_we_asked_is_that_article_though_its_shape_is_forgotten(writer: Writer) -> None:
    crawled(writer, odd(range(100, 110)))
    link = writer.submit(lambda store: store.links.open("bao", utc_now())[0]).result(PATIENCE)
    reach = Reach(SOURCE)
    assert reach.answered(link, link.url) == link.key
    assert reach.answered(link, "https://bao.vn/") is None
