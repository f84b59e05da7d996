"""How each source publishes, learned where it has been silent for a while; forgotten at no loss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crawler.times import VIETNAM
from crawler.watching.silence import Habit, Silence, habit, silence
from storage.records import Run
from storage.store import Store

SHORT = timedelta(hours=6)  # a silence that nobody minds
_STALE = timedelta(hours=12)  # after which what was learned is learned again
_WINDOW, _LONG = timedelta(weeks=8), timedelta(weeks=26)  # that are learned from: often enough, or else
_FEW = 100  # busy hours that are not enough
_SETTLED = timedelta(days=1)  # after the first crawl, which finds what is old


@dataclass
class Habits:
    """The habits of all sources that were silent lately."""

    _known: dict[str, tuple[datetime, Habit | None]] = field(default_factory=dict)

    def silence(self, store: Store, source: str, runs: Sequence[Run], now: datetime) -> Silence | None:
        """The silence of a source as its newest good crawl found it; `runs` newest first.

        None where it is short, or too little is known to judge it.
        """
        until = next((run.started_at for run in runs if run.report.outcome == "done"), None)
        since = last_word(store, source, runs, now)
        if until is None or since is None or until - since < SHORT:
            return None
        known = self._habit(store, source, since, now)
        return silence(known, since, until) if known else None

    def _habit(self, store: Store, source: str, since: datetime, now: datetime) -> Habit | None:
        """Learned from what was before the silence."""
        learned_at, known = self._known.get(source, (None, None))
        if learned_at is None or not timedelta() <= now - learned_at < _STALE:
            known = _learned(store, source, since + timedelta(hours=1))
            self._known[source] = (now, known)
        return known


def _learned(store: Store, source: str, until: datetime) -> Habit | None:
    first = store.runs.first(source)
    if first is None:
        return None
    watched = first.started_at + _SETTLED
    for window in (_WINDOW, _LONG):
        since = max(watched, until - window)
        hours = store.articles.busy_hours(source, since, until)
        if len(hours) >= _FEW or since == watched:
            break
    return habit(hours, since, until)


def last_word(store: Store, source: str, runs: Sequence[Run], now: datetime) -> datetime | None:
    """When it last brought something: by the dates of its articles, and by the crawls that found some."""
    dated = store.articles.last_dated(source, now)
    if dated is not None and dated.astimezone(VIETNAM).time() == datetime.min.time():
        dated += timedelta(days=1)  # some time that day
    found = next((run.started_at for run in runs if run.report.counts.get("kept", 0)), None)
    told = [moment for moment in (dated, found) if moment is not None]
    return min(max(told), now) if told else None
