"""Real processes on one file: killed at any moment, writing at once, starting together."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.backup import check
from storage.cases import CaseQuery
from storage.store import Store
from tests.waiting import wait_until

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


def writer(path: Path, source: str, count: int, batch: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.storage.writing", str(path), source, str(count), str(batch)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def acknowledged(child: subprocess.Popen[str]) -> Iterator[str]:
    """Keys as the child tells them, whole lines only, until it is gone."""
    assert child.stdout
    for line in child.stdout:
        if line.endswith("\n") and line != "ready\n":
            yield line.strip()


def test_a_kill_at_any_moment_loses_nothing_acknowledged_and_duplicates_nothing(path: Path) -> None:
    chance = random.Random(20261123)
    count = 600
    told: set[str] = set()
    for _ in range(12):
        child = writer(path, "baogio", count, chance.choice([1, 3, 10]))
        wanted = chance.randrange(1, 60)
        for heard, key in enumerate(acknowledged(child), 1):
            assert key not in told, "an article that was acknowledged is fetched again"
            told.add(key)
            if heard == wanted:
                child.send_signal(signal.SIGKILL)  # what it said before it died is still read
        child.wait(30)
        assert child.stdout
        child.stdout.close()
        stored_exactly_once(path, told)
    assert len(told) > 12


def stored_exactly_once(path: Path, told: set[str]) -> None:
    with Store.open(path, create=False) as store:
        cases = list(store.cases.find(CaseQuery()))
        keys = [case.article.key for case in cases]
        assert len(keys) == len(set(keys))
        assert told <= set(keys)
        assert {(case.revision, len(case.flags)) for case in cases} == {(1, 1)}
        assert all(store.pages.newest(case.id) for case in cases)
        assert store.links.counts("baogio")["kept"] == len(cases)
    assert check(path) == ()


def test_four_processes_writing_at_once_lose_nothing(path: Path) -> None:
    children = {f"bao{n}": writer(path, f"bao{n}", 300, 2) for n in range(4)}
    for source, child in children.items():
        out, _ = child.communicate(timeout=120)
        assert child.returncode == 0
        assert len(out.splitlines()) == 301, source
    with Store.open(path, create=False) as store:
        assert store.cases.count(CaseQuery()) == 1200
        assert [store.links.counts(source) for source in children] == [{"kept": 300}] * 4
    assert check(path) == ()


def test_eight_processes_starting_together_on_no_store_all_begin(path: Path) -> None:
    children = [writer(path, f"bao{n}", 5, 5) for n in range(8)]
    for child in children:
        out, _ = child.communicate(timeout=120)
        assert child.returncode == 0
        assert len(out.splitlines()) == 6
    with Store.open(path, create=False) as store:
        assert store.cases.count(CaseQuery()) == 40
        assert len(store.runs.latest()) == 8


def test_a_store_is_open_to_others_at_once_after_its_writer_was_killed(path: Path) -> None:
    child = writer(path, "baogio", 100_000, 10)
    heard = acknowledged(child)
    next(heard)
    child.kill()
    child.wait(30)
    wait_until(lambda: child.poll() is not None, 10, "the writer's end")
    assert child.stdout
    child.stdout.close()
    with Store.open(path, create=False, patience=0.5) as store, store.write():
        assert store.cases.count(CaseQuery()) >= 1
