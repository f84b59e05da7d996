"""One sitemap with all its files, read newest first within bounds."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from crawler.crawling.asking import Answer, Asking
from crawler.crawling.offers import Offer
from crawler.crawling.sitemaps import (
    File,
    Sitemap,
    TooLarge,
    Window,
    is_older,
    newest_first,
    parse_sitemap,
    unpacked,
)
from crawler.urls import absolute, same_site
from storage.records import FoundLink

_MOST_FILES = 120  # of one sitemap: ten years of months
_MOST_DEPTH = 3  # index in index
_MOST_UNPACKED = 50 * 1024 * 1024  # bytes of one file, the protocol's own bound
_ORDER = ("ok", "unchanged")  # the better outcome of two files is that of the whole

Accounting = Callable[[tuple[Offer, ...], Answer], Awaitable[tuple[FoundLink, ...]]]


@dataclass(slots=True)
class SitemapWalk:
    """Reads one sitemap; what it found stands in its fields afterwards."""

    asking: Asking
    account: Accounting  # (the offers of a file, its address) → the links among them
    window: Window
    now: datetime
    budget: int = _MOST_FILES
    in_full: bool = False  # ask no file whether it has changed
    answers: list[tuple[Answer, int]] = field(default_factory=list)  # with the links each showed
    links: list[FoundLink] = field(default_factory=list)
    known: int = 0  # links in files that have not changed
    left: int = 0  # files that were not asked for
    beyond: int = 0  # entries after the last that is read of a file
    outcome: str = "empty"

    async def read(self, url: str) -> None:
        """The sitemap at `url`, and what it names."""
        await self._file(url, depth=0)

    async def _file(self, url: str, depth: int) -> None:
        self.budget -= 1
        answer = await self.asking.ask(url, in_full=self.in_full)
        if answer.response is None:
            self._unread(answer)
            return
        try:
            plain = unpacked(answer.body, _MOST_UNPACKED)
        except TooLarge:
            self._turned_out("too-large")
            return
        sitemap = await asyncio.to_thread(parse_sitemap, plain, self.now)
        self.beyond += sitemap.beyond
        if sitemap.kind == "index" and depth < _MOST_DEPTH:
            await self._files(sitemap.files, url, depth + 1)
        else:
            await self._listed(answer, sitemap)

    async def _listed(self, answer: Answer, sitemap: Sitemap) -> None:
        if sitemap.kind == "none":
            self._turned_out("not-a-sitemap")
            return
        found = await self.account(sitemap.offers, answer)
        self._turned_out("ok" if found else "empty")
        self.links += found
        self.answers.append((answer, len(found)))

    async def _files(self, files: tuple[File, ...], parent: str, depth: int) -> None:
        ordered = newest_first(files)
        for place, file in enumerate(ordered):
            enough = len(self.links) + self.known >= self.window.least
            if self.budget <= 0 or (enough and is_older(file, self.window.since)):
                self.left += len(ordered) - place
                return
            url = absolute(parent, file.href)
            if url is None or not same_site(url, parent):
                self.left += 1
            else:
                await self._file(url, depth)

    def _unread(self, answer: Answer) -> None:
        self._turned_out(answer.outcome)
        if answer.known and answer.outcome == "unchanged":
            self.known += answer.known.links
            self.answers.append((answer, answer.known.links))

    def _turned_out(self, outcome: str) -> None:
        if self.outcome in _ORDER and (outcome not in _ORDER or _ORDER.index(self.outcome) == 0):
            return
        if outcome in _ORDER or self.outcome == "empty":
            self.outcome = outcome
