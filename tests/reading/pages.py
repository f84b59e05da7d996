"""Pages and hints for the tests of reading."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from crawler.reading import Hints, Reading, read
from crawler.reading.selectors import Selectors
from storage.records import Article, Dating, Page

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
URL = "https://bao.example/xa-hoi/mot-tin-123.html"
HTML = (("Content-Type", "text/html; charset=utf-8"),)


@cache
def selectors(source: str) -> Selectors:
    """What the shipped config.toml says of a source."""
    written = tomllib.loads((ROOT / "config.toml").read_text(encoding="utf-8"))["sources"][source]
    return Selectors(**{part: tuple(found) for part, found in written.get("selectors", {}).items()})


def fetched(
    html: str | bytes, url: str = URL, status: int = 200, headers: tuple[tuple[str, str], ...] = HTML
) -> Page:
    """A page as it would have come from the network."""
    return Page(url, status, headers, NOW, html.encode() if isinstance(html, str) else html)


def hints(source: str = "", dated: Dating | None = None) -> Hints:
    """Hints with a source's shipped selectors, or with none."""
    return Hints(
        source or "bao",
        "bao:123",
        selectors(source) if source else Selectors(),
        dated,
        "https://bao.example/",
    )


def reading(html: str | bytes, source: str = "", url: str = URL) -> Reading:
    """The reading of a page."""
    return read(fetched(html, url), hints(source), NOW)


def article(html: str | bytes, source: str = "", url: str = URL) -> Article:
    """The article of a page that must be one."""
    found = reading(html, source, url)
    assert found.article is not None, f"refused: {found.refused}"
    return found.article
