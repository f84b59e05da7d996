"""Whether the daemon lives: its loop goes round and the store answers it, told to its page and to others."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from crawler.config.model import Config
from crawler.crawling.locks import DaemonLock
from crawler.review.watched import STANDSTILL
from crawler.watching.wording import spelled
from storage.errors import DiembaoError
from storage.store import Store

_STEP = 10.0  # seconds between two marks on the file


class Pulse:
    """A duty that beats with every round of the loop in which the store answered.

    For other processes it marks the file of the daemon's lock, whose time of change tells the last beat.
    """

    name = "the pulse"

    def __init__(self, store_path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._file = DaemonLock(store_path).path
        self._clock = clock
        self._beaten = clock()
        self._marked = -_STEP

    def silent_for(self) -> float:
        """Seconds since the last beat; any thread may ask."""
        return self._clock() - self._beaten

    def tick(self, store: Store, now: datetime) -> None:
        """Beat; StoreError, and no beat, if the store cannot be read."""
        store.metering.answers()
        self._beaten = self._clock()
        if self._beaten - self._marked >= _STEP:
            self._marked = self._beaten
            with suppress(OSError):
                os.utime(self._file)

    def reload(self, config: Config) -> None:
        """Nothing of it depends on the configuration."""

    def ask_to_end(self) -> None:
        """Nothing runs."""

    def kill(self) -> None:
        """Nothing runs."""


def daemon_trouble(store_path: Path, now: datetime) -> str | None:
    """What is wrong with the daemon of that store, in one line; None: it lives and the store answers."""
    lock = DaemonLock(store_path)
    if not lock.path.exists() or lock.is_free():
        return f"no daemon watches {store_path}"
    silent = now.timestamp() - lock.path.stat().st_mtime
    if silent > STANDSTILL:
        return f"the daemon's loop has stood still for {spelled(timedelta(seconds=silent))}"
    try:
        with Store.open(store_path, create=False) as store:
            store.metering.answers()
    except DiembaoError as error:
        return f"the store does not answer: {error}"
    return None
