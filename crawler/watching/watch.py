"""One tick of the daemon: who ended, who is due, who starts."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from crawler.config.model import Config, Source
from crawler.times import day_of
from crawler.urls import site
from crawler.watching.children import HOST_BUSY, Crew, Ended, Order
from crawler.watching.due import Board, Due, to_start
from crawler.watching.holding import Holds, held
from crawler.watching.learning import Rhythms
from crawler.watching.settling import TOGETHER, interrupt_vanished, log_path, settle
from crawler.watching.telling import of
from crawler.watching.timetable import Timetable
from crawler.watching.wording import caused, summary
from storage.errors import StoreError
from storage.records import RunReport
from storage.store import Store

PAUSE = 60.0  # seconds until a host that was busy, or a child that would not start, is tried again

_log = logging.getLogger(__name__)
Command = Callable[[Sequence[str]], tuple[str, ...]]  # from sources' names to what crawls them


class Watch:
    """The sources under watch. What it keeps in memory is only what runs now; the rest is in the store."""

    def __init__(
        self, config: Config, store: Store, command: Command, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.config = config
        self.crew = Crew(clock)
        self._store = store
        self._command = command
        self._clock = clock
        self._timetable = Timetable()
        self._rhythms = Rhythms()
        self._unsettled: list[Ended] = []
        self._pauses: dict[str, float] = {}  # by host: the monotonic second until which it is left alone

    def tick(self, now: datetime) -> None:
        """Reap, settle and start, never waiting for a child; StoreError if the store is not to be had now."""
        self.reap(now)
        ours = self.crew.sources
        latest = interrupt_vanished(self._store, self.config, ours, now)
        free = self.config.crawl.workers - len(self.crew)
        self._rhythms.learn(self._store, self.config, now)
        sources = [
            self._rhythms.paced(source, latest.get(source.name), self.config)
            for source in self.config.sources.values()
            if source.name not in ours
        ]
        due = self._timetable.due(self._store, sources, latest, now)
        holds = Holds(self._store.hosts.paused(now), self._store.traffic.of(day_of(now)))
        due = {name: held(one, self.config.sources[name], holds, now) for name, one in due.items()}
        hosts = self.crew.hosts | self._left_alone()
        for batch in to_start(Board(sources, due, hosts, free, self.config.crawl.batch), now):
            self._start(batch, due)

    def reap(self, now: datetime) -> None:
        """Reap and settle only; whoever cannot be settled for the store's sake is settled by a later call."""
        self._unsettled += self.crew.poll()
        while self._unsettled:
            ended = self._unsettled[0]
            try:
                report = settle(self._store, ended, now)
            except StoreError:
                raise
            except Exception as error:  # one source's riddle must not keep the others waiting
                _log.error("%s: how its crawl ended is lost: %s", ended.order.source, caused(error))
                report = None
            self._unsettled.pop(0)
            self._tell(ended, report)

    @property
    def unsettled(self) -> int:
        """How many children have ended of which the store does not know yet."""
        return len(self._unsettled)

    def _left_alone(self) -> frozenset[str]:
        now = self._clock()
        self._pauses = {host: until for host, until in self._pauses.items() if until > now}
        return frozenset(self._pauses)

    def _start(self, batch: Sequence[Source], due: Mapping[str, Due]) -> None:
        names = [source.name for source in batch]
        try:
            command = self._command(names)
            log = log_path(self._store.path, names[0] if len(names) == 1 else TOGETHER)
            deadline = self.config.crawl.deadline
            orders = [Order(source.name, site(source.home), command, deadline, log) for source in batch]
            pid = self.crew.start(*orders)
        except OSError as error:
            for source in batch:
                self._pauses[site(source.home)] = self._clock() + PAUSE
            told = ", ".join(names)
            _log.error("%s: its crawl cannot be started: %s; tried again in a minute", told, error)
        else:
            for name in names:
                event = of("crawl-started", name, why=due[name].why, pid=pid)
                why = f" ({due[name].why})" if due[name].why else ""
                _log.info("%s: crawl starts%s, process %d", name, why, pid, extra=event)

    def _tell(self, ended: Ended, report: RunReport | None) -> None:
        name = ended.order.source
        if report is None:  # the store will not say when it is due again
            self._pauses[ended.order.host] = self._clock() + PAUSE
            if ended.code == HOST_BUSY:
                _log.info("%s: another crawl is at %s; tried again in a minute", name, ended.order.host)
            return
        level = logging.INFO if report.outcome in {"done", "stopped"} else logging.WARNING
        seconds = round(ended.took.total_seconds(), 1)
        told = of("crawl", name, outcome=report.outcome, seconds=seconds, counts=dict(report.counts))
        _log.log(level, "%s: %s", name, summary(report, ended.took), extra=told)
