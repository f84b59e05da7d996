"""Which days are meant by a week, a month or a span, and what is answered to what means none."""

from __future__ import annotations

from datetime import date

import pytest

from crawler.errors import UsageError
from crawler.reporting.period import days_of, month_of, week_of

TODAY = date(2026, 11, 25)  # a Wednesday of week 48


@pytest.mark.parametrize(
    ("text", "today", "first", "stem"),
    [
        ("", TODAY, date(2026, 11, 16), "2026-W47"),
        ("", date(2026, 11, 23), date(2026, 11, 16), "2026-W47"),
        ("", date(2027, 1, 5), date(2026, 12, 28), "2026-W53"),
        ("47", TODAY, date(2026, 11, 16), "2026-W47"),
        ("48", TODAY, date(2026, 11, 23), "2026-W48"),
        ("49", TODAY, date(2025, 12, 1), "2025-W49"),
        ("53", date(2027, 1, 5), date(2026, 12, 28), "2026-W53"),
        ("2026-W01", TODAY, date(2025, 12, 29), "2026-W01"),
        ("2026w1", TODAY, date(2025, 12, 29), "2026-W01"),
        ("2026-11-22", TODAY, date(2026, 11, 16), "2026-W47"),
        ("22/11/2026", TODAY, date(2026, 11, 16), "2026-W47"),
    ],
)
def test_a_week_is_the_last_one_over_or_the_one_named(text: str, today: date, first: date, stem: str) -> None:
    found = week_of(text, today)
    assert (found.first, found.days, found.stem, found.kind) == (first, 7, stem, "week")


@pytest.mark.parametrize("text", ["0", "54", "2025-W53", "tuần 47", "2026-13-01", "2026-11"])
def test_what_is_no_week_is_answered_with_how_to_write_one(text: str) -> None:
    with pytest.raises(UsageError, match="is no week; write it like 47, 2026-W47 or 2026-11-18"):
        week_of(text, TODAY)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("", date(2026, 10, 1), date(2026, 10, 31)),
        ("2026-11", date(2026, 11, 1), date(2026, 11, 30)),
        ("2/2024", date(2024, 2, 1), date(2024, 2, 29)),
    ],
)
def test_a_month_is_the_last_one_over_or_the_one_named(text: str, first: date, last: date) -> None:
    found = month_of(text, TODAY)
    assert (found.first, found.last, found.stem) == (first, last, f"{first:%Y-%m}")


@pytest.mark.parametrize("text", ["2026", "2026-11-01", "13/2026", "tháng 11"])
def test_what_is_no_month_is_answered_with_how_to_write_one(text: str) -> None:
    with pytest.raises(UsageError, match="is no month; write it like 2026-11 or 11/2026"):
        month_of(text, TODAY)


def test_days_are_told_one_by_one_up_to_a_month_and_by_week_beyond() -> None:
    month = days_of(date(2026, 10, 1), date(2026, 10, 31), TODAY)
    longer = days_of(date(2026, 10, 1), date(2026, 11, 1), TODAY)
    assert (len(month.columns), len(longer.columns)) == (31, 5)
    assert longer.columns[0].last == date(2026, 10, 4)
    assert longer.stem == "2026-10-01_2026-11-01"


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2026, 11, 2), date(2026, 11, 1), "--since is later than --until"),
        (date(2025, 1, 1), date(2026, 11, 1), "670 days are too many"),
        (date(2026, 11, 26), date(2026, 11, 27), "which is still to come"),
    ],
)
def test_days_that_cannot_be_told_are_refused(first: date, last: date, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        days_of(first, last, TODAY)


def test_a_week_to_come_is_refused() -> None:
    with pytest.raises(UsageError, match="begin on 2026-11-30, which is still to come"):
        week_of("2026-W49", TODAY)


def test_a_period_is_open_until_its_last_day_is_over() -> None:
    assert week_of("48", TODAY).is_open(date(2026, 11, 29))
    assert not week_of("48", TODAY).is_open(date(2026, 11, 30))
