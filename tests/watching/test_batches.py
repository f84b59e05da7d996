"""Several crawls in one child: each told of and held to its deadline by itself, none blamed for another."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.urls import authority
from crawler.watching.children import SILENCE, Crew, Ended, Order, crawl_command
from crawler.watching.due import Board, Due, next_due, to_start
from crawler.watching.settling import settled
from storage.records import Outcome
from storage.store import Store
from tests.crawling.making import ground
from tests.newsroom import Newsroom
from tests.waiting import wait_until
from tests.watching.fakes import PATIENCE, HandClock, alive, all_ended, crew_on, fake_orders, number_of
from tests.watching.making import HOUR, MINUTE, NOW, run, source

DEADLINE = timedelta(minutes=30).total_seconds()
GRACE = 10.0


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def crew(clock: HandClock) -> Iterator[Crew]:
    with crew_on(clock) as made:
        yield made


@pytest.mark.slow
def test_each_crawl_of_a_child_is_told_of_when_it_ends(crew: Crew, tmp_path: Path) -> None:
    crew.start(*fake_orders(tmp_path, "quick", "slow", "quick_two"))
    ends = all_ended(crew, 2)
    assert {name: end.report and end.report.outcome for name, end in ends.items()} == {
        "quick": "done",
        "quick_two": "done",
    }
    assert crew.sources == {"slow"}
    assert crew.hosts == {"slow.example"}
    assert len(crew) == 1


@pytest.mark.slow
def test_a_crawl_over_its_deadline_is_asked_to_end_by_itself(
    crew: Crew, clock: HandClock, tmp_path: Path
) -> None:
    first, second = fake_orders(tmp_path, "slow", "hanging")
    crew.start(first, replace(second, deadline=timedelta(hours=2)))
    number = number_of(tmp_path, "together")
    clock.now += DEADLINE
    with_beats = all_ended(crew, 1)
    assert with_beats["slow"].stopped == "deadline"
    assert settled(with_beats["slow"], None) is not None
    assert alive(number)
    assert crew.sources == {"hanging"}


@pytest.mark.slow
def test_only_the_crawl_over_its_deadline_is_blamed_when_the_child_must_be_killed(
    crew: Crew, clock: HandClock, tmp_path: Path
) -> None:
    late, other = fake_orders(tmp_path, "hanging", "slow")
    crew.start(replace(late, deadline=timedelta(seconds=30)), other)
    number_of(tmp_path, "together")
    assert list(crew.poll()) == []
    clock.now += 30
    assert list(crew.poll()) == []
    clock.now += GRACE
    ends = all_ended(crew, 2)
    outcomes: dict[str, Outcome | None] = {}
    for name, end in ends.items():
        report = settled(end, replace(run("running"), pid=end.pid))
        outcomes[name] = report.outcome if report else None
    assert outcomes == {"hanging": "killed", "slow": "stopped"}
    assert len(crew) == 0


@pytest.mark.slow
def test_a_child_that_gives_no_sign_of_life_is_killed_long_before_the_deadline(
    crew: Crew, clock: HandClock, tmp_path: Path
) -> None:
    crew.start(*fake_orders(tmp_path, "hanging", "slow"))
    number_of(tmp_path, "together")
    list(crew.poll())
    clock.now += SILENCE - 1
    assert list(crew.poll()) == []
    clock.now += 1
    ends = all_ended(crew, 2)
    assert {end.code for end in ends.values()} == {-signal.SIGKILL}
    reports = [settled(end, replace(run("running"), pid=end.pid)) for end in ends.values()]
    assert {report.outcome for report in reports if report} == {"interrupted"}


@pytest.mark.slow
def test_a_stop_on_request_is_told_of_every_crawl(crew: Crew, tmp_path: Path) -> None:
    crew.start(*fake_orders(tmp_path, "slow", "slow_two"))
    number_of(tmp_path, "together")
    crew.stop(timedelta(seconds=6))
    assert {end.stopped for end in all_ended(crew, 2).values()} == {"request"}
    wait_until(lambda: not list(crew.poll()) and not len(crew), PATIENCE, "the child is gone")


@pytest.mark.parametrize(("outcome", "alone"), [("done", False), ("killed", True), ("dead", True)])
def test_a_source_that_was_killed_or_is_ill_gets_a_child_of_its_own(outcome: Outcome, alone: bool) -> None:
    due = next_due(source(), [run(outcome)], NOW)
    assert due is not None
    assert due.alone is alone


def test_a_source_whose_batch_was_killed_is_simply_due_again_and_not_alone() -> None:
    due = next_due(source(), [run("stopped", MINUTE), run("done", HOUR)], NOW)
    assert due is not None
    assert (due.at <= NOW, due.alone) == (True, False)


def test_a_crawl_whose_process_vanished_is_taken_up_alone() -> None:
    due = next_due(source(), [run("interrupted", MINUTE)], NOW)
    assert due is not None
    assert due.alone


def _started(due: dict[str, Due], free: int = 9, batch: int = 2) -> list[list[str]]:
    sources = [source(name) for name in due]
    return [
        [each.name for each in group]
        for group in to_start(Board(sources, due, frozenset(), free, batch), NOW)
    ]


def test_due_sources_share_children_in_the_order_they_are_due() -> None:
    due = {name: Due(NOW - minutes * MINUTE) for name, minutes in (("a", 1), ("b", 3), ("c", 2))}
    assert _started(due) == [["b", "c"], ["a"]]


def test_whoever_is_due_in_a_moment_goes_along_but_begins_nothing() -> None:
    soon = Due(NOW + timedelta(seconds=20), early=timedelta(seconds=30))
    later = Due(NOW + timedelta(seconds=40), early=timedelta(seconds=30))
    assert _started({"a": soon}) == []
    assert _started({"a": soon, "b": Due(NOW), "c": later}, batch=9) == [["b", "a"]]


def test_the_ill_are_alone_and_leave_the_last_free_child_to_the_well() -> None:
    due = {"ill": Due(NOW - HOUR, alone=True), "a": Due(NOW), "b": Due(NOW)}
    assert _started(due) == [["ill"], ["a", "b"]]
    assert _started(due, free=1) == [["a", "b"]]


def test_the_command_of_several_asks_to_be_told_of_each() -> None:
    command = crawl_command(Path("/c.toml"), Path("/b.sqlite"), ["bao", "dai"])
    assert command[-4:] == ("--each", "--with-parent", "bao", "dai")


@pytest.mark.slow
def test_a_real_child_crawls_papers_together_and_one_broken_spider_file_hides_no_other(
    tmp_path: Path,
) -> None:
    names = ("kontumtv", "gialaitv", "baohungyen")
    with Newsroom(seed=3, articles=dict.fromkeys(names, 4)) as room:
        place = ground(tmp_path, room.homes)
        text = place.config.read_text(encoding="utf-8")
        broken = text.replace("[sources.gialaitv]", '[sources.gialaitv]\nspider = "absent"')
        place.config.write_text(broken, encoding="utf-8")
        command = crawl_command(place.config, place.db, names)
        orders = [Order(name, authority(room.home(name)), command, 30 * MINUTE) for name in names]
        with crew_on(HandClock()) as crew:
            crew.start(*orders)
            found = all_ended_slowly(crew, len(names))
        outcomes = {name: end.report.outcome for name, end in found.items() if end.report}
        assert outcomes == {"kontumtv": "done", "gialaitv": "failed", "baohungyen": "done"}
        for name in ("kontumtv", "baohungyen"):
            assert set(place.cases(name)) == {story.key for story in room.stories(name)}


def all_ended_slowly(crew: Crew, many: int) -> dict[str, Ended]:
    found: dict[str, Ended] = {}

    def look() -> bool:
        found.update((end.order.source, end) for end in crew.poll())
        return len(found) == many

    wait_until(look, 90.0, f"{many} real crawls end")
    return found


@pytest.mark.slow
def test_a_paper_that_hangs_is_ended_by_itself_and_the_others_of_its_child_are_done(tmp_path: Path) -> None:
    names = ("kontumtv", "gialaitv")
    with Newsroom(seed=3, articles=dict.fromkeys(names, 4)) as room:
        place = ground(tmp_path, room.homes, timeout="60s")
        room.fault("gialaitv", "hang")
        command = crawl_command(place.config, place.db, names)
        well, hung = (Order(name, authority(room.home(name)), command, 30 * MINUTE) for name in names)
        crew = Crew()
        crew.start(well, replace(hung, deadline=timedelta(seconds=6)))
        found = all_ended_slowly(crew, 2)
        assert found["gialaitv"].stopped == "deadline"
        wait_until(lambda: not list(crew.poll()) and not len(crew), PATIENCE, "the child is gone")
        with Store.open(place.db) as store:
            assert store.runs.latest()["kontumtv"].report.outcome == "done"
            assert store.runs.latest()["gialaitv"].report.outcome == "stopped"
