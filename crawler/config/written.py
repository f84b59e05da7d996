"""The shape of config.toml as a person writes it: what may stand there and of which type."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from crawler.judging.ruletext import ALL_FIELDS
from storage.records import FieldName

Texts = str | list[str]  # one or several
Positive = Annotated[int, Meta(ge=1)]
Seconds = Annotated[float, Meta(ge=0, le=3600)]
AtOnce = Annotated[float, Meta(ge=0, le=1000)] | Literal["never"]  # weight of a rule


class WrittenStore(Struct, frozen=True, forbid_unknown_fields=True):
    """[store]"""

    path: str = "data/diembao.sqlite"
    upkeep: str = "03:30"
    keep_pages: str = ""
    most_pages: str = ""


class WrittenBackup(Struct, frozen=True, forbid_unknown_fields=True):
    """[backup]"""

    dir: str = ""
    every: str = "1d"
    at: str = "02:30"
    keep: Positive = 7


class WrittenCrawl(Struct, frozen=True, forbid_unknown_fields=True):
    """[crawl]"""

    user_agent: str = "diembao/{version} (+{contact})"
    contact: str = ""
    delay: Seconds = 1.0
    workers: Annotated[int, Meta(ge=1, le=64)] = 2
    batch: Annotated[int, Meta(ge=1, le=100)] = 24
    readers: Annotated[int, Meta(ge=1, le=64)] = 2
    deadline: str = "30m"
    timeout: str = "60s"
    most_bytes: Annotated[int, Meta(ge=65_536)] = 10 * 1024 * 1024
    look_back: str = "30d"
    look_back_links: Positive = 2000
    backfill_delay: Seconds = 3.0
    polls_per_source: Annotated[float, Meta(gt=0, le=1440)] = 48.0
    soonest: str = "5m"
    latest: str = "6h"
    looks: Annotated[int, Meta(ge=0)] = 20
    allow_private_addresses: bool = False


class WrittenReview(Struct, frozen=True, forbid_unknown_fields=True):
    """[review]"""

    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65_535)] = 8765
    hosts: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    password_hash: str = ""
    token_file: str = ""
    tls_certificate: str = ""
    tls_key: str = ""


class WrittenLog(Struct, frozen=True, forbid_unknown_fields=True):
    """[log]"""

    format: Literal["text", "json"] = "text"
    file: str = ""
    most_bytes: Annotated[int, Meta(ge=10_000)] = 10 * 1024 * 1024
    keep: Annotated[int, Meta(ge=0, le=1000)] = 5


class WrittenReport(Struct, frozen=True, forbid_unknown_fields=True):
    """[report]"""

    subject: str = ""
    parent_organ: str = ""
    organ: str = ""
    organ_code: str = ""
    place: str = ""
    authority: str = ""
    signer_title: str = ""
    signer: str = ""
    recipients: tuple[str, ...] = ()


class WrittenNotices(Struct, frozen=True, forbid_unknown_fields=True):
    """[notices]"""

    language: Literal["vi", "en"] = "vi"
    page_url: str = ""
    at_once: AtOnce = 3.0
    at_once_per_hour: Annotated[int, Meta(ge=1, le=3600)] = 6
    digest: tuple[str, ...] = ("07:30", "16:30")
    quiet_hours: str = ""
    weekly: str = ""
    most_listed: Annotated[int, Meta(ge=1, le=500)] = 40
    retry_for: str = "3d"


class WrittenChannel(Struct, frozen=True, forbid_unknown_fields=True):
    """[channels.NAME]: the first keys of every kind, the others of the kind that is named beside them."""

    kind: Literal["smtp", "webhook", "apprise"]
    enabled: bool = True
    tells: tuple[Literal["articles", "sources", "weekly"], ...] = ("articles", "sources", "weekly")
    rules: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    weight: Annotated[float, Meta(ge=0, le=1000)] = 0.0
    at_once: AtOnce | None = None  # this and what follows: None is as [notices] says
    digest: tuple[str, ...] | None = None
    quiet_hours: str | None = None
    weekly: str | None = None
    language: Literal["vi", "en"] | None = None
    allow_private_addresses: bool = False
    timeout: str = "30s"
    host: str = ""  # smtp
    port: Annotated[int, Meta(ge=1, le=65_535)] | None = None
    security: Literal["tls", "starttls", "none"] = "tls"
    user: str = ""
    password_file: str = ""
    ca_file: str = ""
    from_: str = msgspec.field(default="", name="from")
    to: Texts = []
    url: str = ""  # webhook, apprise
    url_file: str = ""
    secret_file: str = ""  # webhook
    token_file: str = ""
    headers: dict[str, str] = {}


class WrittenSelectors(Struct, frozen=True, forbid_unknown_fields=True):
    """[sources.NAME.selectors]"""

    title: Texts = []
    lead: Texts = []
    body: Texts = []
    author: Texts = []
    date: Texts = []
    section: Texts = []
    tags: Texts = []
    caption: Texts = []
    drop: Texts = []


class WrittenSource(Struct, frozen=True, forbid_unknown_fields=True):
    """[sources.NAME]"""

    home: str
    enabled: bool = True
    province: str | None = None
    spider: str | None = None
    feeds: Texts = []
    sitemaps: Texts = []
    listings: Texts = []
    json_listings: Texts = []
    archives: Texts = []
    article: Texts = []
    skip: Texts = []
    keep_query: Texts = []
    selectors: WrittenSelectors = WrittenSelectors()
    every: str = "auto"
    at_least: str | None = None
    delay: Seconds | None = None
    verify_tls: bool = True
    conditional: bool = True
    requests_per_day: Positive | None = None
    quiet_hours: str | None = None


class WrittenRule(Struct, frozen=True, forbid_unknown_fields=True):
    """[rules.NAME]"""

    label: str | None = None
    query: str | None = None
    any: list[str] = []
    all: list[str] = []
    none: list[str] = []
    fields: list[FieldName] = msgspec.field(default_factory=lambda: list(ALL_FIELDS))
    sources: list[str] = []
    weight: Annotated[float, Meta(gt=0, le=1000)] = 1.0
    mention: str | None = None
    expect: list[str] = []
    reject: list[str] = []


class WrittenConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """config.toml"""

    store: WrittenStore = WrittenStore()
    backup: WrittenBackup = WrittenBackup()
    crawl: WrittenCrawl = WrittenCrawl()
    review: WrittenReview = WrittenReview()
    log: WrittenLog = WrittenLog()
    report: WrittenReport = WrittenReport()
    notices: WrittenNotices = WrittenNotices()
    channels: dict[str, WrittenChannel] = {}
    sources: dict[str, WrittenSource] = {}
    lists: dict[str, list[str]] = {}
    rules: dict[str, WrittenRule] = {}
