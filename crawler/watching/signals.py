"""Signals of the system, handled for a while and then as before."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType

Act = Callable[[int], None]


@contextmanager
def handling(acts: Mapping[signal.Signals, Act]) -> Iterator[None]:
    """Call `acts` with the signal's number; outside the main thread, where Python allows none, nothing."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, _handler(act)) for number, act in acts.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _handler(act: Act) -> Callable[[int, FrameType | None], None]:
    return lambda number, frame: act(number)
