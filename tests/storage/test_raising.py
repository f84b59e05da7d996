"""What people raise by hand: to be decided like what rules flag, and out of their reach."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from storage.cases import CaseQuery, state_of
from storage.errors import NoSuchCase
from storage.records import Case, Flag
from storage.sampling import NearQuery, SampleSum
from storage.store import Store
from tests.storage.samples import HOUR, MINUTE, NOON, article, fill, flag, kept, put


def case(store: Store, number: int) -> Case:
    found = store.cases.get(number)
    assert found is not None
    return found


def queued(store: Store, **asked: object) -> list[int]:
    return [one.id for one in store.cases.find(CaseQuery(**asked))]  # type: ignore[arg-type]  # names differ


def mention(rule: str, score: float = 0.1) -> Flag:
    return replace(flag(rule), level="mention", score=score)


def test_a_raised_article_is_new_like_one_that_a_rule_flagged(store: Store) -> None:
    first, second = fill(store, 2)
    store.raised.put(second, "tu_quan", "lỡ mất", NOON)
    assert queued(store, state="new") == queued(store, flagged=True) == [second]
    assert queued(store, rule="tu_quan") == [second]
    assert queued(store, rule="khac") == []
    assert state_of(case(store, second)) == "new"
    assert state_of(case(store, first)) is None
    raised = case(store, second).raised
    assert raised is not None
    assert (raised.rule, raised.note, raised.at) == ("tu_quan", "lỡ mất", NOON)


def test_raising_survives_judging_again_and_a_changed_text(store: Store) -> None:
    number = put(store, article(1))
    store.raised.put(number, None, None, NOON)
    store.flags.replace(number, [flag()], NOON)
    store.flags.replace(number, [], NOON)
    assert queued(store, state="new") == [number]
    changed = replace(article(1), body="Một bài khác hẳn.")
    store.keep([kept(changed, [], NOON + HOUR)], NOON + HOUR)
    assert case(store, number).revision == 2
    assert queued(store, state="new") == [number]


def test_a_raised_article_is_decided_as_any_other_and_lowered_again(store: Store) -> None:
    number = put(store, article(1))
    store.raised.put(number, None, None, NOON)
    store.verdicts.decide(number, "keep", None, NOON + MINUTE)
    assert queued(store, state="kept") == [number]
    store.verdicts.undo(NOON + 2 * MINUTE)
    assert queued(store, state="new") == [number]
    lowered = store.raised.lower(number, NOON + 3 * MINUTE)
    assert lowered is not None
    assert queued(store, state="new") == []
    assert state_of(case(store, number)) is None
    assert store.raised.lower(number, NOON) is None
    assert [one.lowered_at for one in store.raised.history(number)] == [NOON + 3 * MINUTE]


def test_lowering_leaves_what_rules_flag(store: Store) -> None:
    number = put(store, article(1), [flag()])
    store.raised.put(number, None, None, NOON)
    store.raised.lower(number, NOON)
    assert queued(store, state="new") == [number]


def test_raising_twice_leaves_one_that_stands_and_both_in_the_history(store: Store) -> None:
    number = put(store, article(1))
    store.raised.put(number, "a", None, NOON)
    store.raised.put(number, "b", None, NOON + MINUTE)
    raised = case(store, number).raised
    assert raised is not None
    assert raised.rule == "b"
    assert [one.rule for one in store.raised.history(number)] == ["a", "b"]


def test_what_is_no_article_cannot_be_raised_or_sampled(store: Store) -> None:
    with pytest.raises(NoSuchCase):
        store.raised.put(7, None, None, NOON)
    with pytest.raises(NoSuchCase):
        store.sampling.record(7, False, NOON)
    with pytest.raises(NoSuchCase):
        store.sampling.near(NearQuery(after=7))


def test_the_nearest_misses_come_first(store: Store) -> None:
    one = put(store, article(1), [mention("a", 0.1)])
    two = put(store, article(2), [mention("a", 0.1), mention("b", 0.2)])
    put(store, article(3), [mention("a", 9.0), flag("b")])
    put(store, article(4))
    same = put(store, article(5), [mention("a", 0.1)], NOON + HOUR)
    assert store.sampling.near(NearQuery()) == [two, same, one]
    assert store.sampling.near(NearQuery(after=two, limit=1)) == [same]
    assert store.sampling.near(NearQuery(since=NOON + MINUTE)) == [same]
    assert store.sampling.near(NearQuery(source="khac")) == []
    assert store.sampling.nearness([one, two, 99]) == {one: 0.1, two: pytest.approx(0.3)}


def test_a_near_miss_leaves_the_list_once_it_is_raised_decided_or_changed(store: Store) -> None:
    numbers = [put(store, article(n), [mention("a")]) for n in (1, 2, 3)]
    store.raised.put(numbers[0], None, None, NOON)
    store.verdicts.decide(numbers[1], "drop", None, NOON)
    store.keep([kept(replace(article(3), body="Khác."), [], NOON + HOUR)], NOON + HOUR)
    assert store.sampling.near(NearQuery()) == []


def test_a_sample_is_the_same_for_the_same_seed_and_holds_nothing_flagged_or_decided(store: Store) -> None:
    numbers = fill(store, 40, flagged=range(1, 21))
    store.verdicts.decide(numbers[-1], "keep", None, NOON)
    whole = store.sampling.span(NOON - HOUR, NOON + HOUR)
    drawn = store.sampling.draw(whole, 10, random.Random("2026-11-23"))
    assert drawn == store.sampling.draw(whole, 10, random.Random("2026-11-23"))
    assert drawn != store.sampling.draw(whole, 10, random.Random("2026-11-24"))
    assert len(set(drawn)) == 10
    assert set(drawn) <= set(numbers[20:-1])
    assert store.sampling.draw(range(1, 1), 10, random.Random(1)) == ()


def test_every_unflagged_article_is_drawn_as_often_as_any_other(store: Store) -> None:
    numbers = fill(store, 6, flagged=[1, 2])
    chance, times = random.Random(7), dict.fromkeys(numbers, 0)
    for _ in range(1200):
        [one] = store.sampling.draw(range(1, 7), 1, chance)
        times[one] += 1
    assert [times[number] for number in numbers[:2]] == [0, 0]
    assert all(240 < times[number] < 360 for number in numbers[2:])


def test_the_span_of_a_sample_is_what_was_fetched_then(store: Store) -> None:
    for n in range(10):
        put(store, article(n), now=NOON + n * timedelta(days=1))
    span = store.sampling.span(NOON + timedelta(days=3), NOON + timedelta(days=6))
    assert list(span) == [4, 5, 6]
    later = store.sampling.span(NOON + timedelta(days=30), NOON + timedelta(days=31))
    assert list(later) == list(range(1, 9))


def test_what_people_saw_of_a_sample_is_counted_replaced_and_taken_back(store: Store) -> None:
    one, two, three = fill(store, 3)
    for number in (one, two, three):
        store.sampling.record(number, False, NOON)
    store.sampling.record(two, True, NOON + HOUR)
    assert store.sampling.sum() == SampleSum(3, 1)
    assert store.sampling.sum(NOON + MINUTE) == SampleSum(1, 1)
    assert {number: seen.missed for number, seen in store.sampling.of([one, two]).items()} == {
        one: False,
        two: True,
    }
    assert store.sampling.take_back(three, NOON)
    assert not store.sampling.take_back(three, NOON)
    assert store.sampling.sum() == SampleSum(2, 1)
