"""How the sources are, as the review page is told: what `diembao status` shows, without waiting for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from crawler.config.model import Config
from crawler.notices.troubles import message_troubles
from crawler.review.watched import Ailment, SourceSeen, Watched
from crawler.times import utc_now
from crawler.watching.complaints import complaint
from crawler.watching.findings import Finding
from crawler.watching.gathering import Learned
from crawler.watching.remembering import Remembered
from crawler.watching.status import SourceStatus, statuses
from crawler.watching.storecare import complaints
from crawler.watching.storekeeping import care_of
from storage.store import Store

if TYPE_CHECKING:
    from crawler.watching.metrics import Metrics


class Showing:
    """Asks for the status of all sources of the configuration that is in force when it is asked."""

    def __init__(self, config: Callable[[], Config], clock: Callable[[], datetime] = utc_now) -> None:
        self._config = config
        self._clock = clock
        self._learned = Learned()  # anew twice a day only: that reads weeks of articles

    def __call__(self, store: Store) -> Sequence[SourceSeen]:
        """Every source in config.toml's order."""
        found = statuses(store, self._config(), self._clock(), self._learned)
        return tuple(seen(status) for status in found)


def watched(config: Callable[[], Config], silent_for: Callable[[], float] | None = None) -> Watched:
    """What the review page of that configuration is told; sources as they were a moment ago.

    `silent_for`: seconds since the daemon's loop went round; None: the page is served without it.
    """
    sources = Remembered(Showing(config), utc_now)

    def metrics(store: Store) -> bytes:
        return counted()(store)

    @cache
    def counted() -> Metrics:
        from crawler.watching.metrics import Metrics  # a page that nobody scrapes is spared what it imports

        return Metrics(sources, utc_now, silent_for)

    def unsent(store: Store) -> Sequence[str]:
        return message_troubles(store, config(), utc_now())

    def of_the_store(store: Store) -> Sequence[str]:
        return tuple(one.said for one in complaints(config(), care_of(store, config()), utc_now()))

    return Watched(sources, config().rules, silent_for, metrics, unsent, of_the_store)


def seen(status: SourceStatus) -> SourceSeen:
    """A status without what only a terminal shows."""
    return SourceSeen(
        name=status.name,
        home=status.home,
        enabled=status.enabled,
        state=status.health.state,
        complaints=status.health.complaints,
        last_at=status.last.started_at if status.last else None,
        last_outcome=status.last.report.outcome if status.last else None,
        last_success=status.last_success,
        running_since=status.running_since,
        next_due=status.next_due,
        open_links=status.open_links,
        ailments=tuple(_ailment(status.name, one) for one in status.health.findings if one.sure),
        since=status.since,
    )


def _ailment(source: str, finding: Finding) -> Ailment:
    return Ailment(finding.kind, finding.values, complaint(source, finding))
