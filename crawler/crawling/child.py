"""One crawl of one source as a process: `python -m crawler.crawling.child --config F --db F SOURCE`."""

# The readers are started from here and import this module by name: nothing heavy may stand at the top.
from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.errors import AlreadyRunning, DiembaoError, UsageError

if TYPE_CHECKING:
    from crawler.config import Config, Source
    from crawler.crawling.session import Session
    from storage.records import RunReport

HOST_BUSY = 75  # EX_TEMPFAIL: try again later
STOPPED = 143
_LAST_WORDS = 1.0  # seconds more for the run to be ended in the store
_GRACE = 6.0  # seconds for the pages being fetched, within the ten that a parent gives


def main(arguments: list[str] | None = None) -> int:
    """Crawl, print the report as one line of JSON, and return the exit code that fits it."""
    wanted = _parsed(arguments)
    try:
        session = _begun(wanted)
    except AlreadyRunning as error:
        print(error, file=sys.stderr)
        return HOST_BUSY
    except DiembaoError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    try:
        _crawl(session, wanted)
    except DiembaoError as error:
        session.tally.broke = str(error)
    return _told(session.finish())


def exit_code(report: RunReport) -> int:
    """0 done, 143 stopped on request, 1 for every way in which a crawl fails."""
    return {"done": 0, "stopped": STOPPED}.get(report.outcome, 1)


def _parsed(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m crawler.crawling.child", description=__doc__)
    parser.add_argument("--config", type=Path)
    parser.add_argument("--db", type=Path)
    parser.add_argument("--limit", type=int, help="the most articles to fetch")
    parser.add_argument("--again", action="store_true", help="try what failed, due or not")
    parser.add_argument("--backfill", type=int, help="go on with the backfill of this number")
    parser.add_argument("--with-parent", action="store_true", help="end when stdin does")
    parser.add_argument("source")
    return parser.parse_args(arguments)


def _begun(wanted: argparse.Namespace) -> Session:
    from crawler.config import load
    from crawler.crawling.session import Session

    config = load(wanted.config, wanted.db)
    source = config.sources.get(wanted.source)
    if source is None:
        raise UsageError.unknown("source", wanted.source, config.sources)
    if wanted.backfill is not None:
        config, source = gently(config, source)
    return Session.begin(config, source, again=wanted.again, backfill=wanted.backfill)


def gently(config: Config, source: Source) -> tuple[Config, Source]:
    """The configuration at the pace of a backfill."""
    usual = config.crawl.delay if source.delay is None else source.delay
    delay = max(usual, config.crawl.backfill_delay)
    return config, replace(source, delay=delay)


def _crawl(session: Session, wanted: argparse.Namespace) -> None:
    """Run Scrapy's reactor until the crawl has ended, or somebody ends it."""
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.settings import Settings

    from crawler.crawling.loader import spider_class
    from crawler.crawling.settings import settings_for

    spider = spider_class(session.source)
    runner = AsyncCrawlerProcess(Settings(settings_for(session.config, session.source)))
    crawler = runner.create_crawler(spider)
    runner.crawl(crawler, session=session, limit=wanted.limit)
    stop = _Stop(session)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.ask())
    if wanted.with_parent:
        threading.Thread(target=_watch_parent, args=(stop,), daemon=True).start()
    runner.start(install_signal_handlers=False)
    if session.report is None and session.tally.broke is None and session.tally.ended_by is None:
        session.tally.broke = "the crawl could not be started; its log says why"


class _Stop:
    """Ends the crawl on request: gently, and after the grace by force, with the run ended all the same."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._asked = False

    def ask(self) -> None:
        """From a signal or from any thread; asking twice changes nothing."""
        if self._asked:
            return
        self._asked = True
        from twisted.internet import reactor

        self._session.stopped()
        reactor.callFromThread(self._gently)
        for seconds, end in ((_GRACE, self._by_force), (_GRACE + _LAST_WORDS, _at_once)):
            timer = threading.Timer(seconds, end)
            timer.daemon = True
            timer.start()

    def _gently(self) -> None:
        """A spider that has not begun yet sees by itself that it should not."""
        spider = self._session.spider
        if spider is not None:
            spider.wind_up("stopped")

    def _by_force(self) -> None:
        try:
            _told(self._session.finish())
        finally:
            _at_once()


def _at_once() -> None:
    os._exit(STOPPED)


def _watch_parent(stop: _Stop) -> None:
    """The parent holds the other end of our stdin; it ends when the parent does."""
    while os.read(sys.stdin.fileno(), 1024):
        pass
    stop.ask()


def _told(report: RunReport) -> int:
    import msgspec

    with suppress(BrokenPipeError):  # nobody is left to be told
        sys.stdout.buffer.write(msgspec.json.encode(report) + b"\n")
        sys.stdout.flush()
        if report.trouble:
            print(report.trouble, file=sys.stderr)
    return exit_code(report)


if __name__ == "__main__":
    sys.exit(main())
