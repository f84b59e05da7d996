"""Errands: commands of ours that run as processes beside the crawls, one of a kind at a time."""

from __future__ import annotations

import logging
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO

from crawler.watching.wording import spelled

RETRY = 60.0  # seconds until one that failed is tried again

_log = logging.getLogger(__name__)

Program = Callable[..., tuple[str, ...]]  # from a command line of ours to what is started


def program(config: Path, store: Path, *line: str) -> tuple[str, ...]:
    """`diembao LINE…` with that configuration and store, under the Python that runs us."""
    return (sys.executable, "-m", "crawler", *line, "--config", str(config), "--db", str(store))


@dataclass(frozen=True, slots=True)
class Wording:
    """How an errand is told of in the log."""

    done: str  # "what is stored is judged by these rules"; its last line of stderr follows
    failed: str  # "judging what is stored"
    nothing: str = "nothing changed"  # stands for its last line where it said nothing
    retry: float = RETRY  # seconds until one that failed is tried again

    @property
    def again(self) -> str:
        """When one that failed is tried again."""
        return f"tried again in {spelled(timedelta(seconds=self.retry))}"


class Errand:
    """At most one process of its kind; wanted once more meanwhile, it runs once more afterwards.

    One whose daemon is killed goes on to its end, so its command must hold nothing that another waits for.
    """

    def __init__(
        self,
        command: Callable[[], tuple[str, ...]],
        wording: Wording,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._command = command
        self._wording = wording
        self._clock = clock
        self._process: subprocess.Popen[bytes] | None = None
        self._said: IO[bytes] | None = None
        self._due: float | None = None  # the monotonic second from which one is wanted; None: none is

    @property
    def busy(self) -> bool:
        """Whether it runs, or is wanted."""
        return self._process is not None or self._due is not None

    def want(self) -> None:
        """Run it as soon as may be."""
        self._due = self._clock()

    def tick(self) -> None:
        """See whether the running one has ended, and start the one that is wanted."""
        if self._process is not None and self._process.poll() is not None:
            self._ended(self._process.returncode)
        if self._process is None and self._due is not None and self._due <= self._clock():
            self._start()

    def ask_to_end(self) -> None:
        """End the running one soon, and want no other."""
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
            self._due = self._clock() + self._wording.retry
            _log.error("%s cannot be started: %s; %s", self._wording.failed, error, self._wording.again)

    def _ended(self, code: int) -> None:
        last = self._last_line()
        self._forget()
        if code == 0:
            _log.info("%s: %s", self._wording.done, last or self._wording.nothing)
        else:
            self._due = self._clock() + self._wording.retry
            told = f": {last}" if last else ""
            _log.error("%s %s%s; %s", self._wording.failed, _how(code), told, self._wording.again)

    def _last_line(self) -> str:
        assert self._said is not None
        self._said.seek(0)
        lines = self._said.read().decode(errors="replace").strip().splitlines()
        return lines[-1].removeprefix("diembao: ") if lines else ""

    def _forget(self) -> None:
        if self._said is not None:
            self._said.close()
        self._process = self._said = None


def _how(code: int) -> str:
    """How one ended that did not end well."""
    return f"was ended by signal {-code}" if code < 0 else f"failed ({code})"
