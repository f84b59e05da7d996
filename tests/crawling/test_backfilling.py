"""A backfill that is interrupted at any step and gone on with brings the same articles, each once."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from scrapy.http import HtmlResponse

from crawler.config import Source
from crawler.crawling.asking import Answer, Asking
from crawler.crawling.backfilling import Past
from crawler.crawling.offers import Reach
from crawler.crawling.retrying import fate
from crawler.crawling.tally import Tally
from crawler.crawling.told import BUDGET
from crawler.crawling.writer import StoreDoors, Writer
from crawler.times import utc_now
from storage.records import Article, Dating, FoundLink, Kept, Link, Page
from storage.store import Store

HOME = "https://bao.example.vn"
SINCE = datetime(2026, 4, 1, tzinfo=UTC)
UNTIL = datetime(2026, 6, 1, tzinfo=UTC)
SHAPE = (re.compile(r"-(post\d+)\.html$"),)
NUMBERS = range(1, 8)  # of the articles, the newest first
OLD = 90  # one that was published before the window, and stands on a page in it


class Killed(BaseException):
    """The process is no more."""


@dataclass
class Trouble:
    """What befalls the n-th step, of whatever kind a test chooses; steps are told as they come."""

    at: int
    steps: int = 0
    struck: bool = False

    def strikes(self) -> bool:
        """Count a step; whether it is the one."""
        self.steps += 1
        self.struck = self.struck or self.steps == self.at
        return self.steps == self.at


class Mortal(Writer):
    """A writer that dies before its n-th piece of work."""

    trouble = Trouble(0)

    def submit(self, work: Callable[[Store], Any]) -> Any:
        if self.trouble.strikes():
            raise Killed
        return super().submit(work)

    def keep(self, kept: Kept) -> Any:
        if self.trouble.strikes():
            raise Killed
        return super().keep(kept)


class Site(Asking):
    """Answers from a table; the n-th answer may be a trouble."""

    def __init__(self, pages: Mapping[str, str], trouble: Trouble, outcome: str) -> None:
        self.pages = pages
        self.trouble = trouble
        self.outcome = outcome
        self.named: tuple[str, ...] = ()  # by its robots.txt, once that is read
        self._closed = None

    async def ask(self, url: str, *, in_full: bool = False, more: Mapping[str, str] | None = None) -> Answer:
        if self.trouble.strikes():
            return Answer(url, self.outcome)
        self.named = (f"{HOME}/robots-map.xml",)
        body = self.pages.get(url.removeprefix(HOME) or "/")
        if body is None:
            return Answer(url, "http-404")
        return Answer(url, "ok", HtmlResponse(url, body=body.encode(), encoding="utf-8"))


@dataclass
class Crawl:
    """One process's share: takes up links as Scrapy does, and fetches them while the walk waits."""

    writer: Writer
    wanted: Source
    site: Site
    stop: Trouble
    fail: Trouble
    fetched: Counter[str]
    stopping: bool = False
    queue: list[Link] = field(default_factory=list)

    async def run(self, number: int) -> None:
        doors = StoreDoors(self.writer, self.wanted.name)
        backfill = await asyncio.wrap_future(self.writer.submit(lambda store: store.backfills.get(number)))
        past = Past(
            backfill,
            self.wanted,
            self.site,
            doors,
            Reach(self.wanted),
            Tally(),
            self.writer,
            lambda listing, url: listing.next_page,
            lambda: self.idle(doors),
            self.is_stopping,
            lambda: self.site.named,
        )
        async for link in past.links():
            if self.is_stopping():
                break
            self.queue.append(link)
        await self.idle(doors)

    def is_stopping(self) -> bool:
        self.stopping = self.stopping or self.stop.strikes()
        return self.stopping

    async def idle(self, doors: StoreDoors) -> None:
        while self.queue and not self.is_stopping():
            link = self.queue.pop(0)
            if self.fail.strikes():
                await doors.mark(link, fate("timeout", link.attempts, utc_now()))
            else:
                await doors.keep(kept(link))
                self.fetched[link.key] += 1


@dataclass(frozen=True)
class Ground:
    """A store, and a backfill of a site begun in it."""

    store: Path
    wanted: Source
    pages: Mapping[str, str]

    def run(
        self, *, kill: int = 0, stop: int = 0, fail: int = 0, ask: int = 0, outcome: str = "timeout"
    ) -> tuple[bool, Counter[str]]:
        """Crawl until the backfill has ended; whether the trouble came, and what was fetched how often."""
        fetched: Counter[str] = Counter()
        troubles = (Trouble(kill), Trouble(stop), Trouble(fail), Trouble(ask))
        with Store.open(self.store) as store:
            number = store.backfills.begin(self.wanted.name, SINCE, UNTIL, utc_now()).id
            for _ in range(4):
                self._crawl(number, troubles, outcome, fetched)
                if store.backfills.get(number).ended_at is not None:
                    return any(one.struck for one in troubles), fetched
        raise AssertionError("it never ends")

    def _crawl(self, number: int, troubles: tuple[Trouble, ...], outcome: str, fetched: Counter[str]) -> None:
        kill, stop, fail, ask = troubles
        writer = Mortal(self.store)
        writer.trouble = kill
        site = Site(self.pages, ask, outcome)
        try:
            asyncio.run(Crawl(writer, self.wanted, site, stop, fail, fetched).run(number))
        except Killed:
            assert kill.struck
        finally:
            writer.close()


