"""Several crawls in one process: one reactor, one writer, one pool of readers, each crawl ended by itself."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from crawler.config import Config, Source
from crawler.crawling.loader import spider_class
from crawler.crawling.session import Desk, Session
from crawler.crawling.settings import settings_for
from crawler.crawling.told import BEAT, Told
from crawler.errors import AlreadyRunning, DiembaoError
from storage.records import RunReport

HOST_BUSY = 75  # EX_TEMPFAIL: try again later
STOPPED = 143
GRACE = 6.0  # seconds for the pages being fetched, within the ten that a parent gives
UNBEGUN = "the crawl could not be started; its log says why"

_log = logging.getLogger(__name__)
Tell = Callable[[Told], None]  # from whatever thread


@dataclass(frozen=True, slots=True)
class Asked:
    """How each of the crawls is to be made."""

    again: bool = False  # try what failed, due or not
    limit: int | None = None  # the most articles of each; None: no limit
    backfill: int | None = None  # the number of the one to go on with; None: a daily crawl


@dataclass
class Batch:
    """The crawls of one process."""

    config: Config
    sources: Sequence[Source]  # each of a host of its own
    asked: Asked
    desk: Desk
    tell: Tell
    _sessions: dict[str, Session] = field(default_factory=dict)  # begun and not told of
    _open: dict[str, asyncio.Event] = field(default_factory=dict)
    _stopped: set[str] = field(default_factory=set)  # asked to end
    _running: bool = False
    _lock: threading.RLock = field(default_factory=threading.RLock)  # signals come in between, too

    def run(self) -> None:
        """Crawl all of them; returns when each has been told of."""
        process = AsyncCrawlerProcess(Settings(settings_for(self.config)))

        self._loop = asyncio.get_event_loop()
        self._open = {source.name: asyncio.Event() for source in self.sources}
        with self._lock:
            self._running = True
            before, self._stopped = self._stopped, set()
        for name in before:
            self._stop(name)
        whole = self._loop.create_task(self._all())
        whole.add_done_callback(lambda _: self._loop.call_soon(_end))
        process.start(stop_after_crawl=False, install_signal_handlers=False)
        whole.result()

    def stop(self, name: str | None = None) -> None:
        """From any thread: end that crawl, or all, gently, and after the grace by force."""
        names = [source.name for source in self.sources] if name is None else [name]
        with self._lock:
            if not self._running:
                self._stopped.update(names)
                return
        for each in names:
            self._loop.call_soon_threadsafe(self._stop, each)

    def finish(self) -> None:
        """From any thread: end what has not ended, and tell of it, whatever it is at."""
        for name in [*self._open]:
            self._end_by_force(name)

    async def _all(self) -> None:
        beat = self._loop.create_task(self._beat())
        tasks = [self._loop.create_task(self._one(source)) for source in self.sources]
        await asyncio.gather(*(event.wait() for event in self._open.values()))
        beat.cancel()
        for task in tasks:
            task.cancel()  # what was ended by force may still wait for an answer

    async def _beat(self) -> None:
        while True:
            self.tell(Told())
            await asyncio.sleep(BEAT)

    async def _one(self, source: Source) -> None:
        try:
            told = await self._crawled(source)
        except AlreadyRunning as error:
            told = Told(source.name, HOST_BUSY, words=str(error))
        except DiembaoError as error:
            told = Told(source.name, error.exit_code, words=str(error))
        except Exception as error:  # one source's riddle is not to end the others
            _log.error("%s: an error of our own", source.name, exc_info=error)
            told = Told(source.name, 1, words=f"an error of our own: {type(error).__name__}: {error}")
        self._ended(told)

    async def _crawled(self, source: Source) -> Told:
        if source.name in self._stopped:
            return Told(source.name, STOPPED)
        begin = partial(Session.begin, again=self.asked.again, backfill=self.asked.backfill, desk=self.desk)
        session = await asyncio.to_thread(begin, self.config, source)
        self._sessions[source.name] = session
        if source.name in self._stopped:
            session.stopped()
        await self._run(session)
        report = await asyncio.to_thread(session.finish)
        return Told(source.name, exit_code(report), report)

    async def _run(self, session: Session) -> None:
        """Scrapy's part; what keeps it from starting is the crawl's own trouble."""
        try:
            spider = spider_class(session.source)
            crawler = Crawler(spider, Settings(settings_for(self.config, session.source)))
            await crawler.crawl_async(session=session, limit=self.asked.limit)
        except DiembaoError as error:
            session.tally.broke = str(error)
        except Exception as error:
            _log.error("%s: the crawl could not be started", session.source.name, exc_info=error)
            session.tally.broke = UNBEGUN
        tally = session.tally
        if session.report is None and tally.broke is None and tally.ended_by is None:
            tally.broke = UNBEGUN

    def _stop(self, name: str) -> None:
        if name not in self._stopped and name in self._open:
            self._stopped.add(name)
            self._loop.call_later(GRACE, self._end_by_force, name)
            self._gently(name)

    def _gently(self, name: str) -> None:
        """A spider that has not begun yet sees by itself that it should not."""
        session = self._sessions.get(name)
        if session is not None:
            session.stopped()
            if session.spider is not None:
                session.spider.wind_up("stopped")

    def _end_by_force(self, name: str) -> None:
        session = self._sessions.get(name)
        if session is not None:
            session.stopped()
            report = session.finish()
            self._ended(Told(name, exit_code(report), report))
        elif name in self._open:
            self._ended(Told(name, STOPPED))

    def _ended(self, told: Told) -> None:
        """Each is told of once, whoever ends it first."""
        assert told.source is not None
        with self._lock:
            event = self._open.pop(told.source, None)
        if event is not None:
            self._sessions.pop(told.source, None)
            self.tell(told)
            self._loop.call_soon_threadsafe(event.set)


def exit_code(report: RunReport) -> int:
    """0 done, 143 stopped on request, 1 for every way in which a crawl fails."""
    return {"done": 0, "stopped": STOPPED}.get(report.outcome, 1)


def _end() -> None:
    from twisted.internet import reactor

    stop = getattr(reactor, "stop")  # noqa: B009 - its stubs take the module for the class
    stop()
