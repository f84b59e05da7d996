"""Politeness: robots.txt with its Crawl-delay, Retry-After, and redirects only within the paper."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request, signals
from scrapy.core.downloader import Slot
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.misc import build_from_crawler

from crawler.crawling.failures import Refused, reason_of
from crawler.crawling.told import ASKED_TO_WAIT
from crawler.times import utc_now
from crawler.urls import authority, same_site

_LONGEST_CRAWL_DELAY = 60.0  # seconds; what asks for more would never be crawled to its end
_LONGEST_WAIT = 90.0  # seconds that a crawl itself waits; a longer Retry-After is for the next one
_LONGEST_PAUSE = timedelta(days=30)
_ROBOTS_KEEP = timedelta(hours=24)  # RFC 9309 allows no more
_UNTOLD_PAUSE = timedelta(minutes=15)  # after a 429 that does not say how long
_MOST_WAITS = 2  # for one request
_FORBIDDING = b"User-agent: *\nDisallow: /\n"


def retry_after(response: Response, now: datetime) -> datetime | None:
    """Until when a server asks us to stay away; None if it does not."""
    text = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if not text or response.status not in {429, 503}:
        return None
    if text.isdecimal():
        return now + min(timedelta(seconds=int(text[:9])), _LONGEST_PAUSE)
    at, said = _moment(text), _moment((response.headers.get("Date") or b"").decode("latin-1"))
    pause = at - (said or now) if at else timedelta()  # by its own clock, where it tells it
    return now + min(pause, _LONGEST_PAUSE) if pause > timedelta() else None


def _moment(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def pause_of(response: Response, now: datetime) -> datetime | None:
    """Until when to leave a host alone after this answer, said or not; None: it may be asked."""
    until = retry_after(response, now)
    return now + _UNTOLD_PAUSE if until is None and response.status == 429 else until


class Robots(RobotsTxtMiddleware):
    """Scrapy's, with named refusals; a robots.txt that cannot be had forbids everything, as RFC 9309 says."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        logging.getLogger(RobotsTxtMiddleware.__module__).setLevel(logging.CRITICAL)  # we tell it in one line
        self._unreachable: dict[str, str] = {}  # host → why its robots.txt could not be had
        self._sitemaps: dict[str, tuple[str, ...]] = {}  # host → those its robots.txt names

    def sitemaps(self, host: str) -> tuple[str, ...]:
        """The sitemaps that a host's robots.txt names; empty before it was read."""
        return self._sitemaps.get(host, ())

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """By what the host said within the last day; a person's crawl asks it anew."""
        netloc = urlsplit(request.url).netloc
        session: Any = getattr(self.crawler.spider, "session", None)
        if netloc not in self._parsers and session is not None and not session.by_hand:
            now = utc_now()
            known = await asyncio.wrap_future(
                session.desk.writer.submit(lambda store: store.robots.known(netloc, now - _ROBOTS_KEEP, now))
            )
            if known is not None and netloc not in self._parsers:
                await self._take_known(known, netloc, request)
        return await super().robot_parser(request)

    async def _take_known(self, body: str, netloc: str, request: Request) -> None:
        parser = build_from_crawler(self._parserimpl, self.crawler, body.encode())
        self._parsers[netloc] = parser
        self._sitemaps[netloc] = tuple(Protego.parse(body).sitemaps)
        await self.crawler.signals.send_catch_log_async(
            signal=signals.robots_parsed, robotparser=parser, request=request
        )

    def _remember(self, netloc: str, body: str | None) -> None:
        """Keep what a host allows; what forbids us is asked again by every crawl."""
        session: Any = getattr(self.crawler.spider, "session", None)
        if session is not None and body is not None:
            session.desk.writer.submit(lambda store: store.robots.remember(netloc, body, utc_now()))
        elif session is not None:
            session.desk.writer.submit(lambda store: store.robots.forget(netloc))

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Refuse what robots.txt forbids."""
        host = urlsplit(request.url).netloc
        if host in self._unreachable:
            raise Refused(self._unreachable[host], "its robots.txt cannot be had")
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as error:
            self._remember(host, None)
            raise Refused("forbidden-by-robots", request.url) from error

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == 429:
            self._unreachable[netloc] = "robots-unavailable"
            response = response.replace(body=_FORBIDDING)
        elif response.status >= 400:
            response = response.replace(body=b"")
        self._sitemaps[netloc] = tuple(Protego.parse(response.body.decode("utf-8", "replace")).sitemaps)
        if response.status == 200 or 400 <= response.status < 429:
            self._remember(netloc, response.body.decode("utf-8", "replace"))
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        reason = reason_of(exc)
        if reason not in {"redirected-away", "redirected-home", "too-many-redirects"}:
            self._unreachable[netloc] = reason
        super()._robots_error(exc, netloc)


class Redirects(RedirectMiddleware):
    """Follows a paper within itself; what leads elsewhere or back to its home is named and not followed."""

    def _redirect(self, redirected: Request, request: Request, reason: Any) -> Request:
        if not same_site(redirected.url, request.url):
            raise Refused("redirected-away", authority(redirected.url))
        if urlsplit(redirected.url).path in {"", "/"} and urlsplit(request.url).path not in {"", "/"}:
            raise Refused("redirected-home", redirected.url)
        return super()._redirect(redirected, request, reason)


class Throttle(AutoThrottle):
    """AutoThrottle that never goes below robots.txt's Crawl-delay, and pauses a host that asks for it."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        crawler.signals.connect(self._robots_parsed, signal=signals.robots_parsed)

    def _robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        agent = self.crawler.settings["ROBOTSTXT_USER_AGENT"]
        asked = robotparser.crawl_delay(agent)
        if asked and asked > 0:
            least = max(self.mindelay, min(asked, _LONGEST_CRAWL_DELAY))
            self.mindelay = least
            self.maxdelay = max(self.maxdelay, least)
            downloader = self.crawler.engine.downloader
            downloader._delay = max(downloader._delay, least)
            for slot in downloader.slots.values():
                slot.delay = max(slot.delay, least)
                slot.concurrency = 1


