"""The resolved configuration: what the rest of the program is given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from pathlib import Path
from typing import Literal

from crawler.config.hidden import Hidden
from crawler.judging.ruletext import RuleText
from crawler.passwords import Hashed
from crawler.reading.selectors import Selectors
from crawler.sizes import Size
from crawler.times import Hours, Weekly

Language = Literal["vi", "en"]
Subject = Literal["articles", "sources", "weekly"]


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much a well source brings at the very least: `count` new articles in every `window`."""

    count: int
    window: timedelta


@dataclass(frozen=True, slots=True)
class Source:
    """One site to watch."""

    name: str
    home: str  # absolute, canonical; every other address is relative to it
    enabled: bool = True
    province: str | None = None  # whose documents it cites without naming it; None: a paper of no province
    spider: str | None = (
        None  # file in spiders/; None: the file of the source's own name, else the base spider
    )
    feeds: tuple[str, ...] = ()  # absolute
    sitemaps: tuple[str, ...] = ()  # absolute
    listings: tuple[str, ...] = ()  # absolute
    json_listings: tuple[str, ...] = ()  # absolute; what the CMS serves as JSON to its own pages
    archives: tuple[str, ...] = ()  # absolute; with {year}, {month}, {day}: what `backfill` walks
    article: tuple[
        re.Pattern[str], ...
    ] = ()  # searched in the path; empty: the general shapes of article paths
    skip: tuple[re.Pattern[str], ...] = ()  # searched in path and query; what matches is refused unread
    keep_query: tuple[str, ...] = ()  # query keys that choose the page
    selectors: Selectors = field(default_factory=Selectors)
    every: timedelta = timedelta(minutes=30)  # of one on auto: before its rhythm is worked out
    auto: bool = False  # `every` follows what it publishes
    at_least: Allowance | None = None  # None: any silence is well
    delay: float | None = None  # seconds between two requests; None: [crawl] delay
    verify_tls: bool = True
    conditional: bool = True  # its ways are asked whether they have changed; False: always for the whole
    requests_per_day: int | None = None  # robots.txt and polls included; None: no bound
    quiet_hours: Hours | None = None  # in which the daemon leaves it alone; None: none


@dataclass(frozen=True, slots=True)
class Crawl:
    """How every source is crawled."""

    user_agent: str = ""  # as sent
    contact: str = ""  # whom a webmaster may write to; "" is told as a complaint
    delay: float = 1.0  # seconds between two requests to one host
    workers: int = 2  # processes that crawl at once
    batch: int = 24  # the most sources that one of them crawls
    readers: int = 2  # reading processes of one crawl
    deadline: timedelta = timedelta(minutes=30)  # of one crawl, enforced from outside
    timeout: timedelta = timedelta(seconds=60)  # of one request
    most_bytes: int = 10 * 1024 * 1024  # of one answer, decompressed
    look_back: timedelta = timedelta(days=30)  # sitemap entries older than this are left to `backfill` …
    look_back_links: int = 2000  # … except the newest so many
    backfill_delay: float = 3.0  # seconds between two requests of `backfill`, if not more is asked for
    polls_per_source: float = 48.0  # a day, of those on auto, shared among them all
    soonest: timedelta = timedelta(minutes=5)  # between two polls on auto
    latest: timedelta = timedelta(hours=6)
    looks: int = 20  # known articles that one crawl looks at again; 0: none
    allow_private_addresses: bool = False


@dataclass(frozen=True, slots=True)
class Review:
    """Where the review page is served."""

    host: str = "127.0.0.1"
    port: int = 8765
    hosts: tuple[str, ...] = ()  # origins it answers to beside its own: "https://duyet.example.vn"
    reviewers: tuple[str, ...] = ()  # names to choose from; empty: nobody is asked who they are
    password_hash: Hashed | None = None  # None: no password is asked
    token_file: Path | None = None  # None: no token opens it
    tls_certificate: Path | None = None  # with its chain; None: no TLS of its own
    tls_key: Path | None = None


@dataclass(frozen=True, slots=True)
class Upkeep:
    """How the store is kept in order."""

    upkeep: time | None = time(3, 30)  # of the day, in Vietnam; None: the daemon does not do it
    keep_pages: timedelta | None = None  # pages that prove nothing go when they are older; None: for ever
    most_pages: Size | None = None  # bytes of pages, compressed; None: no bound


