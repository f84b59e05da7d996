"""A feed's bytes to offers: judged by its entries, its dates read by us."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import feedparser

from crawler.crawling.offers import Offer
from crawler.reading import parse_moment
from storage.records import Dating

_MOST_ENTRIES = 2000
_MOST_LEAD = 2000  # characters
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed shows."""

    is_feed: bool  # False: an HTML page, an error, anything else with the feed's address
    offers: tuple[Offer, ...]
    beyond: int = 0  # lines after the last that is read


def parse_feed(body: bytes, url: str, now: datetime) -> Feed:
    """RSS, Atom or RDF in any state of repair; `url` is the feed's own."""
    # A stream, because feedparser opens a string that looks like a file name or an address.
    parsed: Any = feedparser.parse(
        io.BytesIO(body),
        response_headers={"content-location": url},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    version = parsed.get("version", "")  # none at all of an empty body
    entries = parsed.entries[:_MOST_ENTRIES]
    offers = tuple(offer for entry in entries for offer in _offers(entry, version, now))
    return Feed(bool(version) or bool(offers), offers, len(parsed.entries) - len(entries))


def _offers(entry: Any, version: str, now: datetime) -> Iterator[Offer]:
    href = entry.get("feedburner_origlink") or entry.get("link") or _permalink(entry)
    if not href:
        return
    published, updated = _raw(entry, "published"), _raw(entry, "updated")
    if not published and version.startswith("rss"):
        published, updated = updated, None  # dc:date is all that the oldest feeds have
    modified = _moment(updated, now)
    yield Offer(href, _moment(published, now), modified.at if modified else None, _lead(entry))


def _permalink(entry: Any) -> str | None:
    identity = entry.get("id") or ""
    return identity if identity.startswith(("http://", "https://")) else None


def _raw(entry: Any, name: str) -> str | None:
    """The date as written; asked of the plain dict, because feedparser answers for one date with another."""
    text = dict.get(entry, name)
    return text if isinstance(text, str) and text.strip() else None


def _moment(text: str | None, now: datetime) -> Dating | None:
    return parse_moment(text, "feed", now) if text else None


def _lead(entry: Any) -> str | None:
    summary = entry.get("summary") or ""
    text = " ".join(html.unescape(_TAG.sub(" ", summary)).split())
    return text[:_MOST_LEAD] or None
