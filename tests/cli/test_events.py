"""`diembao events` and `status SOURCE`: what happened, as lines and as JSON."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from crawler.times import utc_now
from storage.records import Happened, RunReport, StateChange
from storage.store import Store
from tests.cli.conftest import Run

HOUR = timedelta(hours=1)


@pytest.fixture
def lived(filled: Path) -> Path:
    """A store in which something happened today, and something long ago."""
    now = utc_now()
    with Store.open(filled / "store.sqlite") as store:
        run = store.runs.begin("baohatinh", 1, now - 3 * HOUR)
        store.runs.end(run, RunReport("done", {"found": 2, "new": 1}), now - 3 * HOUR)
        dead = StateChange(0, "baohatinh", now - 2160 * HOUR, "dead", None, "no answer", "dead")
        store.states.record(dead)
        store.states.record(StateChange(0, "baohatinh", now - 2 * HOUR, "well", "dead", ""))
        store.journal.note(Happened(0, now - HOUR, "backup", None, "đã\nlưu\x1b[31m", {"bytes": 7}))
    return filled


def test_events_are_lines_of_moment_kind_source_and_what_was(lived: Path, run: Run) -> None:
    kinds = [word for kind in ("crawl", "state", "backup") for word in ("--kind", kind)]
    crawl, state, backup = run("events", *kinds).out.splitlines()
    assert crawl.endswith(" crawl baohatinh: done: found 2, new 1")
    assert state.endswith(" state baohatinh: is well, was dead")
    assert backup.endswith(" backup: đã lưu?[31m")


def test_events_are_narrowed_by_time_source_and_number(lived: Path, run: Run) -> None:
    assert len(run("events", "--kind", "state", "--since", "100d").out.splitlines()) == 2
    assert len(run("events", "--since", "150m").out.splitlines()) == 2
    assert run("events", "--source", "kontumtv", "--nl").lines == []
    assert len(run("events", "--limit", "1").out.splitlines()) == 1
    (one,) = run("events", "--kind", "backup", "--json").json
    assert {**one, "at": ""} == {
        "at": "",
        "event": "backup",
        "source": None,
        "message": "đã\nlưu\x1b[31m",
        "values": {"bytes": 7},
    }


def test_who_asks_for_a_kind_that_did_not_happen_is_told_what_did(lived: Path, run: Run) -> None:
    done = run("events", "--kind", "stat")
    assert (done.code, done.out) == (0, "")
    assert "; what did: " in done.err
    assert "state" in done.err.partition("; what did: ")[2]


@pytest.mark.parametrize(
    ("words", "said"),
    [(("--since", "hôm qua"), "write a day"), (("--source", "baohatin"), "did you mean baohatinh?")],
)
def test_what_cannot_be_meant_is_told(lived: Path, run: Run, words: tuple[str, ...], said: str) -> None:
    done = run("events", *words)
    assert done.code == 2
    assert said in done.err


def test_the_status_of_one_source_tells_all_its_changes(lived: Path, run: Run) -> None:
    told = run("status", "baohatinh").out.splitlines()
    assert "kontumtv" not in " ".join(told)
    assert told[-2].endswith(" well")
    assert told[-1].endswith(" dead: no answer")
    history = run("status", "baohatinh", "--json").json["history"]
    assert [one["state"] for one in history] == ["dead", "well"]
    assert run("status", "baohatin").code == 2


def test_a_container_is_not_told_of_papers_that_are_ill(lived: Path, run: Run) -> None:
    done = run("status", "--daemon")
    assert (done.code, done.out) == (4, "")
    assert "no daemon watches" in done.err
    assert run("status", "--daemon", "--json").json["healthy"] is False
