"""What reading is told beside the page, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from crawler.reading.selectors import Selectors
from storage.records import Article, Dating


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known of a page before it is read."""

    source: str
    key: str
    selectors: Selectors = field(default_factory=Selectors)
    dated: Dating | None = None  # what the feed or sitemap says of its publication; None: nothing
    home: str = ""  # the source's home page; "": not known
    province: str | None = None  # that the paper is of; None: of none, or not known
    compare: bool = False  # whether to tell if the layers that need no selectors agree


@dataclass(frozen=True, slots=True)
class Reading:
    """What one page said, or why it is no article."""

    article: Article | None
    kind: str  # a Genre; or listing, tag, search, home, wall, login, error, parked, empty
    refused: str | None  # named reason: cookie-wall, empty-body, no-title, listing …; None: an article
    layers: Mapping[
        str, str
    ]  # field → what gave it: "selector", "json-ld", "meta", "epi" … ; "" is never there
    dateline: str | None = None  # "Baohatinh.vn", taken off the text; None: there was none
    credit: str | None = None  # "baohungyen.vn" of "Nguồn tin: baohungyen.vn"; None: there was none
    doubts: tuple[str, ...] = ()  # what the page says and is not believed, each with the reason
