"""Asking a feed, sitemap or listing whether it has changed: conditional, checked, its answer named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse

from crawler.crawling.doors import Doors
from crawler.crawling.failures import Refused, reason_of
from crawler.crawling.retrying import is_blocking
from crawler.crawling.walls import successor, wall
from crawler.times import utc_now
from storage.records import Validators

_STREAK = 4  # answers
_CLOSED = {"challenge", "parked", "closed-connection", "http-451", "private-address"}
_FULL_EVERY = 12  # polls; some servers answer 304 for ever


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    url: str  # as asked, under which validators are remembered
    outcome: str  # ok, unchanged, or a named trouble
    response: Response | None = None  # None unless ok
    known: Validators | None = None  # of the answer before; None: never asked
    leads_to: str | None = None  # the host it redirects to; None: it stays

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

    def __init__(self, crawler: Crawler, doors: Doors) -> None:
        self._crawler = crawler
        self._doors = doors
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
        headers = {**(more or {}), **({} if in_full else conditions(known))}
        request = Request(url, headers=headers, dont_filter=True, priority=10)
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
        if outcome == "unchanged" and known is not None and known.links == 0:
            outcome = "empty"  # as it was when it was last read
        return self._noted(Answer(url, outcome, response if outcome == "ok" else None, known))

    def _noted(self, answer: Answer) -> Answer:
        """Count how often in a row the host has turned us away."""
        turned_away = is_blocking(answer.outcome) or answer.outcome in _CLOSED
        self._streak = self._streak + 1 if turned_away else 0
        if self._streak >= _STREAK and self._closed is None:
            self._closed = answer.outcome
        return answer

    async def remember(self, answer: Answer, links: int) -> None:
        """Keep the validators of an answer whose links are all recorded."""
        if answer.outcome == "unchanged" and answer.known:
            await self._doors.remember(
                answer.url, replace(answer.known, unchanged=answer.known.unchanged + 1)
            )
        elif answer.response is not None:
            await self._doors.remember(answer.url, _validators(answer.response, links))

    async def remember_unfinished(self, answer: Answer) -> None:
        """Note that what follows an answer is yet to be read, in case that is cut short."""
        settled_at = answer.known.settled_at if answer.known else None
        await self._doors.remember(answer.url, Validators(None, None, 0, links=-1, settled_at=settled_at))


def conditions(known: Validators | None) -> dict[str, str]:
    """The headers that make a request conditional; none when a full answer is wanted."""
    if known is None or is_unfinished(known) or known.unchanged >= _FULL_EVERY - 1:
        return {}
    headers = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in headers.items() if value}


def is_unfinished(known: Validators | None) -> bool:
    """Whether a listing was never read on to known ground since it last had news."""
    return known is None or known.links < 0


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


def _validators(response: Response, links: int) -> Validators:
    etag, modified = response.headers.get("ETag"), response.headers.get("Last-Modified")
    return Validators(
        etag.decode("latin-1") if etag else None,
        modified.decode("latin-1") if modified else None,
        unchanged=0,
        links=links,
        settled_at=utc_now(),
    )
