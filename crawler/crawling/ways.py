"""The ways of finding: each feed, sitemap and listing asked in turn, its links offered, its fortune told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from crawler.crawling.accounting import Accounting
from crawler.crawling.asking import Answer, Asking
from crawler.crawling.doors import Doors
from crawler.crawling.feeds import parse_feed
from crawler.crawling.jsonlists import AJAX, is_json, parse_json_listing
from crawler.crawling.listings import Listing, parse_listing
from crawler.crawling.offers import Offer, Place, Reach, merged_all
from crawler.crawling.sitemap_walk import SitemapWalk
from crawler.crawling.sitemaps import Window, within
from crawler.crawling.tally import Tally
from crawler.crawling.walking import Pages, known_ground, overflows
from storage.records import FoundLink, Link, Way

_NO_SUCH_PAGE = {"http-404", "http-410", "redirected-home", "empty"}  # what follows a listing's last page

NextPage = Callable[[Listing, str], str | None]  # (a listing page, its address) → the page after it


@dataclass(frozen=True, slots=True)
class Look:
    """How far one crawl looks."""

    window: Window
    now: datetime


class Ways:
    """Asks ways and offers what they show; whatever it returns is to be fetched."""

    def __init__(self, asking: Asking, doors: Doors, reach: Reach, tally: Tally, look: Look) -> None:
        self._asking = asking
        self._doors = doors
        self._reach = reach
        self._tally = tally
        self._look = look
        self._accounting = Accounting(doors, reach, tally)
        self._walked: list[tuple[Answer, int]] = []  # listings, with the links each showed
        self.overflowed = False  # a feed shows nothing that we know: what it lost is to be found elsewhere
        self.sections: dict[str, None] = {}  # what looks like a section on listings, in the order seen
        self.alternates: dict[str, None] = {}  # feeds that listings name in their heads

    async def feeds_and_sitemaps(self, feeds: tuple[str, ...], sitemaps: tuple[str, ...]) -> tuple[Link, ...]:
        """All of them, merged by key and offered together; the links to be fetched."""
        fed = [await self._feed(url) for url in feeds]
        for answer, shown in fed:
            await self._note_overflow(answer, shown)
        walks = [await self._sitemap(url) for url in sitemaps]
        found = [link for _, links in fed for link in links]
        recent, old = self._recent(walks, found)
        links = await self._doors.seen(merged_all((*found, *recent)))
        await self._doors.leave(old, "older-than-look-back")
        for answer, shown in fed:
            await self._asking.remember(answer, len(shown))
        for answer, count in (one for walk in walks for one in walk.answers):
            await self._asking.remember(answer, count)
        return links

    async def listing(
        self, url: str, next_page: NextPage, asked: Answer | None = None, *, json: bool = False
    ) -> AsyncIterator[tuple[Link, ...]]:
        """A listing page by page, for as long as pages show links that are new.

        A walk that was cut short before it met known ground is walked again in full: what it fetched
        meanwhile is known, but not since the listing was last read to its end. `asked` is the first page, if
        it is at hand; `json`: the CMS serves it as JSON to its own pages alone.
        """
        more = AJAX if json else None
        first = answer = asked or await self._asking.ask(url, in_full=self.overflowed, more=more)
        if first.response is None:
            self._tell("listing", url, first.outcome, _known_links(first))
            self._walked.append((first, _known_links(first)))
            return
        if json and not is_json(first.text):
            self._tell("listing", url, "not-json", 0)
            return
        ground = known_ground(first.known.settled_at if first.known else None, self._look.now)
        pages = Pages(ground, self._look.now, self._look.window.least)
        while pages.goes_on:
            listing = await self._parsed(answer)
            following = listing.next_page if is_json(answer.text) else next_page(listing, answer.address)
            self._tally.beyond("listing", listing.beyond)
            if pages.read == 0 and following:
                await self._asking.remember_unfinished(first)
            found = await self._accounting.of(listing.offers, Place("listing", answer.address, url))
            self._note(listing)
            unseen = pages.unseen(found)
            if pages.read == 0:
                await self._doubt(first, unseen)
            first_seen = await self._doors.first_seen([link.key for link in unseen])
            new = await self._doors.seen(unseen)
            pages.saw(unseen, dict(first_seen), len(new))
            yield new
            if following is None or not pages.goes_on:
                break
            answer = await self._asking.ask(following, in_full=True, more=more)
            if answer.response is None:
                break
        self._end_of_walk(first, pages, answer)

    async def _parsed(self, answer: Answer) -> Listing:
        """HTML, or the JSON that some CMSs serve; JSON that cannot be read shows nothing."""
        if is_json(answer.text):
            told = await asyncio.to_thread(parse_json_listing, answer.text, answer.address, self._look.now)
            return told or Listing((), None, ())
        return await asyncio.to_thread(parse_listing, answer.text, answer.address)

    def _end_of_walk(self, first: Answer, pages: Pages, last: Answer) -> None:
        """Only a walk that no failing page cut short has made known ground of what it showed."""
        url = first.url
        self._tell("listing", url, "ok" if pages.shown else "empty", len(pages.shown))
        self._tally.left_out("listing-pages", int(pages.cut_off))
        if last.response is not None or last.outcome in _NO_SUCH_PAGE:
            self._walked.append((first, len(pages.shown)))
        else:
            self._tally.left_out(f"listing-page-{last.outcome}", 1)

    async def _note_overflow(self, answer: Answer, shown: tuple[FoundLink, ...]) -> None:
        keys = [link.key for link in shown]
        known = await self._doors.first_seen(keys)
        if overflows(keys, list(known), was_read=answer.known is not None):
            self.overflowed = True
            self._tally.counts["overflowed"] += 1

    async def _doubt(self, answer: Answer, shown: Sequence[FoundLink]) -> None:
        """See whether an answer has what its server hid behind "unchanged"."""
        if answer.known is not None and answer.known.unchanged and not answer.conditional:
            known = await self._doors.first_seen([link.key for link in shown])
            await self._asking.doubt(answer, news=len(known) < len(shown))

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

    def _recent(
        self, walks: list[SitemapWalk], fed: list[FoundLink]
    ) -> tuple[tuple[FoundLink, ...], tuple[FoundLink, ...]]:
        """The sitemaps' links inside the window, and those that are left to `backfill`."""
        mapped = merged_all(link for walk in walks for link in walk.links)
        least = max(0, self._look.window.least - sum(walk.known for walk in walks))
        taken, _ = within(mapped, Window(self._look.window.since, least))
        self._tally.left_out("sitemap-files", sum(walk.left for walk in walks))
        taken_keys = {link.key for link in (*taken, *fed)}
        old = tuple(link for link in mapped if link.key not in taken_keys)
        self._tally.left_out("older-than-look-back", len(old))
        self._tally.found.difference_update(link.key for link in old)
        return taken, old

    async def _feed(self, url: str) -> tuple[Answer, tuple[FoundLink, ...]]:
        answer = await self._asking.ask(url)
        if answer.response is None:
            self._tell("feed", url, answer.outcome, _known_links(answer))
            return answer, ()
        feed = await asyncio.to_thread(parse_feed, answer.body, answer.address, self._look.now)
        if not feed.is_feed:
            self._tell("feed", url, "not-a-feed", 0)
            return Answer(url, "not-a-feed"), ()
        links = await self._accounting.of(feed.offers, Place("feed", url))
        await self._doubt(answer, links)
        self._tally.beyond("feed", feed.beyond)
        self._tell("feed", url, "ok" if feed.offers else "empty", len(feed.offers))
        return answer, links

    async def _sitemap(self, url: str) -> SitemapWalk:
        async def mapped(offers: tuple[Offer, ...], file: Answer) -> tuple[FoundLink, ...]:
            links = await self._accounting.of(offers, Place("sitemap", file.url, url))
            await self._doubt(file, links)
            return links

        look = self._look
        walk = SitemapWalk(self._asking, mapped, look.window, look.now, in_full=self.overflowed)
        await walk.read(url)
        self._tally.beyond("sitemap", walk.beyond)
        self._tell("sitemap", url, walk.outcome, len(walk.links) + walk.known)
        return walk

    def _tell(self, kind: Literal["feed", "sitemap", "listing"], url: str, outcome: str, links: int) -> None:
        self._tally.ways.append(Way(kind, url, outcome, links))


def _known_links(answer: Answer) -> int:
    return answer.known.links if answer.outcome == "unchanged" and answer.known else 0