class RetryAfter:
    """Downloader middleware: a host that asks for a pause gets it, and the request is made again after it."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._away_until: datetime | None = None  # nothing is asked before; None: no long pause is wanted

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RetryAfter:
        """One for each crawl."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Refuse whatever would be asked within a pause that is too long to wait for."""
        if self._away_until is not None and utc_now() < self._away_until:
            raise Refused(ASKED_TO_WAIT, request.url)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """429 and 503 with Retry-After; a pause that is too long is left to the next crawl."""
        now = utc_now()
        until = pause_of(response, now)
        if until is None:
            return response
        seconds = max((until - now).total_seconds(), 0.0)
        self._remember(response.status, until, is_long=seconds > _LONGEST_WAIT)
        request.meta["dont_retry"] = True  # it is made again after the pause, or not in this crawl
        if seconds > _LONGEST_WAIT:
            self._away_until = until
            return response
        self._pause(request, seconds)
        waits = request.meta.get("waits", 0)
        if waits >= _MOST_WAITS:
            return response
        return request.replace(dont_filter=True, meta={**request.meta, "waits": waits + 1})

    def _remember(self, status: int, until: datetime, *, is_long: bool) -> None:
        """A pause outlives the crawl that was asked for it, and a long one ends that."""
        session: Any = getattr(self._crawler.spider, "session", None)
        if session is not None:
            session.pause(until, f"http-{status}")
            session.away = session.away or is_long

    def _pause(self, request: Request, seconds: float) -> None:
        downloader = self._crawler.engine.downloader
        slot: Slot | None = downloader.slots.get(downloader.get_slot_key(request))
        if slot is not None:
            slot.delay = max(slot.delay, 0.05)  # without a delay the slot would not look at the clock
            slot.lastseen = max(slot.lastseen, monotonic() + seconds)
