"""The log: one line an event, and no trouble told every second."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.config.model import Log
from crawler.errors import ConfigError
from crawler.watching.telling import Repeats, log_in_lines, of


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


def _told(chosen: Log) -> list[str]:
    logging.getLogger().handlers[:] = []
    stream = io.StringIO()
    log_in_lines(stream, chosen)
    log = logging.getLogger("crawler.watching")
    log.info("%s: xong\n", "bao", extra=of("crawl", "bao", outcome="done", counts={"new": 1}, level="khác"))
    log.warning("một lời")
    return (chosen.file.read_text(encoding="utf-8") if chosen.file else stream.getvalue()).splitlines()


def test_json_lines_have_the_same_first_keys_whatever_an_event_brings() -> None:
    first, second = map(json.loads, _told(Log("json")))
    assert [*first] == ["at", "level", "event", "source", "message", "outcome", "counts"]
    assert {**first, "at": first["at"][19:]} == {
        "at": "+07:00",
        "level": "info",
        "event": "crawl",
        "source": "bao",
        "message": "bao: xong",
        "outcome": "done",
        "counts": {"new": 1},
    }
    assert (second["event"], second["source"], second["level"]) == ("note", None, "warning")


def test_a_file_takes_what_stderr_would_have_had(tmp_path: Path) -> None:
    first, second = _told(Log(file=tmp_path / "logs" / "d.log"))
    assert first.endswith("+07:00 bao: xong")
    assert second.endswith("WARNING: một lời")


def test_a_file_that_cannot_be_opened_is_told_before_anything_starts(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"log\.file: .*d\.log: cannot be opened"):
        _told(Log(file=tmp_path / "logs" / "d.log"))
