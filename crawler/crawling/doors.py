"""The two doors between a crawl and what it finds: *seen?* and *keep*, given to the crawl from outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from crawler.crawling.offers import Refusal
from crawler.crawling.retrying import Fate
from crawler.reading import Hints, Reading
from storage.records import Cited, Flag, FoundLink, Kept, Link, Page, Validators

Keeping = Literal["kept", "revised", "unchanged"]


class Doors(Protocol):
    """One source's ledger as a crawl may use it; whatever returned is stored for good."""

    async def seen(self, found: Sequence[FoundLink]) -> tuple[Link, ...]:
        """Record what was found; the links to be fetched now."""

    async def first_seen(self, keys: Sequence[str]) -> Mapping[str, datetime]:
        """Since when those links among `keys` are in the ledger that are."""

    async def leave(self, found: Sequence[FoundLink], reason: str) -> None:
        """Record links that lie outside of what this crawl looks at."""

    async def kept_addresses(self, most: int) -> tuple[str, ...]:
        """Addresses of this source's articles, the newest in the ledger first."""

    async def give(self, owner: str, found: Sequence[FoundLink]) -> None:
        """Record articles of another source in its own ledger; its next crawl fetches them."""

    async def last_good(self) -> datetime | None:
        """When the newest crawl that went well began; None: none ever did."""

    async def waiting(self) -> tuple[Link, ...]:
        """Links found in earlier crawls and not fetched yet, or due again; newest first."""

    async def refuse(self, refusals: Sequence[Refusal]) -> None:
        """Record what is never fetched, and why."""

    async def put_aside(self, refusals: Sequence[Refusal]) -> frozenset[str]:
        """Record what listings show besides, as far as there is room: the keys that are in the ledger now."""

    async def mark(self, link: Link, fate: Fate) -> None:
        """Record what became of a link that was tried in vain."""

    async def keep(self, kept: Kept) -> Keeping:
        """Keep an article; acknowledged means committed."""

    async def validators(self, url: str) -> Validators | None:
        """What the last answer of a feed, sitemap or listing gave; None if it was never asked."""

    async def remember(self, url: str, validators: Validators) -> None:
        """Keep what the newest answer gave."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A page that was read, and the flags of its article."""

    reading: Reading
    flags: tuple[Flag, ...]
    cited: Cited | None = None  # by its article; None: not looked for
    agrees: bool | None = None  # what the layers that need no selectors say of the story; None: not asked


class Judging(Protocol):
    """Whatever reads pages and judges articles: a pool of processes, or a plain call in a test."""

    async def judge(self, page: Page, hints: Hints) -> Judged | str:
        """The page read and judged; a reason (`reading-timeout`, `reading-crashed`) if that failed."""
