"""Sources and runs in few words, for tables of decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from crawler.config.model import Source
from storage.records import Outcome, Run, RunReport, Way

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def source(
    name: str = "bao", home: str | None = None, every: timedelta = 30 * MINUTE, **other: Any
) -> Source:
    """A source on a host of its own unless `home` says otherwise."""
    return replace(Source(name, home or f"https://{name}.example/", every=every), **other)


def run(
    outcome: Outcome = "done",
    ago: timedelta = HOUR,
    counts: Mapping[str, int] | None = None,
    ways: tuple[Way, ...] = (),
    trouble: str | None = None,
    reasons: Mapping[str, int] | None = None,
) -> Run:
    """A run of `bao` that started `ago` before NOW and took a minute."""
    started = NOW - ago
    ended = None if outcome == "running" else started + MINUTE
    report = RunReport(outcome, counts or {}, reasons or {}, ways, trouble)
    return Run(int(started.timestamp()), "bao", started, ended, 4242, report)


def feed(outcome: str = "ok", links: int = 20) -> Way:
    """How the feed of `bao` fared."""
    return Way("feed", "https://bao.example/rss", outcome, links)
