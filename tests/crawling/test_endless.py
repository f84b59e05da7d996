"""Addresses without end are bounded by count, and papers that number their articles there lose none."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from crawler.config import Source
from crawler.crawling.accounting import Accounting
from crawler.crawling.endless import Endless
from crawler.crawling.offers import Offer, Place, Reach
from crawler.crawling.tally import Tally
from crawler.crawling.writer import StoreDoors, Writer
from crawler.watching.gaps import gaps

HOME = "https://bao.vn"
SLUG = "/xa-hoi/ra-quan-tong-ve-sinh-moi-truong"
SITEMAP = Place("sitemap", f"{HOME}/sitemap.xml")


def passed(paths: list[str], trap: Endless | None = None) -> int:
    """How many of them a crawl goes on with."""
    trap = trap or Endless()
    return sum(trap.trap(HOME + path) is None for path in paths)


@pytest.mark.parametrize(
    ("paths", "name", "bound"),
    [
        ([f"{SLUG}?x={number}" for number in range(50)], "endless-queries", 5),
        ([f"/a-post1.html/tin-{number}-rat-dai-12345" for number in range(50)], "endless-paths", 5),
        ([f"/{number}/muc{SLUG}" for number in range(50)], "endless-paths", 5),
        ([f"/a/b/c/d/e/{number}/{number}-tin-hay" for number in range(50)], "endless-paths", 20),
    ],
)
def test_what_has_no_end_is_followed_a_little_way(paths: list[str], name: str, bound: int) -> None:
    trap = Endless()
    assert [trap.trap(HOME + path) for path in paths] == [None] * bound + [name] * (50 - bound)
    assert passed(paths[:bound], trap) == bound  # what was met before may be met again


def test_ordinary_addresses_are_never_bounded() -> None:
    day = [f"/thoi-su/trong-nuoc/2026/11/25/tin-so-{number}-trong-ngay-hom-nay" for number in range(500)]
    assert passed(day) == 500


def test_keys_of_the_query_that_choose_an_article_are_never_bounded() -> None:
    articles = [f"/viewer.aspx?macm=1&mabb={number}" for number in range(500)]
    assert passed(articles, Endless(("mabb",))) == 500


@pytest.mark.parametrize(
    ("article", "paths"),
    [
        (r"^/viewer\.aspx", [f"/viewer.aspx?macm=1&mabb={number}" for number in range(300)]),
        (r"\?.*mabb=(\d+)", [f"/viewer.aspx?macm=1&mabb={number}" for number in range(300)]),
        (None, [f"/tin-tuc/xem-tin-{number}.html?muc={number}" for number in range(10_000, 10_300)]),
    ],
)
def test_an_article_that_is_told_by_config_or_a_number_is_kept_however_many_there_are(
    article: str | None, paths: list[str], tmp_path: Path
) -> None:
    source = Source("bao", HOME, article=(re.compile(article),) if article else ())
    assert len(links_of(source, paths, tmp_path)[0]) == 300


def test_the_rest_of_a_trap_is_in_the_ledger_by_its_name_within_bounds(tmp_path: Path) -> None:
    paths = [f"{SLUG}?x={number}" for number in range(300)]
    links, fates, left = links_of(Source("bao", HOME), paths, tmp_path)
    assert len(links) == 5
    assert fates == {"refused: endless-queries": 100}
    assert left == {"left: too-many-alike": 195}


def test_a_calendar_in_a_sitemap_is_bounded_too(tmp_path: Path) -> None:
    paths = [f"/lich-van-nien/ngay-{day}" for day in range(1000, 1300)]
    _, fates, left = links_of(Source("bao", HOME), paths, tmp_path)
    assert (fates, left) == ({"refused: calendar": 100}, {"left: too-many-alike": 200})


def links_of(
    source: Source, paths: list[str], folder: Path
) -> tuple[set[str], dict[str, int], dict[str, int]]:
    """Of a sitemap of these paths: keys of links, fates in the ledger, what is only counted."""
    writer, tally = Writer(folder / "store.sqlite"), Tally()
    try:
        accounting = Accounting(StoreDoors(writer, source.name), Reach(source), tally)
        links = asyncio.run(accounting.of(map(Offer, paths), SITEMAP))
        found = writer.submit(lambda store: gaps(store, source.name)).result(30.0)
    finally:
        writer.close()
    return {link.key for link in links}, dict(found.fates), dict(tally.left)
