"""What two texts share, and what lies between."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from storage.passages import Passage, gaps, shared

WORDS = st.lists(st.sampled_from("abcdefghijklmn"), max_size=60)


def test_a_replaced_word_lies_between_two_passages() -> None:
    one, other = ["nay", "có", "ba", "bị", "thương", "nhẹ"], ["nay", "có", "bốn", "bị", "thương", "nhẹ"]
    passages = shared(one, other)
    assert passages == (Passage(0, 0, 2), Passage(3, 3, 3))
    (gap,) = gaps(passages, (len(one), len(other)))
    assert (one[gap.start : gap.end], other[gap.other_start : gap.other_end]) == (["ba"], ["bốn"])


def test_what_repeats_is_found_between_what_does_not() -> None:
    one = list("abcxxxxdef")
    other = list("zabcxxxxdef")
    assert shared(one, other) == (Passage(0, 1, 10),)


@given(WORDS, WORDS)
def test_passages_are_equal_ascend_and_leave_nothing_out(one: list[str], other: list[str]) -> None:
    passages = shared(one, other)
    for passage in passages:
        assert one[passage.start : passage.end] == other[passage.other_start : passage.other_end]
    apart = list(gaps(passages, (len(one), len(other))))
    assert sum(p.length for p in passages) + sum(g.end - g.start for g in apart) == len(one)
    assert sum(p.length for p in passages) + sum(g.other_end - g.other_start for g in apart) == len(other)


@given(WORDS)
def test_a_text_shares_all_of_itself(words: list[str]) -> None:
    assert shared(words, words) == ((Passage(0, 0, len(words)),) if words else ())
