"""Changes of health, recorded and told: after each crawl, and now and then for what only time tells."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from crawler.config.model import Config
from crawler.watching.complaints import complaint
from crawler.watching.findings import Finding
from crawler.watching.gathering import Learned, Moment, gathered
from crawler.watching.health import Health
from crawler.watching.telling import of
from storage.records import Outcome, StateChange
from storage.store import Store

ROUND = timedelta(minutes=10)  # in which every source is looked at once, crawled or not
ATTENDED = timedelta(hours=1)  # after which a daemon has had time to crawl whatever was overdue
_STEP = timedelta(seconds=5)  # between two looks
_ASLEEP = timedelta(minutes=5)  # without a look: the machine slept, and much is overdue
_AT_ONCE = 20  # sources that one look judges at the most

_log = logging.getLogger(__name__)


def changed(source: str, found: Health, before: StateChange | None, now: datetime) -> StateChange | None:
    """Pure: the change to record; None where there is none, or nothing was known and nothing is."""
    known = before.state if before else None
    if found.state == known or (known is None and found.state in {"unwatched", "disabled"}):
        return None
    cause = found.cause
    said = complaint(source, cause) if cause else ""
    return StateChange(0, source, now, found.state, known, said, *_made_of(cause))


def _made_of(cause: Finding | None) -> tuple[str | None, dict[str, str | int | float]]:
    return (cause.kind, dict(cause.values)) if cause else (None, {})


def record(
    store: Store, config: Config, names: Iterable[str], moment: Moment, learned: Learned
) -> Sequence[StateChange]:
    """Judge those sources and record what changed; the changes that nobody recorded before us."""
    news = []
    for name in names:
        one = gathered(store, config.sources[name], moment, config, learned)
        change = changed(name, one.health, moment.states.get(name), moment.now)
        if change is not None and store.states.record(change) is not None:
            news.append(change)
            _tell(change)
    return news


def _tell(change: StateChange) -> None:
    level = logging.INFO if change.state in {"well", "disabled"} else logging.WARNING
    was = f", was {change.before}" if change.before else ""
    cause = f": {change.cause}" if change.cause else ""
    told = of("state", change.source, state=change.state, before=change.before, kind=change.kind)
    _log.log(level, "%s: is %s%s%s", change.source, change.state, was, cause, extra=told)


class Recording:
    """The daemon's duty of it. What it remembers spares work only: the store knows what was recorded."""

    name = "the health of the sources"

    def __init__(self, config: Config) -> None:
        self._config = config
        self._learned = Learned()
        self._begun: datetime | None = None  # since when crawls are started without a gap
        self._looked: datetime | None = None
        self._seen: dict[str, tuple[int, Outcome]] = {}  # the newest run of each source that was judged
        self._turns: list[str] = []  # whose turn it is in this round, last first

    def tick(self, store: Store, now: datetime) -> None:
        """Judge whoever was crawled since the last look, and some of the others in turn."""
        passed = now - self._looked if self._looked else _STEP
        if timedelta() <= passed < _STEP:
            return
        if self._begun is None or not timedelta() <= passed < _ASLEEP:
            self._begun = now
        self._looked = now
        moment = Moment.of(store, now, attended=now - self._begun >= ATTENDED)
        self._learned.rhythms.learn(store, self._config, now)
        names = self._chosen(moment, min(passed, _ASLEEP))
        record(store, self._config, names, moment, self._learned)
        self._seen |= {name: _mark(moment, name) for name in names if name in moment.latest}

    def reload(self, config: Config) -> None:
        """Judge by another configuration, everybody soon."""
        self._config = config
        self._seen = {name: seen for name, seen in self._seen.items() if name in config.sources}
        self._turns = []

    def ask_to_end(self) -> None:
        """Nothing runs."""

    def kill(self) -> None:
        """Nothing runs."""

    def _chosen(self, moment: Moment, passed: timedelta) -> list[str]:
        sources = self._config.sources
        crawled = [
            name
            for name in sources
            if name in moment.latest
            and moment.latest[name].report.outcome != "running"
            and self._seen.get(name) != _mark(moment, name)
        ]
        share = -(-len(sources) * passed // ROUND)
        return list(dict.fromkeys([*crawled[:_AT_ONCE], *self._in_turn(min(share, _AT_ONCE))]))

    def _in_turn(self, many: int) -> list[str]:
        if not self._turns:
            self._turns = [*self._config.sources][::-1]
        chosen = [self._turns.pop() for _ in range(min(many, len(self._turns)))]
        return [name for name in chosen if name in self._config.sources]


def _mark(moment: Moment, name: str) -> tuple[int, Outcome]:
    run = moment.latest[name]
    return run.id, run.report.outcome
