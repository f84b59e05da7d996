"""Commands, clocks and looks at processes for the tests of crawls that misbehave."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psutil

from crawler.watching.children import Crew, Ended, Order
from tests.waiting import wait_until

FAKE = Path(__file__).with_name("fake_child.py")
PATIENCE = 20.0  # seconds a test waits for a process, on a machine with other work


class HandClock:
    """A monotonic clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def fake_command(config: Path, store: Path, sources: Sequence[str]) -> tuple[str, ...]:
    """What the daemon starts in place of crawls."""
    return (sys.executable, "-I", str(FAKE), str(store), ",".join(sources), str(config))


def fake_order(folder: Path, source: str, deadline: timedelta = timedelta(minutes=30)) -> Order:
    """A crawl by the fake child, its log in `folder`."""
    command = fake_command(folder, folder / "a.sqlite", [source])
    return Order(source, f"{source}.example", command, deadline, folder / "logs" / f"{source}.log")


def fake_orders(folder: Path, *sources: str) -> tuple[Order, ...]:
    """Crawls by one fake child, each on a host of its own."""
    command = fake_command(folder, folder / "a.sqlite", sources)
    log = folder / "logs" / "together.log"
    return tuple(Order(name, f"{name}.example", command, timedelta(minutes=30), log) for name in sources)


def all_ended(crew: Crew, many: int) -> dict[str, Ended]:
    """The next `many` crawls to end, by source."""
    found: dict[str, Ended] = {}

    def look() -> bool:
        found.update((end.order.source, end) for end in crew.poll())
        return len(found) == many

    wait_until(look, PATIENCE, f"{many} crawls end")
    return found


def ended(crew: Crew, seconds: float = PATIENCE) -> Ended:
    """The next child to end."""
    found: list[Ended] = []

    def look() -> bool:
        found.extend(crew.poll())
        return bool(found)

    wait_until(look, seconds, "a child ends")
    assert len(found) == 1
    return found[0]


def number_of(folder: Path, name: str) -> int:
    """The process number that a fake child left, once it has."""
    path = folder / f"{name}.pid"
    wait_until(path.exists, PATIENCE, f"{name} says its number")
    return int(path.read_text())


def alive(number: int) -> bool:
    """Whether that process runs; one that is dead and not reaped does not."""
    try:
        return bool(psutil.Process(number).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def open_files() -> int:
    """How many files and pipes this process holds open."""
    return psutil.Process().num_fds()


@contextmanager
def crew_on(clock: HandClock) -> Iterator[Crew]:
    """A crew of which nobody is left afterwards."""
    crew = Crew(clock)
    try:
        yield crew
    finally:
        crew.kill()
        wait_until(lambda: not (list(crew.poll()) or len(crew)), PATIENCE, "all children are gone")
