"""A snapshot of the store: of one moment for everything that is asked of it, whoever writes meanwhile."""

from __future__ import annotations

import pytest

from storage.cases import CaseQuery
from storage.errors import StoreError
from storage.store import Store
from tests.making import NOON, article, keep


def test_everything_is_of_the_moment_it_was_taken(store: Store) -> None:
    keep(store, [article(1)])
    with store.snapshot() as frozen:
        keep(store, [article(2)])
        assert frozen.cases.count(CaseQuery()) == 1
        assert [case.id for case in frozen.cases.find(CaseQuery())] == [1]
        assert [case.id for case in frozen.cases.some([1, 2])] == [1]
        with frozen.snapshot() as within:
            assert within.cases.count(CaseQuery()) == 1
    assert store.cases.count(CaseQuery()) == 2


def test_nothing_can_be_written_to_it(store: Store) -> None:
    keep(store, [article(1)])
    with store.snapshot() as frozen, pytest.raises(StoreError):
        frozen.verdicts.decide(1, "keep", None, NOON)
    assert store.verdicts.decide(1, "keep", None, NOON)


def test_within_a_write_it_sees_what_was_written(store: Store) -> None:
    with store.write():
        keep(store, [article(1)])
        with store.snapshot() as frozen:
            assert frozen.cases.count(CaseQuery()) == 1
