"""Whether a source's selectors and the layers that need none tell the same story."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from crawler.reading.reader import read
from crawler.reading.result import Hints, Reading
from crawler.reading.selectors import Selectors
from crawler.reading.text import share_said
from storage.records import Article, Page

_SAME = 0.8  # share of the words of each that the other says


def agrees(reading: Reading, page: Page, hints: Hints, now: datetime) -> bool | None:
    """Read `page` once more without selectors; None where there is no story, or no selector gave the body."""
    if reading.article is None or reading.layers.get("body") != "selector":
        return None
    other = read(page, replace(hints, selectors=Selectors()), now).article
    if other is None:
        return False
    mine, theirs = _story(reading.article), _story(other)
    return min(share_said(mine, theirs), share_said(theirs, mine)) >= _SAME


def _story(article: Article) -> str:
    return f"{article.lead or ''} {article.body}"
