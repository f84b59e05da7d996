"""Counts by day, crawls and states of sources as they were: what later days bring changes nothing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from storage.counting import Span
from storage.records import HealthState, Outcome, RunReport, StateChange
from storage.store import Store
from tests.storage.samples import NOON, found
from tests.storage.test_past import History

_SPANS = (
    Span(date(2000, 1, 1), date(2100, 1, 1)),
    Span(date(2000, 1, 1), date(2100, 1, 1), "baogio", "khac"),
)


def _counts(store: Store) -> list[Any]:
    counting = store.counting
    found = [(counting.days(s), counting.by_source(s), counting.by_rule(s)) for s in _SPANS]
    latest = store.runs.latest()
    return [
        [[sorted(ones, key=str) for ones in three] for three in found],
        dict(counting.watched()),
        {name: store.runs.last_success(name) for name in latest},
        latest,
        store.states.latest(),
    ]


@pytest.mark.parametrize("seed", [7])
def test_every_day_of_a_random_history_is_counted_as_it_was_counted_then(store: Store, seed: int) -> None:
    history = History(store, seed)
    told_then: dict[datetime, list[Any]] = {}
    running: int | None = None
    outcomes: list[Outcome] = ["done", "failed"]
    states: list[HealthState] = ["well", "ill"]
    for step in range(70):
        history.step()
        if step % 9 == 4:
            if running is None:
                running = store.runs.begin("baogio", 1, history.now)
            else:
                outcome = history.chance.choice(outcomes)
                store.runs.end(running, RunReport(outcome, {"kept": step}), history.now)
                running = None
        if step % 20 == 10:
            newest = store.states.newest("baogio")
            before = newest.state if newest else None
            state = states[before == "well"]
            store.states.record(StateChange(0, "baogio", history.now, state, before, "vì thế"))
        if step % 10 == 7:
            with store.snapshot() as now:
                told_then[history.now] = _counts(now)
            history.now += timedelta(seconds=1)
    for at, told in told_then.items():
        with store.then(at, days=True) as then:
            assert _counts(then) == told, at


def test_a_link_that_was_open_then_is_counted_whatever_it_gave_since(store: Store) -> None:
    history = History(store, 3)
    store.links.offer("baogio", [found(1), found(2)], NOON)
    with store.snapshot() as now:
        told = now.counting.days(_SPANS[0])
    history.now += timedelta(hours=1)
    history.new()
    with store.then(NOON, days=True) as then:
        assert then.counting.days(_SPANS[0]) == told
        assert sum(day.found for day in told) == 2
    with store.then(NOON - timedelta(days=1), days=True) as then:
        assert then.counting.days(_SPANS[0]) == []