def kept(link: Link) -> Kept:
    number = int(link.key.rpartition("post")[2])
    published = Dating(UNTIL - timedelta(days=number), "second", "json-ld")
    page = Page(link.url, 200, (), utc_now(), b"<p>x</p>")
    article = Article(
        link.key, link.source, link.url, f"Tin {number}", None, "Thân bài.", (), None, (), published, ()
    )
    return Kept(link.key, page, article, ())


def address(number: int) -> str:
    return f"{HOME}/tin-{number}-post{number}.html"


def sitemap(*addresses: str) -> str:
    return f"<urlset>{''.join(f'<url><loc>{one}</loc></url>' for one in addresses)}</urlset>"


def index(*addresses: str) -> str:
    files = "".join(f"<sitemap><loc>{one}</loc></sitemap>" for one in addresses)
    return f"<sitemapindex>{files}</sitemapindex>"


def listing(numbers: Iterable[int], following: str | None) -> str:
    links = "".join(f'<a href="{address(number)}">Tin số {number} của tỉnh</a>' for number in numbers)
    return f"<html><body>{links}{f'<a rel=next href={following}>sau</a>' if following else ''}</body></html>"


def by_sitemaps(folder: Path) -> Ground:
    files = [f"{HOME}/bai-{number}.xml" for number in range(3)]
    pages = {"/": "<html>bao</html>", "/robots-map.xml": index(*files)}
    for place in range(3):
        pages[f"/bai-{place}.xml"] = sitemap(*map(address, NUMBERS[3 * place : 3 * place + 3]))
    return Ground(folder / "s.sqlite", Source("bao", HOME, article=SHAPE), pages)


def by_archives(folder: Path) -> Ground:
    pages = {
        "/2026/05": listing(NUMBERS[:5], "/2026/05?page=2"),
        "/2026/05?page=2": listing(NUMBERS[5:6], None),
    }
    pages["/2026/04"] = listing(NUMBERS[6:], None)
    archives = (f"{HOME}/{{year}}/{{month}}",)
    return Ground(
        folder / "s.sqlite",
        Source("bao", HOME, article=SHAPE, sitemaps=(f"{HOME}/none.xml",), archives=archives),
        pages,
    )


def by_listings(folder: Path) -> Ground:
    menu = '<nav><a href="/kinh-te">Kinh tế</a><a href="/xa-hoi">Xã hội</a></nav>'
    pages = {"/": menu + listing(NUMBERS[:2], None)}
    pages |= {
        "/kinh-te": listing(NUMBERS[:3], "/kinh-te?page=2"),
        "/kinh-te?page=2": listing(NUMBERS[3:5], None),
    }
    pages |= {
        "/xa-hoi": listing((*NUMBERS[4:6], OLD), "/xa-hoi?page=2"),
        "/xa-hoi?page=2": listing(NUMBERS[6:], None),
    }
    return Ground(folder / "s.sqlite", Source("bao", HOME, article=SHAPE), pages)


SITES = (by_sitemaps, by_archives, by_listings)


def each_once(place: Ground) -> Counter[str]:
    """What is to be fetched of a site."""
    named = {int(number) for page in place.pages.values() for number in re.findall(r"post(\d+)", page)}
    return Counter({f"bao:post{number}": 1 for number in named})


def every_step(
    make: Callable[[Path], Ground], folder: Path, **trouble: Any
) -> Iterator[tuple[int, Counter[str]]]:
    """What is fetched when the trouble comes at the first step, the second, to the last."""
    (kind,) = (name for name, at in trouble.items() if at is ...)
    empty = folder / "empty.sqlite"
    Store.open(empty).close()
    for at in range(1, 1000):
        place = folder / str(at)
        place.mkdir()
        shutil.copyfile(empty, place / "s.sqlite")
        struck, fetched = make(place).run(**{**trouble, kind: at})
        yield at, fetched
        if not struck:
            return


@pytest.mark.parametrize("make", SITES)
@pytest.mark.parametrize("kind", ["kill", "stop", "fail"])
def test_a_backfill_interrupted_at_any_step_brings_everything_once(
    make: Callable[[Path], Ground], kind: str, tmp_path: Path
) -> None:
    for at, fetched in every_step(make, tmp_path, **{kind: ...}):
        assert fetched == each_once(make(tmp_path)), f"{kind} at step {at}"


@pytest.mark.parametrize("make", SITES)
@pytest.mark.parametrize("outcome", ["timeout", BUDGET])
def test_a_place_that_fails_for_once_is_read_by_the_next_crawl(
    make: Callable[[Path], Ground], outcome: str, tmp_path: Path
) -> None:
    for at, fetched in every_step(make, tmp_path, ask=..., outcome=outcome):
        assert fetched == each_once(make(tmp_path)), f"{outcome} for request {at}"


@pytest.mark.parametrize("make", SITES)
def test_what_a_daily_crawl_found_and_did_not_fetch_is_fetched_with_the_rest(
    make: Callable[[Path], Ground], tmp_path: Path
) -> None:
    found = [FoundLink(f"bao:post{n}", address(n), "feed", f"{HOME}/rss") for n in (1, 7, 50)]

    def with_links(folder: Path) -> Ground:
        place = make(folder)
        with Store.open(place.store) as store:
            store.links.offer("bao", found, utc_now())
        return place

    wanted = each_once(make(tmp_path)) + Counter(["bao:post50"])  # which no place of the backfill shows
    for at, fetched in every_step(with_links, tmp_path, stop=...):
        assert fetched == wanted, f"stop at step {at}"
