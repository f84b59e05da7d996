"""What is asked for: which cases, as of when, in which formats, into which folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.export.formats import Options, Watched
from crawler.times import exact, shown
from storage.cases import CaseQuery
from storage.records import CaseState, Decision

if TYPE_CHECKING:
    from crawler.searching import Asked, Marks


@dataclass(frozen=True, slots=True)
class Filter:
    """Which cases; a None asks nothing."""

    flagged: bool | None = None
    rule: str | None = None
    source: str | None = None
    since: datetime | None = None  # published, else first fetched, at this moment or later
    before: datetime | None = None  # … and earlier than this one
    decision: Decision | None = None
    state: CaseState | None = None
    gone: bool | None = None
    mentions: bool = False  # with `flagged` or `rule`: those that only mention it, too

    def query(self) -> CaseQuery:
        """The cases of the filter, oldest first."""
        return CaseQuery(
            state=self.state,
            flagged=self.flagged,
            mentions=self.mentions,
            rule=self.rule,
            source=self.source,
            since=self.since,
            until=self.before,
            decision=self.decision,
            gone=self.gone,
            newest_first=False,
        )

    def told(self) -> dict[str, Any]:
        """As the manifest shows it."""
        return {
            "flagged": self.flagged,
            "rule": self.rule,
            "source": self.source,
            "since": shown(self.since) if self.since else None,
            "before": shown(self.before) if self.before else None,
            "decision": self.decision,
            "state": self.state,
            "gone": self.gone,
            "mentions": self.mentions,
        }


@dataclass(frozen=True, slots=True)
class Searched:
    """A query in the language of the rules."""

    text: str
    asked: Asked  # the same, read
    marks: Marks = "few"
    saved: str | None = None  # the name it was saved under; None: typed


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """One export: everything it depends on but the store and the clock."""

    out: Path  # a folder that does not exist yet
    formats: tuple[str, ...]  # of FORMATS and DESCRIPTIONS, each once
    chosen: Filter = Filter()
    named: bool = False  # with who decided and what they noted, which is nobody else's business
    watched: Watched = field(default_factory=Watched)
    options: Options = field(default_factory=Options)
    searched: Searched | None = None  # None: no words are asked for
    as_of: datetime | None = None  # None: as the store is
    series: Series | None = None  # None: nobody remembers this export
    config: str | None = None  # SHA-256 of what of config.toml decides; None: not known

    def asked(self) -> dict[str, Any]:
        """What chooses and what is told of it, as the manifest shows it; the same for each of a series."""
        searched = self.searched
        return {
            "text": searched.text if searched else None,
            "marks": searched.marks if searched else None,
            "saved": searched.saved if searched else None,
            **self.chosen.told(),
            "with_notes": self.named,
        }

    def told(self) -> dict[str, Any]:
        """The same with the moment that was asked for."""
        return {**self.asked(), "as_of": exact(self.as_of) if self.as_of else None}


@dataclass(frozen=True, slots=True)
class Series:
    """Exports under one name, each of which knows the one before."""

    name: str
    since_last: bool = True  # only what changed; False: all of it once more
