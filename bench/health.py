"""How long it takes to tell how 600 sources are, in a store of a million links and the runs of some weeks."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bench.many import Size, configured, filled
from crawler.config import load
from crawler.times import utc_now
from crawler.watching.gathering import Learned
from crawler.watching.status import all_healthy, statuses
from storage.connection import Connection
from storage.store import Store

WANTED = 2.0  # seconds on a machine with nothing else to do
ROUNDS = 5
_RECENT = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Taken:
    """The quickest of some rounds."""

    seconds: float
    processor: float  # seconds of one core

    def __str__(self) -> str:
        return f"{self.seconds:6.2f} s, {self.processor:5.2f} s of the processor"


def quickest(act: Callable[[], object]) -> Taken:
    """Of ROUNDS."""
    found = []
    for _ in range(ROUNDS):
        wall, cpu = time.perf_counter(), _processor()
        act()
        found.append(Taken(time.perf_counter() - wall, _processor() - cpu))
    return min(found, key=lambda taken: taken.processor)


def _processor() -> float:
    """Seconds that this process and its children took."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def bare(path: Path) -> None:
    """The least that anybody must read: the links counted, and the rows of the last two days' runs."""
    since = (utc_now() - _RECENT).isoformat()
    with closing(Connection.open(path)) as db:
        db.rows("SELECT source, state, reason, count(*) FROM links GROUP BY 1, 2, 3")
        db.rows("SELECT * FROM runs WHERE started_at >= ?", [since])


def measure(folder: Path) -> bool:
    """Print what it takes; whether the command is quick enough."""
    config = load(folder / "config.toml")
    path = config.store_path

    def told(learned: Learned | None) -> None:
        with Store.open(path) as store:
            all_healthy(statuses(store, config, utc_now(), learned))

    def command() -> None:
        asked = [sys.executable, "-m", "crawler", "status", "--config", str(config.path)]
        done = subprocess.run(asked, stdout=subprocess.DEVNULL, check=False)
        assert done.returncode in {0, 4}

    known = Learned()
    told(known)
    least = quickest(lambda: bare(path))
    rows = {
        "bare SELECTs of what must be read": least,
        "all sources, what was learned known (the page, the daemon)": quickest(lambda: told(known)),
        "all sources, everything learned first": quickest(lambda: told(None)),
        "`diembao status`, a new process": quickest(command),
    }
    for what, taken in rows.items():
        print(f"{what:50} {taken}  {taken.processor / least.processor:5.1f} x")
    return [*rows.values()][-1].processor < WANTED


def main() -> int:
    """`python -m bench.health [FOLDER]`; 1 if the command takes longer than WANTED of one core."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument(
        "folder", type=Path, nargs="?", help="of `python -m bench.many FOLDER/store.sqlite`"
    )
    wanted = arguments.parse_args()
    if wanted.folder:
        return 0 if measure(wanted.folder) else 1
    with tempfile.TemporaryDirectory() as made:
        filled(Path(made) / "store.sqlite", Size(), utc_now())
        configured(Path(made), Size().sources)
        return 0 if measure(Path(made)) else 1


if __name__ == "__main__":
    sys.exit(main())
