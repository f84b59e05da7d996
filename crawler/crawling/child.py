"""Crawls as a process: `python -m crawler.crawling.child --config F --db F SOURCE…`, each source once."""

# The readers are started from here and import this module by name: nothing heavy may stand at the top.
from __future__ import annotations

import argparse
import atexit
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.crawling.scratch import leave
from crawler.errors import DiembaoError, UsageError

if TYPE_CHECKING:
    from crawler.config import Config, Source
    from crawler.crawling.batch import Batch
    from crawler.crawling.told import Told

HOST_BUSY = 75  # EX_TEMPFAIL: try again later
STOPPED = 143
_FORCE = 6.5  # seconds until even a reactor that does not answer is overruled
_LAST_WORDS = 7.0  # seconds until nothing is waited for any more


def main(arguments: list[str] | None = None) -> int:
    """Crawl, say how it went, and return the exit code that fits it.

    Of one source the report is one line of JSON; of several, or with --each, every line is a `Told`.
    """
    atexit.register(leave)  # before anything that makes files: what is registered first runs last
    wanted = _parsed(arguments)
    teller = _Teller(each=wanted.each or len(wanted.sources) > 1)
    try:
        batch = _begun(wanted, teller)
    except DiembaoError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    stop = _Stop(batch)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.ask())
    if wanted.with_parent:
        threading.Thread(target=_watch_parent, args=(batch, stop), daemon=True).start()
    batch.run()
    batch.desk.close()
    return teller.code


def _parsed(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m crawler.crawling.child", description=__doc__)
    parser.add_argument("--config", type=Path)
    parser.add_argument("--db", type=Path)
    parser.add_argument("--limit", type=int, help="the most articles to fetch")
    parser.add_argument("--again", action="store_true", help="try what failed, due or not")
    parser.add_argument("--backfill", type=int, help="go on with the backfill of this number")
    parser.add_argument(
        "--with-parent", action="store_true", help="end when stdin does; obey `stop SOURCE` from it"
    )
    parser.add_argument("--each", action="store_true", help="tell of each source by itself")
    parser.add_argument("sources", metavar="SOURCE", nargs="+")
    return parser.parse_args(arguments)


def _begun(wanted: argparse.Namespace, teller: _Teller) -> Batch:
    # First of all: it reads the source of every frame that imports it, deep down a tenth of a start.
    import scrapy.core.downloader.contextfactory  # noqa: F401

    from crawler.config import load
    from crawler.crawling.batch import Asked, Batch
    from crawler.crawling.session import Desk

    config = load(wanted.config, wanted.db)
    unknown = [name for name in wanted.sources if name not in config.sources]
    if unknown:
        raise UsageError.unknown("source", unknown[0], config.sources)
    sources = [config.sources[name] for name in dict.fromkeys(wanted.sources)]
    if wanted.backfill is not None:
        sources = [gently(config, source) for source in sources]
    asked = Asked(wanted.again, wanted.limit, wanted.backfill)
    return Batch(config, sources, asked, Desk.opened(config), teller.tell)


def gently(config: Config, source: Source) -> Source:
    """The source at the pace of a backfill."""
    usual = config.crawl.delay if source.delay is None else source.delay
    return replace(source, delay=max(usual, config.crawl.backfill_delay))


class _Teller:
    """Says on stdout how each crawl ended, and remembers the exit code."""

    def __init__(self, *, each: bool) -> None:
        self._each = each
        self.code = 0  # of the only source; of several the first that is not 0

    def tell(self, told: Told) -> None:
        """One line; nobody may be left to read it."""
        from crawler.crawling.told import line

        if told.source is not None:
            self.code = self.code or told.code
        written = line(told) if self._each else _report(told)
        with suppress(BrokenPipeError):
            if written:
                sys.stdout.buffer.write(written)
                sys.stdout.flush()
            words = told.words or (told.report.trouble if told.report else None)
            if words:
                print(f"{told.source}: {words}" if self._each else words, file=sys.stderr)


class _Stop:
    """Ends all crawls on request, and after the grace by force, with their runs ended all the same."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._asked = False

    def ask(self) -> None:
        """From a signal or from any thread; asking twice changes nothing."""
        if self._asked:
            return
        self._asked = True
        self._batch.stop()
        for seconds, end in ((_FORCE, self._by_force), (_LAST_WORDS, _at_once)):
            timer = threading.Timer(seconds, end)
            timer.daemon = True
            timer.start()

    def _by_force(self) -> None:
        try:
            self._batch.finish()
        finally:
            _at_once()


def _at_once() -> None:
    os._exit(STOPPED)


def _watch_parent(batch: Batch, stop: _Stop) -> None:
    """The parent holds the other end of our stdin; it ends when the parent does."""
    for order in _orders(sys.stdin.fileno()):
        word, _, name = order.decode(errors="replace").strip().partition(" ")
        if word == "stop":
            batch.stop(name)
    stop.ask()


def _orders(descriptor: int) -> Iterator[bytes]:
    """Whole lines, until the other end is closed.

    Not by `sys.stdin`: an interpreter that ends while a thread waits in a buffered reader aborts.
    """
    rest = b""
    while chunk := os.read(descriptor, 1024):
        *lines, rest = (rest + chunk).split(b"\n")
        yield from lines


def _report(told: Told) -> bytes | None:
    import msgspec

    return msgspec.json.encode(told.report) + b"\n" if told.report else None


if __name__ == "__main__":
    sys.exit(main())