@dataclass(frozen=True, slots=True)
class Backup:
    """Where backups are put, and when the daemon makes one."""

    dir: Path | None = None  # None: the daemon makes none
    every: timedelta = timedelta(days=1)
    at: time | None = time(2, 30)  # of the day, in Vietnam; None: whenever one is due
    keep: int = 7  # the newest so many stay


@dataclass(frozen=True, slots=True)
class Log:
    """How the daemon tells what happens."""

    format: Literal["text", "json"] = "text"  # of each line
    file: Path | None = None  # None: stderr
    most_bytes: int = 10 * 1024 * 1024  # of the file, which is then moved aside
    keep: int = 5  # older files beside it


@dataclass(frozen=True, slots=True)
class Office:
    """Whose a press review is, as its head and foot say in the office style; "" leaves room to write."""

    subject: str = ""  # what the press review is about: "phong trào …"
    parent_organ: str = ""  # the organ above; "" leaves the line out
    organ: str = ""  # that issues it
    organ_code: str = ""  # its abbreviation in symbols, "PV05"
    place: str = ""  # where it is signed, "Hà Tĩnh"
    authority: str = ""  # on whose behalf, "TL. GIÁM ĐỐC"; "" leaves the line out
    signer_title: str = ""  # "TRƯỞNG PHÒNG"
    signer: str = ""
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Notices:
    """What all channels have in common, where they do not say otherwise."""

    language: Language = "vi"
    page_url: str | None = None  # of the review page, as people open it, no last slash; None: nobody said
    at_once: float | None = 3.0  # weight of the heaviest rule from which a case does not wait; None: all wait
    at_once_per_hour: int = 6  # messages to one channel, beside digests
    digest: tuple[time, ...] = (time(7, 30), time(16, 30))  # in Vietnam, ascending
    quiet_hours: Hours | None = None
    weekly: Weekly | None = None  # None: nobody asked for it
    most_listed: int = 40  # cases told one by one in one message; the others are counted
    retry_for: timedelta = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server that takes our mail."""

    host: str
    port: int
    security: Literal["tls", "starttls", "none"]
    sender: str
    to: tuple[str, ...]
    user: str | None = None  # None: it asks for no name
    password_file: Path | None = None
    ca_file: Path | None = None  # PEM, of whom its certificate is believed; None: as the system says


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that takes our JSON, signed."""

    url: Hidden | Path  # a path: of the file that has it
    secret_file: Path
    token_file: Path | None = None  # sent as a bearer token; None: none is asked
    ca_file: Path | None = None
    headers: Mapping[str, Hidden] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AppriseUrl:
    """An address as Apprise writes it, like tgram://…"""

    url: Hidden | Path  # a path: of the file that has it


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to tell people."""

    name: str
    way: Smtp | Webhook | AppriseUrl
    enabled: bool = True
    tells: tuple[Subject, ...] = ("articles", "sources", "weekly")
    rules: tuple[str, ...] = ()  # whose cases are told; empty: all
    sources: tuple[str, ...] = ()  # that are told of; empty: all
    weight: float = 0.0  # of the heaviest rule: what is lighter is not told here
    at_once: float | None = 3.0  # as in Notices, like all that follows
    digest: tuple[time, ...] = (time(7, 30), time(16, 30))
    quiet_hours: Hours | None = None
    weekly: Weekly | None = None
    language: Language = "vi"
    allow_private_addresses: bool = False
    timeout: timedelta = timedelta(seconds=30)  # of one delivery, from the name's resolution to the answer


@dataclass(frozen=True, slots=True)
class Config:
    """The whole of config.toml, with defaults filled in."""

    path: Path  # of the file itself
    store_path: Path
    crawl: Crawl
    review: Review
    sources: Mapping[str, Source]
    rules: tuple[RuleText, ...]
    report: Office = field(default_factory=Office)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # phrases that rules share, by name
    upkeep: Upkeep = field(default_factory=lambda: Upkeep())
    backup: Backup = field(default_factory=lambda: Backup())
    log: Log = field(default_factory=Log)
    notices: Notices = field(default_factory=Notices)
    channels: Mapping[str, Channel] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)  # "crawl.delay" → "default", "config.toml", …
