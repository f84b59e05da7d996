"""Crawls as processes of their own: started, held to their deadline from outside, reaped without blocking."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import msgspec

from crawler.crawling.scratch import Scratch
from crawler.crawling.told import read
from crawler.times import utc_now
from crawler.watching.childlog import ChildLog
from storage.records import RunReport

GRACE = timedelta(seconds=10)  # between SIGTERM and SIGKILL at a deadline
SILENCE = 60.0  # seconds without a sign of life after which a child of several crawls is hung
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
    """How one crawl ended."""

    order: Order
    pid: int
    started_at: datetime
    took: timedelta
    code: int  # exit code, its own or as told; negative: the signal that killed it
    stopped: Literal["deadline", "request", "batch"] | None  # why we ended it; None: it ended by itself
    report: RunReport | None  # what it said at the end; None: nothing that can be read
    last_words: str | None  # last line of its log; None: none, or its stderr is ours


def crawl_command(config: Path, store: Path, sources: Sequence[str], *asked: str) -> tuple[str, ...]:
    """The command that crawls each of `sources` once and dies with its parent; `asked`: more options."""
    place = ("--config", str(config), "--db", str(store))
    several = ("--each",) if len(sources) > 1 else ()
    return (
        *(sys.executable, "-m", "crawler.crawling.child", *place),
        *(*asked, *several, "--with-parent", *sources),
    )


class Child:
    """A process that crawls; its stdin stays open as long as we live, so that it can see us die.

    Each crawl of several is held to the deadline by itself: the child is asked to end that one, and killed
    if it does not. Whoever is silent for `SILENCE` is hung as a whole.
    """

    def __init__(self, orders: Sequence[Order], now: float) -> None:
        """Start it at the monotonic second `now`; OSError if the system has no room for it."""
        first = orders[0]
        self.open = {order.source: order for order in orders}
        self.started_at = utc_now()
        self._several = len(orders) > 1
        self._started = self._heard = now
        names = ", ".join(self.open)
        self._log = ChildLog.begun(first.log, names, self.started_at) if first.log else None
        self._scratch = Scratch.made()
        try:
            self._process = subprocess.Popen(
                first.command,
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._log.file if self._log else None,
                start_new_session=True,
                env=self._scratch.environment if self._scratch else None,
            )
        except BaseException:
            self._tidy()
            raise
        assert self._process.stdout is not None
        os.set_blocking(self._process.stdout.fileno(), False)
        self._output = bytearray()
        self._stopped: Literal["deadline", "request"] | None = None
        self._late: dict[str, float] = {}  # past its deadline → when it was asked to end
        self._hung = False
        self.gone = False  # ended and reaped
        self._kill_at: float | None = None

    @property
    def pid(self) -> int:
        """Of the child, and of its process group."""
        return self._process.pid

    def poll(self, now: float) -> Iterator[Ended]:
        """Look at it without blocking and hold it to its deadlines; the crawls that ended since."""
        self._drink()
        if self._log:
            self._log.trim()
        has_ended = self._has_ended()
        if has_ended:
            self._drink()
        if self._several:
            yield from self._told(now)
        if has_ended:
            yield from self._reaped(now)
            return
        self._hold(now)
        if self._kill_at is not None and now >= self._kill_at:
            self.kill()

    def stop(self, now: float, grace: timedelta) -> None:
        """Ask it to end, and kill it if it has not done so after `grace`."""
        self._end("request", now, grace)

    def kill(self) -> None:
        """End it and every process of its group at once; it is still to be polled."""
        with suppress(ProcessLookupError, PermissionError):  # the second: macOS, when all are zombies
            os.killpg(self.pid, signal.SIGKILL)

    def _hold(self, now: float) -> None:
        late = [
            order for order in self.open.values() if now - self._started >= order.deadline.total_seconds()
        ]
        if not self._several:
            if late:
                self._end("deadline", now, GRACE)
            return
        for order in late:
            if order.source not in self._late:
                self._late[order.source] = now
                self._ask(f"stop {order.source}\n")
        ours = [at for source, at in self._late.items() if source in self.open]
        self._hung = self._hung or now - self._heard >= SILENCE
        if self._hung or any(now - at >= GRACE.total_seconds() for at in ours):
            self.kill()

    def _ask(self, order: str) -> None:
        assert self._process.stdin is not None
        with suppress(OSError):  # it has just ended
            self._process.stdin.write(order.encode())

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

    def _told(self, now: float) -> Iterator[Ended]:
        """What it said of single crawls."""
        *lines, rest = bytes(self._output).split(b"\n")
        self._output[:] = rest
        for line in lines:
            told = read(line)
            self._heard = now
            if told is not None and told.source in self.open:
                order = self.open.pop(told.source)
                yield self._how(order, now, told.code, told.report, told.words)

    def _reaped(self, now: float) -> Iterator[Ended]:
        self.kill()  # what it left behind
        code = self._process.wait()
        self._drink()
        words = self._log.last_line() if self._log else None
        self._close()
        report = None if self._several else _report(bytes(self._output))
        for order in self.open.values():
            yield self._how(order, now, code, report, words)
        self.open = {}
        self.gone = True

    def _how(self, order: Order, now: float, code: int, report: RunReport | None, words: str | None) -> Ended:
        took = timedelta(seconds=now - self._started)
        return Ended(order, self.pid, self.started_at, took, code, self._why(order), report, words)

    def _why(self, order: Order) -> Literal["deadline", "request", "batch"] | None:
        """Only whoever was over the deadline is blamed for a kill."""
        if order.source in self._late:
            return "deadline"
        if self._stopped is None and self._late and not self._hung:
            return "batch"
        return self._stopped

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
        self._tidy()

    def _tidy(self) -> None:
        if self._log:
            self._log.close()
        if self._scratch:
            self._scratch.remove()


class Crew:
    """The children that run now."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._children: list[Child] = []

    def __len__(self) -> int:
        return len(self._children)

    @property
    def sources(self) -> frozenset[str]:
        """The sources being crawled."""
        return frozenset(source for child in self._children for source in child.open)

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts they are at."""
        return frozenset(order.host for child in self._children for order in child.open.values())

    def start(self, *orders: Order) -> int:
        """Start one child for `orders`, by the first one's command and log; its number.

        OSError if the system has no room for it.
        """
        child = Child(orders, self._clock())
        self._children.append(child)
        return child.pid

    def poll(self) -> Iterator[Ended]:
        """Every crawl that ended since the last look; deadlines are enforced on the others."""
        for child in [*self._children]:
            found = [*child.poll(self._clock())]
            if not child.open:
                self._forget(child)
            yield from found

    def _forget(self, child: Child) -> None:
        """A child that has told of all its crawls is reaped once it is gone."""
        if child.gone:
            self._children.remove(child)

    def stop(self, grace: timedelta) -> None:
        """Ask all to end; who has not after `grace` is killed by a later `poll`."""
        for child in self._children:
            child.stop(self._clock(), grace)

    def kill(self) -> None:
        """End all at once; they are still to be polled."""
        for child in self._children:
            child.kill()


def _report(output: bytes) -> RunReport | None:
    lines = output.rstrip().rsplit(b"\n", 1)
    try:
        return msgspec.json.decode(lines[-1], type=RunReport)
    except msgspec.MsgspecError:
        return None
