"""Pure: which sources are crawled now, and when each is due again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import takewhile

from crawler.config.model import Source
from crawler.urls import site
from crawler.watching.wording import spelled
from storage.records import Outcome, Run

LONGEST_WAIT = timedelta(hours=6)  # between two tries of a source that keeps failing
LOOK_BACK = 4 * LONGEST_WAIT  # runs older than this cannot change a wait
TROUBLED: frozenset[Outcome] = frozenset({"failed", "blocked", "moved", "dead", "killed"})
CUT_SHORT: frozenset[Outcome] = frozenset({"interrupted", "stopped"})

_FIRST_PAUSE = timedelta(minutes=1)  # before the third try of a crawl that keeps being cut short
_EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Due:
    """When a source may be crawled again, and why not at its usual time."""

    at: datetime
    why: str | None = None  # None: its usual time


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the schedule is decided from."""

    sources: Iterable[Source]
    due: Mapping[str, Due]  # by source; absent: not to be crawled
    hosts: frozenset[str]  # authorities that a crawl is at, or that were found busy a moment ago
    free: int  # crawls that may start now


def to_start(board: Board, now: datetime) -> tuple[Source, ...]:
    """The sources to crawl now, longest overdue first; never two on one host, never more than are free."""
    ready = [
        source for source in board.sources if source.name in board.due and board.due[source.name].at <= now
    ]
    chosen: dict[str, Source] = {}
    for source in sorted(ready, key=lambda source: board.due[source.name].at):
        host = site(source.home)
        if host not in board.hosts:
            chosen.setdefault(host, source)
    return tuple(chosen.values())[: max(0, board.free)]


def next_due(source: Source, recent: Sequence[Run], now: datetime) -> Due | None:
    """When `source` is due by its runs, newest first; None while it is disabled or being crawled.

    A finished run makes it due `every` after its start, longer after several failures in a row. A run that
    was cut short is taken up at once, with a pause when that keeps happening.
    """
    if not source.enabled or (recent and recent[0].report.outcome == "running"):
        return None
    if not recent:
        return Due(_EVER, "never crawled")
    newest = recent[0]
    if newest.started_at > now + source.every:
        return Due(now, "its last run lies in the future: the clock was set back")
    if newest.report.outcome in CUT_SHORT:
        return _after_cuts(source, recent)
    return _after_failures(source, recent)


def _after_cuts(source: Source, recent: Sequence[Run]) -> Due:
    cuts = sum(1 for _ in takewhile(lambda run: run.report.outcome in CUT_SHORT, recent))
    newest = recent[0]
    if cuts == 1:
        return Due(newest.started_at, f"its last run was {newest.report.outcome}")
    pause = min(_doubled(_FIRST_PAUSE, cuts - 2), source.every)
    return Due(
        (newest.ended_at or newest.started_at) + pause,
        f"cut short {cuts} times in a row: pauses {spelled(pause)}",
    )


def _after_failures(source: Source, recent: Sequence[Run]) -> Due:
    finished = (run for run in recent if run.report.outcome not in CUT_SHORT)
    failures = sum(1 for _ in takewhile(lambda run: run.report.outcome in TROUBLED, finished))
    wait = max(source.every, min(_doubled(source.every, failures - 1), LONGEST_WAIT))
    at = recent[0].started_at + wait
    if wait == source.every:
        return Due(at)
    return Due(at, f"failed {failures} times in a row: waits {spelled(wait)}, not {spelled(source.every)}")


def _doubled(length: timedelta, times: int) -> timedelta:
    """`length` doubled so many times, never beyond what any wait can be."""
    return min(length, LONGEST_WAIT) * (1 << min(max(0, times), 20))
