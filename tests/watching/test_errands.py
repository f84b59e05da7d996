"""Errands run one at a time beside the crawls, tell how they ended, and are tried again."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

import psutil
import pytest

from crawler.watching.errands import RETRY, Errand, Wording
from tests.waiting import wait_until
from tests.watching.fakes import PATIENCE

WORDING = Wording("the cellar is swept", "sweeping the cellar")


def says(code: int, line: str = "") -> Callable[[], tuple[str, ...]]:
    """A command that prints a line and ends so."""
    return lambda: (sys.executable, "-c", f"import sys; print({line!r}, file=sys.stderr); sys.exit({code})")


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def run_to_its_end(errand: Errand, caplog: pytest.LogCaptureFixture, said: str) -> None:
    def heard() -> bool:
        errand.tick()
        return said in caplog.text

    wait_until(heard, PATIENCE, said)


def test_its_last_words_are_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    errand = Errand(says(0, "3 are newly flagged"), WORDING)

    errand.tick()
    assert caplog.text == ""
    errand.want()
    run_to_its_end(errand, caplog, "the cellar is swept: 3 are newly flagged")


def test_one_that_was_killed_is_told_so(caplog: pytest.LogCaptureFixture) -> None:
    killed = (sys.executable, "-c", "import os; os.kill(os.getpid(), 9)")
    errand = Errand(lambda: killed, WORDING)
    errand.want()
    run_to_its_end(errand, caplog, "sweeping the cellar was ended by signal 9; tried again in 1m")


def test_one_that_fails_is_tried_again_in_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    errand = Errand(says(1, "diembao: the store is locked"), WORDING, clock)
    errand.want()
    run_to_its_end(errand, caplog, "sweeping the cellar failed (1): the store is locked")
    caplog.clear()

    errand.tick()
    assert caplog.text == ""
    clock.now = RETRY
    run_to_its_end(errand, caplog, "failed (1)")


def test_one_that_cannot_be_started_is_told(caplog: pytest.LogCaptureFixture) -> None:
    errand = Errand(lambda: ("/nowhere/at/all",), WORDING)
    errand.want()

    errand.tick()

    assert "sweeping the cellar cannot be started" in caplog.text


def test_wanted_while_one_runs_it_runs_once_more(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    errand = Errand(says(0, "done"), WORDING)
    errand.want()
    errand.tick()
    errand.want()

    def often() -> int:
        errand.tick()
        return caplog.text.count("the cellar is swept")

    wait_until(lambda: often() == 2, PATIENCE, "it ran twice")
    assert often() == 2


def test_it_ends_with_the_daemon() -> None:
    before = set(psutil.Process().children())
    errand = Errand(lambda: (sys.executable, "-c", "import time; time.sleep(600)"), WORDING)
    errand.want()
    errand.tick()
    [started] = set(psutil.Process().children()) - before

    errand.ask_to_end()
    errand.kill()

    assert not started.is_running()
