"""What is wrong with sources, asked at most twice a minute however often the queue is looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from storage.store import Store

FRESH = timedelta(seconds=30)

Told = Sequence[tuple[str, str]]  # (source, complaint)


class Remembered:
    """Answers by what was true a moment ago; page requests run in threads, and two may ask at once."""

    def __init__(self, ask: Callable[[Store], Told], clock: Callable[[], datetime]) -> None:
        self._ask = ask
        self._clock = clock
        self._known: tuple[datetime, Told] | None = None

    def __call__(self, store: Store) -> Told:
        """The complaints, at most FRESH old; a clock that was set back is no reason to believe old ones."""
        now, known = self._clock(), self._known
        if known is None or not timedelta(0) <= now - known[0] < FRESH:
            known = self._known = now, self._ask(store)
        return known[1]
