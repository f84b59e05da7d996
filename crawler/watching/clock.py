"""The clock of the daemon: APScheduler, asked for one beat a second and for nothing else."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

_log = logging.getLogger(__name__)
_BEAT = "beat"
_TROUBLES = {
    EVENT_JOB_ERROR: "failed",
    EVENT_JOB_MISSED: "was missed",
    EVENT_JOB_MAX_INSTANCES: "was left out, because the one before had not ended",
}


class Clock:
    """Calls `ring` in a thread of its own, at once and then in equal steps."""

    def __init__(self, ring: Callable[[], None], step: timedelta) -> None:
        self._step = step
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        self._scheduler.add_listener(_tell, EVENT_JOB_ERROR | EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)
        self._scheduler.add_job(ring, self._trigger(), id=_BEAT, next_run_time=datetime.now(UTC))

    def start(self) -> None:
        """Begin to ring."""
        self._scheduler.start()

    def set_anew(self) -> None:
        """Go on from now: a system clock set back would keep it silent until that time comes again."""
        self._scheduler.reschedule_job(_BEAT, trigger=self._trigger())

    def stop(self) -> None:
        """Ring no more; returns when the last ring has ended."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)

    def _trigger(self) -> IntervalTrigger:
        return IntervalTrigger(seconds=self._step.total_seconds(), timezone=UTC)


def _tell(event: JobEvent) -> None:
    said = getattr(event, "exception", None)
    cause = f": {type(said).__name__}: {said}" if said else ""
    _log.warning("a beat of the clock %s%s", _TROUBLES[event.code], cause)
