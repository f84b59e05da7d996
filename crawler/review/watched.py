"""What the page is told of the sources and topics that are watched: plain values, given from above."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crawler.judging.ruletext import RuleText
from storage.store import Store

Value = str | int | float


@dataclass(frozen=True, slots=True)
class Ailment:
    """One thing that is wrong with a source."""

    kind: str  # a key of ailing.SENTENCES
    values: Mapping[str, Value]  # what its sentence is made of: moments as ISO texts, lengths in seconds
    said: str  # in English, for whoever has no sentence of that kind


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
    ailments: tuple[Ailment, ...] = ()  # the complaints, for whoever words them himself; empty: not told
    since: datetime | None = None  # since when it is in its state; None: not recorded

    @property
    def wrong(self) -> tuple[Ailment, ...]:
        """What somebody should look at, the gravest first."""
        return self.ailments or tuple(Ailment("", {}, text) for text in self.complaints)


Sources = Callable[[Store], Sequence[SourceSeen]]
STANDSTILL = 60.0  # seconds without a round of the daemon's loop after which it does not live


def nothing_known(store: Store) -> Sequence[SourceSeen]:
    """For a page that nobody tells how the sources are."""
    return ()


def all_sent(store: Store) -> Sequence[str]:
    """For a page that nobody tells of messages to people."""
    return ()


def in_order(store: Store) -> Sequence[str]:
    """For a page that nobody tells of backups and upkeeps."""
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
    of_the_store: Callable[[Store], Sequence[str]] = in_order  # complaints of backups and upkeeps

    @property
    def topics(self) -> Mapping[str, str]:
        """Rule → label, in config.toml's order."""
        return {rule.name: rule.label for rule in self.rules}


NOTHING = Watched()


def ills(seen: Sequence[SourceSeen]) -> list[tuple[str, Ailment]]:
    """(source, what is wrong) of every watched source that has run and is not well."""
    return [(one.name, ailment) for one in seen if one.enabled and one.last_at for ailment in one.wrong]
