"""Values come out of columns as they went in, and texts go in clean."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.columns import as_moment, clean, finer, fingerprint, moment
from storage.records import Dating, Image
from tests.storage.samples import NOON, article

moments = st.datetimes(
    timezones=st.integers(-14, 14).map(lambda hours: timezone(timedelta(hours=hours))),
    min_value=datetime(2, 1, 1),  # noqa: DTZ001  Hypothesis adds the zone
    max_value=datetime(9998, 12, 31),  # noqa: DTZ001  as above
)


@given(moments)
def test_a_moment_comes_back_in_utc(value: datetime) -> None:
    assert as_moment(moment(value)) == value
    assert as_moment(moment(value)).utcoffset() == timedelta(0)


@given(moments, moments)
def test_text_order_is_time_order(one: datetime, other: datetime) -> None:
    assert (moment(one) < moment(other)) == (one < other)
    assert len(moment(one)) == len(moment(other)) == 32


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        moment(datetime(2026, 11, 23))  # noqa: DTZ001  the naive one is what is refused


def test_a_moment_at_the_edge_of_the_calendar_does_not_break_a_write() -> None:
    vietnam = timezone(timedelta(hours=7))
    assert as_moment(moment(datetime(1, 1, 1, tzinfo=vietnam))).year == 1
    assert as_moment(moment(datetime.max.replace(tzinfo=timezone(-timedelta(hours=7))))).year == 9999


@given(st.text(st.characters(exclude_categories=[])))
def test_any_text_becomes_one_that_sqlite_takes(text: str) -> None:
    written = clean(text)
    assert written.encode().decode() == written
    assert "\0" not in written
    assert unicodedata.is_normalized("NFC", written)
    assert clean(written) == written


def test_the_fingerprint_sees_what_a_reader_reads() -> None:
    plain = article()
    told = (
        replace(plain, title="Khác"),
        replace(plain, lead=None),
        replace(plain, body="Khác"),
        replace(plain, authors=("Khác",)),
        replace(plain, images=(Image(plain.images[0].url, "Khác"),)),
    )
    assert len({fingerprint(one) for one in (plain, *told)}) == 6


def test_the_fingerprint_overlooks_what_papers_rewrite_without_touching_the_article() -> None:
    plain = article()
    retouched = replace(
        plain,
        url="https://baogio.vn/tin-1.html?zarsrc=31",
        section="Đời sống",
        tags=(),
        published=Dating(NOON, "day", "text"),
        images=(Image("https://anh.vn/khac.jpg", "Họp tổ"),),
    )
    assert fingerprint(retouched) == fingerprint(plain)


def test_the_finer_date_wins_and_the_first_of_equals() -> None:
    day, minute = Dating(NOON, "day", "url"), Dating(NOON, "minute", "meta")
    later = Dating(NOON.astimezone(UTC) + timedelta(hours=1), "minute", "text")
    assert finer(day, minute) == finer(minute, day) == minute
    assert finer(later, minute) == later
    assert finer(None, day) == finer(day, None) == day
    assert finer(None, None) is None
