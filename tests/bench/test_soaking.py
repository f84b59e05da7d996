"""What a soak calls flat, linear or broken, on samples made by hand; and its clock."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench.soaking.judging import MIB, Finding, growth, growths, judged, slope
from bench.soaking.sampling import Sample
from bench.soaking.script import FAULTS, PAPERS, script
from bench.soaking.turning import Clock
from tests.newsroom import FAULTS as KNOWN

DAYS = 30
Change = Callable[[Sample], Sample]


def month(change: Change = lambda sample: sample) -> tuple[Sample, ...]:
    """A healthy month, each day of it changed."""
    well = Sample(
        day=0,
        life=3,
        memory=50 * MIB,
        peak=160 * MIB,
        files=13,
        threads=5,
        children=0,
        zombies=0,
        store=0,
        wal=4 * MIB,
        logs=2000,
        locks=4,
        held=0,
        temporary=0,
        rows={},
    )
    days = range(1, DAYS + 1)
    grown = (
        replace(
            well,
            day=day,
            store=MIB + 20_000 * 28 * day,
            rows={"articles": 100 + 28 * day, "runs": 24 * day, "hosts": 3},
        )
        for day in days
    )
    return tuple(map(change, grown))


def broken(samples: Sequence[Sample]) -> list[Finding]:
    """The bounds that do not hold."""
    return [finding for finding in judged(samples) if not finding.holds]


def with_rows(table: str, rows: Callable[[float], float]) -> Change:
    """A month in which a table has so many rows by day."""
    return lambda one: replace(one, rows={**one.rows, table: int(rows(one.day))})


def test_a_month_that_grows_by_its_articles_alone_breaks_no_bound() -> None:
    assert broken(month()) == []


LEAKS: dict[str, Change] = {
    "daemon's memory": lambda one: replace(one, memory=int((50 + 0.4 * one.day) * MIB)),
    "children's peak": lambda one: replace(one, peak=int((160 + 3 * one.day) * MIB)),
    "open files": lambda one: replace(one, files=13 + int(one.day) // 4),
    "threads": lambda one: replace(one, threads=5 + int(one.day) // 4),
    "files in locks/": lambda one: replace(one, locks=4 + int(one.day)),
    "children at rest": lambda one: replace(one, children=int(one.day > 20)),
    "zombies": lambda one: replace(one, zombies=1),
    "locks held": lambda one: replace(one, held=int(one.day == DAYS)),
    "temporary files": lambda one: replace(one, temporary=int(one.day)),
    "write-ahead log": lambda one: replace(one, wal=100 * MIB),
    "logs": lambda one: replace(one, logs=int(one.day * MIB)),
    "store": lambda one: replace(one, store=MIB + int(20_000 * one.day**2)),
    "tables": with_rows("runs", lambda day: 2 * day**2),
    "tables, 1 grow": with_rows("hosts", lambda day: 3 * day),
}


@pytest.mark.parametrize("told", LEAKS)
def test_what_grows_and_should_not_is_told_and_nothing_else(told: str) -> None:
    found = broken(month(LEAKS[told]))
    assert len(found) == 1
    assert told in found[0].told


def test_a_restart_is_no_growth_because_only_the_last_life_is_judged() -> None:
    def restarted(one: Sample) -> Sample:
        return replace(one, life=1, memory=20 * MIB, files=5) if one.day <= 8 else one

    assert broken(month(restarted)) == []


def test_the_fitted_line_finds_the_slope_through_noise() -> None:
    assert slope([3.0]) == 0.0
    assert slope([1.0, 3.0, 5.0]) == pytest.approx(2.0)
    noisy = [10 + 0.5 * place + (-1) ** place for place in range(41)]
    assert growth(noisy) == pytest.approx(20, abs=1)


def test_a_table_that_grows_as_the_days_do_is_no_excess() -> None:
    by_name = {one.table: one for one in growths(month())}
    assert by_name["runs"].before == pytest.approx(24)
    assert by_name["runs"].after == pytest.approx(24)
    assert by_name["runs"].holds


def test_what_is_emptied_now_and_then_may_grow_as_what_fills_it() -> None:
    def emptied(one: Sample) -> Sample:
        kept = {"revisions": int(30 * one.day), "unsettled": int(30 * (one.day % 12))}
        return replace(one, rows={**one.rows, **kept})

    assert broken(month(emptied)) == []
    assert broken(month(with_rows("unsettled", lambda day: 3 * day)))


def test_a_month_has_every_act_and_every_fault_and_is_the_same_each_time() -> None:
    scenes = script(DAYS)
    assert scenes == script(DAYS)
    assert [scene.after for scene in scenes] == sorted(scene.after for scene in scenes)
    assert {name for name, _ in FAULTS} == {scene.fault for scene in scenes if scene.act == "fault"}
    assert {name for name, _ in FAULTS} <= set(KNOWN) | {"refused"}
    once = {"rules", "reload", "redesign", "backup"}
    assert once <= {scene.act for scene in script(3)}
    assert {scene.paper for scene in scenes} - {""} == set(PAPERS)


def test_every_fault_is_healed_before_the_papers_are_left_in_peace() -> None:
    for days in (1, 3, DAYS):
        scenes = script(days)
        faults = [scene for scene in scenes if scene.act == "fault"]
        for fault in faults:
            healed = [
                one for one in scenes if (one.act, one.paper, one.fault) == ("heal", fault.paper, fault.fault)
            ]
            assert any(fault.after < one.after < timedelta(days=days) for one in healed)


def test_a_process_under_the_clock_takes_its_time_from_it(tmp_path: Path) -> None:
    clock = Clock(tmp_path / "clock")
    clock.turn_to(datetime(2100, 1, 1, tzinfo=UTC))
    clock.turn_to(datetime(2099, 1, 1, tzinfo=UTC))  # never back
    told = "from crawler.times import utc_now; print(utc_now().isoformat())"
    done = subprocess.run(
        [sys.executable, "-c", told], env=clock.environment, capture_output=True, check=True
    )
    assert datetime.fromisoformat(done.stdout.decode().strip()).year == 2100
