"""One crawl's hold on the world outside Scrapy: the host's lock, the run, the store, the readers."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING

from crawler.config import Config, Source
from crawler.crawling.budget import Budget
from crawler.crawling.locks import HostLock
from crawler.crawling.pace import Pace
from crawler.crawling.readers import Readers
from crawler.crawling.tally import Tally
from crawler.crawling.told import ASKED_TO_WAIT, BUDGET
from crawler.crawling.writer import StoreDoors, Writer
from crawler.times import day_of, utc_now
from crawler.urls import authority
from storage.records import Backfill, Outcome, Pause, RunReport, Traffic
from storage.store import Store

if TYPE_CHECKING:
    from crawler.crawling.spider import Paper

_LEAST_LEFT = timedelta(minutes=2)  # before the deadline, to end in peace


@dataclass(frozen=True, slots=True)
class Desk:
    """What the crawls of one process share: the one writer of the store, and the readers."""

    writer: Writer
    readers: Readers

    @classmethod
    def opened(cls, config: Config) -> Desk:
        """StoreError if the store cannot be had; no reader is started before the first page."""
        return cls(Writer(config.store_path), Readers(config.rules, config.crawl.readers))

    def close(self) -> None:
        """Do what is waiting; pages that are being read are given up."""
        self.readers.close()
        self.writer.close()


@dataclass(slots=True)
class Session:
    """Begun before the first request, finished after the last answer."""

    config: Config
    source: Source
    lock: HostLock
    desk: Desk
    doors: StoreDoors
    run_id: int | None  # None: a backfill, which is no run: it makes no source less due
    pace: Pace
    budget: Budget
    backfill: Backfill | None = None
    paused: Pause | None = None  # its host wants no request now; None: it may be asked
    away: bool = False  # its host has asked for a pause in this crawl that is too long to wait for
    by_hand: bool = False  # a person asked for it, quiet hours or not
    owns_desk: bool = True  # False: other crawls use it, too
    tally: Tally = field(default_factory=Tally)
    report: RunReport | None = None  # None: not finished
    spider: Paper | None = None  # None until Scrapy has made it
    _finishing: Lock = field(default_factory=Lock)

    @classmethod
    def begin(
        cls,
        config: Config,
        source: Source,
        *,
        again: bool = False,
        backfill: int | None = None,
        desk: Desk | None = None,
    ) -> Session:
        """Take the host and begin a run; AlreadyRunning if it is taken, StoreError if nothing can be kept.

        `again`: what failed before is tried now, due or not. `backfill`: the number of one to go on with; it
        gives the host away as soon as a daily crawl wishes for it. `desk`: of a process that crawls others,
        too; without one the crawl opens its own, and closes it. It may wait for a backfill to give way.
        """
        lock = HostLock(config.store_path, authority(source.home), yields=backfill is not None)
        lock.take()
        try:
            own = desk or Desk.opened(config)
            run_id, past = own.writer.submit(lambda store: _task(store, source.name, backfill)).result()
        except BaseException:
            lock.release()
            raise
        doors = StoreDoors(own.writer, source.name, again=again)
        pace = Pace(config.store_path)
        budget = Budget(own.writer, source.name, day_of(utc_now()))
        made = cls(config, source, lock, own, doors, run_id, pace, budget, past, owns_desk=desk is None)
        made.by_hand = again or past is not None
        own.writer.submit(made._reminded).result()
        return made

    @property
    def readers(self) -> Readers:
        """What reads its pages."""
        return self.desk.readers

    @property
    def soft_deadline(self) -> timedelta:
        """When to stop taking up new links, so that the crawl ends before it is ended."""
        deadline = self.config.crawl.deadline
        return max(deadline * 0.8, deadline - _LEAST_LEFT)

    async def spend(self) -> bool:
        """Count one request; False, and the crawl winds up, when today's are all made or none is wanted."""
        if self.away:
            self.leave()
            return False
        if await self.budget.spend():
            return True
        self.stopped()
        self.tally.left[f"left: {BUDGET}"] += 1
        if self.spider is not None:
            self.spider.wind_up(BUDGET)
        return False

    def pause(self, until: datetime, reason: str) -> None:
        """The host asked to be left alone, by whatever crawl, until then."""
        host = authority(self.source.home)
        self.desk.writer.submit(lambda store: store.hosts.pause(host, Pause(until, reason), utc_now()))

    def leave(self) -> None:
        """Ask no more, because the host wants to be left alone; what was not asked for stays as it is."""
        self.tally.gave_up = ASKED_TO_WAIT
        if self.spider is not None:
            self.spider.wind_up(ASKED_TO_WAIT)

    def stopped(self, outcome: Outcome = "stopped") -> None:
        """Somebody asked it to end."""
        self.tally.ended_by = outcome

    def finish(self, traffic: dict[str, int] | None = None) -> RunReport:
        """End the run and let go of everything; a second call, from any thread, changes nothing."""
        with self._finishing:
            return self.report or self._finished(traffic or {})

    def _reminded(self, store: Store) -> None:
        """What earlier crawls leave to be heeded."""
        now = utc_now()
        self.paused = store.hosts.paused(now).get(authority(self.source.home))
        if self.source.requests_per_day is not None:
            spent = store.traffic.of(self.budget.day).get(self.source.name, Traffic())
            budget = self.source.requests_per_day
            share = budget if self.backfill is None else budget // 2  # the rest is for the daily crawls
            self.budget.left = max(0, share - spent.requests)

    def _finished(self, traffic: dict[str, int]) -> RunReport:
        if self.owns_desk:
            self.readers.close()
        writer, name = self.desk.writer, self.source.name
        try:
            counts = writer.submit(lambda store: store.links.counts(name)).result()
            waiting = counts.get("new", 0) + counts.get("failed", 0)
            report = self.tally.report(traffic, waiting)
            self.report = report
            self.budget.settle(traffic.get("bytes", 0))
            if self.run_id is not None:
                run_id = self.run_id
                writer.submit(lambda store: store.runs.end(run_id, report, utc_now())).result()
            writer.submit(lambda store: store.pages.train(name, utc_now()))  # nobody waits for it
        finally:
            if self.owns_desk:
                writer.close()
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
