"""What the store knows of one source, brought together, and how well the source is by that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import takewhile

from crawler.config.model import Config, Source
from crawler.times import day_of
from crawler.watching.drift import is_settled
from crawler.watching.due import CUT_SHORT, Due, next_due
from crawler.watching.findings import Elsewhere, Evidence
from crawler.watching.habits import Habits
from crawler.watching.health import LATELY, Before, Health, health, span
from crawler.watching.holding import Holds, held
from crawler.watching.learning import Rhythms
from crawler.watching.settling import remembered, vanished
from storage.records import ReadRun, Run, StateChange, Traffic
from storage.store import Store

_FEW_READ = 60  # runs that read pages: enough where nothing is amiss
_MOST_READ = 400  # … and where something is: some weeks of them
_SEVERAL = 2  # other sources that are not dead, too, by chance
_WAIT = timedelta(hours=2)  # for others to be tried


@dataclass
class Learned:
    """What is learned from weeks of articles, and kept for half a day."""

    rhythms: Rhythms = field(default_factory=Rhythms)
    habits: Habits = field(default_factory=Habits)


@dataclass(frozen=True, slots=True)
class Moment:
    """What holds for all sources at one moment."""

    now: datetime
    latest: Mapping[str, Run]  # the newest run of every source
    holds: Holds
    changes: Mapping[str, int]  # changes of state within LATELY, by source
    states: Mapping[str, StateChange]  # the newest of every source
    attended: bool = True  # whether crawls were started for so long that one overdue means something

    @classmethod
    def of(cls, store: Store, now: datetime, *, attended: bool = True) -> Moment:
        """As the store tells it."""
        holds = Holds(store.hosts.paused(now), store.traffic.of(day_of(now)))
        changes, states = store.states.count(now - LATELY), store.states.latest()
        return cls(now, store.runs.latest(), holds, changes, states, attended)

    def before(self, source: str) -> Before:
        """What was last recorded of a source."""
        change = self.states.get(source)
        if change is None:
            return Before()
        return Before(change.state, change.at, change.kind, self.changes.get(source, 0))


@dataclass(frozen=True, slots=True)
class Gathered:
    """One source at that moment."""

    source: Source  # with its `every` as it is now
    runs: Sequence[Run]  # newest first; one whose process vanished is called interrupted
    success: Run | None
    planned: Due | None
    why: str | None  # what its time is chosen by; None: config.toml gives it
    health: Health


def gathered(store: Store, source: Source, moment: Moment, config: Config, learned: Learned) -> Gathered:
    """`source` as it is. Its `every` is as `learned.rhythms` know it: let them learn before."""
    newest, now = moment.latest.get(source.name), moment.now
    paced = learned.rhythms.paced(source, newest, config)
    runs = _runs(store, paced, newest, now)
    planned = next_due(paced, runs, now)
    if planned is not None:
        planned = held(planned, paced, moment.holds, now)
    success = store.runs.last_success(source.name)
    told = paced.at_least is None and paced.enabled
    silence = learned.habits.silence(store, source.name, runs, now) if told else None
    before = moment.before(source.name)
    read = _read(store, source.name, before)
    deadline, others = config.crawl.deadline, _elsewhere(moment, paced, runs, config)
    evidence = Evidence(runs, success, planned, deadline, read, silence, moment.attended, others)
    found = health(paced, evidence, now, before)
    return Gathered(paced, runs, success, planned, learned.rhythms.why(paced, newest, now), found)


def elsewhere(dead_since: datetime, others: Sequence[Run | None], now: datetime) -> Elsewhere:
    """Pure: whether others were reached since one source is dead, by their newest runs; None: never crawled.

    Two that were not reached either tell that the trouble is here. Where nobody was tried since, that is
    waited for, for two hours.
    """
    if len(others) < _SEVERAL:
        return "reached"
    passing = CUT_SHORT | {"running"}
    since = [run for run in others if run and run.ended_at and run.ended_at >= dead_since]
    tried = [run for run in since if run.report.outcome not in passing]
    if any(run.report.outcome != "dead" for run in tried):
        return "reached"
    if len(tried) >= _SEVERAL:
        return "unreached"
    return "untried" if now - dead_since < _WAIT else "reached"


def _elsewhere(moment: Moment, source: Source, runs: Sequence[Run], config: Config) -> Elsewhere:
    dead = [*takewhile(lambda run: run.report.outcome == "dead", runs)]
    if not dead:
        return "reached"
    enabled = (one.name for one in config.sources.values() if one.enabled)
    others = [moment.latest.get(name) for name in enabled if name != source.name]
    return elsewhere(dead[-1].started_at, others, moment.now)


def _read(store: Store, source: str, before: Before) -> Sequence[ReadRun]:
    few = store.runs.read(source, _FEW_READ)
    if len(few) < _FEW_READ or (before.state != "redesigned" and is_settled([run.readings for run in few])):
        return few
    return store.runs.read(source, _MOST_READ)


def _runs(store: Store, source: Source, newest: Run | None, now: datetime) -> Sequence[Run]:
    runs = remembered(store, source.name, now - span(source))
    if not runs and newest is not None:
        runs = (newest,)
    if not runs or runs[0].report.outcome != "running" or not vanished(runs[0], source, store.path):
        return runs
    return (replace(runs[0], report=replace(runs[0].report, outcome="interrupted")), *runs[1:])


def requests_today(moment: Moment, source: str) -> int:
    """What was asked of a source today."""
    return moment.holds.today.get(source, Traffic()).requests
