"""Changes of health are appended, each once, and found again as they were."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from storage.records import StateChange
from storage.store import Store
from tests.storage.samples import HOUR, MINUTE, NOON

FIRST = StateChange(0, "baohatinh", NOON, "well", None, "")
SECOND = StateChange(
    0,
    "baohatinh",
    NOON + HOUR,
    "dead",
    "well",
    "không kết nối được",
    "dead",
    {"home": "https://a.vn", "n": 3},
)


def test_changes_come_back_in_their_order_with_everything_they_said(store: Store) -> None:
    one, two = store.states.record(FIRST), store.states.record(SECOND)
    other = store.states.record(replace(FIRST, source="kontumtv", at=NOON + MINUTE))
    assert None not in {one, two, other}
    assert store.states.of("baohatinh") == (replace(FIRST, id=one or 0), replace(SECOND, id=two or 0))
    assert [change.id for change in store.states.since(one or 0)] == [two, other]
    assert store.states.since(other or 0) == ()
    assert store.states.latest()["baohatinh"] == replace(SECOND, id=two or 0)
    assert {*store.states.latest()} == {"baohatinh", "kontumtv"}


@pytest.mark.parametrize(
    "stale",
    [
        FIRST,  # it is known by now
        replace(SECOND, state="ill", before="blocked"),  # it was in no such state
        replace(SECOND, state="well", before="well"),  # no change at all
    ],
)
def test_a_change_that_somebody_else_recorded_is_not_recorded_again(path: Path, stale: StateChange) -> None:
    with Store.open(path) as ours, Store.open(path) as theirs:
        theirs.states.record(FIRST)
        assert ours.states.record(stale) is None
        assert len(ours.states.of("baohatinh")) == 1
