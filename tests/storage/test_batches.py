"""Decisions made together: bound to what was seen, written in chunks, taken back as one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from storage import batches
from storage.batches import Ordered, Outcome, TakenBack
from storage.errors import NoSuchBatch
from storage.records import Decision
from storage.store import Store
from tests.storage.samples import MINUTE, NOON, fill


def standing(store: Store, number: int) -> Decision | str | None:
    case = store.cases.get(number)
    assert case is not None
    return case.verdict.decision if case.verdict else None


def test_all_are_decided_and_taken_back_together(store: Store) -> None:
    numbers = fill(store, 5, range(1, 6))
    outcome = store.batches.decide(Ordered("drop", "tin rao vặt", "Lan", 0), numbers[:4], NOON)
    assert (outcome.written, outcome.elsewhere, outcome.same) == (4, 0, 0)
    assert [standing(store, one) for one in numbers] == ["drop"] * 4 + [None]
    (verdict,) = store.verdicts.history(numbers[0])
    assert (verdict.note, verdict.by, verdict.batch) == ("tin rao vặt", "Lan", outcome.batch)
    assert outcome.batch
    assert store.batches.undo(outcome.batch, NOON + MINUTE, "Minh") == TakenBack(4, 0)
    assert [standing(store, one) for one in numbers] == [None] * 5
    assert [one.by for one in store.verdicts.history(numbers[0])] == ["Lan", "Minh"]
    assert store.batches.get(outcome.batch).undone_at == NOON + MINUTE
    assert store.batches.undo(outcome.batch, NOON + 2 * MINUTE) == TakenBack(0, 0)


def test_what_others_decided_since_is_left_alone_and_told(store: Store) -> None:
    numbers = fill(store, 4, range(1, 5))
    store.verdicts.decide(numbers[3], "keep", None, NOON)
    seen = store.verdicts.newest()
    store.verdicts.decide(numbers[0], "keep", None, NOON)
    store.verdicts.decide(numbers[1], "later", None, NOON)
    store.verdicts.undo(NOON, numbers[1])
    outcome = store.batches.decide(Ordered("drop", None, None, seen), numbers, NOON)
    assert (outcome.written, outcome.elsewhere) == (2, 2)
    assert [standing(store, one) for one in numbers] == ["keep", None, "drop", "drop"]


def test_an_undo_leaves_what_was_decided_anew_and_brings_back_what_stood_before(store: Store) -> None:
    first, second, third = fill(store, 3, range(1, 4))
    store.verdicts.decide(first, "later", "hỏi lại", NOON)
    order = Ordered("keep", None, None, store.verdicts.newest())
    outcome = store.batches.decide(order, [first, second, third], NOON)
    store.verdicts.decide(third, "drop", None, NOON)
    assert outcome.batch
    assert store.batches.undo(outcome.batch, NOON) == TakenBack(2, 1)
    assert [standing(store, one) for one in (first, second, third)] == ["later", None, "drop"]


def test_a_batch_without_a_note_keeps_each_articles_own_and_says_nothing_twice(store: Store) -> None:
    first, second = fill(store, 2, (1, 2))
    store.verdicts.decide(first, "keep", "đúng việc", NOON)
    order = Ordered("keep", None, None, store.verdicts.newest())
    outcome = store.batches.decide(order, [first, second, second, 999], NOON)
    assert outcome == Outcome(outcome.batch, 1, 0, 1)
    later = replace(order, decision="later", seen=store.verdicts.newest())
    store.batches.decide(later, [first], NOON)
    assert [one.note for one in store.verdicts.history(first)] == ["đúng việc", "đúng việc"]


def test_nothing_written_is_no_batch(store: Store) -> None:
    numbers = fill(store, 2)
    store.verdicts.decide(numbers[0], "keep", None, NOON)
    assert store.batches.decide(Ordered("drop", None, None, 0), numbers[:1], NOON) == Outcome(None, 0, 1, 0)
    assert store.decisions.newest(9) == store.decisions.newest(1)
    with pytest.raises(NoSuchBatch, match="number 1"):
        store.batches.undo(1, NOON)


def test_a_batch_that_broke_off_is_one_batch_still(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = fill(store, 5, range(1, 6))
    monkeypatch.setattr(batches, "CHUNK", 2)
    written: list[int] = []
    real: Callable[..., Outcome] = store.batches._decide

    def breaking(*told: object) -> Outcome:
        if len(written) == 2:
            raise KeyboardInterrupt
        written.append(1)
        return real(*told)

    monkeypatch.setattr(store.batches, "_decide", breaking)
    with pytest.raises(KeyboardInterrupt):
        store.batches.decide(Ordered("drop", None, None, 0), numbers, NOON)
    (made,) = store.decisions.newest(9)
    assert made.batch
    assert made.batch.written == 4
    assert store.batches.undo(made.batch.id, NOON).undone == 4


def test_single_decisions_and_batches_are_one_list_that_leafs_without_loss(store: Store) -> None:
    numbers = fill(store, 6, range(1, 7))
    store.verdicts.decide(numbers[0], "keep", None, NOON)
    outcome = store.batches.decide(Ordered("drop", None, None, 9), numbers[1:4], NOON)
    store.verdicts.decide(numbers[4], "later", None, NOON)
    store.verdicts.undo(NOON + MINUTE)
    store.verdicts.decide(numbers[5], "keep", None, NOON)
    made = store.decisions.newest(9)
    assert [(one.verdict.article_id if one.verdict else None) for one in made] == [
        numbers[5],
        numbers[4],
        None,
        numbers[0],
    ]
    assert [one.stands for one in made] == [True, False, True, True]
    assert made[1].undone_at == NOON + MINUTE
    leafed = [one for n in range(4) for one in store.decisions.newest(1, made[n - 1].place if n else None)]
    assert leafed == made
    assert outcome.batch
    inside = store.decisions.of_batch(outcome.batch, 2)
    assert [one.verdict.article_id for one in inside if one.verdict] == [numbers[3], numbers[2]]
