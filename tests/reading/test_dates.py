"""Dates: every form the papers write, and what is no date at all."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.reading import parse_moment
from crawler.times import VIETNAM
from storage.records import Origin
from tests.reading.pages import NOW

SEEN: list[tuple[str, str, str]] = [
    ("Cập nhật: 18:29 28/09/2021 GMT+7", "2021-09-28T18:29:00", "minute"),
    ("11/10/2025 10:02", "2025-10-11T10:02:00", "minute"),
    ("PV - 11/03/2026 18:59", "2026-03-11T18:59:00", "minute"),
    ("22/6/2018", "2018-06-22T00:00:00", "day"),
    ("2019-08-29 04:15:00", "2019-08-29T04:15:00", "second"),
    ("Thứ 5, 24.09.2020 | 09:53:53", "2020-09-24T09:53:53", "second"),
    ("08/07/2024 11:38", "2024-07-08T11:38:00", "minute"),
    ("31/8/2023", "2023-08-31T00:00:00", "day"),
    ("Thứ năm, 2/11/2023, 19:20 (GMT+7)", "2023-11-02T19:20:00", "minute"),
    ("Thứ Hai, 23/11/2026, 08:15 [GMT+7]", "2026-11-23T08:15:00", "minute"),
    ("Thứ Sáu, 09/07/2021, 09:30 [GMT +7]", "2021-07-09T09:30:00", "minute"),
    ("12/11/2023 8:05 CH", "2023-11-12T20:05:00", "minute"),
    ("12/11/2023 8:05 SA", "2023-11-12T08:05:00", "minute"),
    ("12/11/2023 12:05 SA", "2023-11-12T00:05:00", "minute"),
    ("07-03-2026 - 09:40 AM | Thị trường", "2026-03-07T09:40:00", "minute"),
    ("07-03-2026 - 00:01 AM", "2026-03-07T00:01:00", "minute"),
    ("07-03-2026 - 14:30 PM", "2026-03-07T14:30:00", "minute"),
    ("Ngày 3 tháng 4 năm 2023", "2023-04-03T00:00:00", "day"),
    ("14:05, Thứ ba ngày 28 tháng 3 năm 2023", "2023-03-28T14:05:00", "minute"),
    ("28 Tháng Ba, 2023", "2023-03-28T00:00:00", "day"),
    ("30/11/12 04:00 chiều", "2012-11-30T16:00:00", "minute"),
    ("Cập nhật thứ hai, ngày 24/12/12 11:05 tối", "2012-12-24T23:05:00", "minute"),
    ("2023-04-03 07:30", "2023-04-03T07:30:00", "minute"),
    ("19h30 ngày 5/6/2023", "2023-06-05T19:30:00", "minute"),
    ("Ngày đăng: 5-3-2023 | 14 giờ 05 phút", "2023-03-05T14:05:00", "minute"),
    ("23:02 , 06/03/2026", "2026-03-06T23:02:00", "minute"),
    ("| 21/12/2012 - 08:04", "2012-12-21T08:04:00", "minute"),
    ("March 28, 2023 8:30 pm", "2023-03-28T20:30:00", "minute"),
    ("Xuất bản 10/02/2022 08:00 - Cập nhật 11/02/2022 09:00", "2022-02-10T08:00:00", "minute"),
    ("Cập nhật 11/02/2022 09:00 - Xuất bản 10/02/2022 08:00", "2022-02-10T08:00:00", "minute"),
]
STRUCTURED: list[tuple[Origin, str, str, str]] = [
    ("meta", "2026-09-07T17:52:56+0700", "2026-09-07T17:52:56", "second"),
    ("meta", "2026-09-07T10:52:56Z", "2026-09-07T17:52:56", "second"),
    ("meta", "2026-09-07T10:52:56+00:00", "2026-09-07T17:52:56", "second"),
    ("meta", "2026-09-07T10:52:56.123+0000", "2026-09-07T17:52:56", "second"),
    ("meta", "2026-03-07T00:01:00", "2026-03-07T00:01:00", "second"),
    ("meta", "2019-02-18T17:34:20+08:00", "2019-02-18T17:34:20", "second"),
    ("meta", "03/04/2023", "2023-04-03T00:00:00", "day"),
    ("meta", "2025-10-11T00:00:00+07:00", "2025-10-11T00:00:00", "day"),
    ("meta", "2026-01-08", "2026-01-08T00:00:00", "day"),
    ("meta", "1760151728", "2025-10-11T10:02:08", "second"),
    ("meta", "1760151728123", "2025-10-11T10:02:08", "second"),
    ("json-ld", "2023-04-03T07:30:11.000 +07:00", "2023-04-03T07:30:11", "second"),
    ("json-ld", "1/21/2022 8:12:40 AM", "2022-01-21T08:12:40", "second"),
    ("feed", "Mon, 23 Nov 2026 08:15:00 GMT+7", "2026-11-23T08:15:00", "second"),
    ("feed", "Mon, 23 Nov 2026 08:15:00 +0700", "2026-11-23T08:15:00", "second"),
    ("feed", "Mon, 23 Nov 2026 01:15:00 GMT", "2026-11-23T08:15:00", "second"),
    ("feed", "Mon, 23 Nov 2026 01:15:00 +0000", "2026-11-23T08:15:00", "second"),
    ("feed", "2026-11-23 08:15:00", "2026-11-23T08:15:00", "second"),
    ("sitemap", "2026-11-22T21:15:09+07:00", "2026-11-22T21:15:09", "second"),
]
NONE = [
    "",
    "Sáng nay (31.8)",
    "ngày 28/3",
    "32/13/2023",
    "30/02/2024",
    "25/11/2026",
    "1/1/1990",
    "192.168.1.2",
    "9999-12-31T23:59:59Z",
    "0001-01-01T00:00:00Z",
    "Kế hoạch số 157-KH/TU",
    "0914 123 456",
    "2 giờ trước",
    "18:29",
]


@pytest.mark.parametrize(("text", "moment", "precision"), SEEN)
def test_every_printed_form_is_read_day_first_with_its_time(text: str, moment: str, precision: str) -> None:
    found = parse_moment(text, "text", NOW)
    assert found is not None
    assert (found.at.astimezone(VIETNAM).isoformat()[:19], found.precision) == (moment, precision)
    assert found.origin == "text"


@pytest.mark.parametrize(("origin", "text", "moment", "precision"), STRUCTURED)
def test_every_machine_form_is_read_on_vietnams_clock(
    origin: Origin, text: str, moment: str, precision: str
) -> None:
    found = parse_moment(text, origin, NOW)
    assert found is not None
    assert (found.at.astimezone(VIETNAM).isoformat()[:19], found.precision) == (moment, precision)
    assert found.origin == origin


@pytest.mark.parametrize("text", NONE)
def test_what_names_no_plausible_day_is_no_date(text: str) -> None:
    assert parse_moment(text, "text", NOW) is None


def test_a_date_that_reads_both_ways_in_american_dress_tells_nothing() -> None:
    assert parse_moment("3/4/2022 8:12:40 AM", "json-ld", NOW) is None


def test_decomposed_letters_are_read_like_composed_ones() -> None:
    text = unicodedata.normalize("NFD", "Ngày 3 tháng 4 năm 2023, 19 giờ 30")
    assert parse_moment(text, "text", NOW) == parse_moment("3/4/2023 19:30", "text", NOW)


def test_tomorrow_may_be_scheduled_but_the_day_after_is_refused() -> None:
    soon, late = NOW + timedelta(hours=20), NOW + timedelta(hours=30)
    assert parse_moment(soon.isoformat(), "meta", NOW) is not None
    assert parse_moment(late.isoformat(), "meta", NOW) is None


@given(st.datetimes(min_value=datetime(1996, 1, 1), max_value=datetime(2026, 11, 22)))  # noqa: DTZ001 - hypothesis wants naive bounds
def test_what_papers_print_is_read_back(at: datetime) -> None:
    moment = at.replace(second=0, microsecond=0, tzinfo=VIETNAM)
    for form in (
        "%d/%m/%Y %H:%M",
        "%H:%M %d/%m/%Y",
        "%Y-%m-%dT%H:%M",
        "%d-%m-%Y - %H:%M",
        "%d.%m.%Y | %H:%M",
    ):
        found = parse_moment(moment.strftime(form), "text", NOW)
        assert found is not None
        assert found.at == moment


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader_of_dates(text: str) -> None:
    found = parse_moment(text, "text", NOW)
    assert found is None or found.at.tzinfo is not None
