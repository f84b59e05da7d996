"""The ways of finding: each feed, sitemap and listing asked in turn, its links offered, its fortune told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from crawler.crawling.asking import Answer, Asking, is_unfinished
from crawler.crawling.doors import Doors
from crawler.crawling.feeds import parse_feed
from crawler.crawling.listings import Listing, parse_listing
from crawler.crawling.offers import Offer, Place, Reach, merged_all, sort
from crawler.crawling.sitemap_walk import SitemapWalk
from crawler.crawling.sitemaps import Window, within
from crawler.crawling.tally import Tally
from storage.records import FoundLink, Link, Way

_MOST_PAGES = 30  # of one listing

NextPage = Callable[[Listing, str], str | None]  # (a listing page, its address) → the page after it


@dataclass(frozen=True, slots=True)
class Look:
    """How far one crawl looks."""

    window: Window
    now: datetime


@dataclass(slots=True)
class _Pages:
    """How far a listing has been read."""

    unfinished: bool  # the walk before was cut short
    most: int  # new links
    read: int = 0
    new: int = 0
    shown: set[str] = field(default_factory=set)
    goes_on: bool = True

    def unseen(self, links: tuple[FoundLink, ...]) -> list[FoundLink]:
        """The links of a page that no page before it showed."""
        return [link for link in links if link.key not in self.shown]

    def saw(self, unseen: list[FoundLink], new: int) -> None:
        """A page was read: on, while there is news, or ground that was never read."""
        self.read += 1
        self.new += new
        self.shown.update(link.key for link in unseen)
        more = bool(new) or (self.unfinished and bool(unseen))
        self.goes_on = more and self.read < _MOST_PAGES and self.new < self.most


class Ways:
    """Asks ways and offers what they show; whatever it returns is to be fetched."""

    def __init__(self, asking: Asking, doors: Doors, reach: Reach, tally: Tally, look: Look) -> None:
        self._asking = asking
        self._doors = doors
        self._reach = reach
        self._tally = tally
        self._look = look
        self._walked: list[tuple[Answer, int]] = []  # listings, with the links each showed
        self.sections: dict[str, None] = {}  # what looks like a section on listings, in the order seen
        self.alternates: dict[str, None] = {}  # feeds that listings name in their heads

    async def feeds_and_sitemaps(self, feeds: tuple[str, ...], sitemaps: tuple[str, ...]) -> tuple[Link, ...]:
        """All of them, merged by key and offered together; the links to be fetched."""
        fed = [await self._feed(url) for url in feeds]
        walks = [await self._sitemap(url) for url in sitemaps]
        found = [link for _, links in fed for link in links]
        links = await self._doors.seen(merged_all((*found, *self._recent(walks, found))))
        for answer, shown in fed:
            await self._asking.remember(answer, len(shown))
        for answer, count in (one for walk in walks for one in walk.answers):
            await self._asking.remember(answer, count)
        return links

    async def listing(
        self, url: str, next_page: NextPage, asked: Answer | None = None
    ) -> AsyncIterator[tuple[Link, ...]]:
        """A listing page by page, for as long as pages show links that are new.

        A walk that was cut short before it met known ground is walked again in full: what it fetched
        meanwhile is no longer new, and would hide the pages behind it. `asked` is the first page, if it is
        at hand.
        """
        first = answer = asked or await self._asking.ask(url)
        if first.response is None:
            self._tell("listing", url, first.outcome, _known_links(first))
            self._walked.append((first, _known_links(first)))
            return
        pages = _Pages(is_unfinished(first.known), self._look.window.least)
        while answer.response is not None and pages.goes_on:
            listing = await asyncio.to_thread(parse_listing, answer.text, answer.address)
            following = next_page(listing, answer.address)
            self._note(listing)
            if pages.read == 0 and following:
                await self._asking.remember_unfinished(first)
            unseen = pages.unseen(await self._account(listing.offers, Place("listing", answer.address)))
            new = await self._doors.seen(unseen)
            pages.saw(unseen, len(new))
            yield new
            if following is None or not pages.goes_on:
                break
            answer = await self._asking.ask(following, in_full=True)
        self._tell("listing", url, "ok" if pages.shown else "empty", len(pages.shown))
        self._walked.append((first, len(pages.shown)))

    async def settle(self) -> None:
        """All listings were read, and the sections they name: from now on ask whether they have changed."""
        for answer, count in self._walked:
            await self._asking.remember(answer, count)
        self._walked.clear()

    def _note(self, listing: Listing) -> None:
        """Keep what a listing names besides articles: other listings, and feeds."""
        sections = [one.href for one in listing.offers if self._reach.is_section(one.href)]
        self.sections |= dict.fromkeys(sections)
        self.alternates |= dict.fromkeys(one.href for one in listing.alternates)

    def _recent(self, walks: list[SitemapWalk], fed: list[FoundLink]) -> tuple[FoundLink, ...]:
        """The sitemaps' links inside the window; the others are counted and left to `backfill`."""
        mapped = merged_all(link for walk in walks for link in walk.links)
        least = max(0, self._look.window.least - sum(walk.known for walk in walks))
        taken, left = within(mapped, Window(self._look.window.since, least))
        self._tally.left_out("older-than-look-back", left)
        self._tally.left_out("sitemap-files", sum(walk.left for walk in walks))
        taken_keys = {link.key for link in (*taken, *fed)}
        self._tally.found.difference_update(link.key for link in mapped if link.key not in taken_keys)
        return taken

    async def _feed(self, url: str) -> tuple[Answer, tuple[FoundLink, ...]]:
        answer = await self._asking.ask(url)
        if answer.response is None:
            self._tell("feed", url, answer.outcome, _known_links(answer))
            return answer, ()
        feed = await asyncio.to_thread(parse_feed, answer.body, answer.address, self._look.now)
        if not feed.is_feed:
            self._tell("feed", url, "not-a-feed", 0)
            return Answer(url, "not-a-feed"), ()
        links = await self._account(feed.offers, Place("feed", url))
        self._tell("feed", url, "ok" if feed.offers else "empty", len(feed.offers))
        return answer, links

    async def _sitemap(self, url: str) -> SitemapWalk:
        walk = SitemapWalk(self._asking, self._mapped, self._look.window, self._look.now)
        await walk.read(url)
        self._tell("sitemap", url, walk.outcome, len(walk.links) + walk.known)
        return walk

    async def _mapped(self, offers: tuple[Offer, ...], url: str) -> tuple[FoundLink, ...]:
        return await self._account(offers, Place("sitemap", url))

    async def _account(self, offers: tuple[Offer, ...], place: Place) -> tuple[FoundLink, ...]:
        """Every offer told apart and written down; the links among them."""
        offered = sort(offers, place, self._reach)
        self._tally.offered(offered)
        await self._doors.refuse(offered.refusals)
        return offered.links

    def _tell(self, kind: Literal["feed", "sitemap", "listing"], url: str, outcome: str, links: int) -> None:
        self._tally.ways.append(Way(kind, url, outcome, links))


def _known_links(answer: Answer) -> int:
    return answer.known.links if answer.outcome == "unchanged" and answer.known else 0
