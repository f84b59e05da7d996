"""The base spider: finds a paper's articles by every way it has, fetches each once, has it kept."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.config import load
from crawler.crawling.asking import Asking
from crawler.crawling.backfilling import Past
from crawler.crawling.discovery import Discovery
from crawler.crawling.doors import Doors, Judged
from crawler.crawling.failures import Refused, reason_of
from crawler.crawling.listings import Listing
from crawler.crawling.looking import Looking
from crawler.crawling.offers import Reach
from crawler.crawling.outcome import WORKING
from crawler.crawling.politeness import Robots, retry_after
from crawler.crawling.retrying import Fate, fate, gives_up, is_blocking
from crawler.crawling.session import Session
from crawler.crawling.sitemaps import Window
from crawler.crawling.tally import Tally
from crawler.crawling.told import ASKED_TO_WAIT, BUDGET
from crawler.crawling.walking import looks_back_to
from crawler.crawling.walls import is_page
from crawler.crawling.ways import Look, Ways
from crawler.errors import DiembaoError, UsageError
from crawler.judging import compile_rules
from crawler.reading import Hints
from crawler.times import quiet_from, quiet_until, utc_now
from crawler.urls import authority
from storage.records import FoundLink, Kept, Link, Page, Way

log = logging.getLogger(__name__)

_MOST_LISTINGS = 40  # configured, or sections that were found
_NO_DISCOVERY = {"dns", "refused-connection", "unreachable", "tls", "private-address"}


class Paper(Spider):
    """One paper. A file in spiders/ overrides only what its site does differently."""

    name = "paper"
    session: Session | None = None  # None until the crawl begins, unless given

    def __init__(self, session: Session | None = None, limit: int | str | None = None, **kwargs: Any) -> None:
        """`limit` is the most articles to fetch in this crawl; None: no limit."""
        super().__init__(**kwargs)
        self.session = session
        self._room = int(limit) if limit is not None else None
        self._taken: set[str] = set()  # keys asked for in this crawl
        self._pending = 0  # articles asked for and not settled yet
        self._streak = 0  # blocking failures in a row
        self._stopping = False
        self._timer: asyncio.TimerHandle | None = None  # winds up before the deadline
        self._quiet: asyncio.TimerHandle | None = None  # winds up when quiet hours begin

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """As Scrapy makes it; the session is begun by `start`, so that `scrapy shell` begins none."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.finish, signal=signals.spider_closed)
        return spider

    # What a file in spiders/ may override.

    def listings(self) -> tuple[str, ...]:
        """The listings to read, as configured."""
        return self._held.source.listings

    def next_page(self, listing: Listing, url: str) -> str | None:
        """The page after a listing's page; None: it is the last."""
        return listing.next_page

    def listing_address(self, url: str) -> str:
        """The one spelling of a listing's address."""
        return url

    # The crawl.

    async def start(self) -> AsyncIterator[Request]:
        """Every article to be fetched: what the ways show, then what earlier crawls left open."""
        if self.session is None:
            self.session = Session.begin(*self._configured())
        self.session.spider = self
        self._reach = _reach(self.session)
        soft = self.session.soft_deadline.total_seconds()
        self._timer = asyncio.get_running_loop().call_later(soft, self.wind_up, "deadline")
        if self.session.paused is not None:
            home = self.session.source.home
            self._tally.ways.append(Way("home", home, "asked-to-wait", 0))
            return
        self._keep_quiet(self.session)
        if self.session.tally.ended_by:  # asked to stop before it began
            self.wind_up("stopped")
            return
        try:
            async for link in self._past() if self.session.backfill else self._links():
                if self._stopping:
                    break
                if request := self._request(link):
                    yield request
            await self._look_again(self.session)
        except Exception as error:
            self._broke(error)

    async def _look_again(self, session: Session) -> None:
        """Known articles, once the new ones are asked for, and only where the paper answers well."""
        most = session.config.crawl.looks
        if most and self._room is None and not self._stopping and self._works():
            await Looking(self.crawler, session, self._reach).look_again(most, lambda: self._stopping)

    def _keep_quiet(self, session: Session) -> None:
        """Wind up when quiet hours begin, unless a person wants it now."""
        quiet, now = session.source.quiet_hours, utc_now()
        if quiet is not None and not session.by_hand:
            seconds = 0.0 if quiet_until(quiet, now) else (quiet_from(quiet, now) - now).total_seconds()
            self._quiet = asyncio.get_running_loop().call_later(seconds, self.wind_up, "quiet-hours")

    async def article(self, response: Response, link: Link) -> None:
        """An article's page came: read, judge and keep it, or name why not."""
        self._tally.counts["fetched"] += response.status == 200  # what says it is not there is no page
        try:
            await self._received(response, link)
        except Exception as error:
            self._broke(error)
        finally:
            self._pending -= 1

    async def missed(self, failure: Failure) -> None:
        """An article's page did not come."""
        error = failure.value or RuntimeError("a failure without an error")
        link: Link = failure.request.cb_kwargs["link"]  # type: ignore[attr-defined]  # set by Scrapy
        try:
            reason = reason_of(error)
            if isinstance(error, Refused):
                log.info("%s: %s", link.url, error)
            await self._missed(link, reason)
        except Exception as trouble:
            self._broke(trouble)
        finally:
            self._pending -= 1

    def wind_up(self, why: str) -> None:
        """Take up no more links; those being fetched are finished, the others stay open."""
        if self._stopping:
            return
        self._stopping = True
        log.info("%s: winding up: %s", self.name, why)
        asyncio.ensure_future(self.crawler.engine.close_spider_async(reason=why))  # noqa: RUF006 - the engine awaits it

    def finish(self) -> None:
        """The crawl has ended: say how it went."""
        for timer in (self._timer, self._quiet):
            if timer is not None:
                timer.cancel()
        if self.session is not None:
            self.session.finish(self.traffic())

    def traffic(self) -> dict[str, int]:
        """Requests made and bytes received, redirects and polls included."""
        stats = self.crawler.stats
        return {
            "requests": stats.get_value("downloader/request_count", 0),
            "bytes": stats.get_value("downloader/response_bytes", 0),
        }

    @property
    def _held(self) -> Session:
        assert self.session is not None
        return self.session

    @property
    def _tally(self) -> Tally:
        return self._held.tally

    @property
    def _doors(self) -> Doors:
        return self._held.doors

    def _configured(self) -> tuple[Any, Any]:
        config = load()
        source = config.sources.get(self.name)
        if source is None:
            raise UsageError.unknown("source", self.name, config.sources)
        compile_rules(config.rules)
        return config, source

    async def _links(self) -> AsyncIterator[Link]:
        ways = self._ways(await self._doors.last_good())
        source = self._held.source
        for link in await ways.feeds_and_sitemaps(source.feeds, source.sitemaps):
            yield link
        async for link in self._listed(ways, self.listings()):
            yield link
        async for link in self._listed(ways, source.json_listings, json=True):
            yield link
        async for link in self._searched(ways):
            yield link
        if self._wants_sections() or (ways.overflowed and not self._works("sitemap")):
            async for link in self._listed(ways, tuple(ways.sections)):
                yield link
        await ways.settle()
        if self._works():
            for link in await self._doors.waiting():
                yield link

    async def _past(self) -> AsyncIterator[Link]:
        """The links of a backfill; a daily crawl that wishes for the host ends this one."""
        held = self._held
        assert held.backfill is not None
        watching = asyncio.ensure_future(self._give_way())
        self._asking = Asking(self.crawler, self._doors, conditional=held.source.conditional)
        robots = self.crawler.get_downloader_middleware(Robots)
        home = authority(held.source.home)
        past = Past(
            held.backfill,
            held.source,
            self._asking,
            self._doors,
            self._reach,
            self._tally,
            held.desk.writer,
            self.next_page,
            self._idle,
            lambda: self._stopping or self._room == 0,
            (lambda: robots.sitemaps(home)) if robots else tuple,
        )
        try:
            async for link in past.links():
                yield link
        finally:
            watching.cancel()

    async def _give_way(self) -> None:
        while not self._held.lock.is_wished():
            await asyncio.sleep(1)
        self._held.stopped()
        self.wind_up("another crawl wishes for the host")

    async def _idle(self) -> None:
        """Until every article asked for is settled, or the crawl winds up."""
        while self._pending and not self._stopping:
            await asyncio.sleep(0.05)

    async def _searched(self, ways: Ways) -> AsyncIterator[Link]:
        """Where no feed or sitemap works, what the paper names itself; where nothing works, a search."""
        discovery = self._discovery(ways)
        if ways.overflowed and not self._works("sitemap", "listing"):
            async for links in discovery.search(self.next_page):
                for link in links:
                    yield link
        elif self._works() and not self._works("feed", "sitemap"):
            for link in await discovery.named():
                yield link
        elif not self._works() and self._may_search():
            async for links in discovery.search(self.next_page):
                for link in links:
                    yield link

    def _wants_sections(self) -> bool:
        """A sitemap has everything; a feed has the newest only, so that listings must say the rest."""
        configured = bool(self._held.source.listings)
        return not self._works("sitemap") and not (configured and self._works("feed"))

    async def _listed(
        self, ways: Ways, listings: tuple[str, ...], *, json: bool = False
    ) -> AsyncIterator[Link]:
        """The listings that were not read yet in this crawl, a bounded number of them."""
        read = {self.listing_address(way.url) for way in self._tally.ways}
        wanted = [url for url in dict.fromkeys(map(self.listing_address, listings)) if url not in read]
        self._tally.beyond("listings", max(0, len(wanted) - _MOST_LISTINGS))
        for url in wanted[:_MOST_LISTINGS]:
            async for links in ways.listing(url, self.next_page, json=json):
                for link in links:
                    yield link

    def _ways(self, last_good: datetime | None) -> Ways:
        now = utc_now()
        crawl = self._held.config.crawl
        since = looks_back_to(now - crawl.look_back, last_good)
        look = Look(Window(since, crawl.look_back_links), now)
        self._asking = Asking(self.crawler, self._doors, conditional=self._held.source.conditional)
        return Ways(self._asking, self._doors, self._reach, self._tally, look)

    def _discovery(self, ways: Ways) -> Discovery:
        robots = self.crawler.get_downloader_middleware(Robots)
        home = authority(self._held.source.home)
        named = (lambda: robots.sitemaps(home)) if robots else tuple
        return Discovery(self._asking, ways, self._doors, self._reach, self._tally, named)

    def _works(self, *kinds: str) -> bool:
        """Whether a way works, of these kinds or of any."""
        ways = self._tally.ways
        return any(way.outcome in WORKING for way in ways if not kinds or way.kind in kinds)

    def _may_search(self) -> bool:
        """Whether to look for other ways: not at a host that answers nothing at all."""
        outcomes = {way.outcome for way in self._tally.ways}
        return not outcomes or not outcomes <= _NO_DISCOVERY

    def _request(self, link: Link) -> Request | None:
        if link.key in self._taken or self._room == 0:
            return None
        self._taken.add(link.key)
        self._pending += 1
        self._tally.counts["new"] += link.state == "new"
        if self._room is not None:
            self._room -= 1
        return Request(
            link.url, self.article, errback=self.missed, cb_kwargs={"link": link}, dont_filter=True
        )

    async def _received(self, response: Response, link: Link) -> None:
        if response.status != 200:
            await self._missed(link, f"http-{response.status}", response)
        elif not response.body:
            await self._missed(link, "empty-page")
        elif not is_page((response.headers.get("Content-Type") or b"").decode("latin-1"), response.body):
            await self._missed(link, "not-html")
        elif (key := self._reach.answered(link, response.url)) != link.key:
            await self._led_elsewhere(response, link, key)
        else:
            await self._read(response, link)

    async def _led_elsewhere(self, response: Response, link: Link, key: str | None) -> None:
        """A redirect to another article, which is offered under its own key, or to no article at all."""
        if key is not None:
            found = FoundLink(key, response.url, link.found_in, link.found_at, link.dated, None, link.lead)
            for other in await self._doors.seen([found]):
                if request := self._request(other):
                    self.crawler.engine.crawl(request)
        await self._missed(link, "redirected-to-another")

    async def _read(self, response: Response, link: Link) -> None:
        self._streak = 0
        source, tally = self._held.source, self._tally.readings
        page = Page(response.url, response.status, _headers(response), utc_now(), response.body)
        compare = tally.wants_comparing
        hints = Hints(
            source.name, link.key, source.selectors, link.dated, source.home, source.province, compare
        )
        judged = await self._held.readers.judge(page, hints)
        if isinstance(judged, str):
            await self._missed(link, judged.partition(":")[0])
            return
        tally.add(judged, source.selectors)
        await self._judged(link, page, judged)

    async def _judged(self, link: Link, page: Page, judged: Judged) -> None:
        reading = judged.reading
        if reading.article is None:
            await self._missed(link, reading.refused or reading.kind)
        else:
            kept = Kept(link.key, page, reading.article, judged.flags, reading.layers, judged.cited)
            self._tally.kept(await self._doors.keep(kept), judged)

    async def _missed(self, link: Link, reason: str, response: Response | None = None) -> None:
        if reason == BUDGET:  # it was not asked for: the link stays as it is
            return
        if reason == ASKED_TO_WAIT:  # nor was this, and the next would not be either
            self._held.leave()
            return
        now = utc_now()
        until = retry_after(response, now) if response is not None else None
        decided = fate(reason, link.attempts, now, until)
        await self._doors.mark(link, decided)
        self._tally.missed(decided)
        self._count_streak(decided)

    def _count_streak(self, decided: Fate) -> None:
        """A host that fails us again and again is left alone until the next crawl."""
        self._streak = self._streak + 1 if is_blocking(decided.reason) else 0
        if gives_up(self._streak):
            self._tally.gave_up = decided.reason
            self.wind_up(decided.reason)

    def _broke(self, error: Exception) -> None:
        """What we cannot go on after: the disk is full, or we are wrong. No link counts as done by it."""
        if self.session is None:
            raise error
        told = isinstance(error, DiembaoError)
        if not told:
            log.error("%s: an error of our own", self.name, exc_info=error)
        self._tally.broke = str(error) if told else f"an error of our own: {type(error).__name__}: {error}"
        self.wind_up("broken")


def _reach(session: Session) -> Reach:
    own = session.source
    others = session.config.sources.values()
    return Reach(own, tuple(one for one in others if one.name != own.name))


def _headers(response: Response) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
