"""Numbers and days as Vietnamese print sets them, and what foreign text may not do to ours."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.reporting import typography
from storage.records import Dating

AT = datetime(2026, 2, 3, 17, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, "0"), (999, "999"), (1234, "1.234"), (12_345_678, "12.345.678"), (1234.5, "1.234,5"), (2.0, "2")],
)
def test_thousands_have_a_point_and_fractions_a_comma(value: float, said: str) -> None:
    assert typography.amount(value) == said


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [(1, 8, "12,5%"), (0, 5, "0%"), (5, 5, "100%"), (1, 2, "50%"), (1, 9999, "0,1%"), (9998, 9999, "99,9%"),
     (0, 0, "–")],
)  # fmt: skip
def test_a_share_is_never_rounded_to_none_or_to_all(part: int, whole: int, said: str) -> None:
    assert typography.percent(part, whole) == said


def test_days_keep_their_numbers_with_their_words() -> None:
    day = date(2026, 2, 3)
    assert typography.long_day(day) == "ngày\u00a03 tháng\u00a02 năm\u00a02026"
    assert typography.official_day(day) == "ngày\u00a003 tháng\u00a002 năm\u00a02026"
    assert typography.official_day(date(2026, 3, 12)) == "ngày\u00a012 tháng\u00a03 năm\u00a02026"
    assert typography.days(date(2026, 11, 16), date(2026, 11, 22)) == "16/11–22/11/2026"
    assert typography.days(date(2025, 12, 29), date(2026, 1, 4)) == "29/12/2025–04/01/2026"


def test_a_moment_is_told_on_vietnams_clock_and_no_more_precisely_than_known() -> None:
    assert typography.dating(Dating(AT, "minute", "feed")) == "00:05 ngày\u00a004/02/2026"
    assert typography.dating(Dating(AT, "day", "feed")) == "ngày\u00a004/02/2026"


def test_foreign_text_loses_what_xml_forbids_and_what_turns_or_hides_letters() -> None:
    hostile = "Tin\x00 \x1b[31mđỏ\u202e ngược\u2066\u200b\ufeff\u00ad\ud800\uffff\n\n\tcuối "
    assert typography.clean(hostile) == "Tin [31mđỏ ngược cuối"


@given(st.text(max_size=200), st.integers(8, 60))
def test_a_cut_text_is_no_longer_than_asked(text: str, most: int) -> None:
    found = typography.cut(text, most)
    assert len(found) <= most
    assert found == text or found.endswith("…")


def test_chapters_are_numbered_in_roman() -> None:
    assert [typography.roman(number) for number in (1, 4, 6, 9, 14, 39)] == [
        "I", "IV", "VI", "IX", "XIV", "XXXIX",
    ]  # fmt: skip
