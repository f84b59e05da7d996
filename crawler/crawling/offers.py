"""What a place offers, sorted: links to fetch, links refused by name, links of other hosts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit

from crawler.config import Source
from crawler.crawling.patterns import Shown, learned
from crawler.crawling.shapes import GENERAL_ARTICLE, GENERAL_SKIP, is_menu, is_section
from crawler.crawling.variants import leads_nowhere, plain
from crawler.urls import absolute, article_key, authority, canonical, path_key, same_site
from storage.records import Dating, FoundIn, FoundLink, Link, Showing

_MOST_LEARNED = 6  # shapes of one source


@dataclass(frozen=True, slots=True)
class Offer:
    """One line of a feed, sitemap or listing, as it stands there."""

    href: str
    dated: Dating | None = None
    modified_at: datetime | None = None
    lead: str | None = None
    text: str = ""  # of the link on a listing


@dataclass(frozen=True, slots=True)
class Place:
    """Where offers were found."""

    kind: FoundIn
    url: str
    way: str | None = None  # the address of the way that this is a page or file of; None: its own


@dataclass(frozen=True, slots=True)
class Refusal:
    """A link that is recorded and never fetched."""

    found: FoundLink
    state: Literal["refused", "foreign"]
    reason: str


@dataclass(frozen=True, slots=True)
class Sorted:
    """Every offer of a place accounted for."""

    links: tuple[FoundLink, ...] = ()
    refusals: tuple[Refusal, ...] = ()  # lines of a feed or sitemap: each of them is recorded
    aside: tuple[Refusal, ...] = ()  # what listings show besides, and traps: recorded as far as there is room
    left: Mapping[str, int] = field(default_factory=dict)  # what is only counted: "left: no-address" → 2
    given: tuple[tuple[str, FoundLink], ...] = ()  # (source, article of it): for the source whose host it is


@dataclass(frozen=True, slots=True)
class Reach:
    """What belongs to a source: its own articles, and the hosts that other sources answer for."""

    source: Source
    neighbours: tuple[Source, ...] = ()  # the other sources
    learned: list[re.Pattern[str]] = field(default_factory=list)  # shapes found in this crawl; grows

    @property
    def article(self) -> tuple[re.Pattern[str], ...]:
        """The shapes of its article paths."""
        return self.source.article or (*GENERAL_ARTICLE, *self.learned)

    def learn(self, shown: Sequence[Shown]) -> None:
        """The shape of its articles, where nobody wrote it down and the usual ones find too little."""
        if not self.source.article and len(self.learned) < _MOST_LEARNED:
            self.learned.extend(map(re.compile, learned(shown, self.article)))

    def shown(self, offers: Iterable[Offer], place: Place) -> Iterator[Shown]:
        """What may teach a shape: its own addresses that nothing tells to leave alone."""
        for offer in offers:
            url = self.canonical(place.url, offer.href)
            if url is not None and same_site(url, self.source.home) and not self.is_skipped(url):
                said = place.kind == "feed" or offer.dated is not None
                yield Shown(url, len(offer.text.split()), is_article=said)

    def answered(self, link: Link, url: str) -> str | None:
        """The key of the article that an answer of `url` is: the link's, if it is where we asked.

        A shape that was learned once may not be learned again in the crawl that asks.
        """
        asked = not self.source.article and same_site(url, link.url) and path_key(url) == path_key(link.url)
        return link.key if asked else self.key(url)

    def canonical(self, base: str, href: str) -> str | None:
        """The address as it is fetched; None for what is no page."""
        found = absolute(base, href)
        return plain(canonical(found, self.source.keep_query), self.source.home) if found else None

    def key(self, url: str) -> str | None:
        """The key of an article of this source; None for every other address."""
        if not same_site(url, self.source.home) or self.is_skipped(url):
            return None
        return article_key(self.source.name, url, self.article)

    def is_told(self, link: FoundLink) -> bool:
        """Whether config.toml, or a number of its own, says that it is an article of its own."""
        by_query = [pattern for pattern in self.learned if r"\?" in pattern.pattern]
        said = bool(self.source.article) or _matches(link.url, by_query)
        return said or not link.key.endswith(path_key(link.url))

    def is_skipped(self, url: str) -> bool:
        """Whether config.toml says to leave it alone."""
        general = () if self.source.article else GENERAL_SKIP
        return _matches(url, (*self.source.skip, *general)) or self.trap(url) is not None

    def trap(self, url: str) -> str | None:
        """Why an address has no end; calendars are known by their shape only where no shape is configured."""
        found = leads_nowhere(url)
        return None if found == "calendar" and self.source.article else found

    def is_section(self, url: str) -> bool:
        """Whether it looks like the front page of a section of this source, which lists articles."""
        own = same_site(url, self.source.home) and not _matches(url, self.source.skip)
        return own and is_section(url) and self.key(url) is None

    def owner(self, url: str) -> Source | None:
        """The other source whose host this is."""
        return next((one for one in self.neighbours if same_site(one.home, url)), None)

    def why_not(self, url: str) -> str:
        """Why an address is no article of this source: a stable name."""
        if not same_site(url, self.source.home):
            owner = self.owner(url)
            return f"belongs-to-{owner.name}" if owner else "another-host"
        if (trap := self.trap(url)) is not None:
            return trap
        return "skip-pattern" if self.is_skipped(url) else "no-article-address"


def sort(offers: Iterable[Offer], place: Place, reach: Reach) -> Sorted:
    """Every offer as a link, a refusal, or a count; two addresses of one key are one link.

    A feed or sitemap answers for each of its lines. Of a listing's links most are no articles and are not
    meant to be: what leads about the site is told from the rest, and other hosts are one refusal each,
    because most of them are advertisements, whose addresses never come twice.
    """
    links: dict[str, FoundLink] = {}
    refusals: dict[str, Refusal] = {}
    aside: dict[str, Refusal] = {}
    left: Counter[str] = Counter()
    given: dict[str, tuple[str, FoundLink]] = {}
    for offer in offers:
        url = reach.canonical(place.url, offer.href)
        if url is None:
            left["left: no-address"] += 1
            continue
        key = reach.key(url)
        found = _found(key or f"{reach.source.name}:{path_key(url)}", url, offer, place)
        if key is not None:
            links[key] = merged(links[key], found) if key in links else found
        elif place.kind in {"listing", "backfill"}:
            refusal = _put_aside(found, offer, reach)
            again = aside.setdefault(refusal.found.key, refusal) is not refusal
            left[f"left: {refusal.reason}"] += again and refusal.state == "foreign"
        else:
            refusal = _refusal(found, reach)
            bounded = aside if reach.trap(url) else refusals
            bounded.setdefault(refusal.found.key, refusal)
        if key is None and (gift := _gift(url, offer, place, reach)):
            given.setdefault(gift[1].key, gift)
    return Sorted(
        tuple(links.values()), tuple(refusals.values()), tuple(aside.values()), +left, tuple(given.values())
    )


def merged(first: FoundLink, second: FoundLink) -> FoundLink:
    """One link that two places showed: the first one's, with what only the second knew."""
    moments = [moment for moment in (first.modified_at, second.modified_at) if moment]
    return replace(
        first,
        dated=first.dated or second.dated,
        modified_at=max(moments, default=None),
        lead=first.lead or second.lead,
        shown_by=tuple(dict.fromkeys((*first.shown_by, *second.shown_by))),
    )


