"""What a place offers, sorted: links to fetch, links refused by name, links of other hosts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit

from crawler.config import Source
from crawler.crawling.shapes import GENERAL_ARTICLE, GENERAL_SKIP, is_section
from crawler.urls import absolute, article_key, authority, canonical, path_key, same_site
from storage.records import Dating, FoundIn, FoundLink


@dataclass(frozen=True, slots=True)
class Offer:
    """One line of a feed, sitemap or listing, as it stands there."""

    href: str
    dated: Dating | None = None
    modified_at: datetime | None = None
    lead: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where offers were found."""

    kind: FoundIn
    url: str


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
    refusals: tuple[Refusal, ...] = ()
    left: Mapping[str, int] = field(default_factory=dict)  # what is only counted: "left: no-address" → 2


@dataclass(frozen=True, slots=True)
class Reach:
    """What belongs to a source: its own articles, and the hosts that other sources answer for."""

    source: Source
    neighbours: Mapping[str, str] = field(default_factory=dict)  # home of another source → its name

    @property
    def article(self) -> tuple[re.Pattern[str], ...]:
        """The shapes of its article paths."""
        return self.source.article or GENERAL_ARTICLE

    def canonical(self, base: str, href: str) -> str | None:
        """The address as it is fetched; None for what is no page."""
        found = absolute(base, href)
        return canonical(found, self.source.keep_query) if found else None

    def key(self, url: str) -> str | None:
        """The key of an article of this source; None for every other address."""
        if not same_site(url, self.source.home) or self.is_skipped(url):
            return None
        return article_key(self.source.name, url, self.article)

    def is_skipped(self, url: str) -> bool:
        """Whether config.toml says to leave it alone."""
        general = () if self.source.article else GENERAL_SKIP
        return _matches(url, (*self.source.skip, *general))

    def is_section(self, url: str) -> bool:
        """Whether it looks like the front page of a section of this source, which lists articles."""
        own = same_site(url, self.source.home) and not _matches(url, self.source.skip)
        return own and is_section(url) and self.key(url) is None

    def owner(self, url: str) -> str | None:
        """The name of the other source whose host this is."""
        return next((name for home, name in self.neighbours.items() if same_site(home, url)), None)


def sort(offers: Iterable[Offer], place: Place, reach: Reach) -> Sorted:
    """Every offer as a link, a refusal, or a count; two addresses of one key are one link.

    A feed or sitemap answers for each of its lines; of a listing's links most are no articles and are not
    meant to be, so that these are only counted.
    """
    links: dict[str, FoundLink] = {}
    refusals: dict[str, Refusal] = {}
    left: Counter[str] = Counter()
    for offer in offers:
        url = reach.canonical(place.url, offer.href)
        if url is None:
            left["left: no-address"] += 1
            continue
        key = reach.key(url)
        found = _found(key or f"{reach.source.name}:{path_key(url)}", url, offer, place)
        if key is not None:
            links[key] = merged(links[key], found) if key in links else found
        elif place.kind == "listing":
            left["left: no-article-address"] += 1
        else:
            refusal = _refusal(found, reach)
            refusals.setdefault(refusal.found.key, refusal)
    return Sorted(tuple(links.values()), tuple(refusals.values()), left)


def merged(first: FoundLink, second: FoundLink) -> FoundLink:
    """One link that two places showed: the first one's, with what only the second knew."""
    moments = [moment for moment in (first.modified_at, second.modified_at) if moment]
    return replace(
        first,
        dated=first.dated or second.dated,
        modified_at=max(moments, default=None),
        lead=first.lead or second.lead,
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
    return FoundLink(key, url, place.kind, place.url, offer.dated, offer.modified_at, offer.lead)


def _refusal(found: FoundLink, reach: Reach) -> Refusal:
    if not same_site(found.url, reach.source.home):
        owner = reach.owner(found.url)
        own = f"{reach.source.name}://{authority(found.url)}{path_key(found.url)}"
        reason = f"belongs-to-{owner}" if owner else "another-host"
        return Refusal(replace(found, key=own), "foreign", reason)
    reason = "skip-pattern" if reach.is_skipped(found.url) else "no-article-address"
    return Refusal(found, "refused", reason)
