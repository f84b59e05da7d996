"""What rules flag, told in the daemon's log as it comes: one line an article, or one for many at once."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from crawler.config.model import Config
from crawler.watching.telling import of
from storage.records import Happened
from storage.store import Store

_STEP = timedelta(seconds=5)  # between two looks
_MANY = 20  # articles that are told one by one; more come from rules that changed

_log = logging.getLogger(__name__)


class Narrating:
    """A duty. What is flagged while no daemon runs is told by `diembao events`."""

    name = "telling what is flagged"

    def __init__(self) -> None:
        self._told: int | None = None  # the newest event that was there at the last look; None: none yet
        self._looked: datetime | None = None

    def tick(self, store: Store, now: datetime) -> None:
        """Tell what was flagged since the last look."""
        if self._looked is not None and timedelta() <= now - self._looked < _STEP:
            return
        newest = store.events.newest()
        if self._told is not None and newest > self._told:
            self._tell(store, self._told)
        self._told, self._looked = newest, now

    def reload(self, config: Config) -> None:
        """Nothing of it depends on the configuration."""

    def ask_to_end(self) -> None:
        """Nothing runs."""

    def kill(self) -> None:
        """Nothing runs."""

    def _tell(self, store: Store, event: int) -> None:
        found = store.journal.flagged_after(event, _MANY + 1)
        if len(found) > _MANY:
            many = len(store.events.flagged_since(event))
            told = of("flagged", articles=many)
            _log.info("%d articles are flagged, or flagged otherwise", many, extra=told)
            return
        for one in found:
            _tell_one(one)


def _tell_one(one: Happened) -> None:
    _log.info("%s: %s", one.source, one.said, extra=of(one.kind, one.source, **one.values))
