"""A small store with two papers, flags and decisions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.store import Store
from tests.making import NOON, article, flag, keep
from tests.templates import begin


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Articles 1-3 of baohatinh flagged, 4-5 of kontumtv not; the first kept, the second dropped."""
    begin(tmp_path / "store.sqlite", "export", _fill)
    with Store.open(tmp_path / "store.sqlite") as opened:
        yield opened


def _fill(store: Store) -> None:
    keep(store, [article(number) for number in (1, 2, 3)], [flag(), flag("luong")])
    keep(store, [article(number, "kontumtv") for number in (4, 5)])
    store.verdicts.decide(1, "keep", 'gọi "anh Ba", hỏi lại', NOON)
    store.verdicts.decide(2, "drop", None, NOON)
