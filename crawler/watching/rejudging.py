"""Rules that changed are applied to what is stored: by a process of its own, beside the crawls."""

from __future__ import annotations

import logging
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

RETRY = 60.0  # seconds until one that failed is tried again

Stamp = tuple[int, int] | None  # when a file was last written, in ns, and its size; None: it is not there

_log = logging.getLogger(__name__)


def reflag_command(config: Path, store: Path) -> tuple[str, ...]:
    """The command that judges what is stored by the rules of `config`; it does nothing twice."""
    return (sys.executable, "-m", "crawler", "reflag", "--config", str(config), "--db", str(store))


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
    """At most one process that judges again; asked once more meanwhile, it runs once more afterwards.

    One whose daemon is killed goes on to its end: it holds nothing that another daemon waits for.
    """

    def __init__(
        self, command: Callable[[], tuple[str, ...]], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._command = command
        self._clock = clock
        self._process: subprocess.Popen[bytes] | None = None
        self._said: IO[bytes] | None = None
        self._due: float | None = None  # the monotonic second from which one is wanted; None: none is

    def want(self) -> None:
        """Judge again as soon as may be."""
        self._due = self._clock()

    def tick(self) -> None:
        """See whether the running one has ended, and start the one that is wanted."""
        if self._process is not None and self._process.poll() is not None:
            self._ended(self._process.returncode)
        if self._process is None and self._due is not None and self._due <= self._clock():
            self._start()

    def ask_to_end(self) -> None:
        """End the running one soon; what it has judged is kept, and the next goes on from there."""
        self._due = None
        if self._process is not None:
            self._process.terminate()

    def kill(self) -> None:
        """End it now, also one that waits for the store."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._forget()

    def _start(self) -> None:
        self._due = None
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  # closed by _forget, once it has ended
        try:
            self._process = subprocess.Popen(
                self._command(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self._said
            )
        except OSError as error:
            self._forget()
            self._due = self._clock() + RETRY
            _log.error("what is stored cannot be judged again: %s; tried again in a minute", error)

    def _ended(self, code: int) -> None:
        last = self._last_line()
        self._forget()
        if code == 0:
            _log.info("what is stored is judged by these rules: %s", last or "nothing changed")
        else:
            self._due = self._clock() + RETRY
            _log.error("judging what is stored failed (%d): %s; tried again in a minute", code, last)

    def _last_line(self) -> str:
        assert self._said is not None
        self._said.seek(0)
        lines = self._said.read().decode(errors="replace").strip().splitlines()
        return lines[-1].removeprefix("diembao: ") if lines else ""

    def _forget(self) -> None:
        if self._said is not None:
            self._said.close()
        self._process = self._said = None
