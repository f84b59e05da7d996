"""Feeds and sitemaps in the dialects of the papers' CMSs."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from tests.newsroom.markup import VIETNAM, clock
from tests.newsroom.story import Story

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Channel:
    """One feed's head and habits."""

    title: str
    home: str
    describe: Callable[[Story], str]  # HTML of one description
    date: Callable[[datetime], str]


def rfc_822(at: datetime, zone: str) -> str:
    """`Mon, 23 Nov 2026 08:15:00 GMT+7`: the moment on Vietnam's clock, or on UTC's for `+0000`."""
    local = at.astimezone(UTC if zone == "+0000" else VIETNAM)
    day = f"{_DAYS[local.weekday()]}, {local.day:02d} {_MONTHS[local.month - 1]} {local.year}"
    return f"{day} {local:%H:%M:%S} {zone}".rstrip()


def rss(channel: Channel, stories: Iterable[Story]) -> bytes:
    """An RSS 2.0 feed."""
    rows = "".join(_row(channel, story) for story in stories)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>{escape(channel.title)}</title><link>{escape(channel.home)}/</link>"
        f"<description>{escape(channel.title)}</description><language>vi</language>\n"
        f"{rows}</channel></rss>\n"
    ).encode()


def sitemap_index(places: Iterable[tuple[str, datetime | None]]) -> bytes:
    """An index of sitemaps."""
    rows = "".join(f"<sitemap><loc>{escape(url)}</loc>{_lastmod(at)}</sitemap>\n" for url, at in places)
    return _xml("sitemapindex", rows)


def urlset(places: Iterable[tuple[str, datetime | None]]) -> bytes:
    """One sitemap."""
    rows = "".join(f"<url><loc>{escape(url)}</loc>{_lastmod(at)}</url>\n" for url, at in places)
    return _xml("urlset", rows)


def zipped(body: bytes) -> bytes:
    """The same as a gzip file, always the same bytes."""
    return gzip.compress(body, 6, mtime=0)


def months(stories: Sequence[Story]) -> dict[tuple[int, int], list[Story]]:
    """Stories by year and month in Vietnam, newest month first."""
    found: dict[tuple[int, int], list[Story]] = {}
    for story in stories:
        year, month = clock(story.posted_at, "%Y-%m").split("-")
        found.setdefault((int(year), int(month)), []).append(story)
    return found


def _row(channel: Channel, story: Story) -> str:
    url = escape(story.url(channel.home))
    return (
        f"<item><title>{escape(story.title)}</title><link>{url}</link><guid>{url}</guid>"
        f"<description>{escape(channel.describe(story))}</description>"
        f"<pubDate>{channel.date(story.posted_at)}</pubDate></item>\n"
    )


def _lastmod(at: datetime | None) -> str:
    if at is None:
        return ""
    written = clock(at, "%Y-%m-%dT%H:%M:%S%z")
    return f"<lastmod>{written[:-2]}:{written[-2:]}</lastmod>"


def _xml(root: str, rows: str) -> bytes:
    namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{namespace}">\n{rows}</{root}>\n'.encode()
