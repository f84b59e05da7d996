"""A daemon as a process of its own, with a config.toml of its own and fake crawls."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from types import TracebackType

import psutil

from crawler.times import utc_now
from storage.records import Run
from storage.store import Store
from tests.waiting import wait_until
from tests.watching.fakes import PATIENCE

ROOT = Path(__file__).parents[2]


class DaemonProcess:
    """A daemon over the store and config.toml in `folder`; whatever happens, it is gone after the block."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "config.toml"
        self.store = folder / "a.sqlite"
        self._log = folder / "daemon.log"
        self._process: subprocess.Popen[bytes] | None = None

    def configure(self, sources: Mapping[str, str] | Sequence[str], crawl: str = "", extra: str = "") -> None:
        """Write config.toml: sources with their `every` (else 1h), more lines for [crawl] and the end."""
        timed = sources if isinstance(sources, Mapping) else dict.fromkeys(sources, "1h")
        tables = [
            f'[sources.{name}]\nhome = "https://{name.replace("_", "-")}.example"\nevery = "{every}"\n'
            for name, every in timed.items()
        ]
        head = f'[store]\npath = "{self.store.name}"\n[crawl]\nworkers = 4\nbatch = 1\n{crawl}\n'
        self.config.write_text(head + "\n".join(tables) + extra)
        for name in timed:
            (self.folder / f"{name}.host").write_text(f"{name.replace('_', '-')}.example")

    def start(self, *arguments: str, until: str = "watching ") -> DaemonProcess:
        """Start it and wait until it says `until`."""
        said = self.log.count(until)
        command = [sys.executable, "-m", "tests.watching.run_daemon", str(self.config), *arguments]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(command, cwd=ROOT, stderr=log, stdin=subprocess.DEVNULL)
        wait_until(lambda: self.log.count(until) > said, PATIENCE, f"the daemon says {until!r}")
        return self

    @property
    def pid(self) -> int:
        """Its process number."""
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> str:
        """All that was said by all daemons in this folder."""
        return self._log.read_text() if self._log.exists() else ""

    def hears(self, text: str, times: int = 1) -> None:
        """Wait until it has said `text` so many times."""
        wait_until(lambda: self.log.count(text) >= times, PATIENCE, f"the daemon says {text!r}: {self.log}")

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        assert self._process is not None
        self._process.send_signal(number)

    def end(self, number: signal.Signals = signal.SIGTERM, seconds: float = PATIENCE) -> int:
        """Send it a signal and wait for its end; its exit code."""
        self.send(number)
        return self.wait(seconds)

    def wait(self, seconds: float = PATIENCE) -> int:
        """Its exit code, once it has ended."""
        assert self._process is not None
        return self._process.wait(seconds)

    def children(self) -> list[int]:
        """The process numbers of all that it started."""
        return [child.pid for child in psutil.Process(self.pid).children(recursive=True)]

    def runs(self, source: str) -> tuple[Run, ...]:
        """The runs of `source` in the store, newest first."""
        with Store.open(self.store) as store:
            return store.runs.history(source, utc_now() - timedelta(days=1))

    def crawled(self, source: str, times: int = 1) -> None:
        """Wait until `source` was crawled to an end so many times."""

        def often() -> bool:
            return sum(run.ended_at is not None for run in self.runs(source)) >= times

        wait_until(often, PATIENCE, f"{source} is crawled {times} times: {self.log}")

    def __enter__(self) -> DaemonProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()
