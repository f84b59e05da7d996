"""Citations of stored articles: read once by today's reading, and then no more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.reciting import outdated, recite
from storage.store import Store
from tests.making import article, keep

HA_TINH = {"baohatinh": "Hà Tĩnh"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store.sqlite") as opened:
        keep(opened, [article(1), article(2)])
        keep(opened, [article(3, body="Kế hoạch số 157-KH/TU ngày 4/4/2019, 48 mô hình.")])
        yield opened


def test_articles_older_than_the_reading_of_citations_get_theirs_and_then_no_more(store: Store) -> None:
    assert outdated(store, HA_TINH) == [1, 2, 3]
    counts: list[int] = []

    assert recite(store, HA_TINH, counts.append) == 3

    assert sum(counts) == 3
    case = store.cases.get(3)
    assert case is not None
    assert case.cited is not None
    assert [one.key for one in case.cited.citations] == ["KH-157-TU@2019-04-04/ha-tinh"]
    assert [one.counted for one in case.cited.figures] == ["mô hình"]
    assert recite(store, HA_TINH) == 0


def test_a_paper_s_province_that_was_learnt_later_is_read_into_its_citations(store: Store) -> None:
    recite(store, {})
    case = store.cases.get(3)
    assert case is not None
    assert case.cited is not None
    assert [one.key for one in case.cited.citations] == ["KH-157-TU@2019-04-04"]

    assert recite(store, HA_TINH) == 3
