"""A walk into a paper's past: sitemaps, archives, then pages of listings; where it is stands in the store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Literal, TypeVar
from urllib.parse import urljoin

from crawler.config import Source
from crawler.crawling.accounting import Accounting
from crawler.crawling.asking import Answer, Asking
from crawler.crawling.doors import Doors
from crawler.crawling.jsonlists import AJAX, is_json, parse_json_listing
from crawler.crawling.listings import Listing, parse_listing
from crawler.crawling.offers import Offer, Place, Reach
from crawler.crawling.retrying import is_passing
from crawler.crawling.sitemaps import TooLarge, is_older, months_of, newest_first, parse_sitemap, unpacked
from crawler.crawling.tally import Tally
from crawler.crawling.told import BUDGET
from crawler.crawling.writer import Writer
from crawler.times import VIETNAM, utc_now
from crawler.urls import absolute, same_site
from storage.records import Backfill, BackfillPlace, FoundLink, Link, Way
from storage.store import Store

_Result = TypeVar("_Result")
_USUAL = ("/sitemap.xml", "/wp-sitemap.xml", "/sitemap_index.xml")
_MOST_AT_ONCE = 200  # links handed out before the next place is read
_MOST_FILES = 2000  # of one index
_MOST_DEPTH = 3  # index in index
_MOST_PAGES = 5000  # of one listing
_MOST_SECTIONS = 40
_MOST_UNPACKED = 50 * 1024 * 1024  # bytes


def inside(link: FoundLink | Link, since: datetime, until: datetime | None) -> bool:
    """Whether a link may have been published in the window; a last change says only that it is not later."""
    if link.dated is not None:
        return since <= link.dated.at and (until is None or link.dated.at < until)
    return link.modified_at is None or link.modified_at >= since


def archive_pages(template: str, since: datetime, until: datetime) -> Iterator[str]:
    """The addresses of a template's days, or of its months if it names no day, the newest first."""
    day, seen = (until - timedelta(microseconds=1)).astimezone(VIETNAM).date(), set()
    while day >= since.astimezone(VIETNAM).date():
        parts = {"{year}": f"{day:%Y}", "{month}": f"{day:%m}", "{day}": f"{day:%d}"}
        parts |= {"{m}": str(day.month), "{d}": str(day.day)}
        url = template
        for name, value in parts.items():
            url = url.replace(name, value)
        if url not in seen:
            yield url
        seen.add(url)
        day -= timedelta(days=1)


