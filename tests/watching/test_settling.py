"""What the store is made to say of crawls that ended otherwise than well."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest

from crawler.config.model import Config, Crawl, Review, Source
from crawler.crawling.locks import HostLock
from crawler.watching.children import HOST_BUSY, Ended, Order
from crawler.watching.settling import interrupt_vanished, remembered, settle, settled
from crawler.watching.timetable import Timetable
from storage.records import Outcome, Run, RunReport
from storage.store import Store
from tests.watching.making import DAY, HOUR, MINUTE, NOW, run, source

PID = 4242


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "a.sqlite") as opened:
        yield opened


def _ended(
    code: int = 0,
    stopped: Literal["deadline", "request"] | None = None,
    report: RunReport | None = None,
    words: str | None = None,
) -> Ended:
    order = Order("bao", "bao.example", (), 30 * MINUTE)
    return Ended(order, PID, NOW - MINUTE, MINUTE, code, stopped, report, words)


def _run(outcome: Outcome) -> Run:
    return replace(run(outcome), pid=PID)


def _config(tmp_path: Path, *sources: Source) -> Config:
    by_name = {each.name: each for each in sources}
    return Config(tmp_path / "config.toml", tmp_path / "a.sqlite", Crawl(), Review(), by_name, ())


@pytest.mark.parametrize("outcome", ["done", "failed", "blocked", "moved", "dead", "stopped"])
@pytest.mark.parametrize("code", [0, 1, -9])
def test_a_crawl_that_recorded_its_end_is_believed(outcome: Outcome, code: int) -> None:
    assert settled(_ended(code), _run(outcome)) is None


def test_a_killed_crawl_is_recorded_as_killed_whatever_it_could_say() -> None:
    for ended_run in (_run("running"), _run("stopped"), _run("interrupted"), None):
        report = settled(_ended(-9, "deadline"), ended_run)
        assert report is not None
        assert (report.outcome, report.trouble) == ("killed", "still running at its deadline of 30m")


def test_a_killed_crawl_keeps_its_counts() -> None:
    said = RunReport("stopped", {"kept": 7})
    report = settled(_ended(143, "deadline", said), replace(_run("stopped"), report=said))
    assert report is not None
    assert (report.outcome, report.counts) == ("killed", {"kept": 7})


def test_a_crawl_that_was_done_just_at_its_deadline_is_done() -> None:
    assert settled(_ended(0, "deadline"), _run("done")) is None


@pytest.mark.parametrize(
    ("end", "outcome", "trouble"),
    [
        (_ended(-9), "interrupted", "its process was killed by SIGKILL, perhaps for want of memory"),
        (_ended(-11), "interrupted", "its process was killed by SIGSEGV"),
        (
            _ended(1, words="KeyError: 1"),
            "failed",
            "its process ended with code 1 and no report: KeyError: 1",
        ),
        (_ended(0), "failed", "its process ended with code 0 and no report"),
        (_ended(-9, "request"), "stopped", "did not end in time when asked to, and was killed"),
        (_ended(-15, "request"), "stopped", None),
    ],
)
def test_a_crawl_that_left_its_run_open_is_told_by_how_it_ended(
    end: Ended, outcome: Outcome, trouble: str | None
) -> None:
    report = settled(end, _run("running"))
    assert report is not None
    assert (report.outcome, report.trouble) == (outcome, trouble)


def test_a_report_that_did_not_reach_the_store_is_taken_from_the_child() -> None:
    said = RunReport("blocked", {"found": 1}, trouble="robots.txt forbids it")
    assert settled(_ended(1, report=said), _run("running")) == said
    assert settled(_ended(1, report=said), None) == said


def test_a_busy_host_and_a_stop_before_the_start_leave_no_run() -> None:
    assert settled(_ended(HOST_BUSY), None) is None
    assert settled(_ended(143, "request"), None) is None


def test_a_crawl_that_never_began_a_run_gets_one_so_that_it_is_not_tried_at_once_again(store: Store) -> None:
    report = settle(store, _ended(2, words="config.toml: no such file"), NOW)
    (found,) = store.runs.history("bao", NOW - DAY)
    assert found.report == report
    assert (found.report.outcome, found.started_at, found.ended_at, found.pid) == (
        "failed",
        NOW - MINUTE,
        NOW,
        PID,
    )


def test_a_run_of_another_process_is_not_touched(store: Store) -> None:
    store.runs.begin("bao", PID + 1, NOW - HOUR)
    settle(store, _ended(HOST_BUSY), NOW)
    assert store.runs.latest()["bao"].report.outcome == "running"


def test_the_run_of_the_child_is_ended(store: Store) -> None:
    number = store.runs.begin("bao", PID, NOW - MINUTE)
    settle(store, _ended(-signal.SIGKILL, "deadline"), NOW)
    found = store.runs.latest()["bao"]
    assert (found.id, found.report.outcome, found.ended_at) == (number, "killed", NOW)


def test_a_run_whose_host_is_free_has_vanished(store: Store, tmp_path: Path) -> None:
    config = _config(tmp_path, source("bao"))
    store.runs.begin("bao", PID, NOW - MINUTE)
    assert interrupt_vanished(store, config, frozenset(), NOW)["bao"].report.outcome == "interrupted"


def test_a_run_whose_host_is_held_or_whose_child_is_ours_goes_on(store: Store, tmp_path: Path) -> None:
    config = _config(tmp_path, source("bao"))
    store.runs.begin("bao", PID, NOW - MINUTE)
    with HostLock(store.path, "bao.example"):
        assert interrupt_vanished(store, config, frozenset(), NOW)["bao"].report.outcome == "running"
    assert interrupt_vanished(store, config, frozenset({"bao"}), NOW)["bao"].report.outcome == "running"


def test_a_run_of_a_source_no_longer_known_is_judged_by_its_process(store: Store, tmp_path: Path) -> None:
    store.runs.begin("old", 2**22 + 1, NOW - MINUTE)  # above any process number of Linux
    store.runs.begin("young", 1, NOW - MINUTE)
    latest = interrupt_vanished(store, _config(tmp_path), frozenset(), NOW)
    assert latest["old"].report.outcome == "interrupted"
    assert latest["young"].report.outcome == "running"


def test_runs_are_remembered_in_the_order_they_began_though_the_clock_was_set_back(store: Store) -> None:
    for begun in (NOW, NOW + 400 * DAY, NOW + HOUR):
        store.runs.end(store.runs.begin("bao", PID, begun), RunReport("done"), begun + MINUTE)
    assert [each.id for each in remembered(store, "bao", NOW)] == [3, 2, 1]


def _recorded(store: Store, *outcomes: Outcome, apart: timedelta = HOUR) -> None:
    for number, outcome in enumerate(outcomes):
        begun = NOW - apart * (len(outcomes) - number)
        store.runs.end(store.runs.begin("bao", PID, begun), RunReport(outcome), begun + MINUTE)


def test_the_timetable_counts_failures_over_runs(store: Store) -> None:
    _recorded(store, "done", "dead", "dead", "dead")
    due = Timetable().due(store, [source("bao")], store.runs.latest(), NOW)
    assert due["bao"].at == NOW - HOUR + 4 * 30 * MINUTE


def test_the_timetable_forgets_a_wait_when_the_source_is_crawled_or_configured_anew(store: Store) -> None:
    timetable = Timetable()
    _recorded(store, "dead", "dead")
    first = timetable.due(store, [source("bao")], store.runs.latest(), NOW)
    assert timetable.due(store, [source("bao")], store.runs.latest(), NOW) == first
    slower = timetable.due(store, [source("bao", every=2 * HOUR)], store.runs.latest(), NOW)
    assert slower["bao"].at == NOW - HOUR + 4 * HOUR
    _recorded(store, "done", apart=MINUTE)
    assert timetable.due(store, [source("bao")], store.runs.latest(), NOW)["bao"].at == NOW + 29 * MINUTE


def test_the_timetable_does_not_trust_a_known_wait_when_the_clock_is_set_back(store: Store) -> None:
    timetable = Timetable()
    _recorded(store, "dead", "dead")
    timetable.due(store, [source("bao")], store.runs.latest(), NOW)
    earlier = NOW - 700 * DAY
    assert timetable.due(store, [source("bao")], store.runs.latest(), earlier)["bao"].at == earlier


def test_disabled_sources_are_not_in_the_timetable(store: Store) -> None:
    assert Timetable().due(store, [source("bao", enabled=False)], {}, NOW) == {}
