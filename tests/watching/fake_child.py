"""A crawl that behaves as its source is named (`hanging_1` hangs), run by path to start fast.

Arguments: the store, the source, and the configuration that a real one would read. Those that stay
leave their process number in NAME.pid.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from types import FrameType

STORE, SOURCE = Path(sys.argv[1]), sys.argv[2]
FOLDER = STORE.parent


def report(outcome: str = "done") -> None:
    counts = {"found": 3, "new": 1, "fetched": 1, "kept": 1}
    print(json.dumps({"outcome": outcome, "counts": counts}), flush=True)


def tell_number(name: str = SOURCE, number: int | None = None) -> None:
    beside = FOLDER / f"{name}.new"
    beside.write_text(str(number or os.getpid()))
    beside.rename(FOLDER / f"{name}.pid")


def die_with_parent() -> None:
    def watch() -> None:
        sys.stdin.buffer.read()
        os._exit(9)

    threading.Thread(target=watch, daemon=True).start()


def on_term(number: int, frame: FrameType | None) -> None:
    report("stopped")
    os._exit(143)


def hang() -> None:
    while True:
        time.sleep(3600)


def grandchild() -> None:
    started = subprocess.Popen([sys.executable, "-I", "-c", "import time; time.sleep(3600)"])
    tell_number(f"{SOURCE}_grandchild", started.pid)


def held(*, ends: bool) -> None:
    """With the lock and a run in the store, as a real crawl has; for a moment, or until it is stopped."""
    from crawler.crawling.locks import HostLock
    from crawler.times import utc_now
    from storage.records import RunReport
    from storage.store import Store

    with HostLock(STORE, (FOLDER / f"{SOURCE}.host").read_text()), Store.open(STORE) as store:
        run = store.runs.begin(SOURCE, os.getpid(), utc_now())
        die_with_parent()

        def end(outcome: str) -> None:
            report(outcome)
            store.runs.end(run, RunReport(outcome, {"found": 3}), utc_now())  # type: ignore[arg-type]

        def stop(number: int, frame: FrameType | None) -> None:
            end("stopped")
            os._exit(143)

        signal.signal(signal.SIGTERM, stop)
        tell_number()
        if not ends:
            hang()
        end("done")


def together(sources: list[str]) -> int:
    """Several crawls in one process: `quick` ends at once, `slow` when it is asked to, others never."""
    counts = {"found": 3, "new": 1, "fetched": 1, "kept": 1}
    left = set(sources)

    def tell(source: str, outcome: str, code: int = 0) -> None:
        left.discard(source)
        told = {"source": source, "code": code, "report": {"outcome": outcome, "counts": counts}}
        print(json.dumps(told), flush=True)

    def stop(number: int, frame: FrameType | None) -> None:
        for each in [*left]:
            tell(each, "stopped", 143)
        os._exit(143)

    signal.signal(signal.SIGTERM, stop)
    print("{}", flush=True)
    for source in sources:
        if source.startswith("quick"):
            tell(source, "done")
    tell_number("together")
    for line in sys.stdin if left else ():
        name = line.strip().partition(" ")[2]
        if name.startswith("slow"):
            tell(name, "stopped", 143)
        if not left:
            break
    return 0


def behave(behaviour: str) -> int:
    if behaviour == "quick":
        report()
        return 0
    if behaviour == "citing":
        print(Path(sys.argv[3]).read_text(), file=sys.stderr)
        report()
        return 0
    if behaviour in {"begun", "short"}:
        held(ends=behaviour == "short")
        return 0
    if behaviour == "busy":
        return 75
    if behaviour == "crashing":
        print("Traceback of no use\nKeyError: 'href'", file=sys.stderr)
        return 1
    if behaviour == "vanishing":
        os.kill(os.getpid(), signal.SIGKILL)
    if behaviour == "flooding":
        for _ in range(160):
            print("x" * 65_536)
        report()
        return 0
    if behaviour == "noisy":
        for number in range(40):
            print(f"{number} " + "x" * 65_536, file=sys.stderr)
        tell_number()
        hang()
    if behaviour == "parting":
        grandchild()
        report()
        return 0
    if behaviour in {"stubborn", "family"}:
        die_with_parent()
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        if behaviour == "family":
            grandchild()
        tell_number()
        hang()
    die_with_parent()
    signal.signal(signal.SIGTERM, on_term)
    if behaviour == "littering":
        Path(tempfile.gettempdir(), "left").touch()
    tell_number()
    if behaviour == "spinning":
        sum(itertools.repeat(0))  # never comes back to Python, where the handler would run
    hang()
    return 1


if __name__ == "__main__":
    sys.exit(together(SOURCE.split(",")) if "," in SOURCE else behave(SOURCE.partition("_")[0]))
