"""Pure: what is wrong with a source, by its runs; each finding with what its sentence is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Literal

from crawler.config.model import Source
from crawler.times import shown
from crawler.watching.drift import drifts
from crawler.watching.due import CUT_SHORT, TROUBLED, Due
from crawler.watching.silence import Silence
from storage.records import HealthState, Outcome, ReadRun, Run, Way

Value = str | int | float
Elsewhere = Literal["reached", "unreached", "untried"]

PATIENCE = timedelta(minutes=10)  # how late a crawl may be before somebody must look
ENOUGH = 3  # pages, or runs, that show a habit rather than a bad moment
APART = timedelta(hours=1)  # two failures so far apart are one trouble, not a bad moment
CUT_OFF = timedelta(hours=6)  # a network that is down so long is no bad moment
WORKING = frozenset({"ok", "unchanged"})  # outcomes of a way that does what it should
STATES: Mapping[Outcome, HealthState] = {"blocked": "blocked", "moved": "moved", "dead": "dead"}
_READ = ("kept", "revised", "unchanged")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a source."""

    recent: Sequence[Run]  # newest first, as far back as `span` says, a running one too
    last_success: Run | None  # may be older than `recent`
    due: Due | None  # None: disabled or being crawled
    deadline: timedelta  # of one crawl
    read: Sequence[ReadRun] = ()  # of the newest runs that read pages, newest first, however old
    silence: Silence | None = None  # None: it was not silent for long, or its rhythm is not known
    attended: bool = True  # whether crawls were started for long enough that one overdue means something
    elsewhere: Elsewhere = "reached"  # what became of the other sources since this one cannot be reached

    def as_of(self, run: Run) -> Evidence:
        """What was known when that run ended, without what the clock alone tells."""
        recent = [one for one in self.recent if one.id <= run.id]
        success = next((one for one in recent if one.report.outcome == "done"), None)
        if success is None and self.last_success and self.last_success.id <= run.id:
            success = self.last_success
        read = [one for one in self.read if one.id <= run.id]
        return replace(self, recent=recent, last_success=success, due=None, read=read, silence=None)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that somebody should look at, or that may become so."""

    state: HealthState  # what a source is called for it
    kind: str  # stable name: what `complaints` and the page have sentences for
    values: Mapping[str, Value] = field(
        default_factory=dict
    )  # moments as texts in +07:00, lengths in seconds
    sure: bool = True  # False: perhaps a bad moment


@dataclass(frozen=True, slots=True)
class Look:
    """One source before one moment."""

    source: Source
    evidence: Evidence
    now: datetime

    @property
    def finished(self) -> list[Run]:
        """The runs that came to an end of their own or at their deadline, newest first."""
        passing = CUT_SHORT | {"running"}
        return [run for run in self.evidence.recent if run.report.outcome not in passing]

    @property
    def success(self) -> str:
        """When the newest crawl that ended well began; empty: never."""
        success = self.evidence.last_success
        return shown(success.started_at) if success else ""


def found(look: Look) -> tuple[Finding, ...]:
    """Everything wrong, the gravest first."""
    checks = (
        _trouble,
        _cut_short,
        _unreadable,
        _drifted,
        _unfetched,
        _too_few,
        _silent,
        _lost_ways,
        _lateness,
    )
    return tuple(finding for check in checks for finding in check(look))


def troubled(look: Look) -> list[Run]:
    """The newest finished runs that all met trouble, newest first."""
    return [*takewhile(lambda run: run.report.outcome in TROUBLED, look.finished)]


def _trouble(look: Look) -> Iterator[Finding]:
    row = troubled(look)
    if not row:
        return
    report = row[0].report
    values: dict[str, Value] = {
        "home": look.source.home,
        "trouble": report.trouble or "",
        "times": len(row),
        "since": shown(row[-1].started_at),
        "success": look.success,
        "deadline": look.evidence.deadline.total_seconds(),
    }
    lasting = len(row) > 1 and row[0].started_at - row[-1].started_at >= APART
    sure = len(row) >= ENOUGH or lasting or not look.success
    if report.outcome == "dead" and look.evidence.elsewhere == "unreached":
        long = look.now - row[-1].started_at >= CUT_OFF
        yield Finding("dead", "cut-off", values, sure=long)
        return
    if report.outcome == "dead" and look.evidence.elsewhere == "untried" and look.success:
        sure = False
    yield Finding(STATES.get(report.outcome, "ill"), report.outcome, values, sure)


def _cut_short(look: Look) -> Iterator[Finding]:
    cuts = [*takewhile(lambda run: run.report.outcome in CUT_SHORT, look.evidence.recent)]
    success = look.evidence.last_success
    late = success is None or look.now - success.started_at > 3 * look.source.every
    if len(cuts) >= ENOUGH and late:
        values: dict[str, Value] = {
            "times": len(cuts),
            "outcome": cuts[0].report.outcome,
            "success": look.success,
        }
        yield Finding("ill", "cut-short", values)


def _unreadable(look: Look) -> Iterator[Finding]:
    calm = [
        run for run in look.finished if run.report.outcome not in TROUBLED
    ]  # the others say it themselves
    fetching = [run for run in calm if run.report.counts.get("fetched", 0)]
    empty = [*takewhile(lambda run: not _read(run), fetching)]
    pages = sum(run.report.counts["fetched"] for run in empty)
    ever = len(empty) < len(fetching)
    if pages >= (ENOUGH if ever else 1):
        values: dict[str, Value] = {"pages": pages, "since": shown(empty[-1].started_at)}
        yield Finding("redesigned" if ever else "ill", "unreadable", values)


def _drifted(look: Look) -> Iterator[Finding]:
    changes = drifts([run.readings for run in look.evidence.read])
    if changes:
        yield Finding("redesigned", "drifted", {"changes": "; ".join(changes)})


def _unfetched(look: Look) -> Iterator[Finding]:
    if not look.finished or look.finished[0].report.outcome != "done":
        return
    report = look.finished[0].report
    if _mostly_failed(look.finished[0]):
        why = [f"{count} × {reason}" for reason, count in sorted(report.reasons.items())]
        values: dict[str, Value] = {
            "failed": report.counts["failed"],
            "tried": _tried(look.finished[0]),
            "reasons": ", ".join(one for one in why if "failed" in one),
        }
        before = look.finished[1] if len(look.finished) > 1 else None
        yield Finding("ill", "unfetched", values, sure=before is None or _mostly_failed(before))


def _too_few(look: Look) -> Iterator[Finding]:
    allowance = look.source.at_least
    if allowance is None:
        return
    begin = look.now - allowance.window
    inside = [run for run in look.finished if run.started_at >= begin]
    watched = any(run.started_at < begin for run in look.finished)
    brought = sum(run.report.counts.get("kept", 0) for run in inside)
    if watched and brought < allowance.count and any(run.report.outcome == "done" for run in inside):
        values: dict[str, Value] = {
            "brought": brought,
            "window": allowance.window.total_seconds(),
            "asked": allowance.count,
            "home": look.source.home,
        }
        yield Finding("quiet", "too-few", values)


def _silent(look: Look) -> Iterator[Finding]:
    silence = look.evidence.silence
    if look.source.at_least is None and silence is not None and silence.strange:
        values: dict[str, Value] = {
            "since": shown(silence.since),
            "lasts": (look.now - silence.since).total_seconds(),
            "expected": round(silence.expected, 1),
            "home": look.source.home,
        }
        yield Finding("quiet", "silent", values)


def _lost_ways(look: Look) -> Iterator[Finding]:
    done = [run for run in look.finished if run.report.outcome == "done"]
    if len(done) <= ENOUGH:
        return
    for way in done[0].report.ways:
        if any(_works(run, way) for run in done[:ENOUGH]):
            continue
        worked = next((run for run in done[ENOUGH:] if _works(run, way)), None)
        if worked:
            values: dict[str, Value] = {
                "way": way.kind,
                "url": way.url,
                "outcome": way.outcome,
                "worked": shown(worked.started_at),
            }
            yield Finding("ill", "lost-way", values)


def _lateness(look: Look) -> Iterator[Finding]:
    recent, due, now = look.evidence.recent, look.evidence.due, look.now
    if not look.evidence.attended:
        return
    if recent and recent[0].report.outcome == "running":
        started = recent[0].started_at
        if now - started > look.evidence.deadline + PATIENCE:
            yield Finding("unwatched", "stuck", {"started": shown(started)})
    elif recent and due and now - due.at > max(look.source.every, PATIENCE):
        yield Finding("unwatched", "overdue", {"due": shown(due.at)})


def _read(run: Run) -> bool:
    return any(run.report.counts.get(name, 0) for name in _READ)


def _tried(run: Run) -> int:
    return sum(run.report.counts.get(name, 0) for name in ("failed", *_READ))


def _mostly_failed(run: Run) -> bool:
    failed = run.report.counts.get("failed", 0)
    return failed >= ENOUGH and failed * 2 >= _tried(run)


def _works(run: Run, way: Way) -> bool:
    return any(each.url == way.url and each.outcome in WORKING for each in run.report.ways)
