"""Which days an overview is of, and its columns."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.review.periods import Period, period_of, usual
from crawler.review.wording import Refused

TODAY = date(2026, 11, 25)  # a Wednesday


def test_the_usual_periods_end_today() -> None:
    days, weeks = usual("28d", TODAY), usual("12w", TODAY)
    assert (days.first, days.last, len(days.buckets)) == (date(2026, 10, 29), TODAY, 28)
    assert (weeks.first, weeks.last, len(weeks.buckets)) == (date(2026, 9, 7), TODAY, 12)
    assert [bucket.days for bucket in weeks.buckets] == [7] * 11 + [3]


def test_weeks_begin_on_monday_and_the_edges_are_cut() -> None:
    period = Period(date(2026, 11, 4), date(2026, 11, 17), "week", "own")
    told = [(bucket.first.day, bucket.last.day) for bucket in period.buckets]
    assert told == [(4, 8), (9, 15), (16, 17)]


@given(
    st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(1, 366), st.sampled_from(["day", "week", None])
)
def test_the_columns_of_a_period_are_its_days_each_once_and_its_address_names_it(
    first: date, days: int, by: str | None
) -> None:
    stated = {"from": first.isoformat(), "until": (first + timedelta(days=days - 1)).isoformat()}
    try:
        period = period_of(stated | ({"by": by} if by else {}), TODAY)
    except Refused:
        assert by == "day" and days > 92  # noqa: PT018 — one reason
        return
    held = [bucket.first + timedelta(days=n) for bucket in period.buckets for n in range(bucket.days)]
    assert held == [first + timedelta(days=n) for n in range(days)]
    assert period_of(dict(parse_qsl(urlsplit(period.address()).query)), TODAY) == period


def test_days_are_read_as_vietnamese_write_them() -> None:
    period = period_of({"from": "1/11/2026", "until": "07.11.2026"}, TODAY)
    assert (period.first, period.last, period.by) == (date(2026, 11, 1), date(2026, 11, 7), "day")
    assert period_of({"from": "", "until": ""}, TODAY) == usual("28d", TODAY)


@pytest.mark.parametrize(
    "stated",
    [
        {"period": "9y"},
        {"from": "hôm qua"},
        {"from": "2026-02-30"},
        {"from": "9" * 5000},
        {"from": "2026-11-02", "until": "2026-11-01"},
        {"from": "2020-01-01"},
        {"from": "2026-11-01", "by": "tháng"},
        {"from": "2026-01-01", "by": "day"},
    ],
)
def test_what_is_no_period_is_refused_with_a_sentence(stated: dict[str, str]) -> None:
    with pytest.raises(Refused) as refused:
        period_of(stated, TODAY)
    assert refused.value.detail
