"""What is logged while a command runs: told in Vietnam's time, as loud as was asked."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

import pytest

from crawler.cli.wanted import Wanted


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = [*root.handlers], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def test_log_lines_bear_the_time_of_vietnam(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time", lambda: 1_795_632_272.0)  # 2026-11-25 18:44:32 UTC
    monkeypatch.setattr("time.time_ns", lambda: 1_795_632_272_000_000_000)
    Wanted().listen()
    logging.getLogger("storage.opening").warning("copied")
    assert re.fullmatch(r"2026-11-26 01:44:32\+07:00 WARNING copied\n", capsys.readouterr().err)
