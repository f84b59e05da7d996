"""Each source's rhythm, learned from the store once in a while; forgotten at no loss."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from crawler.config.model import Config, Source
from crawler.watching.rhythm import Bounds, Profile, interval, learned, shared, sooner
from crawler.watching.wording import spelled
from storage.records import Run
from storage.store import Store

_WINDOW = timedelta(weeks=4)
_STALE = timedelta(hours=12)  # after which what was learned is learned again


@dataclass
class Rhythms:
    """The profiles of all sources on `every = "auto"`, and the budget of polls that they share."""

    _profiles: dict[str, Profile] = field(default_factory=dict)
    _k: float = 1.0
    _learned: datetime | None = None
    _for: tuple[object, ...] = ()

    def learn(self, store: Store, config: Config, now: datetime) -> None:
        """Learn from the last weeks, if that was not done lately, or the configuration is another."""
        asked = (config.crawl, *((one.name, one.auto, one.enabled) for one in config.sources.values()))
        fresh = self._learned is not None and timedelta() <= now - self._learned < _STALE
        if fresh and asked == self._for:
            return
        auto = [source.name for source in config.sources.values() if source.auto and source.enabled]
        self._profiles = {name: _profile(store, name, now) for name in auto}
        self._k = shared(
            [*self._profiles.values()], config.crawl.polls_per_source * len(auto), bounds(config)
        )
        self._learned, self._for = now, asked

    def paced(self, source: Source, newest: Run | None, config: Config) -> Source:
        """The source with its `every` as it is after its newest run; others as they are."""
        profile = self._profiles.get(source.name)
        if profile is None or newest is None:
            return source
        seed, limits = f"{source.name}:{newest.id}", bounds(config)
        usual = interval(profile, self._k, newest.started_at, seed, limits)
        return replace(source, every=sooner(usual, newest.report.counts.get("overflowed", 0), limits))

    def why(self, source: Source, newest: Run | None, now: datetime) -> str | None:
        """What a paced source's time is chosen by; None for one that config.toml gives a time."""
        profile = self._profiles.get(source.name)
        if profile is None or newest is None:
            return None
        full = ", its feed overflowed" if newest.report.counts.get("overflowed") else ""
        return f"auto: {profile.at(now):.1f} articles/h expected{full}, every {spelled(source.every)}"


def bounds(config: Config) -> Bounds:
    """The shortest and the longest interval that config.toml allows."""
    return Bounds(config.crawl.soonest, max(config.crawl.soonest, config.crawl.latest))


def _profile(store: Store, source: str, now: datetime) -> Profile:
    counts, since = store.articles.by_hour(source, now - _WINDOW, now)
    weeks = max(timedelta(days=1), now - since) / timedelta(weeks=1) if since else 0.0
    return learned(counts, weeks)
