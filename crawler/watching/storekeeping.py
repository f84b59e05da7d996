"""Backups and upkeep by the clock: the daemon's duty, each by a process of its own."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from crawler.config.model import Backup, Config
from crawler.watching.errands import Errand, Program, Wording
from crawler.watching.storecare import RETRY, Care, complaints, next_backup, next_upkeep
from crawler.watching.telling import of
from storage.complaints import Turn
from storage.records import Complaint, Happened
from storage.store import Store

_LOOKS = 20.0  # seconds between two looks at what is due
_BACKUP = Wording("a backup was made", "the backup", retry=RETRY.total_seconds())
_UPKEEP = Wording("the store is kept in order", "the store's upkeep", retry=RETRY.total_seconds())
_log = logging.getLogger(__name__)


class StoreKeeping:
    """Wants a backup or an upkeep when the store says that it is due; remembers nothing itself."""

    name = "keeping the store"

    def __init__(self, program: Program, config: Config, clock: Callable[[], float] = time.monotonic) -> None:
        self._config = config
        self._clock = clock
        self._looked: float | None = None  # monotonic second; None: look at once
        self._backup = Errand(lambda: program(*_backup(self._config.backup)), _BACKUP, clock)
        self._upkeep = Errand(lambda: program("db", "upkeep"), _UPKEEP, clock)

    def tick(self, store: Store, now: datetime) -> None:
        """Start what is due, and see what has ended."""
        for errand in (self._backup, self._upkeep):
            errand.tick()
        if self._looked is None or self._clock() - self._looked >= _LOOKS:
            care = care_of(store, self._config)
            self._look(care, now)
            _tell(seen(store, self._config, care, now))
            self._looked = self._clock()

    def reload(self, config: Config) -> None:
        """Another configuration is in force."""
        self._config = config
        self._looked = None

    def ask_to_end(self) -> None:
        """End both soon: a backup leaves nothing behind, an upkeep what it has done."""
        self._backup.ask_to_end()
        self._upkeep.ask_to_end()

    def kill(self) -> None:
        """End both now."""
        self._backup.kill()
        self._upkeep.kill()

    def _look(self, care: Care, now: datetime) -> None:
        due = (
            (self._backup, next_backup(self._config.backup, care, now)),
            (self._upkeep, next_upkeep(self._config.upkeep.upkeep, care, now)),
        )
        for errand, at in due:
            if at is not None and at <= now and not errand.busy:
                errand.want()


def _backup(plan: Backup) -> tuple[str, ...]:
    """The command line; the folder is named, because the child's config.toml lies elsewhere than ours."""
    return ("db", "backup", str(plan.dir), "--keep", str(plan.keep), "--scheduled")


def seen(store: Store, config: Config, care: Care, now: datetime) -> Turn:
    """Record what there is to complain of, and what no longer; for `diembao events`, too."""
    turn = store.complaints.see(tuple(complaints(config, care, now)), now)
    for kind, found in (("complaint", turn.begun), ("complaint-over", turn.ended)):
        for one in found:
            values = {"complaint": one.kind, **one.values}
            store.journal.note(Happened(0, now, kind, None, _said(kind, one), values))
    return turn


def _said(kind: str, one: Complaint) -> str:
    return one.said if kind == "complaint" else f"no more: {one.said}"


def _tell(turn: Turn) -> None:
    for one in turn.begun:
        _log.warning("%s", one.said, extra=of("complaint", complaint=one.kind))
    for one in turn.ended:
        _log.info("no more: %s", one.said, extra=of("complaint-over", complaint=one.kind))


def care_of(store: Store, config: Config) -> Care:
    """What the store knows of its own backups and upkeeps.

    Where [backup] asks for backups, copies that people make elsewhere are their own affair.
    """
    scheduled = config.backup.dir is not None
    good = store.backups.newest_good(scheduled=scheduled)
    return Care(
        begun=store.upkeeps.begun(),
        tried=store.backups.newest(scheduled=scheduled),
        good=good,
        good_is_there=good is None or Path(good.path).exists(),
        upkept=store.upkeeps.newest_ended(),
        trouble=store.upkeeps.trouble(),
        unended=store.upkeeps.unended(),
    )
