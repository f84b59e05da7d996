"""A fresh store for every test that names one, and the browser of the review page's tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.store import Store
from tests.review.conftest import browser

__all__ = ["browser"]


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store without anything in it: making its tables takes longer than most tests."""
    path = tmp_path_factory.mktemp("empty") / "store.sqlite"
    Store.open(path).close()
    return path


@pytest.fixture
def store(tmp_path: Path, empty: Path) -> Iterator[Store]:
    """An empty store."""
    with Store.open(Path(shutil.copy(empty, tmp_path / "store.sqlite"))) as opened:
        yield opened
