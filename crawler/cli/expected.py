"""A page kept beside the reading that is expected of it: two files, NAME.html and NAME.json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.casejson import article_json
from crawler.errors import UsageError
from crawler.times import shown
from storage.records import Page

if TYPE_CHECKING:
    from crawler.reading import Reading

_PAGE = ("url", "status", "content_type", "fetched_at")


@dataclass(frozen=True, slots=True)
class Fixture:
    """Where a page and its expected reading are kept."""

    folder: Path  # tests/pages
    source: str
    name: str

    @property
    def html(self) -> Path:
        """The page, byte for byte."""
        return self.folder / self.source / f"{self.name}.html"

    @property
    def json(self) -> Path:
        """How it came, and what a careful person reads on it."""
        return self.html.with_suffix(".json")


def expected(page: Page, reading: Reading) -> dict[str, Any]:
    """How the page came, and what was read on it; the body as a list of paragraphs, easily corrected."""
    article = reading.article
    said: dict[str, Any] = {"kind": reading.kind, "refused": reading.refused}
    if article is not None:
        told = article_json(article)
        told["body"] = article.body.split("\n\n") if article.body else []
        del told["source"], told["url"]
        said |= {**told, "dateline": reading.dateline, "credit": reading.credit}
    return {**_came(page), **said}


def page_of(fixture: Fixture) -> Page:
    """The kept page as it came; UsageError where a file of the two is missing or tells nothing."""
    try:
        told = json.loads(fixture.json.read_text(encoding="utf-8"))
        headers = (("Content-Type", str(told["content_type"])),)
        at = datetime.fromisoformat(told["fetched_at"])
        return Page(str(told["url"]), int(told["status"]), headers, at, fixture.html.read_bytes())
    except OSError as error:
        raise UsageError(f"{error.filename}: cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        wanted = ", ".join(_PAGE)
        raise UsageError(f"{fixture.json}: is no expected reading; it must tell {wanted}: {error}") from error


def _came(page: Page) -> Mapping[str, Any]:
    headers = {name.lower(): value for name, value in page.headers}
    return {
        "url": page.url,
        "status": page.status,
        "content_type": headers.get("content-type", ""),
        "fetched_at": shown(page.fetched_at),
    }
