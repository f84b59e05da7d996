"""Pure: how well a source is, judged by its runs, with cause and advice for every complaint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Literal

from crawler.config.model import Source
from crawler.times import shown
from crawler.watching.drift import drifts
from crawler.watching.due import CUT_SHORT, LOOK_BACK, TROUBLED, Due
from crawler.watching.wording import spelled
from storage.records import Outcome, Run, Way

State = Literal[
    "well",
    "quiet",  # brings less than its at_least
    "ill",  # its crawls fail, or bring nothing that can be read
    "blocked",  # the site answers, but not to us
    "redesigned",  # its pages are not read any more, or otherwise than they were
    "moved",  # its home leads to another host
    "dead",  # no connection
    "unwatched",  # never crawled to an end yet, or overdue
    "disabled",
]

_PATIENCE = timedelta(minutes=10)  # how late a crawl may be before somebody must look
_ENOUGH = 3  # pages, or runs, that show a habit rather than a bad moment
WORKING = frozenset({"ok", "unchanged"})  # outcomes of a way that does what it should
_READ = ("kept", "revised", "unchanged")
_STATES: Mapping[Outcome, State] = {"blocked": "blocked", "moved": "moved", "dead": "dead"}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a source."""

    recent: Sequence[Run]  # newest first, as far back as `span` says, a running one too
    last_success: Run | None  # may be older than `recent`
    due: Due | None  # None: disabled or being crawled
    deadline: timedelta  # of one crawl
    read: Sequence[Run] = ()  # the newest runs that read pages, newest first, however old


@dataclass(frozen=True, slots=True)
class Health:
    """A state, and one sentence for everything that somebody should look at."""

    state: State
    complaints: tuple[str, ...] = ()  # each with its cause and an advice; empty: all is well

    @property
    def healthy(self) -> bool:
        """Whether nobody needs to look; a source that was never crawled yet is not ill."""
        return not self.complaints


@dataclass(frozen=True, slots=True)
class _Look:
    source: Source
    evidence: Evidence
    now: datetime

    @property
    def finished(self) -> list[Run]:
        """The runs that came to an end of their own or at their deadline, newest first."""
        passing = CUT_SHORT | {"running"}
        return [run for run in self.evidence.recent if run.report.outcome not in passing]


_Finding = tuple[State, str]


def span(source: Source) -> timedelta:
    """How far back the runs must reach to judge `source`."""
    window = source.at_least.window if source.at_least else timedelta()
    return max(window + LOOK_BACK, 10 * source.every, timedelta(days=2))


def health(source: Source, evidence: Evidence, now: datetime) -> Health:
    """The state of `source`; the gravest complaint comes first and gives its name to the state."""
    if not source.enabled:
        return Health("disabled")
    if not evidence.recent and evidence.last_success is None:
        return Health("unwatched")
    look = _Look(source, evidence, now)
    checks = (_trouble, _cut_short, _unreadable, _drifted, _unfetched, _silence, _lost_ways, _lateness)
    findings = [finding for check in checks for finding in check(look)]
    calm: State = "well" if look.finished else "unwatched"
    return Health(findings[0][0] if findings else calm, tuple(text for _, text in findings))


def _trouble(look: _Look) -> Iterator[_Finding]:
    if not look.finished or look.finished[0].report.outcome not in TROUBLED:
        return
    report = look.finished[0].report
    causes = {
        "blocked": "the site answers, but not to us",
        "moved": f"{look.source.home} leads to another host",
        "dead": f"nothing can be had from {look.source.home}",
        "failed": "the last crawl failed",
        "killed": f"the last crawl did not end by its deadline of {spelled(look.evidence.deadline)}",
    }
    said = f" ({report.trouble})" if report.trouble else ""
    cause = f"{causes[report.outcome]}{said}, {_since(look)}"
    yield _STATES.get(report.outcome, "ill"), f"{cause}: {_advice(look.source, report.outcome)}"


def _advice(source: Source, outcome: Outcome) -> str:
    table, log = f"sources.{source.name}", f"logs/{source.name}.log beside the store"
    advice: Mapping[Outcome, str] = {
        "blocked": f"crawl it less often ({table}.every, {table}.delay), set crawl.contact, or ask the paper",
        "moved": f"if the paper moved, write its new address as {table}.home",
        "dead": f"check the address and the network here; if the paper closed, set {table}.enabled = false",
        "killed": f"raise crawl.deadline if the source is only slow; {log} says where it hung",
    }
    return advice.get(outcome, f"{log} says more")


def _since(look: _Look) -> str:
    row = [*takewhile(lambda run: run.report.outcome in TROUBLED, look.finished)]
    times = f"{len(row)} times in a row" if len(row) > 1 else f"at {shown(row[0].started_at)}"
    success = look.evidence.last_success
    return f"{times}, " + (f"last success {shown(success.started_at)}" if success else "never with success")


