"""Sitemaps: bytes to offers, indexes to the files worth reading, newest first and bounded."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from lxml import etree

from crawler.crawling.offers import Offer
from crawler.reading import parse_moment
from storage.records import FoundLink

_MOST_ENTRIES = 50_000  # the protocol's own bound on one file
_MONTH = re.compile(r"(?<!\d)(20\d{2})[-_/]?(0?[1-9]|1[0-2])(?!\d)")
_NUMBER = re.compile(r"(\d{1,4})(?:\.xml)?(?:\.gz)?$")
_NO_NEWS = re.compile(
    r"(?:categor|chuyen-?muc|tags?[-_.]|topic|chu-?de|author|users|taxonom|posts-page|page-sitemap|image|video|static)",
    re.IGNORECASE,
)
_OLDEST = datetime(1990, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class File:
    """One file of a sitemap index."""

    href: str
    modified_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap shows."""

    kind: Literal["index", "links", "none"]  # none: it is no sitemap
    files: tuple[File, ...] = ()
    offers: tuple[Offer, ...] = ()
    beyond: int = 0  # entries after the last that is read


@dataclass(frozen=True, slots=True)
class Window:
    """How far back a crawl looks: to `since`, and the newest `least` links whatever their age."""

    since: datetime
    least: int


class TooLarge(ValueError):
    """A compressed sitemap that unpacks to more than is allowed."""


def unpacked(body: bytes, most: int) -> bytes:
    """The sitemap itself, where it is served as a gzip file; TooLarge beyond `most` bytes."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    stream = zlib.decompressobj(wbits=31)
    try:
        plain = stream.decompress(body, most)
    except zlib.error:
        return b""
    if stream.unconsumed_tail:
        raise TooLarge(f"more than {most} bytes")
    return plain


def parse_sitemap(body: bytes, now: datetime) -> Sitemap:
    """A sitemap, an index, a news sitemap or a plain list of addresses; entities are never expanded."""
    stripped = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not stripped.startswith(b"<"):
        return _plain(stripped)
    if re.match(rb"(?:<\?xml[^>]*>\s*)?<!DOCTYPE", stripped, re.IGNORECASE):
        return Sitemap("none")  # HTML, or somebody who declares entities
    files: list[File] = []
    offers: list[Offer] = []
    kind: Literal["index", "links", "none"] = "none"
    beyond = 0
    for element in _entries(stripped):
        name = etree.QName(element).localname
        if name in {"sitemapindex", "urlset"}:
            kind = "index" if name == "sitemapindex" else "links"
        elif len(files) + len(offers) >= _MOST_ENTRIES:
            beyond += 1
        elif href := _said(element, "loc"):
            modified = _moment(_said(element, "lastmod"), now)
            if name == "sitemap":
                files.append(File(href, modified))
            else:
                published = _said(element, "publication_date")
                offers.append(
                    Offer(href, parse_moment(published, "sitemap", now) if published else None, modified)
                )
    told = "index" if files else "links" if offers else kind
    return Sitemap(told, tuple(files), tuple(offers), beyond)


def newest_first(files: Iterable[File]) -> tuple[File, ...]:
    """The files that may list news, those without a month in their name first, then the months backwards."""
    return tuple(sorted((file for file in files if not _NO_NEWS.search(file.href)), key=_age))


def is_older(file: File, since: datetime) -> bool:
    """Whether everything in the file was published before `since`, as far as its name or date tells."""
    match = _MONTH.search(file.href)
    if match:
        year, month = int(match[1]), int(match[2])
        return datetime(year + month // 12, month % 12 + 1, 2, tzinfo=UTC) < since
    return file.modified_at is not None and file.modified_at < since


def months_of(href: str) -> tuple[int, int] | None:
    """Year and month that a file's name bears; None: it bears none."""
    match = _MONTH.search(href)
    return (int(match[1]), int(match[2])) if match else None


def within(found: Sequence[FoundLink], window: Window) -> tuple[tuple[FoundLink, ...], int]:
    """The links inside the window, newest first, and how many are left out of it.

    A link that bears no date of any kind counts as new: nothing says that it is old.
    """
    ordered = sorted(found, key=lambda link: _moment_of(link) or window.since + timedelta(1), reverse=True)
    taken = [
        link
        for place, link in enumerate(ordered)
        if place < window.least or (_moment_of(link) or _OLDEST) >= window.since
    ]
    return tuple(taken), len(ordered) - len(taken)


def _moment_of(link: FoundLink) -> datetime | None:
    return link.dated.at if link.dated else link.modified_at


def _age(file: File) -> tuple[int, int, float, int]:
    match = _MONTH.search(file.href)
    number = _NUMBER.search(file.href)
    return (
        1 if match else 0,
        -(int(match[1]) * 12 + int(match[2])) if match else 0,
        -file.modified_at.timestamp() if file.modified_at else 0.0,
        -int(number[1]) if number and not match else 0,
    )


def _entries(body: bytes) -> Iterable[etree._Element]:
    """The root, then each entry once it is whole; memory stays flat, and a broken end loses only itself."""
    events = etree.iterparse(
        io.BytesIO(body),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=True,
    )
    first = True
    for event, element in events:
        if first:
            first = False
            yield element
        elif event == "end" and etree.QName(element).localname in {"url", "sitemap"}:
            yield element
            element.clear()


def _plain(body: bytes) -> Sitemap:
    every = body.decode("utf-8", "replace").splitlines()
    lines = [line.strip() for line in every[:_MOST_ENTRIES]]
    if not lines or not all(re.match(r"https?://\S+$", line) for line in lines if line):
        return Sitemap("none")
    offers = tuple(Offer(line) for line in lines if line)
    return Sitemap("links", offers=offers, beyond=len(every) - len(lines))


def _said(element: etree._Element, name: str) -> str | None:
    for child in element.iter("{*}" + name):
        text = (child.text or "").strip()
        if text:
            return text
    return None


def _moment(text: str | None, now: datetime) -> datetime | None:
    dated = parse_moment(text, "sitemap", now) if text else None
    return dated.at if dated else None
