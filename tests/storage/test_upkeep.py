"""The store is kept in order: log emptied, statistics made, what is passing pruned, the file made smaller."""

from __future__ import annotations

import shutil
from datetime import timedelta

import pytest

from storage.backup import check
from storage.errors import StoreBusy, StoreFull
from storage.records import Pause
from storage.retention import Policy
from storage.store import Store
from storage.upkeep import Order
from tests.storage.samples import HOUR, NOON, SOURCE, fill

DAY = timedelta(days=1)


def at_once(_: float) -> None:
    """Nobody else writes: no breath is needed."""


def test_the_log_is_emptied_and_told(store: Store) -> None:
    fill(store, 30)
    tended = store.upkeep.tend(Order(pause=at_once), NOON)
    assert tended.log.before > 0
    assert (tended.log.after, tended.log.held) == (0, False)
    assert tended.room.log == 0
    assert check(store.path) == ()


def test_readers_that_hold_the_log_back_are_told(store: Store) -> None:
    fill(store, 3)
    with Store.open(store.path) as reader, reader._db.reading():
        assert reader._db.value("SELECT count(*) FROM articles") == 3
        fill(store, 30, source="khac")
        log = store.upkeep.shorten_log(at_once)
    assert log.held
    assert log.after == log.before > 0
    assert store._db.value("PRAGMA busy_timeout") == 30_000


def test_statistics_are_made_for_the_planner(store: Store) -> None:
    fill(store, 30, flagged=[1, 2])
    store.upkeep.tend(Order(pause=at_once), NOON)
    told = {row["tbl"] for row in store._db.rows("SELECT tbl FROM sqlite_stat1")}
    assert {"articles", "links", "revisions", "flags", "pages"} <= told
    assert not [table for table in told if table.startswith("search")]


def test_what_only_served_the_present_is_pruned_and_nothing_else(store: Store) -> None:
    store.hosts.pause("cu.vn", Pause(NOON - 40 * DAY, "429"), NOON - 41 * DAY)
    store.hosts.pause("moi.vn", Pause(NOON + HOUR, "429"), NOON)
    store.robots.remember("cu.vn", "", NOON - 31 * DAY)
    store.robots.remember("moi.vn", "", NOON - 29 * DAY)
    tended = store.upkeep.tend(Order(pause=at_once), NOON)
    assert tended.pruned == {"hosts": 1, "robots": 1, "polls": 0}
    assert set(store.hosts.paused(NOON)) == {"moi.vn"}


def test_the_full_text_index_is_put_together_in_steps(store: Store) -> None:
    for number in range(40):
        fill(store, 3, source=f"bao{number}")
    tended = store.upkeep.tend(Order(pause=at_once), NOON)
    assert not tended.unfinished
    assert store.upkeep.tend(Order(pause=at_once, merging=0.0), NOON).unfinished
    assert check(store.path) == ()


def test_pages_are_let_go_by_the_policy_and_their_room_is_used_again(store: Store) -> None:
    fill(store, 200)
    tended = store.upkeep.tend(Order(Policy(DAY), pause=at_once), NOON + 2 * DAY)
    assert [(one.source, one.why, one.pages) for one in tended.let_go] == [(SOURCE, "age", 200)]
    assert tended.pages == 0
    assert tended.room.free > 0
    size = tended.room.size
    before, after = store.upkeep.compact()
    assert (before.size, after.free) == (size, 0)
    assert after.size < before.size
    assert store.path.stat().st_size == after.size
    assert check(store.path) == ()


def test_a_store_is_not_compacted_without_room_or_while_another_writes(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store, 3)
    with Store.open(store.path, patience=0.01) as other, store.write(), pytest.raises(StoreBusy):
        other.upkeep.compact()
    usage = shutil._ntuple_diskusage(10**9, 10**9, 1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(StoreFull, match="compacting it takes"):
        store.upkeep.compact()


def test_an_upkeep_tells_when_it_was_and_its_trouble(store: Store) -> None:
    assert (store.upkeeps.begun(), store.upkeeps.newest_ended()) == (None, None)
    store.runs.begin("a", 1, NOON - HOUR)
    number = store.upkeeps.begin(NOON)
    assert (store.upkeeps.newest_ended(), store.upkeeps.trouble()) == (None, None)
    store.upkeeps.end(number, "the log is held back", NOON + HOUR)
    assert (store.upkeeps.newest_ended(), store.upkeeps.trouble()) == (NOON, "the log is held back")
    assert store.upkeeps.begun() == NOON - HOUR
