"""Crawls as processes of their own: started, held to their deadline from outside, reaped without blocking."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import msgspec

from crawler.times import utc_now
from crawler.watching.childlog import ChildLog
from storage.records import RunReport

GRACE = timedelta(seconds=10)  # between SIGTERM and SIGKILL at a deadline
HOST_BUSY = 75  # exit code of a child that found its host locked by another crawl

_MOST_OUTPUT = 1024 * 1024  # bytes of stdout kept: the report is its last line


@dataclass(frozen=True, slots=True)
class Order:
    """One crawl to be done by a child."""

    source: str
    host: str  # authority of the source's home: one child at a time is at it
    command: tuple[str, ...]
    deadline: timedelta
    log: Path | None = None  # where its stderr goes; None: to our own


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended."""

    order: Order
    pid: int
    started_at: datetime
    took: timedelta
    code: int  # exit code; negative: the signal that killed it
    stopped: Literal["deadline", "request"] | None  # why we ended it; None: it ended by itself
    report: RunReport | None  # what it said at the end; None: nothing that can be read
    last_words: str | None  # last line of its log; None: none, or its stderr is ours


def crawl_command(config: Path, store: Path, source: str, *asked: str) -> tuple[str, ...]:
    """The command that crawls `source` once and dies with its parent; `asked`: more options of the child."""
    place = ("--config", str(config), "--db", str(store))
    return (sys.executable, "-m", "crawler.crawling.child", *place, *asked, "--with-parent", source)


class Child:
    """A running crawl; its stdin stays open as long as we live, so that it can see us die."""

    def __init__(self, order: Order, now: float) -> None:
        """Start it at the monotonic second `now`; OSError if the system has no room for it."""
        self.order = order
        self.started_at = utc_now()
        self._started = now
        self._log = ChildLog.begun(order.log, order.source, self.started_at) if order.log else None
        try:
            self._process = subprocess.Popen(
                order.command,
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._log.file if self._log else None,
                start_new_session=True,
            )
        except BaseException:
            self._close_log()
            raise
        assert self._process.stdout is not None
        os.set_blocking(self._process.stdout.fileno(), False)
        self._output = bytearray()
        self._stopped: Literal["deadline", "request"] | None = None
        self._kill_at: float | None = None

    @property
    def pid(self) -> int:
        """Of the child, and of its process group."""
        return self._process.pid

    def poll(self, now: float) -> Ended | None:
        """Look at it without blocking and hold it to its deadline; how it ended, once it has."""
        self._drink()
        if self._log:
            self._log.trim()
        if self._has_ended():
            return self._reaped(now)
        if now - self._started >= self.order.deadline.total_seconds():
            self._end("deadline", now, GRACE)
        if self._kill_at is not None and now >= self._kill_at:
            self.kill()
        return None

    def stop(self, now: float, grace: timedelta) -> None:
        """Ask it to end, and kill it if it has not done so after `grace`."""
        self._end("request", now, grace)

    def kill(self) -> None:
        """End it and every process of its group at once; it is still to be polled."""
        with suppress(ProcessLookupError, PermissionError):  # the second: macOS, when all are zombies
            os.killpg(self.pid, signal.SIGKILL)

    def _end(self, why: Literal["deadline", "request"], now: float, grace: timedelta) -> None:
        if self._stopped is None:
            self._stopped = why
            os.kill(self.pid, signal.SIGTERM)  # Popen's own terminate() may reap it behind our back
        kill_at = now + grace.total_seconds()
        self._kill_at = kill_at if self._kill_at is None else min(self._kill_at, kill_at)

    def _has_ended(self) -> bool:
        # Not reaped by this look: its number stays ours, so that killing its group hits no stranger.
        flags = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, self.pid, flags) is not None

    def _reaped(self, now: float) -> Ended:
        self.kill()  # what it left behind
        code = self._process.wait()
        self._drink()
        last_words = self._log.last_line() if self._log else None
        self._close()
        return Ended(
            order=self.order,
            pid=self.pid,
            started_at=self.started_at,
            took=timedelta(seconds=now - self._started),
            code=code,
            stopped=self._stopped,
            report=_report(bytes(self._output)),
            last_words=last_words,
        )

    def _drink(self) -> None:
        """Take what it wrote to stdout, so that it never waits for us; only the end is kept."""
        assert self._process.stdout is not None
        for _ in range(64):
            portion = self._process.stdout.read(65_536)
            if not portion:
                break
            self._output += portion
            del self._output[:-_MOST_OUTPUT]

    def _close(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()
        self._close_log()

    def _close_log(self) -> None:
        if self._log:
            self._log.close()


class Crew:
    """The children that run now."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._children: dict[str, Child] = {}

    def __len__(self) -> int:
        return len(self._children)

    @property
    def sources(self) -> frozenset[str]:
        """The sources being crawled."""
        return frozenset(self._children)

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts they are at."""
        return frozenset(child.order.host for child in self._children.values())

    def start(self, order: Order) -> int:
        """Start a child and return its number; OSError if the system has no room for it."""
        child = Child(order, self._clock())
        self._children[order.source] = child
        return child.pid

    def poll(self) -> Iterator[Ended]:
        """Every child that ended since the last look; deadlines are enforced on the others."""
        for source, child in [*self._children.items()]:
            ended = child.poll(self._clock())
            if ended:
                del self._children[source]
                yield ended

    def stop(self, grace: timedelta) -> None:
        """Ask all to end; who has not after `grace` is killed by a later `poll`."""
        for child in self._children.values():
            child.stop(self._clock(), grace)

    def kill(self) -> None:
        """End all at once; they are still to be polled."""
        for child in self._children.values():
            child.kill()


def _report(output: bytes) -> RunReport | None:
    lines = output.rstrip().rsplit(b"\n", 1)
    try:
        return msgspec.json.decode(lines[-1], type=RunReport)
    except msgspec.MsgspecError:
        return None
