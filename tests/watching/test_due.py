"""The schedule, as tables of what was and what follows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crawler.config.model import Source
from crawler.watching.due import LONGEST_WAIT, Board, Due, next_due, to_start
from storage.records import Outcome, Run
from tests.watching.making import DAY, HOUR, MINUTE, NOW, run, source


def _wait(recent: list[Run], every: timedelta = 30 * MINUTE) -> timedelta:
    due = next_due(source(every=every), recent, NOW)
    assert due is not None
    return due.at - recent[0].started_at


def test_a_source_never_crawled_is_due_before_all_others() -> None:
    due = next_due(source(), [], NOW)
    assert due is not None
    assert due.at < NOW - 100 * 365 * DAY


@pytest.mark.parametrize("outcome", ["done", "failed", "blocked", "moved", "dead", "killed"])
def test_a_finished_run_makes_a_source_due_every_after_its_start(outcome: Outcome) -> None:
    assert _wait([run(outcome, 10 * MINUTE)]) == 30 * MINUTE


def test_a_disabled_source_is_never_due() -> None:
    assert next_due(source(enabled=False), [], NOW) is None


def test_a_source_being_crawled_is_not_due() -> None:
    assert next_due(source(), [run("running", 5 * HOUR)], NOW) is None


@pytest.mark.parametrize(
    ("failures", "wait"),
    [(1, 30 * MINUTE), (2, HOUR), (3, 2 * HOUR), (4, 4 * HOUR), (5, LONGEST_WAIT), (400, LONGEST_WAIT)],
)
def test_a_source_that_keeps_failing_waits_longer_each_time(failures: int, wait: timedelta) -> None:
    recent = [run("dead", HOUR * (1 + number)) for number in range(failures)]
    assert _wait([*recent, run("done", HOUR * (failures + 1))]) == wait


def test_a_longer_wait_is_named() -> None:
    due = next_due(source(), [run("dead"), run("failed", 2 * HOUR)], NOW)
    assert due is not None
    assert due.why == "failed 2 times in a row: waits 1h, not 30m"


def test_one_success_ends_the_longer_wait() -> None:
    assert _wait([run("done"), run("dead", 2 * HOUR), run("dead", 3 * HOUR)]) == 30 * MINUTE


def test_being_cut_short_between_failures_does_not_forget_them() -> None:
    recent = [run("dead"), run("interrupted", 2 * HOUR), run("dead", 3 * HOUR), run("done", 4 * HOUR)]
    assert _wait(recent) == HOUR


def test_a_source_crawled_seldom_is_not_made_to_wait_less_when_it_fails() -> None:
    assert _wait([run("dead", DAY), run("dead", 2 * DAY)], every=DAY) == DAY


@pytest.mark.parametrize("outcome", ["interrupted", "stopped"])
def test_a_run_that_was_cut_short_is_taken_up_at_once(outcome: Outcome) -> None:
    due = next_due(source(), [run(outcome, MINUTE), run("done", HOUR)], NOW)
    assert due is not None
    assert due.at <= NOW


@pytest.mark.parametrize(
    ("cuts", "pause"), [(2, MINUTE), (3, 2 * MINUTE), (4, 4 * MINUTE), (30, 30 * MINUTE)]
)
def test_a_crawl_that_keeps_dying_pauses_but_never_longer_than_its_usual_time(
    cuts: int, pause: timedelta
) -> None:
    recent = [run("interrupted", (1 + number) * MINUTE) for number in range(cuts)]
    due = next_due(source(), [*recent, run("done", DAY)], NOW)
    assert due is not None
    assert recent[0].ended_at is not None
    assert due.at - recent[0].ended_at == pause


def test_a_run_slightly_in_the_future_waits_its_time() -> None:
    assert _wait([run("done", -MINUTE)]) == 30 * MINUTE


def test_a_run_far_in_the_future_does_not_silence_a_source_for_years() -> None:
    due = next_due(source(), [run("done", -3650 * DAY)], NOW)
    assert due is not None
    assert due.at == NOW
    assert "clock" in (due.why or "")


def _started(due: dict[Source, int], hosts: frozenset[str] = frozenset(), free: int = 9) -> list[str]:
    """The names started, given how many minutes each source is overdue."""
    at = {each.name: Due(NOW - minutes * MINUTE) for each, minutes in due.items()}
    return [each.name for batch in to_start(Board(due, at, hosts, free), NOW) for each in batch]


def test_the_longest_overdue_starts_first_and_the_early_ones_not_at_all() -> None:
    assert _started({source("a"): 1, source("b"): 5, source("c"): -1, source("d"): 0}) == ["b", "a", "d"]


def test_never_more_start_than_are_free() -> None:
    assert _started({source("a"): 1, source("b"): 5, source("c"): 3}, free=2) == ["b", "c"]


@pytest.mark.parametrize("free", [0, -1])
def test_nothing_starts_when_none_is_free(free: int) -> None:
    assert _started({source("a"): 1}, free=free) == []


def test_two_sources_of_one_host_never_start_together() -> None:
    one, other = source("a", "https://x.example/a"), source("b", "https://x.example:443/b")
    assert _started({one: 1, other: 5, source("c"): 0}) == ["b", "c"]


def test_a_host_in_use_is_left_alone_however_long_overdue() -> None:
    assert _started({source("a", "http://x.example:8080/"): 500}, frozenset({"x.example:8080"})) == []


def test_two_ports_are_two_hosts() -> None:
    one, other = source("a", "http://127.0.0.1:8001/"), source("b", "http://127.0.0.1:8002/")
    assert _started({one: 1, other: 2}) == ["b", "a"]


def test_a_source_that_is_not_to_be_crawled_never_starts() -> None:
    assert to_start(Board([source()], {}, frozenset(), 1), NOW) == ()
