"""Children: their deadline, their end, their log, with real processes that misbehave."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.watching.childlog import MOST_BYTES
from crawler.watching.children import Crew, Order, crawl_command
from storage.records import RunReport
from tests.waiting import wait_until
from tests.watching.fakes import PATIENCE, HandClock, alive, crew_on, ended, fake_order, number_of, open_files

pytestmark = pytest.mark.slow
DEADLINE = timedelta(minutes=30)
PARENT = """
import sys, time
from pathlib import Path
from crawler.watching.children import Crew
from tests.watching.fakes import fake_order
crew = Crew()
crew.start(fake_order(Path(sys.argv[1]), "hanging"))
time.sleep(3600)
"""


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def crew(clock: HandClock) -> Iterator[Crew]:
    with crew_on(clock) as made:
        yield made


def test_a_child_that_ends_by_itself_gives_its_report(crew: Crew, clock: HandClock, tmp_path: Path) -> None:
    pid = crew.start(fake_order(tmp_path, "quick"))
    assert crew.sources == {"quick"}
    assert crew.hosts == {"quick.example"}
    clock.now += 5
    end = ended(crew)
    assert (end.pid, end.code, end.stopped, end.took) == (pid, 0, None, timedelta(seconds=5))
    assert end.report == RunReport("done", {"found": 3, "new": 1, "fetched": 1, "kept": 1})
    assert len(crew) == 0


def test_a_hanging_child_is_asked_to_end_at_its_deadline_and_not_before(
    crew: Crew, clock: HandClock, tmp_path: Path
) -> None:
    crew.start(fake_order(tmp_path, "hanging"))
    number = number_of(tmp_path, "hanging")
    clock.now += DEADLINE.total_seconds() - 1
    assert list(crew.poll()) == []
    assert alive(number)
    clock.now += 1
    end = ended(crew)
    assert (end.code, end.stopped) == (143, "deadline")
    assert end.report is not None
    assert end.report.outcome == "stopped"


@pytest.mark.parametrize("behaviour", ["stubborn", "spinning", "family"])
def test_a_child_that_does_not_end_when_asked_is_killed_ten_seconds_later(
    crew: Crew, clock: HandClock, tmp_path: Path, behaviour: str
) -> None:
    crew.start(fake_order(tmp_path, behaviour))
    numbers = [number_of(tmp_path, behaviour)]
    if behaviour == "family":
        numbers.append(number_of(tmp_path, "family_grandchild"))
    clock.now += DEADLINE.total_seconds()
    assert list(crew.poll()) == []
    clock.now += 9.9
    assert list(crew.poll()) == []
    assert all(alive(number) for number in numbers)
    clock.now += 0.1
    end = ended(crew)
    assert (end.code, end.stopped, end.report) == (-signal.SIGKILL, "deadline", None)
    wait_until(lambda: not any(alive(number) for number in numbers), PATIENCE, "its whole group is gone")


def test_a_grandchild_does_not_outlive_a_child_that_ends_by_itself(crew: Crew, tmp_path: Path) -> None:
    crew.start(fake_order(tmp_path, "parting"))
    end = ended(crew)
    assert end.code == 0
    assert end.report is not None
    number = number_of(tmp_path, "parting_grandchild")
    wait_until(lambda: not alive(number), PATIENCE, "the grandchild is gone")


def test_a_stop_on_request_is_told_from_a_deadline(crew: Crew, clock: HandClock, tmp_path: Path) -> None:
    crew.start(fake_order(tmp_path, "hanging"))
    crew.start(fake_order(tmp_path, "stubborn"))
    number_of(tmp_path, "hanging"), number_of(tmp_path, "stubborn")
    crew.stop(timedelta(seconds=6))
    assert ended(crew).stopped == "request"
    clock.now += 6
    end = ended(crew)
    assert (end.order.source, end.stopped, end.code) == ("stubborn", "request", -signal.SIGKILL)


def test_a_child_that_ended_before_it_was_asked_to_is_reaped_all_the_same(crew: Crew, tmp_path: Path) -> None:
    pid = crew.start(fake_order(tmp_path, "quick"))
    wait_until(lambda: not alive(pid), PATIENCE, "it has ended")
    crew.stop(timedelta(seconds=6))
    end = ended(crew)
    assert end.code == 0
    assert end.report is not None


def test_a_child_that_floods_stdout_is_not_held_up_and_its_report_is_found(
    crew: Crew, tmp_path: Path
) -> None:
    crew.start(fake_order(tmp_path, "flooding"))
    end = ended(crew)
    assert end.code == 0
    assert end.report is not None


def test_what_a_child_writes_to_stderr_is_logged_within_bounds(crew: Crew, tmp_path: Path) -> None:
    crew.start(fake_order(tmp_path, "noisy"))
    number_of(tmp_path, "noisy")
    log = tmp_path / "logs" / "noisy.log"
    assert log.stat().st_size > MOST_BYTES
    assert list(crew.poll()) == []
    assert log.stat().st_size <= MOST_BYTES
    older = log.with_name("noisy.log.1")
    assert older.stat().st_size == MOST_BYTES
    assert older.read_bytes().endswith(b"xxx\n")


def test_the_log_of_the_crawl_before_is_kept_and_the_last_words_are_found(crew: Crew, tmp_path: Path) -> None:
    crew.start(fake_order(tmp_path, "crashing"))
    ended(crew)
    crew.start(fake_order(tmp_path, "crashing"))
    end = ended(crew)
    assert (end.code, end.report, end.last_words) == (1, None, "KeyError: 'href'")
    assert (tmp_path / "logs" / "crashing.log").read_text().count("crawl of crashing") == 2


def test_a_child_that_says_nothing_has_no_last_words(crew: Crew, tmp_path: Path) -> None:
    crew.start(fake_order(tmp_path, "quick"))
    assert ended(crew).last_words is None


def test_a_command_that_cannot_be_started_is_told_and_leaves_nothing(crew: Crew, tmp_path: Path) -> None:
    open_before = open_files()
    with pytest.raises(FileNotFoundError):
        crew.start(Order("bao", "bao.example", (str(tmp_path / "nothing"),), DEADLINE, tmp_path / "bao.log"))
    assert len(crew) == 0
    assert open_files() == open_before


def test_many_children_leave_no_open_files(crew: Crew, tmp_path: Path) -> None:
    open_before = open_files()
    for _ in range(20):
        crew.start(fake_order(tmp_path, "quick"))
        ended(crew)
    assert open_files() == open_before


def test_what_a_killed_child_leaves_among_the_temporary_files_goes_with_it(
    crew: Crew, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tempfile.TemporaryDirectory() as name:  # sockets may lie below: the path must be short
        temporary = Path(name)
        monkeypatch.setattr(tempfile, "tempdir", name)
        crew.start(fake_order(tmp_path, "littering"))
        number = number_of(tmp_path, "littering")
        assert [path.name for path in temporary.rglob("*") if path.is_file()] == ["left"]
        os.kill(number, signal.SIGKILL)
        assert ended(crew).code == -signal.SIGKILL
        assert [*temporary.iterdir()] == []


def test_a_child_does_without_a_folder_of_its_own_where_none_can_be_made(
    crew: Crew, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "there is none"))
    crew.start(fake_order(tmp_path, "quick"))
    assert ended(crew).code == 0


def test_a_child_sees_its_parent_die(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path)]) as parent:
        number = number_of(tmp_path, "hanging")
        assert alive(number)
        parent.kill()
    wait_until(lambda: not alive(number), PATIENCE, "the child of a killed parent is gone")


def test_the_command_names_config_store_source_and_limit() -> None:
    command = crawl_command(Path("/a/config.toml"), Path("/b/c.sqlite"), ["bao"], "--limit", "5")
    assert command[:3] == (sys.executable, "-m", "crawler.crawling.child")
    assert command[3:] == (
        *("--config", "/a/config.toml", "--db", "/b/c.sqlite"),
        *("--limit", "5", "--with-parent", "bao"),
    )