def _cut_short(look: _Look) -> Iterator[_Finding]:
    cuts = [*takewhile(lambda run: run.report.outcome in CUT_SHORT, look.evidence.recent)]
    success = look.evidence.last_success
    late = success is None or look.now - success.started_at > 3 * look.source.every
    if len(cuts) >= _ENOUGH and late:
        last = shown(success.started_at) if success else "never"
        yield (
            "ill",
            f"its last {len(cuts)} crawls were cut short ({cuts[0].report.outcome}), last success {last}: "
            "see that the machine has memory enough and stays up",
        )


def _unreadable(look: _Look) -> Iterator[_Finding]:
    calm = [
        run for run in look.finished if run.report.outcome not in TROUBLED
    ]  # the others say it themselves
    fetching = [run for run in calm if run.report.counts.get("fetched", 0)]
    empty = [*takewhile(lambda run: not _read(run), fetching)]
    pages = sum(run.report.counts["fetched"] for run in empty)
    ever = len(empty) < len(fetching)
    if pages >= (_ENOUGH if ever else 1):
        table = f"sources.{look.source.name}"
        yield (
            "redesigned" if ever else "ill",
            f"none of the last {pages} pages fetched gave an article, since {shown(empty[-1].started_at)}: "
            f"compare one with {table}.selectors and {table}.article (`diembao doctor URL`)",
        )


def _drifted(look: _Look) -> Iterator[_Finding]:
    found = drifts([run.report.readings for run in look.evidence.read if run.report.readings])
    if found:
        name = look.source.name
        yield (
            "redesigned",
            f"{'; '.join(found)}: mend sources.{name}.selectors (`diembao doctor URL` tells what gave each "
            f"field), then `diembao reread --source {name}`",
        )


def _unfetched(look: _Look) -> Iterator[_Finding]:
    if not look.finished or look.finished[0].report.outcome != "done":
        return
    report = look.finished[0].report
    failed = report.counts.get("failed", 0)
    tried = failed + sum(report.counts.get(name, 0) for name in _READ)
    if failed >= _ENOUGH and failed * 2 >= tried:
        why = [f"{count} × {reason}" for reason, count in sorted(report.reasons.items())]
        reasons = ", ".join(one for one in why if "failed" in one) or "no reason given"
        yield (
            "ill",
            f"{failed} of {tried} article pages could not be fetched or read ({reasons}): "
            "they are tried again; open one in a browser to see whether the site is well",
        )


def _silence(look: _Look) -> Iterator[_Finding]:
    allowance = look.source.at_least
    if allowance is None:
        return
    begin = look.now - allowance.window
    inside = [run for run in look.finished if run.started_at >= begin]
    watched = any(run.started_at < begin for run in look.finished)
    brought = sum(run.report.counts.get("kept", 0) for run in inside)
    if watched and brought < allowance.count and any(run.report.outcome == "done" for run in inside):
        window = spelled(allowance.window)
        yield (
            "quiet",
            f"{brought} new articles in the last {window}, at_least asks for {allowance.count}: look at "
            f"{look.source.home}; if it publishes less now, lower sources.{look.source.name}.at_least",
        )


def _lost_ways(look: _Look) -> Iterator[_Finding]:
    done = [run for run in look.finished if run.report.outcome == "done"]
    if len(done) <= _ENOUGH:
        return
    for way in done[0].report.ways:
        if any(_works(run, way) for run in done[:_ENOUGH]):
            continue
        worked = next((run for run in done[_ENOUGH:] if _works(run, way)), None)
        if worked:
            yield (
                "ill",
                f"the {way.kind} {way.url} stopped working ({way.outcome}), it worked at "
                f"{shown(worked.started_at)}: find its new address, or strike it from "
                f"sources.{look.source.name}",
            )


def _lateness(look: _Look) -> Iterator[_Finding]:
    recent, due, now = look.evidence.recent, look.evidence.due, look.now
    hint = "is `diembao daemon` running, and are crawl.workers enough?"
    if recent and recent[0].report.outcome == "running":
        started = recent[0].started_at
        if now - started > look.evidence.deadline + _PATIENCE:
            yield "unwatched", f"its crawl of {shown(started)} is past its deadline and was not ended: {hint}"
    elif recent and due and now - due.at > max(look.source.every, _PATIENCE):
        yield "unwatched", f"its crawl was due at {shown(due.at)} and did not start: {hint}"


def _read(run: Run) -> bool:
    return any(run.report.counts.get(name, 0) for name in _READ)


def _works(run: Run, way: Way) -> bool:
    return any(each.url == way.url and each.outcome in WORKING for each in run.report.ways)
