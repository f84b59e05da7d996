"""The log: one line an event, and no trouble told every second."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from crawler.watching.telling import Repeats, log_in_lines


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = [*root.handlers], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def _said(level: int | None) -> list[str]:
    root, stream = logging.getLogger(), io.StringIO()
    root.handlers[:] = []
    if level is not None:
        logging.basicConfig(stream=stream, level=level, force=True)
    log_in_lines(stream)
    log = logging.getLogger("crawler.watching")
    log.debug("fine print")
    log.info("crawl\nstarts")
    try:
        raise ValueError("broken")
    except ValueError as error:
        log.error("a tick failed", exc_info=error)
    return stream.getvalue().splitlines()


def test_an_event_is_one_line_with_the_time_of_vietnam() -> None:
    first, second = _said(None)
    assert first[19:] == "+07:00 crawl starts"
    assert second[19:] == "+07:00 ERROR: a tick failed"


def test_how_loud_it_is_stays_as_chosen_and_debugging_adds_the_traceback() -> None:
    assert [line[26:] for line in _said(logging.WARNING)] == ["ERROR: a tick failed"]
    assert _said(logging.DEBUG)[-1] == "ValueError: broken"


def test_a_trouble_that_comes_back_is_told_once_in_ten_minutes() -> None:
    repeats = Repeats()
    told = [repeats.worth_telling("full", second) for second in (0, 1, 599, 600, 601)]
    assert told == [True, False, False, True, False]
    assert repeats.worth_telling("busy", 602)


def test_the_end_of_a_trouble_is_told_once() -> None:
    repeats = Repeats()
    assert not repeats.over()
    repeats.worth_telling("full", 0)
    assert repeats.over()
    assert not repeats.over()
    assert repeats.worth_telling("full", 1)
