"""What the store says of a crawl that could not say it itself: killed, crashed, or vanished."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from crawler.config.model import Config, Source
from crawler.crawling.locks import HostLock
from crawler.urls import authority
from crawler.watching.children import HOST_BUSY, Ended
from crawler.watching.due import CUT_SHORT
from crawler.watching.wording import spelled
from storage.errors import StoreReadOnly
from storage.records import Run, RunReport
from storage.store import Store

TOGETHER = "together"  # the log of processes that crawl several sources


def settle(store: Store, ended: Ended, now: datetime) -> RunReport | None:
    """Make the store tell the truth about a child that ended; the report that stands, None if none does."""
    newest = store.runs.latest().get(ended.order.source)
    run = newest if newest is not None and newest.pid == ended.pid else None
    report = settled(ended, run)
    if report is None:
        return run.report if run else None
    with store.write():
        run_id = run.id if run else store.runs.begin(ended.order.source, ended.pid, ended.started_at)
        store.runs.end(run_id, report, now)
    return report


def settled(ended: Ended, run: Run | None) -> RunReport | None:
    """Pure: the report to record of a child whose run, if it began one, is `run`; None: nothing to record."""
    if run is None and (ended.code == HOST_BUSY or ended.stopped == "request"):
        return None
    outcome = run.report.outcome if run else "running"
    if outcome != "running" and not (outcome in CUT_SHORT and ended.stopped == "deadline"):
        return None
    said = ended.report or (run.report if run else RunReport("running"))
    if ended.stopped == "deadline" and said.outcome in CUT_SHORT | {"running"}:
        trouble = f"still running at its deadline of {spelled(ended.order.deadline)}"
        return replace(said, outcome="killed", trouble=trouble)
    return ended.report or _unsaid(ended)


def _unsaid(ended: Ended) -> RunReport:
    """The report of a child that gave none."""
    if ended.stopped == "request":
        killed = "did not end in time when asked to, and was killed"
        return RunReport("stopped", trouble=killed if ended.code == -signal.SIGKILL else None)
    if ended.stopped == "batch":
        return RunReport("stopped", trouble="its process was ended for another source, over its deadline")
    if ended.code < 0:
        return RunReport("interrupted", trouble=f"its process was killed by {_named(-ended.code)}")
    words = f": {ended.last_words}" if ended.last_words else ""
    return RunReport("failed", trouble=f"its process ended with code {ended.code} and no report{words}")


def interrupt_vanished(
    store: Store, config: Config, ours: frozenset[str], now: datetime
) -> Mapping[str, Run]:
    """Mark runs whose process is gone, those in `ours` apart; the newest run of each source."""
    latest = store.runs.latest()
    gone = [
        run.id
        for name, run in latest.items()
        if run.report.outcome == "running"
        and name not in ours
        and vanished(run, config.sources.get(name), store.path)
    ]
    if not gone:
        return latest
    store.runs.interrupt(gone, now)
    return store.runs.latest()


def vanished(run: Run, source: Source | None, store_path: Path) -> bool:
    """Whether the process of a running run is gone; `source` is None if config.toml has it no more.

    A crawl holds its host's lock as long as it lives. Without a source there is no host, only a number.
    """
    with suppress(PermissionError, StoreReadOnly):
        if source is not None:
            return HostLock(store_path, authority(source.home)).is_free()
        try:
            os.kill(run.pid, 0)
        except ProcessLookupError:
            return True
    return False


def remembered(store: Store, source: str, since: datetime) -> tuple[Run, ...]:
    """The runs of `source` from `since`, in the order they began, newest first, wherever the clock stood."""
    return tuple(sorted(store.runs.history(source, since), key=lambda run: run.id, reverse=True))


def log_path(store_path: Path, source: str) -> Path:
    """Where the crawls of `source` write what they have to say."""
    return store_path.absolute().parent / "logs" / f"{source}.log"


def _named(number: int) -> str:
    try:
        name = signal.Signals(number).name
    except ValueError:
        name = f"signal {number}"
    return f"{name}, perhaps for want of memory" if number == signal.SIGKILL else name
