"""What is flagged is told as it comes, and never in a flood."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.watching.narrating import Narrating
from storage.store import Store
from tests.making import NOON, article, flag, keep

STEP = timedelta(seconds=5)


def test_what_is_flagged_after_the_start_is_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    duty = Narrating()
    with Store.open(tmp_path / "a.sqlite") as store:
        keep(store, [article(1)], [flag()])
        for step in range(5):
            if step == 2:
                keep(store, [article(2)], [flag()])
            duty.tick(store, NOON + step * STEP)
    (line,) = caplog.messages
    assert article(2).title in line
    assert caplog.records[0].__dict__["told"]["event"] == "flagged"


def test_many_at_once_are_one_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    duty = Narrating()
    with Store.open(tmp_path / "a.sqlite") as store:
        duty.tick(store, NOON)
        keep(store, [article(number) for number in range(30)], [flag()])
        duty.tick(store, NOON + STEP)
    assert caplog.messages == ["30 articles are flagged, or flagged otherwise"]
