"""A long work shows signs of life: on one line of a terminal, seldom elsewhere, never with --quiet."""

from __future__ import annotations

import sys

import pytest

from crawler.cli.alive import alive
from crawler.cli.wanted import Wanted


def test_a_terminal_shows_one_line_that_is_wiped_off(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with alive(Wanted()) as tell:
        tell("copying: 10 %")
        tell("copying: 20 %")
    said = capsys.readouterr().err
    assert said.split("\r\x1b[K")[1:] == ["copying: 10 % (0 s)", "copying: 20 % (0 s)", ""]
    assert "\n" not in said


def test_elsewhere_only_what_takes_long_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr("crawler.cli.alive.time.monotonic", lambda: now[0])
    with alive(Wanted()) as tell:
        for second in (1, 29, 31, 40, 62):
            now[0] = float(second)
            tell("checking the copy")
    assert capsys.readouterr().err == "checking the copy (31 s)\nchecking the copy (62 s)\n"


def test_nothing_is_told_to_whom_wants_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    with alive(Wanted(quiet=True)) as tell:
        tell("checking the copy")
    assert capsys.readouterr().err == ""
