"""What is asked for: which cases, in which formats, into which folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from crawler.export.formats import Options, Watched
from crawler.times import shown
from storage.cases import CaseQuery
from storage.records import Decision


@dataclass(frozen=True, slots=True)
class Filter:
    """Which cases; a None asks nothing."""

    flagged: bool | None = None
    rule: str | None = None
    source: str | None = None
    since: datetime | None = None  # published, else first fetched, at this moment or later
    before: datetime | None = None  # … and earlier than this one
    decision: Decision | None = None

    def query(self) -> CaseQuery:
        """The cases of the filter, oldest first."""
        return CaseQuery(
            flagged=self.flagged,
            rule=self.rule,
            source=self.source,
            since=self.since,
            until=self.before,
            decision=self.decision,
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
        }


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """One export: everything it depends on but the store and the clock."""

    out: Path  # a folder that does not exist yet
    formats: tuple[str, ...]  # of FORMATS and DESCRIPTIONS, each once
    chosen: Filter = Filter()
    named: bool = False  # with who decided, which is nobody else's business
    watched: Watched = field(default_factory=Watched)
    options: Options = field(default_factory=Options)
