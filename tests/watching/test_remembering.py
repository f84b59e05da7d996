"""Complaints about sources are asked for now and then, not at every look at the queue."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.watching.remembering import FRESH, Remembered
from storage.store import Store
from tests.making import NOON


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store.sqlite") as opened:
        yield opened


def test_they_are_asked_again_once_they_are_no_longer_fresh_or_the_clock_went_back(store: Store) -> None:
    moments = iter([NOON, NOON + FRESH / 2, NOON + FRESH, NOON + FRESH * 1.5, NOON - timedelta(hours=1)])
    asked: list[Store] = []

    def ask(of: Store) -> list[tuple[str, str]]:
        asked.append(of)
        return [("bao", f"complaint {len(asked)}")]

    remembered = Remembered(ask, lambda: next(moments))

    said = [remembered(store)[0][1] for _ in range(5)]

    assert said == [f"complaint {number}" for number in (1, 1, 2, 2, 3)]
