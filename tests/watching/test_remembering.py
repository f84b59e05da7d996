"""How sources are is asked now and then, not at every look at the queue, and nobody waits for it twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from crawler.review.watched import SourceSeen
from crawler.watching.remembering import FRESH, USABLE, Remembered
from storage.errors import StoreError
from storage.store import Store
from tests.making import NOON
from tests.review.stock import seen


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store.sqlite") as opened:
        yield opened


class Asking:
    """Answers each time otherwise, and notes which store it was asked with."""

    def __init__(self) -> None:
        self.now = NOON
        self.asked: list[Store] = []
        self.trouble: Exception | None = None

    def ask(self, store: Store) -> list[SourceSeen]:
        self.asked.append(store)
        if self.trouble:
            raise self.trouble
        return [seen("bao", str(len(self.asked)))]

    def clock(self) -> datetime:
        return self.now


def said(remembered: Remembered[list[SourceSeen]], store: Store) -> str:
    answer = remembered(store)[0].complaints[0]
    remembered.settle()
    return answer


def test_they_are_asked_again_once_they_are_no_longer_fresh(store: Store) -> None:
    asking = Asking()
    remembered = Remembered(asking.ask, asking.clock)
    answers = []
    for after in (timedelta(), FRESH / 2, FRESH, FRESH):
        asking.now = NOON + after
        answers.append(said(remembered, store))
    assert answers == ["1", "1", "1", "2"]
    assert asking.asked[1] is not store  # beside, with a connection of its own


def test_what_is_too_old_or_of_the_future_is_never_told(store: Store) -> None:
    asking = Asking()
    remembered = Remembered(asking.ask, asking.clock)
    answers = []
    for after in (timedelta(), USABLE, -timedelta(hours=1)):
        asking.now = NOON + after
        answers.append(said(remembered, store))
    assert answers == ["1", "2", "3"]


@pytest.mark.parametrize("trouble", [StoreError(Path("s"), "busy"), ValueError("odd")])
def test_trouble_beside_leaves_the_last_answer_and_is_tried_again(store: Store, trouble: Exception) -> None:
    asking = Asking()
    remembered = Remembered(asking.ask, asking.clock)
    assert said(remembered, store) == "1"
    asking.now, asking.trouble = NOON + FRESH, trouble
    assert said(remembered, store) == "1"
    asking.trouble = None
    assert said(remembered, store) == "1"
    assert said(remembered, store) == "3"
