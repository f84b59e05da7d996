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
_SOON = timedelta(seconds=45)  # the most that a crawl is too early for company's sake
_EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Due:
    """When a source may be crawled again, and why not at its usual time."""

    at: datetime
    why: str | None = None  # None: its usual time
    early: timedelta = timedelta()  # how much sooner it may go along with others
    alone: bool = False  # it was killed or is ill: in a process of its own


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the schedule is decided from."""

    sources: Iterable[Source]
    due: Mapping[str, Due]  # by source; absent: not to be crawled
    hosts: frozenset[str]  # authorities that a crawl is at, or that were found busy a moment ago
    free: int  # processes that may start now
    batch: int = 1  # the most sources of one process


def to_start(board: Board, now: datetime) -> tuple[tuple[Source, ...], ...]:
    """The sources to crawl now, as the batches of as many processes, longest overdue first.

    Never two on one host. Whoever is due in a moment goes along with those that are due now; whoever is to be
    alone is, and leaves the last free process to the others.
    """
    chosen: dict[str, Source] = {}
    planned = [source for source in board.sources if source.name in board.due]
    for source in sorted(planned, key=lambda source: board.due[source.name].at):
        due, host = board.due[source.name], site(source.home)
        if due.at - due.early <= now and host not in board.hosts:
            chosen.setdefault(host, source)
    return _batches(tuple(chosen.values()), board, now)


def _batches(chosen: Sequence[Source], board: Board, now: datetime) -> tuple[tuple[Source, ...], ...]:
    alone = [(source,) for source in chosen if board.due[source.name].alone]
    well = [source for source in chosen if not board.due[source.name].alone]
    together = [tuple(well[place : place + board.batch]) for place in range(0, len(well), board.batch)]
    # The first of each is due the longest.
    due_now = [group for group in (*together, *alone) if board.due[group[0].name].at <= now]
    ordered = sorted(due_now, key=lambda group: board.due[group[0].name].at)
    started = ordered[: max(0, board.free)]
    if together and together[0] in due_now and started and together[0] not in started:
        started[-1] = together[0]
    return tuple(started)


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
        return _after_cuts(source, recent, now)
    return _after_failures(source, recent)


def _after_cuts(source: Source, recent: Sequence[Run], now: datetime) -> Due:
    cuts = sum(1 for _ in takewhile(lambda run: run.report.outcome in CUT_SHORT, recent))
    newest = recent[0]
    alone = newest.report.outcome == "interrupted"
    if cuts == 1:
        return Due(newest.started_at, f"its last run was {newest.report.outcome}", alone=alone)
    pause = min(_doubled(_FIRST_PAUSE, cuts - 2), source.every)
    return Due(
        min(newest.ended_at or newest.started_at, now) + pause,  # the clock may have been ahead when it ended
        f"cut short {cuts} times in a row: pauses {spelled(pause)}",
        alone=alone,
    )


def _after_failures(source: Source, recent: Sequence[Run]) -> Due:
    finished = (run for run in recent if run.report.outcome not in CUT_SHORT)
    failures = sum(1 for _ in takewhile(lambda run: run.report.outcome in TROUBLED, finished))
    wait = max(source.every, min(_doubled(source.every, failures - 1), LONGEST_WAIT))
    at = recent[0].started_at + wait
    alone = recent[0].report.outcome in TROUBLED
    if wait == source.every:
        return Due(at, early=min(wait / 20, _SOON), alone=alone)
    return Due(
        at,
        f"failed {failures} times in a row: waits {spelled(wait)}, not {spelled(source.every)}",
        alone=alone,
    )


def _doubled(length: timedelta, times: int) -> timedelta:
    """`length` doubled so many times, never beyond what any wait can be."""
    return min(length, LONGEST_WAIT) * (1 << min(max(0, times), 20))
