"""Pure: when the store is copied and kept in order next, and what of it somebody should look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from crawler.config.model import Backup, Config
from crawler.sizes import spelled_size
from crawler.times import last_time, shown
from crawler.watching.wording import spelled
from storage.records import Complaint, TriedBackup

RETRY = timedelta(hours=1)  # after a backup that failed
_DAY = timedelta(days=1)
_LATE = 2  # times [backup] every, after which a missing backup is told
_BROKEN_OFF = 2  # upkeeps in a row; one may have been ended with its daemon


@dataclass(frozen=True, slots=True)
class Care:
    """What is known of a store's backups and upkeeps."""

    begun: datetime | None = None  # when its first crawl began; None: it is empty
    tried: TriedBackup | None = None  # the newest backup; None: none was tried
    good: TriedBackup | None = None  # the newest that was proven; None: there is none
    good_is_there: bool = True  # whether its file still is where it was put
    upkept: datetime | None = None  # when the newest upkeep that came to its end began; None: there was none
    trouble: str | None = None  # of the newest upkeep; None: none
    unended: int = 0  # upkeeps begun since, of which the last may be at it now


def next_backup(plan: Backup, care: Care, now: datetime) -> datetime | None:
    """When the daemon makes the next backup; None: it makes none. The first is due at once.

    At [backup] at o'clock where that keeps them apart: one that was made by hand does not move the hour.
    """
    if plan.dir is None:
        return None
    if care.tried and care.tried.trouble is not None:
        return min(care.tried.at, now) + RETRY
    if care.good is None:
        return now
    last = min(care.good.at, now)  # a clock that was set back does not put it off
    due = last + plan.every
    if plan.at is None or plan.every < _DAY:
        return due
    at_its_hour = last_time(plan.at, due)
    return at_its_hour if at_its_hour > last else due


def next_upkeep(at: time | None, care: Care, now: datetime) -> datetime | None:
    """When the daemon keeps the store in order next; None: never, or it is empty."""
    last = care.upkept or care.begun
    if at is None or last is None:
        return None
    return last_time(at, min(last, now)) + _DAY


def complaints(config: Config, care: Care, now: datetime) -> Iterator[Complaint]:
    """Everything that somebody should look at, at most one of a kind."""
    if config.backup.dir is not None:
        yield from _of_backups(config.backup, care, now)
    if care.trouble is not None:
        told = f"the store's last upkeep: {care.trouble}"
        yield Complaint("upkeep-failed", told, {"trouble": care.trouble})
    broken_off = care.unended - 1
    if broken_off >= _BROKEN_OFF:
        yield Complaint(
            "upkeep-unended",
            f"the last {broken_off} upkeeps of the store did not come to their end: see that the machine "
            "stays up and has memory enough; `diembao db upkeep` tells more",
            {"times": broken_off},
        )


def remarks(config: Config, care: Care) -> Iterator[str]:
    """What is good to know though nothing is wrong."""
    if config.backup.dir is None and care.good is None:
        yield "no backup was ever made: [backup] dir has the daemon make them (docs/backups.md)"
    if care.good is not None:
        size = f", {spelled_size(care.good.size)}" if care.good.size is not None else ""
        yield f"last good backup: {shown(care.good.at)}{size}, {care.good.path}"
    if care.upkept is not None:
        yield f"last upkeep: {shown(care.upkept)}"


def _of_backups(plan: Backup, care: Care, now: datetime) -> Iterator[Complaint]:
    good = care.good
    last = f"the last good one is of {shown(good.at)}" if good else "there is no good one yet"
    of_last = {"last": good.at.isoformat() if good else ""}
    if care.tried and care.tried.trouble is not None:
        at, trouble = care.tried.at, care.tried.trouble
        yield Complaint(
            "backup-failed",
            f"the backup of {shown(at)} failed: {trouble}; {last}",
            {"at": at.isoformat(), "trouble": trouble, **of_last},
        )
    since = good.at if good else care.begun
    if since is not None and now - since > _LATE * plan.every:
        yield Complaint(
            "backup-overdue",
            f"no backup was made for {spelled(now - since)}, [backup] every is {spelled(plan.every)} "
            f"({last}): is `diembao daemon` running?",
            {"since": since.isoformat(), "every": spelled(plan.every), **of_last},
        )
    if good and not care.good_is_there:
        yield Complaint(
            "backup-gone",
            f"the last good backup is gone: {good.path} is not there; is its disk mounted?",
            {"path": good.path},
        )
