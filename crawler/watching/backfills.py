"""A backfill from outside: one child after another at the host, until the walk is at its end."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crawler.config.model import Config, Source
from crawler.crawling.locks import HostLock
from crawler.crawling.told import BUDGET
from crawler.times import utc_now
from crawler.urls import authority
from crawler.watching.children import HOST_BUSY, Crew, Ended, Order, crawl_command
from crawler.watching.signals import handling
from storage.records import Backfill
from storage.store import Store

_LOOK = 0.2  # seconds between two looks
_REST = 3.0  # seconds the host must have been free before we are at it again
_MOST_VAIN = 3  # children in a row that brought nothing
_GRACE = timedelta(seconds=8)


@dataclass(frozen=True, slots=True)
class Window:
    """What is wanted."""

    since: datetime
    until: datetime | None  # first moment after it; None: up to now


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a backfill has come."""

    places: int  # files and pages known
    read: int  # of those: read
    links: int  # found so far
    settled: int  # of those: fetched, refused or failed


@dataclass
class Backfilling:
    """One backfill under way."""

    config: Config
    store: Store
    announce: Callable[[str], None]
    show: Callable[[Progress], None]
    limit: int | None = None  # articles a child; None: no limit
    _crew: Crew = field(default_factory=Crew)
    _stopped_by: int | None = None

    def run(self, source: Source, window: Window) -> int:
        """Exit code: 0 at its end, 3 if parts could not be read, 1 where it cannot go on now, 130 or 143."""
        backfill = self.store.backfills.begin(source.name, window.since, window.until, utc_now())
        if self.store.backfills.places(backfill.id):
            self.announce(f"{source.name}: goes on where it was")
        lock = HostLock(self.config.store_path, authority(source.home))
        vain = 0
        with handling({signal.SIGINT: self._stop, signal.SIGTERM: self._stop}):
            while not self._is_stopped() and vain < _MOST_VAIN:
                self._await_host(lock)
                if self._is_stopped():
                    break
                before = self.progress(backfill)
                ended = self._slice(source, backfill)
                if self.store.backfills.get(backfill.id).ended_at is not None:
                    return self._ended(backfill)
                if self.limit is not None:
                    return 0 if ended.code in {0, 143} else 1
                if ended.report is not None and f"left: {BUDGET}" in ended.report.reasons:
                    self.announce(
                        f"{source.name}: its requests of today are made (requests_per_day);"
                        " run it again tomorrow, it goes on where it is"
                    )
                    return 1
                moved = self.progress(backfill) != before or ended.code in {HOST_BUSY, 143}
                vain = 0 if moved else vain + 1
        if self._stopped_by is not None:
            return 128 + self._stopped_by  # by a signal, between two looks
        self.announce(
            f"{source.name}: the site gives nothing now{_told(self.store.backfills.unread(backfill.id))};"
            " run it again later, it goes on where it is"
        )
        return 1

    def _ended(self, backfill: Backfill) -> int:
        """Whether all of it could be read: 0, or 3 with what could not."""
        unread = self.store.backfills.unread(backfill.id)
        if unread:
            self.announce(
                f"{backfill.source}: at its end, but some files or pages were tried in vain too often"
                f"{_told(unread)}; run it again later, only what is missing is fetched"
            )
        return 3 if unread else 0

    def progress(self, backfill: Backfill) -> Progress:
        """As the store tells it."""
        places = dict(self.store.backfills.places(backfill.id))
        counts = self.store.links.backfill_counts(backfill.source)
        known, links = sum(places.values()), sum(counts.values())
        return Progress(known, known - places.get("open", 0), links, links - counts.get("new", 0))

    def _is_stopped(self) -> bool:
        return self._stopped_by is not None

    def _stop(self, number: int) -> None:
        if self._stopped_by is not None:
            self._crew.kill()
        self._stopped_by = number
        self._crew.stop(_GRACE)

    def _await_host(self, lock: HostLock) -> None:
        """Until nobody has been at the host for a while: whoever wished for it is to have it first."""
        free_since = time.monotonic()
        while self._stopped_by is None and time.monotonic() - free_since < _REST:
            if not lock.is_free():
                free_since = time.monotonic()
            time.sleep(_LOOK)

    def _slice(self, source: Source, backfill: Backfill) -> Ended:
        asked = ["--backfill", str(backfill.id), *(["--limit", str(self.limit)] if self.limit else [])]
        command = crawl_command(self.config.path, self.store.path, [source.name], *asked)
        self._crew.start(Order(source.name, authority(source.home), command, self.config.crawl.deadline))
        try:
            while True:
                for ended in self._crew.poll():
                    return ended
                self.show(self.progress(backfill))
                time.sleep(_LOOK)
        finally:
            self._crew.kill()


def _told(unread: Mapping[str, int]) -> str:
    """` (2 × timeout)`; nothing where there is no trouble to tell."""
    told = ", ".join(f"{count} × {trouble}" for trouble, count in sorted(unread.items()))
    return f" ({told})" if told else ""
