"""Waiting for something a real process does: bounded, and saying what never came."""

from __future__ import annotations

import time
from collections.abc import Callable

_PAUSE = 0.02  # seconds between two looks


def wait_until(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Return as soon as `condition` holds; AssertionError naming `what` after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:g} s in vain: {what}")
        time.sleep(_PAUSE)