def merged_all(found: Iterable[FoundLink]) -> tuple[FoundLink, ...]:
    """Each key once, in the order first found."""
    links: dict[str, FoundLink] = {}
    for one in found:
        links[one.key] = merged(links[one.key], one) if one.key in links else one
    return tuple(links.values())


def _matches(url: str, patterns: Iterable[re.Pattern[str]]) -> bool:
    parts = urlsplit(url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return any(pattern.search(path) for pattern in patterns)


def _found(key: str, url: str, offer: Offer, place: Place) -> FoundLink:
    shown_by = (Showing(place.kind, place.way or place.url),)
    return FoundLink(key, url, place.kind, place.url, offer.dated, offer.modified_at, offer.lead, shown_by)


def _gift(url: str, offer: Offer, place: Place, reach: Reach) -> tuple[str, FoundLink] | None:
    """An article of another source that is watched: what is to stand in that source's own ledger."""
    if place.kind == "listing" or (owner := reach.owner(url)) is None or not owner.enabled:
        return None
    key = Reach(owner).key(url)
    return (owner.name, _found(key, url, offer, place)) if key else None


def _refusal(found: FoundLink, reach: Reach) -> Refusal:
    if not same_site(found.url, reach.source.home):
        own = f"{reach.source.name}://{authority(found.url)}{path_key(found.url)}"
        return Refusal(replace(found, key=own), "foreign", reach.why_not(found.url))
    return Refusal(found, "refused", reach.why_not(found.url))


def _put_aside(found: FoundLink, offer: Offer, reach: Reach) -> Refusal:
    """A listing's link that is no article; a foreign one stands for all of its host."""
    reason = reach.why_not(found.url)
    if not same_site(found.url, reach.source.home):
        parts, host = urlsplit(found.url), authority(found.url)
        whole = replace(found, key=f"{reach.source.name}://{host}", url=f"{parts.scheme}://{host}/")
        return Refusal(whole, "foreign", reason)
    if reason == "no-article-address" and is_menu(found.url, len(offer.text.split())):
        reason = "menu-address"
    return Refusal(found, "refused", reason)
