"""Pure: what holds a source back though it is due: a pause, its budget, its quiet hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crawler.config.model import Source
from crawler.times import VIETNAM, Hours, next_midnight, quiet_until
from crawler.urls import authority
from crawler.watching.due import Due
from storage.records import Pause, Traffic


@dataclass(frozen=True, slots=True)
class Holds:
    """What the store knows of pauses and of today's requests."""

    paused: Mapping[str, Pause] = field(default_factory=dict)  # by authority
    today: Mapping[str, Traffic] = field(default_factory=dict)  # by source


def held(due: Due, source: Source, holds: Holds, now: datetime) -> Due:
    """When `source` may really be crawled: the latest of all that holds it back, and why."""
    found = due
    pause = holds.paused.get(authority(source.home))
    if pause is not None and pause.until > max(found.at, now):
        found = Due(pause.until, f"its host asked for a pause ({pause.reason})", alone=due.alone)
    spent = holds.today.get(source.name, Traffic()).requests
    budget, tomorrow = source.requests_per_day, next_midnight(now)
    if budget is not None and spent >= budget and found.at < tomorrow:
        found = Due(tomorrow, f"daily-budget: its {budget} requests of today are made", alone=due.alone)
    return _after_quiet(found, source.quiet_hours, now)


def _after_quiet(due: Due, quiet: Hours | None, now: datetime) -> Due:
    until = quiet_until(quiet, max(due.at, now)) if quiet else None
    if until is None:
        return due
    return Due(until, f"its quiet hours last until {until.astimezone(VIETNAM):%H:%M}", timedelta(), due.alone)
