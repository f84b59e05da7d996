"""Asking a feed, sitemap or listing whether it has changed: conditional, checked, its answer named."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse

from crawler.crawling.conditions import conditions, headers_of, is_doubtful, validators
from crawler.crawling.doors import Doors
from crawler.crawling.failures import Refused, reason_of
from crawler.crawling.retrying import is_blocking
from crawler.crawling.walls import successor, wall
from crawler.times import utc_now
from storage.records import Validators

log = logging.getLogger(__name__)

_STREAK = 4  # answers
_CLOSED = {"challenge", "parked", "closed-connection", "http-451", "private-address"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    url: str  # as asked, under which validators are remembered
    outcome: str  # ok, unchanged, or a named trouble
    response: Response | None = None  # None unless ok
    known: Validators | None = None  # of the answer before; None: never asked
    leads_to: str | None = None  # the host it redirects to; None: it stays
    conditional: bool = False  # asked whether it has changed, not for the whole
    said_unchanged: bool = False

    @property
    def body(self) -> bytes:
        """The answer's bytes; empty unless ok."""
        return self.response.body if self.response is not None else b""

    @property
    def address(self) -> str:
        """Where it was found in the end, after redirects within the paper."""
        return self.response.url if self.response is not None else self.url

    @property
    def text(self) -> str:
        """The answer decoded as it or its body declares; "" for what is no text."""
        return self.response.text if isinstance(self.response, TextResponse) else ""


class Asking:
    """Makes the requests of one crawl that are not for articles."""

    def __init__(self, crawler: Crawler, doors: Doors, *, conditional: bool = True) -> None:
        """`conditional`: whether a server may be asked at all if anything has changed."""
        self._crawler = crawler
        self._doors = doors
        self._conditional = conditional
        self._lied: dict[str, datetime] = {}  # addresses found out in this crawl
        self._streak = 0  # answers in a row that turned us away
        self._closed: str | None = None  # why nothing more is asked in this crawl; None: the host is open

    @property
    def is_closed(self) -> bool:
        """Whether the host has turned us away so often that nothing more is asked in this crawl."""
        return self._closed is not None

    async def ask(self, url: str, *, in_full: bool = False, more: Mapping[str, str] | None = None) -> Answer:
        """One polite request, conditional unless `in_full`; never raises for what the other side does.

        `more` headers are sent with it. A host that turns us away several times in a row is asked no more.
        """
        if self._closed:
            return Answer(url, self._closed)
        known = await self._doors.validators(url)
        asked = {} if in_full or not self._conditional else conditions(known, utc_now())
        request = Request(url, headers={**(more or {}), **asked}, dont_filter=True, priority=10)
        try:
            response = await self._crawler.engine.download_async(request)
        except Refused as error:
            away = error.detail if error.reason == "redirected-away" else None
            return self._noted(Answer(url, error.reason, leads_to=away))
        except Exception as error:
            return self._noted(Answer(url, reason_of(error)))
        outcome = named(response)
        away = successor(response.body, url) if outcome in {"ok", "parked"} else None
        if away:
            return self._noted(Answer(url, "redirected-away", leads_to=away))
        if outcome == "http-429":
            self._closed = (
                outcome  # it was asked again after the pauses it wanted, as far as they are bearable
            )
        unchanged = outcome == "unchanged"
        if unchanged and known is not None and known.links == 0:
            outcome = "empty"  # as it was when it was last read
        body = response if outcome == "ok" else None
        return self._noted(Answer(url, outcome, body, known, None, bool(asked), unchanged))

    def _noted(self, answer: Answer) -> Answer:
        """Count how often in a row the host has turned us away."""
        turned_away = is_blocking(answer.outcome) or answer.outcome in _CLOSED
        self._streak = self._streak + 1 if turned_away else 0
        if self._streak >= _STREAK and self._closed is None:
            self._closed = answer.outcome
        return answer

    async def doubt(self, answer: Answer, *, news: bool) -> None:
        """Where a full answer has news after "unchanged" ones, find out whether those were lies.

        News under the same validators is a lie, and so is "unchanged" for the validators of before; whoever
        lied is asked in full for a month.
        """
        known, response = answer.known, answer.response
        if response is None or known is None or answer.conditional or not is_doubtful(known, news=news):
            return
        given = headers_of(validators(response, 0, utc_now()))
        if given == headers_of(known) or await self._denies_change(response, answer):
            log.warning(
                "%s: says it is unchanged (304) when it is not; asked in full from now on", answer.url
            )
            self._lied[answer.url] = utc_now()

    async def _denies_change(self, response: Response, answer: Answer) -> bool:
        assert response.request is not None
        assert answer.known is not None
        headers = response.request.headers.copy()
        headers.update(headers_of(answer.known))
        request = response.request.replace(url=answer.url, headers=headers, meta={}, dont_filter=True)
        try:
            again = await self._crawler.engine.download_async(request)
        except Exception as error:
            log.info("%s: cannot be asked again: %s", answer.url, reason_of(error))
            return False
        return again.status == 304

    async def remember(self, answer: Answer, links: int) -> None:
        """Keep the validators of an answer whose links are all recorded."""
        if answer.said_unchanged and answer.known:
            known = replace(answer.known, unchanged=answer.known.unchanged + 1)
            await self._doors.remember(answer.url, known)
        elif answer.response is not None:
            known = replace(validators(answer.response, links, utc_now()), lied_at=self._lied_at(answer))
            await self._doors.remember(answer.url, known)

    async def remember_unfinished(self, answer: Answer) -> None:
        """Note that what follows an answer is yet to be read, in case that is cut short."""
        settled_at = answer.known.settled_at if answer.known else None
        unfinished = Validators(None, None, 0, -1, settled_at, self._lied_at(answer))
        await self._doors.remember(answer.url, unfinished)

    def _lied_at(self, answer: Answer) -> datetime | None:
        return self._lied.get(answer.url) or (answer.known.lied_at if answer.known else None)


def named(response: Response) -> str:
    """`ok`, `unchanged`, or what is wrong with the answer."""
    if response.status == 304:
        return "unchanged"
    if response.status != 200:
        return f"http-{response.status}"
    return wall(response.body) or ("ok" if response.body.strip() else "empty")


def is_home(url: str) -> bool:
    """Whether an address is a paper's front page."""
    return urlsplit(url).path in {"", "/"}
