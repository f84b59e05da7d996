"""Changed rules are noticed, and what is stored is judged again beside the crawls."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from crawler.watching.rejudging import RETRY, Noticing, Rejudging, stamp
from tests.waiting import wait_until
from tests.watching.fakes import PATIENCE


def says(code: int, line: str = "") -> Callable[[], tuple[str, ...]]:
    """A command that prints a line and ends so."""
    return lambda: (sys.executable, "-c", f"import sys; print({line!r}, file=sys.stderr); sys.exit({code})")


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_file_is_noticed_once_when_it_has_come_to_rest() -> None:
    noticing = Noticing((1, 10))

    looks = [noticing.look(state) for state in [(1, 10), (2, 11), (3, 12), (3, 12), (3, 12), (3, 12)]]

    assert looks == [False, False, False, True, False, False]


def test_a_file_that_vanishes_for_a_moment_is_not_noticed() -> None:
    noticing = Noticing((1, 10))

    assert not any(noticing.look(state) for state in [None, None, (1, 10), (1, 10)])
    assert stamp(Path("/nowhere/at/all")) is None


def test_what_was_read_otherwise_is_not_noticed_again() -> None:
    noticing = Noticing((1, 10))
    noticing.accept((2, 11))

    assert not any(noticing.look((2, 11)) for _ in range(3))


def run_to_its_end(judging: Rejudging, caplog: pytest.LogCaptureFixture, said: str) -> None:
    def heard() -> bool:
        judging.tick()
        return said in caplog.text

    wait_until(heard, PATIENCE, said)


def test_its_last_words_are_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    judging = Rejudging(says(0, "3 are newly flagged"))

    judging.tick()
    assert caplog.text == ""
    judging.want()
    run_to_its_end(judging, caplog, "judged by these rules: 3 are newly flagged")


def test_one_that_fails_is_tried_again_in_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    judging = Rejudging(says(1, "diembao: the store is locked"), clock)
    judging.want()
    run_to_its_end(judging, caplog, "failed (1): the store is locked")
    caplog.clear()

    judging.tick()
    assert caplog.text == ""
    clock.now = RETRY
    run_to_its_end(judging, caplog, "failed (1)")


def test_one_that_cannot_be_started_is_told(caplog: pytest.LogCaptureFixture) -> None:
    judging = Rejudging(lambda: ("/nowhere/at/all",))
    judging.want()

    judging.tick()

    assert "cannot be judged again" in caplog.text


def test_wanted_while_one_runs_it_runs_once_more(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    judging = Rejudging(says(0, "done"))
    judging.want()
    judging.tick()
    judging.want()

    def often() -> int:
        judging.tick()
        return caplog.text.count("judged by these rules")

    wait_until(lambda: often() == 2, PATIENCE, "it ran twice")
    assert often() == 2


def test_it_ends_with_the_daemon() -> None:
    before = set(psutil.Process().children())
    judging = Rejudging(lambda: (sys.executable, "-c", "import time; time.sleep(600)"))
    judging.want()
    judging.tick()
    [started] = set(psutil.Process().children()) - before

    judging.ask_to_end()
    judging.kill()

    assert not started.is_running()
