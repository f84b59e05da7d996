"""Verdicts: appended, never changed, and taken back one by one."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.errors import NoSuchCase
from storage.records import Decision
from storage.store import Store
from tests.storage.samples import HOUR, MINUTE, NOON, article, fill, flag, put

ARTICLES = 3
decisions: st.SearchStrategy[Decision] = st.sampled_from(["keep", "drop", "later"])
steps = st.lists(
    st.one_of(
        st.tuples(st.integers(1, ARTICLES), decisions),
        st.tuples(st.integers(1, ARTICLES), st.none()),  # undo of that article
        st.tuples(st.none(), st.none()),  # undo of whatever came last
    ),
    max_size=25,
)


def standing(store: Store, number: int) -> str | None:
    case = store.cases.get(number)
    assert case
    return case.verdict.decision if case.verdict else None


def test_the_newest_decision_stands_and_undo_brings_back_the_one_before(store: Store) -> None:
    number = put(store, article(), [flag()])
    kept = store.verdicts.decide(number, "keep", "đúng việc", NOON)
    dropped = store.verdicts.decide(number, "drop", None, NOON + MINUTE)
    case = store.cases.get(number)
    assert case
    assert case.verdict == dropped
    undo = store.verdicts.undo(NOON + HOUR)
    assert undo
    assert (undo.decision, undo.undoes, undo.article_id, undo.at) == ("undo", dropped.id, number, NOON + HOUR)
    case = store.cases.get(number)
    assert case
    assert case.verdict == kept
    assert store.verdicts.history(number) == (kept, dropped, undo)


def test_there_is_an_end_to_undoing(store: Store) -> None:
    number = put(store, article())
    assert store.verdicts.undo(NOON) is None
    store.verdicts.decide(number, "later", None, NOON)
    assert store.verdicts.undo(NOON)
    assert store.verdicts.undo(NOON) is None
    assert standing(store, number) is None


def test_undo_of_one_article_leaves_the_others_alone(store: Store) -> None:
    one, other = fill(store, 2)
    store.verdicts.decide(one, "keep", None, NOON)
    store.verdicts.decide(other, "drop", None, NOON)
    assert store.verdicts.undo(NOON, one)
    assert (standing(store, one), standing(store, other)) == (None, "drop")


def test_a_number_no_article_bears_cannot_be_decided(store: Store) -> None:
    with pytest.raises(NoSuchCase, match="number 17; `diembao cases` lists them"):
        store.verdicts.decide(17, "keep", None, NOON)
    assert store.verdicts.history(17) == ()
    assert store.verdicts.undo(NOON, 17) is None


@settings(max_examples=40, deadline=None)
@given(steps)
def test_any_sequence_of_decisions_and_undos_equals_stacks_of_them(
    sequence: list[tuple[int | None, Decision | None]],
) -> None:
    made: list[tuple[int, Decision]] = []
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "s.sqlite") as store:
        fill(store, ARTICLES, flagged=range(ARTICLES + 1))
        for number, decision in sequence:
            if number is not None and decision is not None:
                store.verdicts.decide(number, decision, None, NOON)
                made.append((number, decision))
                continue
            undone = store.verdicts.undo(NOON, number)
            candidates = [place for place, (of, _) in enumerate(made) if number in {None, of}]
            assert (undone is not None) == bool(candidates)
            if candidates:
                assert undone
                assert undone.article_id == made.pop(candidates[-1])[0]
        expected = dict(made)
        assert {n: standing(store, n) for n in range(1, ARTICLES + 1)} == {
            n: expected.get(n) for n in range(1, ARTICLES + 1)
        }
