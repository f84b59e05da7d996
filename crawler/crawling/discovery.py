"""Finding the ways of a source that is given by its home alone, or whose ways all fail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urljoin

from crawler.crawling.asking import Answer, Asking
from crawler.crawling.doors import Doors
from crawler.crawling.jsonlists import candidates as json_candidates
from crawler.crawling.listings import parse_listing
from crawler.crawling.offers import Reach
from crawler.crawling.outcome import WORKING
from crawler.crawling.tally import Tally
from crawler.crawling.ways import NextPage, Ways
from crawler.times import utc_now
from crawler.urls import same_site
from storage.records import Link, Validators, Way

_FEEDS = ("/rss/home.rss", "/rss", "/feed/", "/rss.xml", "/feed.xml", "/atom.xml")
_SITEMAPS = ("/sitemap.xml", "/wp-sitemap.xml", "/sitemap_index.xml", "/news-sitemap.xml")
_MOST_FEEDS = 5
_MOST_SITEMAPS = 3
_MISSING = {"empty", "http-404", "http-410", "not-a-feed", "not-a-sitemap", "redirected-home"}
_ANEW = timedelta(days=1)  # after which a usual address that led to nothing is tried once more


@dataclass(frozen=True, slots=True)
class Candidates:
    """What may be a way, best first."""

    feeds: tuple[str, ...]
    sitemaps: tuple[str, ...]


def candidates(home: str, alternates: Iterable[str], robots: Iterable[str]) -> Candidates:
    """What a paper's own pages and its robots.txt name."""
    feeds = [href for href in alternates if "comments" not in href]
    sitemaps = [url for url in robots if same_site(url, home)]
    return Candidates(
        tuple(dict.fromkeys(feeds))[:_MOST_FEEDS],
        tuple(dict.fromkeys(sitemaps))[:_MOST_SITEMAPS],
    )


def is_worth_asking(known: Validators | None, now: datetime) -> bool:
    """Whether a usual address is tried: not again within a day of having led to nothing.

    `known` is what its last answer gave; None: it was never asked.
    """
    if known is None or known.links or known.settled_at is None:
        return True
    return not timedelta() <= now - known.settled_at < _ANEW


@dataclass(frozen=True, slots=True)
class Discovery:
    """Looks for ways at one source."""

    asking: Asking
    ways: Ways
    doors: Doors
    reach: Reach
    tally: Tally
    robots: Callable[[], tuple[str, ...]]  # the sitemaps that robots.txt names, once it has been read

    async def named(self) -> tuple[Link, ...]:
        """Ask the feeds and sitemaps that the listings read so far and robots.txt name."""
        found = candidates(self.reach.source.home, self.ways.alternates, self.robots())
        return await self._asked("feed", found.feeds) + await self._asked("sitemap", found.sitemaps)

    async def search(self, next_page: NextPage) -> AsyncIterator[tuple[Link, ...]]:
        """Ask the home page, then what it names, then what papers usually have."""
        home = self.reach.source.home
        answer = await self.asking.ask(home, in_full=True)
        if answer.leads_to:
            self.tally.moved_to = answer.leads_to
        if answer.response is None:
            self._tell(answer, 0)
            return
        listing = await asyncio.to_thread(parse_listing, answer.text, answer.address)
        self.tally.candidates = json_candidates(answer.text, home)
        named = candidates(home, [one.href for one in listing.alternates], self.robots())
        self._tell(answer, len(listing.offers))
        yield await self._first_working("feed", named.feeds, _FEEDS)
        yield await self._first_working("sitemap", named.sitemaps, _SITEMAPS)
        if not any(way.kind == "listing" and way.url == home for way in self.tally.ways):
            async for links in self.ways.listing(home, next_page, answer):
                yield links

    async def _first_working(
        self, kind: str, named: tuple[str, ...], usual: tuple[str, ...]
    ) -> tuple[Link, ...]:
        """All that were named; if none of them works, the usual ones until one does."""
        links = await self._asked(kind, named)
        for path in usual:
            if self._works(kind):
                break
            url = urljoin(self.reach.source.home, path)
            known = await self.doors.validators(url)
            if is_worth_asking(known, utc_now()):
                links += await self._asked(kind, (url,))
                await self._remember_missing(url, known)
        return links

    async def _remember_missing(self, url: str, known: Validators | None) -> None:
        """Note that a usual address leads to nothing, unless it is one that has shown links before."""
        missing = any(way.url == url and way.outcome in _MISSING for way in self.tally.ways)
        if missing and (known is None or not known.links):
            await self.doors.remember(url, Validators(None, None, 0, links=0, settled_at=utc_now()))

    async def _asked(self, kind: str, urls: tuple[str, ...]) -> tuple[Link, ...]:
        asked = tuple(url for url in urls if not any(way.url == url for way in self.tally.ways))
        if kind == "feed":
            return await self.ways.feeds_and_sitemaps(asked, ())
        return await self.ways.feeds_and_sitemaps((), asked)

    def _works(self, kind: str) -> bool:
        return any(way.kind == kind and way.outcome in WORKING for way in self.tally.ways)

    def _tell(self, answer: Answer, links: int) -> None:
        """The home page by itself is no way; it is told when it answers badly."""
        if answer.outcome not in WORKING:
            self.tally.ways.append(Way("home", answer.url, answer.outcome, links))
