"""What is dear to find out, asked at most twice a minute however often the page is looked at."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Generic, TypeVar

from storage.errors import DiembaoError
from storage.store import Store

FRESH = timedelta(seconds=30)
USABLE = timedelta(minutes=10)  # for whoever would have to wait otherwise

_log = logging.getLogger(__name__)

Told = TypeVar("Told")


class Remembered(Generic[Told]):
    """Answers by what was true a moment ago; page requests run in threads, and two may ask at once.

    Nobody waits for an answer once there is one that is USABLE: it is renewed beside.
    """

    def __init__(self, ask: Callable[[Store], Told], clock: Callable[[], datetime]) -> None:
        self._ask = ask
        self._clock = clock
        self._known: tuple[datetime, Told] | None = None
        self._renewing = threading.Lock()

    def __call__(self, store: Store) -> Told:
        """What was true a moment ago; a clock that was set back is no reason to believe what is old."""
        now, known = self._clock(), self._known
        if known is None or not timedelta(0) <= now - known[0] < USABLE:
            known = self._known = now, self._ask(store)
        elif now - known[0] >= FRESH and self._renewing.acquire(blocking=False):
            threading.Thread(target=self._renew, args=(store.path, now), daemon=True).start()
        return known[1]

    def settle(self) -> None:
        """Wait for what is being renewed."""
        with self._renewing:
            pass

    def _renew(self, path: Path, now: datetime) -> None:
        try:
            with suppress(DiembaoError), Store.open(path, create=False) as store:
                self._known = now, self._ask(store)
        except Exception:
            _log.exception("what the page is told cannot be found out")
        finally:
            self._renewing.release()
