"""The daemon under the virtual clock: started, killed, waited for, and measured from outside."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.soaking.turning import Clock

_SEEN_EVERY = 0.03  # seconds between two looks for children
_MEASURED_EVERY = 0.2  # and between two looks at their memory
_PATIENCE = 90.0  # seconds anything that runs may take
_WITH_READERS = 4  # processes: a crawl, the two that its readers come from, a reader
_PAGE = re.compile(rb"the review page is at (http://\S+)")


class Stuck(Exception):
    """The daemon does not do what it must."""


@dataclass
class Keeper:
    """The folder of a soak, and the daemon that runs in it."""

    folder: Path
    clock: Clock
    peak: int = 0  # bytes: the most that all children together had since it was last asked for
    starts: int = 0
    _daemon: subprocess.Popen[bytes] | None = None
    _measured: float = field(default=0.0)

    @property
    def config(self) -> Path:
        """What the daemon is configured by."""
        return self.folder / "config.toml"

    @property
    def store(self) -> Path:
        """Where it keeps what it finds."""
        return self.folder / "store.sqlite"

    @property
    def temporary(self) -> Path:
        """Where all its processes make their temporary files."""
        return self.folder / "tmp"

    @property
    def said(self) -> bytes:
        """All that the daemons said."""
        path = self.folder / "daemon.log"
        return path.read_bytes() if path.exists() else b""

    @property
    def page(self) -> str:
        """The review page's address now."""
        newest: bytes = _PAGE.findall(self.said)[-1]
        return newest.decode().rstrip("/")

    @property
    def pid(self) -> int:
        """Of the daemon."""
        assert self._daemon is not None
        return self._daemon.pid

    def start(self) -> None:
        """Start it, and wait until its page is served."""
        self.temporary.mkdir(exist_ok=True)
        said = len(_PAGE.findall(self.said))
        with (self.folder / "daemon.log").open("ab") as log:
            self._daemon = subprocess.Popen(
                self._command("daemon", "--port", "0"),
                stderr=log,
                stdin=subprocess.DEVNULL,
                env=self._environment(),
            )
        self.starts += 1
        self._await(lambda: len(_PAGE.findall(self.said)) > said, "the daemon starts")

    def kill(self) -> None:
        """End it as a power cut does, if it lives, and wait until nothing of it is left."""
        if self._daemon is None or self._daemon.poll() is not None:
            return
        left = [*descendants(self.pid)]
        self._daemon.kill()
        self._daemon.wait()
        self._await(lambda: not any(map(_alive, left)), "the crawls of a killed daemon end")

    def stop(self) -> int:
        """Ask it to end; its exit code."""
        assert self._daemon is not None
        self._daemon.terminate()
        return self._daemon.wait(_PATIENCE)

    def kill_crawl(self, *, reading: bool) -> bool:
        """End one child as want of memory does, when its readers run if asked so; whether there was one."""
        deadline = time.monotonic() + _PATIENCE
        while reading and len([*descendants(self.pid)]) < _WITH_READERS and any(children(self.pid)):
            if time.monotonic() > deadline:
                raise Stuck("a crawl does not end")
            time.sleep(_SEEN_EVERY)
        running = [*children(self.pid)]
        for pid in running[:1]:
            os.kill(pid, signal.SIGKILL)
        return bool(running)

    def beat(self) -> None:
        """Make it look at the clock: it takes this for the end of a child."""
        os.kill(self.pid, signal.SIGCHLD)

    def begins(self, seconds: float) -> bool:
        """Wait so long for a child to start; whether one did."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if any(children(self.pid)):
                return True
            time.sleep(_SEEN_EVERY)
        return False

    def rests(self) -> None:
        """Wait until it has no child, and has taken in how the last one ended."""
        self._await(lambda: not self._busy(), "the daemon comes to rest")

    def run(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        """One command of `diembao`, by the virtual clock."""
        return subprocess.run(
            self._command(*arguments), env=self._environment(), capture_output=True, timeout=_PATIENCE
        )

    def _busy(self) -> bool:
        """Whether anything runs; its memory is looked at by the way."""
        running = [*descendants(self.pid)]
        now = time.monotonic()
        if running and now - self._measured > _MEASURED_EVERY:
            self.peak = max(self.peak, sum(map(proportional, running)))
            self._measured = now
        if not running:
            time.sleep(_SEEN_EVERY)  # what it starts at once when it has reaped
            self.beat()
            time.sleep(_SEEN_EVERY)
            running = [*descendants(self.pid)]
        return bool(running)

    def _await(self, true: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + _PATIENCE
        while not true():
            if self._daemon is not None and self._daemon.poll() not in {None, -signal.SIGKILL}:
                raise Stuck(f"the daemon ended by itself: {self.said[-2000:].decode()}")
            if time.monotonic() > deadline:
                raise Stuck(f"{what}: not within {_PATIENCE:g} s: {self.said[-2000:].decode()}")
            time.sleep(_SEEN_EVERY)

    def _command(self, *arguments: str) -> Sequence[str]:
        return [sys.executable, "-m", "crawler", *arguments, "--config", str(self.config)]

    def _environment(self) -> dict[str, str]:
        return {**self.clock.environment, "TMPDIR": str(self.temporary)}


def children(pid: int) -> Iterator[int]:
    """The processes that `pid` started and has not reaped, as the kernel lists them."""
    for task in _listed(Path(f"/proc/{pid}/task")):
        try:
            yield from map(int, (task / "children").read_text().split())
        except OSError:
            continue


def descendants(pid: int) -> Iterator[int]:
    """Children, and theirs."""
    for child in children(pid):
        yield child
        yield from descendants(child)


def zombies(pid: int) -> int:
    """Children that have ended and nobody took leave of."""
    return sum(_state(child) == "Z" for child in descendants(pid))


def proportional(pid: int) -> int:
    """Bytes of memory, those shared counted by their share; 0 for a process that is gone."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def open_files(pid: int) -> int:
    """Descriptors that are open."""
    return len(_listed(Path(f"/proc/{pid}/fd")))


def threads(pid: int) -> int:
    """Threads that run."""
    return len(_listed(Path(f"/proc/{pid}/task")))


def _alive(pid: int) -> bool:
    return _state(pid) not in {"", "Z"}


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def _listed(folder: Path) -> list[Path]:
    try:
        return [*folder.iterdir()]
    except OSError:
        return []
