"""Duties: what the daemon does beside crawling, each with every tick, none waited for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from crawler.config.model import Config
from crawler.watching.errands import Program
from crawler.watching.inforce import InForce
from crawler.watching.narrating import Narrating
from crawler.watching.notifying import Notifying
from crawler.watching.recording import Recording
from crawler.watching.rejudging import Rejudging
from crawler.watching.storekeeping import StoreKeeping
from storage.store import Store


class Duty(Protocol):
    """One of them. All calls come from the daemon's one thread; what raises is told, and called again."""

    @property
    def name(self) -> str:
        """What it is called in the log."""

    def tick(self, store: Store, now: datetime) -> None:
        """Do what is due; StoreError if the store is not to be had now."""

    def reload(self, config: Config) -> None:
        """Another configuration is in force."""

    def ask_to_end(self) -> None:
        """The daemon stops: end in order what runs, without waiting for it."""

    def kill(self) -> None:
        """End it now."""


def duties(in_force: InForce, program: Program) -> Sequence[Duty]:
    """All of them, for the configuration in force; `program` says how a command of ours is started."""

    def ours(*line: str) -> tuple[str, ...]:
        return program(in_force.path, in_force.config.store_path, *line)

    return (
        Rejudging(ours, in_force.config.rules),
        Recording(in_force.config),
        Narrating(),
        StoreKeeping(ours, in_force.config),
        Notifying(ours, in_force.config),
    )
