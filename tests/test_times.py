"""Time: aware, shown in Vietnam's zone, and refused when it is no time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawler.times import VIETNAM, day_start, duration, last_time, moment_meant, shown, time_of_day, utc_now


def test_the_clock_is_aware_and_in_utc() -> None:
    assert utc_now().tzinfo is UTC


def test_a_moment_is_shown_in_vietnam() -> None:
    assert shown(datetime(2026, 11, 22, 17, 30, tzinfo=UTC)) == "2026-11-23T00:30:00+07:00"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90s", timedelta(seconds=90)),
        ("1h30m", timedelta(minutes=90)),
        (" 2D ", timedelta(days=2)),
        ("0.5h", timedelta(minutes=30)),
        ("1w", timedelta(weeks=1)),
        ("2y", timedelta(days=730)),
    ],
)
def test_a_duration_is_read(text: str, expected: timedelta) -> None:
    assert duration(text) == expected


@pytest.mark.parametrize(
    "text", ["", "5", "m", "-5m", "0s", "5 minutes", "1h 30m", "999999d", "nan", "9" * 400 + "d"]
)
def test_what_is_no_duration_is_refused_with_the_right_way_to_write_it(text: str) -> None:
    with pytest.raises(ValueError, match=r"write it like|must be longer"):
        duration(text)


@pytest.mark.parametrize("text", ["2026-11-23", "23/11/2026", "23-11-2026", "23.11.2026", " 2026-11-23 "])
def test_a_day_begins_at_midnight_in_vietnam(text: str) -> None:
    assert day_start(text) == datetime(2026, 11, 23, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    "text",
    ["", "2026", "2026-02-30", "31/11/2026", "20261123", "2026-W47-1", "0001-01-01", "9999-12-31", "hôm qua"],
)
def test_what_is_no_day_is_refused_with_the_right_way_to_write_it(text: str) -> None:
    with pytest.raises(ValueError, match="is no day; write it like 2026-11-23"):
        day_start(text)


def test_a_time_of_day_is_read_and_found_in_the_past() -> None:
    at = time_of_day("03:30")
    assert (at.hour, at.minute) == (3, 30)
    noon = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
    assert shown(last_time(at, noon)) == "2026-11-23T03:30:00+07:00"
    assert shown(last_time(time_of_day("12:00"), noon)) == "2026-11-23T12:00:00+07:00"
    assert shown(last_time(time_of_day("12:01"), noon)) == "2026-11-22T12:01:00+07:00"


@pytest.mark.parametrize("text", ["", "3:30", "24:00", "03:60", "0330", "03:30+07:00"])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write it like 03:30"):
        time_of_day(text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-11-23", "2026-11-23T23:59:59.999999+07:00"),
        ("23/11/2026", "2026-11-23T23:59:59.999999+07:00"),
        ("2026-11-23T18:30", "2026-11-23T18:30:00+07:00"),
        (" 23/11/2026 18:30:15 ", "2026-11-23T18:30:15+07:00"),
        ("2026-11-23T11:30:00.123456+00:00", "2026-11-23T18:30:00.123456+07:00"),
    ],
)
def test_a_moment_is_meant_in_vietnam_and_a_day_alone_is_its_end(text: str, meant: str) -> None:
    assert moment_meant(text) == datetime.fromisoformat(meant)


@pytest.mark.parametrize(
    "text", ["", "hôm qua", "2026-11-23T", "2026-11-23 25:00", "18:30", "2026-13-01 10:00"]
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no moment"):
        moment_meant(text)
