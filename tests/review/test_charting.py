"""Charts: what is drawn stays inside, is as high as it counts, and is labelled where there is room."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.review.charting import WIDTH, chart, scale, short_amount, spark
from crawler.review.estimating import wilson
from crawler.review.periods import Bucket
from crawler.review.rendering import days, percent, share
from crawler.review.tallying import Line, Sum

sums = st.builds(
    lambda found, unread, flagged, undecided, dropped: Sum(
        found,
        max(0, found - unread),
        flagged,
        max(0, flagged - undecided),
        max(0, flagged - undecided - dropped),
    ),
    *[st.integers(0, 10**7)] * 5,
)


@given(st.lists(sums, min_size=1, max_size=92))
def test_every_bar_stands_in_its_panel_and_its_parts_in_it(columns: list[Sum]) -> None:
    drawn = chart(Line("bao", tuple(columns)), [str(n) for n in range(len(columns))])
    for panel, top in ((drawn.upper, 0.0), (drawn.lower, drawn.strip_y)):
        for bar in panel.bars:
            assert drawn.left <= bar.x
            assert bar.x + bar.width <= WIDTH
            assert panel.base - bar.whole >= top
            assert bar.whole >= bar.part >= bar.inner >= 0
        assert [tick.value for tick in panel.ticks] == sorted({tick.value for tick in panel.ticks})
    assert drawn.feet[-1].text == str(len(columns) - 1)


@given(st.integers(0, 10**9))
def test_a_scale_reaches_over_its_values_in_at_most_three_steps(top: int) -> None:
    highest, step = scale(top)
    assert highest >= max(top, 1)
    assert highest % step == 0
    assert highest // step <= 3


def test_a_small_chart_draws_what_is_more_than_nothing_and_marks_blind_days() -> None:
    drawn = spark([Sum(10, 5, watched=1), Sum(), Sum(1000, 0, watched=1, blind=1)], cases=False)
    assert re.findall(r"M(\d+) 26V(\d+)", drawn.whole) == [("4", "25"), ("20", "0")]
    assert re.findall(r"M(\d+) 26V(\d+)", drawn.part) == [("4", "25")]
    assert drawn.blind == "M20 0V26"
    assert spark([], cases=True).whole == ""


def test_amounts_are_short_enough_for_a_column() -> None:
    told = [short_amount(count) for count in (0, 999, 1000, 1234, 9949, 9950, 34_400)]
    assert told == ["0", "999", "1,0k", "1,2k", "9,9k", "10k", "34k"]


def test_percents_differ_from_none_and_all_where_they_must() -> None:
    assert [percent(part, 1000) for part in (0, 1, 25, 500, 999, 1000)] == [
        "0 %", "0,1 %", "2,5 %", "50 %", "99,9 %", "100 %",
    ]  # fmt: skip
    assert percent(1, 10**6) == "0,1 %"
    assert [share(of) for of in (0.0, 0.0123, 1.0)] == ["0 %", "1,2 %", "100 %"]


def test_days_are_told_as_shortly_as_they_can_be() -> None:
    first = date(2026, 11, 3)
    assert days(Bucket(first, first)) == "03/11/2026"
    assert days(Bucket(first, date(2026, 12, 1))) == "03/11–01/12/2026"
    assert days(Bucket(date(2025, 12, 29), date(2026, 1, 4))) == "29/12/2025–04/01/2026"


# R's binom.wilson(2, 120), (0, 50), (50, 50), (1, 10), to four places.
@pytest.mark.parametrize(
    ("hits", "seen", "low", "high"),
    [(2, 120, 0.0046, 0.0588), (0, 50, 0.0, 0.0713), (50, 50, 0.9287, 1.0), (1, 10, 0.0179, 0.4042)],
)
def test_the_interval_of_wilson(hits: int, seen: int, low: float, high: float) -> None:
    told = wilson(hits, seen)
    assert told is not None
    assert list(told) == pytest.approx([low, high], abs=5e-4)


def test_nothing_seen_says_nothing() -> None:
    assert wilson(0, 0) is None
