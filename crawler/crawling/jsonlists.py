"""Listings that a CMS serves as JSON, for its own "more" button, to the links they show. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from crawler.crawling.listings import Listing, parse_listing
from crawler.crawling.offers import Offer
from crawler.reading import parse_moment
from crawler.urls import absolute
from storage.records import Dating

AJAX = {"X-Requested-With": "XMLHttpRequest", "Accept": "application/json, */*;q=0.5"}
_LINKS = ("link", "url", "href", "detail_url", "article_url", "permalink")
_DATES = (
    "published_at",
    "publish_time",
    "published",
    "publish_date",
    "pubDate",
    "date",
    "time",
    "created_at",
)
_MOST_LINKS = 2000
_DEEPEST = 12
_MARKUP = "<a "
_WORDPRESS = re.compile(r"/wp-(?:content|includes|json)/")
_CATEGORY = re.compile(r"(?:category_id|data-(?:category|cate)(?:-id)?)[\"']?\s*[:=]\s*[\"']?(\d{1,6})\b")
_ZONE = re.compile(r"(?:morenews-zone-|data-zone(?:-id)?=[\"'])(\d{1,6})\b")
_PAGE_OF_ZONE = re.compile(r"(-zone-\d+-)(\d{1,6})(?=\.html$)")
_MOST_CANDIDATES = 20


def is_json(text: str) -> bool:
    """Whether an answer looks like JSON rather than HTML."""
    return text.lstrip("\ufeff \t\r\n")[:1] in {"{", "["}


def parse_json_listing(text: str, url: str, now: datetime) -> Listing | None:
    """What objects with a link show, however deep they lie, and HTML within texts; None for no JSON."""
    try:
        told = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return None
    found: dict[str, Offer] = {}
    for offer in _offers(told, url, now, 0):
        found.setdefault(offer.href, offer)
    offers = tuple(found.values())[:_MOST_LINKS]
    return Listing(offers, page_after(url) if offers else None, (), len(found) - len(offers))


def candidates(text: str, home: str) -> tuple[str, ...]:
    """Listings that the system of a home page may serve as JSON, by the marks that it leaves; all untried.

    WordPress has one for all of its posts, the systems of baohungyen.vn and of ePi one for each section.
    """
    paths = ["/wp-json/wp/v2/posts?_fields=link,date&page=1&per_page=50"] if _WORDPRESS.search(text) else []
    paths += [f"/list-post-by-category?page=1&limit=12&category_id={one}" for one in _CATEGORY.findall(text)]
    paths += [f"/api/morenews-zone-{one}-1.html" for one in _ZONE.findall(text)]
    return tuple(urljoin(home, path) for path in dict.fromkeys(paths))[:_MOST_CANDIDATES]


def page_after(url: str) -> str:
    """The same address with the next number as its `page`, or after its zone; the first page is 1."""
    parts = urlsplit(url)
    if _PAGE_OF_ZONE.search(parts.path):
        path = _PAGE_OF_ZONE.sub(lambda found: f"{found[1]}{int(found[2]) + 1}", parts.path)
        return parts._replace(path=path).geturl()
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    number = next((value for key, value in pairs if key == "page" and value.isdecimal()), "1")
    following = [(key, value) for key, value in pairs if key != "page"]
    query = urlencode([("page", str(int(number[:6]) + 1)), *following])
    return parts._replace(query=query).geturl()


def _offers(told: Any, url: str, now: datetime, depth: int) -> Iterator[Offer]:
    if depth > _DEEPEST:
        return
    if isinstance(told, dict):
        href = next((told[key] for key in _LINKS if isinstance(told.get(key), str) and told[key]), None)
        if href and (found := absolute(url, href)):
            yield Offer(found, _dated(told, now))
        for value in told.values():
            yield from _offers(value, url, now, depth + 1)
    elif isinstance(told, list):
        for value in told:
            yield from _offers(value, url, now, depth + 1)
    elif isinstance(told, str) and _MARKUP in told:
        yield from (replace(offer) for offer in parse_listing(told, url).offers)


def _dated(told: dict[str, Any], now: datetime) -> Dating | None:
    for key in _DATES:
        value = told.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _epoch(float(value))
        if isinstance(value, str) and value.strip():
            dated = _epoch(float(value)) if value.isdecimal() else parse_moment(value, "feed", now)
            if dated:
                return dated
    return None


def _epoch(value: float) -> Dating | None:
    """Seconds since 1970, or milliseconds; None for a number that is no moment of the Web."""
    seconds = value / 1000 if value > 1e11 else value
    if not 6e8 < seconds < 5e9:
        return None
    return Dating(datetime.fromtimestamp(seconds, UTC), "second", "feed")
