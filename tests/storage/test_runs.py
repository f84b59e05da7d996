"""Runs and polls: what a crawl says of itself, and what servers said to it."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from storage.errors import NoSuchRun
from storage.records import Readings, Run, RunReport, Validators, Way
from storage.runs import _NEWEST_OF_EACH
from storage.store import Store
from tests.storage.samples import HOUR, MINUTE, NOON

DONE = RunReport(
    "done",
    {"found": 30, "new": 2},
    {"failed: http-500": 1},
    (Way("feed", "https://baogio.vn/rss", "ok", 30), Way("listing", "https://baogio.vn/", "cookie-wall", 0)),
    "chậm",
)


def test_a_run_is_running_until_it_ends_and_says_how(store: Store) -> None:
    run_id = store.runs.begin("a", 4242, NOON)
    assert store.runs.latest() == {"a": Run(run_id, "a", NOON, None, 4242, RunReport("running"))}
    store.runs.end(run_id, DONE, NOON + MINUTE)
    assert store.runs.latest() == {"a": Run(run_id, "a", NOON, NOON + MINUTE, 4242, DONE)}


def test_runs_that_read_pages_are_found_newest_first(store: Store) -> None:
    read = Readings(12, {"body": {"selector": 11, "generic": 1}}, ("body",), 1800, 9, 2, 1)
    for hour, readings in enumerate([read, None, replace(read, pages=3), replace(read, pages=5)]):
        run_id = store.runs.begin("a", 1, NOON + hour * HOUR)
        store.runs.end(run_id, replace(DONE, readings=readings), NOON + hour * HOUR)
    store.runs.begin("a", 1, NOON + 9 * HOUR)
    assert [run.readings.pages for run in store.runs.read("a", 9)] == [5, 3, 12]
    assert store.runs.read("a", 9)[-1].readings == read
    assert len(store.runs.read("a", 2)) == 2
    assert store.runs.read("b", 9) == ()


def test_a_later_word_replaces_how_a_run_ended(store: Store) -> None:
    run_id = store.runs.begin("a", 1, NOON)
    store.runs.end(run_id, RunReport("stopped"), NOON)
    store.runs.end(run_id, RunReport("killed"), NOON)
    assert store.runs.latest()["a"].report.outcome == "killed"


def test_a_run_that_never_began_cannot_end(store: Store) -> None:
    with pytest.raises(NoSuchRun, match="number 7"):
        store.runs.end(7, DONE, NOON)


def test_the_latest_of_every_source_and_its_last_success(store: Store) -> None:
    for source, outcomes in {"a": ["done", "failed"], "b": ["failed"], "c": ["done", "done"]}.items():
        for n, outcome in enumerate(outcomes):
            run_id = store.runs.begin(source, n, NOON + n * HOUR)
            report = RunReport("done") if outcome == "done" else RunReport("failed")
            store.runs.end(run_id, report, NOON + n * HOUR + MINUTE)
    latest = store.runs.latest()
    assert {source: run.report.outcome for source, run in latest.items()} == {
        "a": "failed",
        "b": "failed",
        "c": "done",
    }
    successes = [store.runs.last_success(source) for source in ("a", "b", "c", "d")]
    assert [run and run.started_at for run in successes] == [NOON, None, NOON + HOUR, None]


def test_a_history_is_newest_first_and_begins_where_asked(store: Store) -> None:
    for n in range(5):
        store.runs.begin("a", n, NOON + n * HOUR)
    store.runs.begin("b", 9, NOON + 9 * HOUR)
    assert [run.pid for run in store.runs.history("a", NOON + 2 * HOUR)] == [4, 3, 2]


def test_only_running_runs_are_interrupted(store: Store) -> None:
    running = store.runs.begin("a", 1, NOON)
    ended = store.runs.begin("b", 2, NOON)
    store.runs.end(ended, DONE, NOON)
    store.runs.interrupt([running, ended, 99], NOON + HOUR)
    latest = store.runs.latest()
    assert latest["a"].report.outcome == "interrupted"
    assert latest["a"].ended_at is None
    assert latest["b"].report == DONE


def test_the_latest_runs_are_found_by_index(store: Store, path: Path) -> None:
    store.runs.begin("a", 1, NOON)
    db = sqlite3.connect(path)
    plan = [str(row[3]) for row in db.execute(f"EXPLAIN QUERY PLAN {_NEWEST_OF_EACH}")]
    db.close()
    assert not [step for step in plan if step.startswith("SCAN runs")]


def test_validators_are_remembered_by_source_and_address(store: Store) -> None:
    first = Validators('W/"1"', "Mon, 23 Nov 2026 05:00:00 GMT", 0, 30)
    assert store.polls.validators("a", "/rss") is None
    store.polls.remember("a", "/rss", first, NOON)
    store.polls.remember("a", "/rss", Validators('W/"1"', None, 1, 30), NOON)
    store.polls.remember("b", "/rss", first, NOON)
    assert store.polls.validators("a", "/rss") == Validators('W/"1"', None, 1, 30)
    assert store.polls.validators("b", "/rss") == first


def test_who_lied_of_being_unchanged_is_remembered_by_address(store: Store) -> None:
    store.polls.remember("a", "/rss", Validators('W/"1"', None, 0, 30, None, NOON), NOON)
    store.polls.remember("a", "/map", Validators('W/"1"', None, 0, 30), NOON)
    assert store.polls.lied("a") == {"/rss": NOON}
    assert store.polls.lied("b") == {}