@dataclass(slots=True)
class Past:
    """One crawl's share of a backfill."""

    backfill: Backfill
    source: Source
    asking: Asking
    doors: Doors
    reach: Reach
    tally: Tally
    writer: Writer
    next_page: Callable[[Listing, str], str | None]
    idle: Callable[[], Awaitable[None]]  # returns when everything handed out is fetched, or it is stopping
    stopping: Callable[[], bool]  # whether nothing more is fetched in this crawl
    robots: Callable[[], tuple[str, ...]]
    _accounting: Accounting = field(init=False)
    _handed: set[str] = field(default_factory=set)
    _met: list[Link] = field(default_factory=list)  # found by daily crawls, to be handed out
    _before: frozenset[str] = frozenset()  # keys of the page before
    _tried: set[int] = field(default_factory=set)  # places that could not be read in this crawl
    _cut_short: bool = False  # nothing more can be had now: what was to be read stays open

    def __post_init__(self) -> None:
        """One account for all of its places."""
        self._accounting = Accounting(self.doors, self.reach, self.tally)

    async def links(self) -> AsyncIterator[Link]:
        """Every link to be fetched, place after place; at the end the backfill is told to be done.

        A crawl that is stopping decides nothing any more: what it has not fetched says nothing of the site.
        """
        await self._begin()
        while not self._is_over():
            async for link in self._open():
                yield link
            if self._is_over():
                break
            place = await self._do(lambda store: store.backfills.next_place(self.backfill.id, self._tried))
            if place is not None:
                async for link in self._read(place):
                    yield link
            elif not await self._listings_too() and not await self._others_wait():
                await self._do(lambda store: store.backfills.end(self.backfill.id, utc_now()))
                break

    async def _others_wait(self) -> bool:
        """Whether daily crawls left links of the window open; they are handed out next."""
        since, until = self.backfill.since, self.backfill.until
        waiting = [link for link in await self.doors.waiting() if inside(link, since, until)]
        self._met = [link for link in waiting if link.key not in self._handed]
        return bool(self._met)

    def _is_over(self) -> bool:
        return self._cut_short or self.stopping()

    async def _open(self) -> AsyncIterator[Link]:
        """The links that wait, each handed out once in this crawl.

        With them go those that daily crawls have found and not fetched yet, as far as this crawl met them.
        """
        while True:
            waiting = await self._do(
                lambda store: store.links.backfilled(
                    self.source.name, utc_now(), _MOST_AT_ONCE + len(self._handed)
                )
            )
            met, self._met = self._met, []
            fresh = [link for link in (*waiting, *met) if link.key not in self._handed]
            if not fresh:
                return
            self._handed |= {link.key for link in fresh}
            for link in fresh:
                yield link
            await self.idle()

    async def _begin(self) -> None:
        if await self._do(lambda store: store.backfills.places(self.backfill.id)):
            return
        home = self.source.home
        maps = self.source.sitemaps
        if not maps:
            answer = await self.asking.ask(home, in_full=True)  # so that robots.txt is read
            if self._cannot_be_had_now(answer):
                return
            maps = tuple(dict.fromkeys((*self.robots(), *(urljoin(home, path) for path in _USUAL))))
        until = self.backfill.until or utc_now()
        archives = [
            BackfillPlace("archive", url)
            for template in self.source.archives
            for url in archive_pages(template, self.backfill.since, until)
        ]
        await self._add([*(BackfillPlace("sitemap", url) for url in maps), *archives])

    async def _listings_too(self) -> bool:
        """Whether listings are left to walk: only where neither sitemaps nor archives have shown anything."""
        number = self.backfill.id
        if await self._do(
            lambda store: (
                store.backfills.worked(number, "sitemap")
                or store.backfills.worked(number, "archive")
                or store.backfills.worked(number, "listing")
            )
        ):
            return False
        before = await self._do(lambda store: store.backfills.places(number))
        if dict(before).get("open"):  # they were tried in vain: it is not known yet what they show
            return False
        listings = await self._listings()
        if self._is_over():
            return True
        await self._add([BackfillPlace("listing", url) for url in listings])
        after = await self._do(lambda store: store.backfills.places(number))
        return before != after

    async def _listings(self) -> Sequence[str]:
        if known := (*self.source.listings, *self.source.json_listings):
            return known
        answer = await self.asking.ask(self.source.home, in_full=True)
        if answer.response is None:
            return () if self._cannot_be_had_now(answer) else (self.source.home,)
        offers = parse_listing(answer.text, answer.address).offers
        sections = [one.href for one in offers if self.reach.is_section(one.href)]
        self.tally.beyond("listings", max(0, len(sections) - _MOST_SECTIONS))
        return (self.source.home, *sections[:_MOST_SECTIONS])

    async def _read(self, place: BackfillPlace) -> AsyncIterator[Link]:
        more = AJAX if place.url in self.source.json_listings or "list-post-by" in place.url else None
        answer = await self.asking.ask(place.url, in_full=True, more=more)
        if answer.response is None:
            await self._not_read(place, answer)
        elif place.kind == "sitemap":
            await self._read_sitemap(place, answer)
        else:
            async for link in self._read_page(place, answer):
                yield link

    def _cannot_be_had_now(self, answer: Answer) -> bool:
        """Whether an answer says nothing for good; where nothing else can be had now either, it is over."""
        if answer.response is not None or not (self.stopping() or is_passing(answer.outcome)):
            return False
        self.tally.ways.append(Way("home", answer.url, answer.outcome, 0))
        self._cut_short = True
        return True

    async def _not_read(self, place: BackfillPlace, answer: Answer) -> None:
        """A place that may yet be had stays open, to be tried in later crawls, though not without end."""
        self._before = frozenset()
        if answer.outcome == BUDGET or self.stopping():
            self._cut_short = True
        elif is_passing(answer.outcome):
            self._tried.add(place.id)
            await self._do(lambda store: store.backfills.put_off(place, answer.outcome))
            self.tally.ways.append(Way(_way(place), place.url, answer.outcome, 0))
            self._cut_short = self.asking.is_closed
        else:
            await self._done(place, answer.outcome, 0)

    async def _read_sitemap(self, place: BackfillPlace, answer: Answer) -> None:
        try:
            plain = unpacked(answer.body, _MOST_UNPACKED)
        except TooLarge:
            await self._done(place, "too-large", 0)
            return
        sitemap = await asyncio.to_thread(parse_sitemap, plain, utc_now())
        self.tally.beyond("sitemap", sitemap.beyond)
        if sitemap.kind == "index" and place.depth < _MOST_DEPTH:
            files = newest_first(sitemap.files)
            self.tally.beyond("sitemap-files", max(0, len(files) - _MOST_FILES))
            urls = [
                url
                for file in files[:_MOST_FILES]
                if not is_older(file, self.backfill.since) and not self._is_later(file.href)
                if (url := absolute(answer.address, file.href)) and same_site(url, self.source.home)
            ]
            await self._done(place, "ok", 0, [BackfillPlace("sitemap", url, place.depth + 1) for url in urls])
        else:
            found = await self._offer(await self._sorted(sitemap.offers, place))
            await self._done(place, "ok" if found else "empty", len(found))

    def _is_later(self, href: str) -> bool:
        """Whether a month's file lies wholly behind the window."""
        month, until = months_of(href), self.backfill.until
        return bool(month and until and datetime(month[0], month[1], 1, tzinfo=UTC) - timedelta(1) >= until)

    async def _read_page(self, place: BackfillPlace, answer: Answer) -> AsyncIterator[Link]:
        """A page, then its articles, and only then, by their dates, whether the page after it is wanted."""
        if is_json(answer.text):
            listing = parse_json_listing(answer.text, answer.address, utc_now()) or Listing((), None, ())
            following = listing.next_page
        else:
            listing = await asyncio.to_thread(parse_listing, answer.text, answer.address)
            following = self.next_page(listing, answer.address)
        links = await self._sorted(listing.offers, place)
        self.tally.beyond("listing", listing.beyond)
        found = await self._offer(links)
        async for link in self._open():
            yield link
        if self._is_over():
            return
        keys = frozenset(link.key for link in links)
        goes_on = following and place.depth < _MOST_PAGES and keys and keys != self._before
        self._before = keys
        if goes_on and not await self._all_older(keys):
            assert following is not None
            await self._done(place, "ok", len(found), [BackfillPlace(place.kind, following, place.depth + 1)])
        else:
            await self._done(place, "ok" if found else "empty", len(found))

    async def _all_older(self, keys: frozenset[str]) -> bool:
        """Whether every article of a page that bears a date was published before the window."""
        newest = await self._do(lambda store: store.articles.newest_date(tuple(keys)))
        return newest is not None and newest < self.backfill.since

    async def _offer(self, links: Sequence[FoundLink]) -> Sequence[FoundLink]:
        wanted = [link for link in links if inside(link, self.backfill.since, self.backfill.until)]
        self.tally.left_out("outside-the-window", len(links) - len(wanted))
        self.tally.found.difference_update(link.key for link in links)
        self.tally.found.update(link.key for link in wanted)
        open_now = await self.doors.seen([replace(link, lead=None) for link in wanted])
        self._met += [link for link in open_now if link.found_in != "backfill"]
        return wanted

    async def _sorted(self, offers: Sequence[Offer], place: BackfillPlace) -> Sequence[FoundLink]:
        return (await self._accounting.sorted(offers, Place("backfill", place.url))).links

    async def _done(
        self, place: BackfillPlace, outcome: str, links: int, more: Sequence[BackfillPlace] = ()
    ) -> None:
        await self._do(lambda store: store.backfills.done(place, outcome, links, more))
        self.tally.ways.append(Way(_way(place), place.url, outcome, links))

    async def _add(self, places: Sequence[BackfillPlace]) -> None:
        await self._do(lambda store: store.backfills.add(self.backfill.id, places))

    async def _do(self, work: Callable[[Store], _Result]) -> _Result:
        return await asyncio.wrap_future(self.writer.submit(work))


def _way(place: BackfillPlace) -> Literal["sitemap", "listing"]:
    return "sitemap" if place.kind == "sitemap" else "listing"
