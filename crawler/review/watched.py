"""What the page is told of the sources and topics that are watched: plain values, given from above."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crawler.judging.ruletext import RuleText
from storage.store import Store


@dataclass(frozen=True, slots=True)
class SourceSeen:
    """How one source is, as `diembao status` tells it."""

    name: str
    home: str
    enabled: bool
    state: str  # "well", "quiet", "ill" …: a key of wording.STATES
    complaints: tuple[str, ...]  # each with cause and advice; empty: nobody needs to look
    last_at: datetime | None  # start of the newest crawl that ended; None: none yet
    last_outcome: str | None  # how that ended, "done", "failed" …; None: none yet
    last_success: datetime | None  # start of the newest that ended well; None: none yet
    running_since: datetime | None  # None: not being crawled
    next_due: datetime | None  # None: disabled, or being crawled
    open_links: int  # found and not fetched yet


Sources = Callable[[Store], Sequence[SourceSeen]]
STANDSTILL = 60.0  # seconds without a round of the daemon's loop after which it does not live


def nothing_known(store: Store) -> Sequence[SourceSeen]:
    """For a page that nobody tells how the sources are."""
    return ()


def all_sent(store: Store) -> Sequence[str]:
    """For a page that nobody tells of messages to people."""
    return ()


@dataclass(frozen=True, slots=True)
class Watched:
    """What is known beside the store."""

    sources: Sources = nothing_known  # in config.toml's order
    rules: tuple[RuleText, ...] = ()  # in config.toml's order
    silent_for: Callable[[], float] | None = (
        None  # seconds since the daemon's loop went round; None: no daemon
    )
    metrics: Callable[[Store], bytes] | None = None  # for Prometheus; None: nobody counts
    unsent: Callable[[Store], Sequence[str]] = all_sent  # complaints of messages to people

    @property
    def topics(self) -> Mapping[str, str]:
        """Rule → label, in config.toml's order."""
        return {rule.name: rule.label for rule in self.rules}


NOTHING = Watched()


def ills(seen: Sequence[SourceSeen]) -> list[tuple[str, str]]:
    """(source, complaint) of every watched source that has run and is not well."""
    return [
        (one.name, complaint) for one in seen if one.enabled and one.last_at for complaint in one.complaints
    ]
