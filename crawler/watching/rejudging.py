"""Rules that changed are applied to what is stored: noticed, and judged again beside the crawls."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from crawler.config.model import Config
from crawler.judging.ruletext import RuleText
from crawler.watching.errands import Errand, Program, Wording
from storage.store import Store

Stamp = tuple[int, int] | None  # when a file was last written, in ns, and its size; None: it is not there

_WORDING = Wording("what is stored is judged by these rules", "judging what is stored")


def stamp(path: Path) -> Stamp:
    """What tells one state of a file from the next without reading it."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


class Noticing:
    """Whether a file has come to rest in another state than the one last accepted."""

    def __init__(self, accepted: Stamp) -> None:
        self._accepted = self._seen = accepted

    def look(self, now: Stamp) -> bool:
        """True once for every new state, at the second look that finds it: nobody is writing then."""
        at_rest, self._seen = now == self._seen, now
        if now is None or now == self._accepted or not at_rest:
            return False
        self._accepted = now
        return True

    def accept(self, now: Stamp) -> None:
        """The state that was read just now."""
        self._accepted = self._seen = now


class Rejudging:
    """Judges again at the start, when the rules may be others than the last time, and when they change.

    Ended half-way, what it has judged is kept, and the next goes on from there.
    """

    name = "judging again"

    def __init__(
        self, program: Program, rules: Sequence[RuleText], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rules = rules
        self._errand = Errand(lambda: program("reflag"), _WORDING, clock)
        self._errand.want()

    def tick(self, store: Store, now: datetime) -> None:
        """Start it, or see whether it has ended."""
        self._errand.tick()

    def reload(self, config: Config) -> None:
        """Judge again if the rules are others."""
        if config.rules != self._rules:
            self._rules = config.rules
            self._errand.want()

    def ask_to_end(self) -> None:
        """End the running one soon."""
        self._errand.ask_to_end()

    def kill(self) -> None:
        """End it now."""
        self._errand.kill()
