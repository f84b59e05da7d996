"""The daemon's own process over 200 crawls: its memory and its open files, with the review page served."""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.waiting import wait_until
from tests.watching.daemons import DaemonProcess

SOURCES = 8
CRAWLS = 200
MOST = 80.0  # MiB
GROWTH = 2.0  # MiB that may come on top between the 50th crawl and the last
SETTLED = 50  # crawls after which nothing is loaded or cached any more


@dataclass(frozen=True, slots=True)
class Sample:
    """The daemon's process at one moment."""

    crawls: int
    memory: float  # resident, MiB
    files: int
    threads: int


def measure(folder: Path) -> list[Sample]:
    """Samples along the way, the last one after CRAWLS fake crawls."""
    samples: list[Sample] = []
    with DaemonProcess(folder) as daemon:
        daemon.configure({f"quick_{number}": "1s" for number in range(SOURCES)})
        daemon.start("--port", "0", until="the review page is at ")
        watched = psutil.Process(daemon.pid)

        def sampled() -> bool:
            crawls = daemon.log.count(": done in ")
            if not samples or crawls >= min(samples[-1].crawls + 10, CRAWLS):
                memory = watched.memory_info().rss / 2**20
                samples.append(Sample(crawls, memory, watched.num_fds(), watched.num_threads()))
            return crawls >= CRAWLS

        wait_until(sampled, 300, f"{CRAWLS} crawls")
        daemon.end()
    return samples


def main() -> int:
    """Print the samples; exit 1 if the daemon is too big or grows."""
    with tempfile.TemporaryDirectory() as folder:
        begun = time.monotonic()
        samples = measure(Path(folder))
        seconds = time.monotonic() - begun
    for sample in samples:
        print(f"{sample.crawls:5} crawls {sample.memory:7.1f} MiB {sample.files:4} files", end="")
        print(f" {sample.threads:3} threads")
    settled = next(sample for sample in samples if sample.crawls >= SETTLED)
    most, growth = max(sample.memory for sample in samples), samples[-1].memory - settled.memory
    print(
        f"{samples[-1].crawls} crawls in {seconds:.0f} s: at most {most:.1f} MiB (may be {MOST:g}), ", end=""
    )
    print(f"{growth:+.1f} MiB since the {settled.crawls}th (may be +{GROWTH:g})")
    return 0 if most < MOST and growth < GROWTH else 1


if __name__ == "__main__":
    sys.exit(main())
