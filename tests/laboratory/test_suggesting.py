"""Suggested phrases tell two sides apart, are explained, and never repeat what the rule has."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.judging.judge import compile_rule
from crawler.judging.ruletext import RuleText
from crawler.laboratory import comparing
from crawler.laboratory.comparing import Comparison
from crawler.laboratory.ngrams import LONGEST, Run, article_counts
from crawler.laboratory.suggesting import Sizes, suggestions, telling
from storage.store import Store
from tests.making import NOON, article, flag, keep

GOOD = "Chiều qua, công nhân ngừng việc vì nợ lương ở xưởng {}."
BAD = "Chiều qua, đội bóng đá đình công ở sân vận động {}."
WORDS = ["mưa", "nắng", "gió", "bão", "sông", "núi", "đèo", "biển"]


def filled(store: Store, kept: int, dropped: int) -> None:
    for number in range(1, kept + dropped + 1):
        text = GOOD if number <= kept else BAD
        keep(store, [article(number, body=text.format(WORDS[number % len(WORDS)]))], [flag("moi")])


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store.sqlite") as opened:
        yield opened


def compared(store: Store, *phrases: str) -> Comparison:
    return Comparison(store, compile_rule(RuleText("moi", "Mới", any_of=phrases or ("đình công",))))


def test_phrases_tell_kept_from_dropped(store: Store) -> None:
    filled(store, 20, 20)
    for number in range(1, 41):
        store.verdicts.decide(number, "keep" if number <= 20 else "drop", None, NOON)
    comparison = compared(store)
    assert comparison.names == ("kept", "dropped")
    found = {one.phrase: one for one in comparison.suggestions(None)}
    debt = next(one for phrase, one in found.items() if "nợ lương" in phrase)
    assert (debt.speaks_for, debt.telling.first, debt.telling.second) == ("kept", 20, 0)
    assert "nợ lương ở xưởng" in debt.example
    ball = next(one for phrase, one in found.items() if "bóng đá" in phrase)
    assert (ball.speaks_for, ball.telling.first, ball.telling.second) == ("dropped", 0, 20)
    assert not any("đình công" in phrase for phrase in found), "the rule has it already"
    assert "chiều qua" not in found


def test_with_few_verdicts_flagged_articles_are_compared_with_others(store: Store) -> None:
    filled(store, 10, 0)
    keep(store, [article(number, body=BAD.format(number)) for number in range(11, 31)])
    store.verdicts.decide(1, "drop", None, NOON)
    comparison = compared(store)
    assert (comparison.kind, comparison.decided) == ("flags", (0, 1))
    found = comparison.suggestions(None)
    assert {one.speaks_for for one in found} == {"flagged"}
    assert any("nợ lương" in one.phrase for one in found)


def test_with_nothing_flagged_nothing_is_told(store: Store) -> None:
    keep(store, [article(1)])
    assert not compared(store).is_possible


def test_what_contains_a_better_phrase_or_is_contained_in_it_is_left_out(store: Store) -> None:
    filled(store, 20, 0)
    keep(store, [article(number, body=BAD.format(number)) for number in range(21, 41)])
    phrases = [f" {one.phrase} " for one in compared(store).suggestions(None)]
    assert phrases
    assert not any(one in other for one in phrases for other in phrases if one is not other)


def test_a_side_is_never_more_than_so_many_articles(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "MOST", 7)
    filled(store, 20, 0)
    keep(store, [article(number) for number in range(21, 41)])
    assert compared(store).sizes == Sizes(7, 7)


def test_log_odds_are_even_where_the_shares_are_and_turn_round_with_the_sides() -> None:
    assert telling(("a",), (10, 10), Sizes(100, 100)).z == pytest.approx(0)
    one = telling(("a",), (30, 5), Sizes(100, 200))
    other = telling(("a",), (5, 30), Sizes(200, 100))
    assert one.z > 5
    assert one.z == pytest.approx(-other.z)


def test_a_phrase_of_every_article_and_a_rare_one_are_not_sure() -> None:
    counts: dict[Run, tuple[int, int]] = {("mọi",): (50, 50), ("hiếm",): (2, 0), ("17",): (40, 0)}
    assert list(suggestions(counts, Sizes(50, 50))) == []


documents = st.lists(
    st.lists(st.integers(0, 5), max_size=12).map(lambda some: array("q", some)), min_size=1, max_size=6
)


@given(documents, documents, st.integers(1, 3))
def test_counts_are_those_of_counting_every_run(
    first: list[array[int]], second: list[array[int]], least: int
) -> None:
    names = {number: (str(number),) for number in range(1, 6)}
    expected = {}
    for run in {run for document in [*first, *second] for run in slowly(document)}:
        counts = tuple(sum(run in slowly(document) for document in side) for side in (first, second))
        if sum(counts) >= least:
            expected[run] = counts
    assert article_counts((first, second), names, least) == expected


def slowly(document: array[int]) -> set[tuple[str, ...]]:
    breaks = [-1, *(place for place, one in enumerate(document) if one == 0), len(document)]
    parts = [document[start + 1 : end] for start, end in pairwise(breaks)]
    return {
        tuple(map(str, part[start : start + length]))
        for part in parts
        for length in range(1, LONGEST + 1)
        for start in range(len(part) - length + 1)
    }
