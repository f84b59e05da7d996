"""Telling people, beside the crawls: a process of its own each time there is something to note or to send."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime

from crawler.config.model import Config
from crawler.notices.secretfiles import unreadable
from crawler.notices.stirring import is_stirred
from crawler.watching.errands import Errand, Program, Wording
from storage.store import Store

EVERY = 5.0  # seconds between two looks at whether there is anything to do

_log = logging.getLogger(__name__)
_WORDING = Wording("notices", "telling people", "nothing to send")


class Notifying:
    """Wants `notify run` when something is due, so that no mail server that hangs stops the watch."""

    name = "telling people"

    def __init__(self, program: Program, config: Config, clock: Callable[[], float] = time.monotonic) -> None:
        self._config = config
        self._clock = clock
        self._looked: float | None = None  # when we last asked; None: not yet
        _warn(config)
        self._errand = Errand(lambda: program(*self._line()), _WORDING, clock)

    def tick(self, store: Store, now: datetime) -> None:
        """See how it goes; once in a while, whether there is anything to do."""
        self._errand.tick()
        if self._errand.busy or not self._config.channels:
            return
        if self._looked is None or self._clock() - self._looked >= EVERY:
            self._looked = self._clock()
            if is_stirred(store, self._config, now):
                self._errand.want()
                self._errand.tick()

    def reload(self, config: Config) -> None:
        """Tell by these channels from now on."""
        self._config = config
        self._looked = None
        _warn(config)

    def ask_to_end(self) -> None:
        """End the running one soon; what it was sending is tried again under the same key."""
        self._errand.ask_to_end()

    def kill(self) -> None:
        """End it now."""
        self._errand.kill()

    def _line(self) -> tuple[str, ...]:
        # The accepted copy of config.toml lies elsewhere; the files of secrets lie beside the original.
        return ("notify", "run", "--recorded", "--folder", str(self._config.path.parent))


def _warn(config: Config) -> None:
    for trouble in unreadable(config):
        _log.warning("%s", trouble)
