"""One crawl's hold on the world outside Scrapy: the host's lock, the run, the store, the readers."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING

from crawler.config import Config, Source
from crawler.crawling.locks import HostLock
from crawler.crawling.readers import Readers
from crawler.crawling.tally import Tally
from crawler.crawling.writer import StoreDoors, Writer
from crawler.times import utc_now
from crawler.urls import authority
from storage.records import Backfill, Outcome, RunReport
from storage.store import Store

if TYPE_CHECKING:
    from crawler.crawling.spider import Paper

_LEAST_LEFT = timedelta(minutes=2)  # before the deadline, to end in peace


@dataclass(slots=True)
class Session:
    """Begun before the first request, finished after the last answer."""

    config: Config
    source: Source
    lock: HostLock
    writer: Writer
    readers: Readers
    doors: StoreDoors
    run_id: int | None  # None: a backfill, which is no run: it makes no source less due
    backfill: Backfill | None = None
    tally: Tally = field(default_factory=Tally)
    report: RunReport | None = None  # None: not finished
    spider: Paper | None = None  # None until Scrapy has made it
    _finishing: Lock = field(default_factory=Lock)

    @classmethod
    def begin(
        cls, config: Config, source: Source, *, again: bool = False, backfill: int | None = None
    ) -> Session:
        """Take the host and begin a run; AlreadyRunning if it is taken, StoreError if nothing can be kept.

        `again`: what failed before is tried now, due or not. `backfill`: the number of one to go on with; it
        gives the host away as soon as a daily crawl wishes for it.
        """
        lock = HostLock(config.store_path, authority(source.home), yields=backfill is not None)
        lock.take()
        try:
            writer = Writer(config.store_path)
            run_id, past = writer.submit(lambda store: _task(store, source.name, backfill)).result()
        except BaseException:
            lock.release()
            raise
        readers = Readers(config.rules, config.crawl.readers)
        doors = StoreDoors(writer, source.name, again=again)
        return cls(config, source, lock, writer, readers, doors, run_id, past)

    @property
    def soft_deadline(self) -> timedelta:
        """When to stop taking up new links, so that the crawl ends before it is ended."""
        deadline = self.config.crawl.deadline
        return max(deadline * 0.8, deadline - _LEAST_LEFT)

    def stopped(self, outcome: Outcome = "stopped") -> None:
        """Somebody asked it to end."""
        self.tally.ended_by = outcome

    def finish(self, traffic: dict[str, int] | None = None) -> RunReport:
        """End the run and let go of everything; a second call, from any thread, changes nothing."""
        with self._finishing:
            return self.report or self._finished(traffic or {})

    def _finished(self, traffic: dict[str, int]) -> RunReport:
        self.readers.close()
        try:
            name = self.source.name
            counts = self.writer.submit(lambda store: store.links.counts(name)).result()
            waiting = counts.get("new", 0) + counts.get("failed", 0)
            report = self.tally.report(traffic, waiting)
            self.report = report
            if self.run_id is not None:
                run_id = self.run_id
                self.writer.submit(lambda store: store.runs.end(run_id, report, utc_now())).result()
            self.writer.submit(lambda store: store.pages.train(name, utc_now())).result()
        finally:
            self.writer.close()
            self.lock.release()
        return report


def _task(store: Store, source: str, backfill: int | None) -> tuple[int | None, Backfill | None]:
    if backfill is None:
        return _begun(store, source), None
    return None, store.backfills.get(backfill)


def _begun(store: Store, source: str) -> int:
    """A new run; an earlier one that says it is running has lost its process, or we had no lock."""
    now = utc_now()
    newest = store.runs.latest().get(source)
    if newest is not None and newest.report.outcome == "running":
        store.runs.interrupt([newest.id], now)
    return store.runs.begin(source, os.getpid(), now)
