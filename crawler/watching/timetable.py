"""When every source is due, by the store; what a wait was worked out from is not read twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from crawler.config.model import Source
from crawler.watching.due import CUT_SHORT, LOOK_BACK, TROUBLED, Due, next_due
from crawler.watching.settling import remembered
from storage.records import Outcome, Run
from storage.store import Store

_Basis = tuple[int, Outcome, timedelta]  # run, how it ended, the source's every


class Timetable:
    """Due times of many sources at once. It forgets nothing that the store does not know."""

    def __init__(self) -> None:
        self._worked_out: dict[str, tuple[_Basis, Due]] = {}

    def due(
        self, store: Store, sources: Iterable[Source], latest: Mapping[str, Run], now: datetime
    ) -> dict[str, Due]:
        """By name; a source that is disabled or being crawled is left out."""
        planned = ((source.name, self._of(store, source, latest, now)) for source in sources)
        return {name: due for name, due in planned if due is not None}

    def _of(self, store: Store, source: Source, latest: Mapping[str, Run], now: datetime) -> Due | None:
        newest = latest.get(source.name)
        alone = next_due(source, (newest,) if newest else (), now)
        if newest is None or alone is None or newest.started_at > now + source.every:
            return alone
        if newest.report.outcome not in TROUBLED | CUT_SHORT:
            return alone
        basis = (newest.id, newest.report.outcome, source.every)
        known = self._worked_out.get(source.name)
        if known and known[0] == basis:
            return known[1]
        due = next_due(source, remembered(store, source.name, newest.started_at - LOOK_BACK), now)
        if due is not None:
            self._worked_out[source.name] = (basis, due)
        return due
