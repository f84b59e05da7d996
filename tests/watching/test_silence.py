"""When a silence is strange, on papers played for months."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from crawler.watching.holidays import left
from crawler.watching.silence import LEAST_WATCHED, Habit, habit, silence, upper_gamma
from tests.watching.papers import DAILY, FADING, HOUR, PORTAL, SMALL, bulletin, midnight, played

BEGUN = midnight("2026-03-02")  # a Monday
WEEKS_LATER = midnight("2026-05-25")  # twelve, a Monday


def _known(hours: list[datetime], since: datetime = BEGUN, until: datetime = WEEKS_LATER) -> Habit:
    found = habit(hours, since, until)
    assert found is not None
    return found


def _strange(known: Habit, since: datetime, until: datetime) -> bool:
    return silence(known, since, until).strange


DAYS = (WEEKS_LATER - BEGUN).days


@pytest.mark.parametrize("paper", [DAILY, SMALL], ids=["daily", "small"])
def test_a_daily_paper_silent_since_friday_evening_is_strange_on_monday_noon(paper: object) -> None:
    known = _known(played(paper, BEGUN, DAYS, "a"))  # type: ignore[arg-type]  # one of two constants
    friday = WEEKS_LATER - 3 * 24 * HOUR + 20 * HOUR
    assert not _strange(known, friday, friday + 12 * HOUR)
    assert _strange(known, friday, WEEKS_LATER + 12 * HOUR)


def test_a_portal_of_working_days_is_well_all_sunday_and_on_monday_morning() -> None:
    known = _known(played(PORTAL, BEGUN, DAYS, "a"))
    friday = WEEKS_LATER - 3 * 24 * HOUR + 17 * HOUR
    assert not _strange(known, friday, WEEKS_LATER)
    assert not _strange(known, friday, WEEKS_LATER + 10 * HOUR)
    assert _strange(known, friday, WEEKS_LATER + 7 * 24 * HOUR)


def test_a_bulletin_may_leave_out_an_issue_but_not_two() -> None:
    known = _known(bulletin(BEGUN, 26, "a"), until=BEGUN + timedelta(weeks=26))
    issue = BEGUN + timedelta(weeks=25, days=3, hours=9)
    assert not _strange(known, issue, issue + timedelta(days=10))
    assert _strange(known, issue, issue + timedelta(days=20))


def test_tet_is_no_silence_to_be_told() -> None:
    begun, eve = midnight("2025-12-01"), midnight("2026-02-14")
    known = _known(played(PORTAL, begun, (eve - begun).days, "a"), begun, eve)
    assert not _strange(known, eve, midnight("2026-02-25"))
    assert _strange(known, midnight("2026-03-14"), midnight("2026-03-25"))  # as long, in another month


def test_a_paper_that_fades_is_called_silent_once_in_years_at_the_most() -> None:
    told = 0
    for seed in "abc":
        hours = played(FADING, BEGUN, 2 * 365, seed)
        for week in range(12, 100, 4):
            until = BEGUN + timedelta(weeks=week)
            known = _known(hours, max(BEGUN, until - timedelta(weeks=8)), until)
            after = [hour for hour in hours if until <= hour < until + timedelta(weeks=2)]
            told += sum(_strange(known, one, two) for one, two in pairwise(after))
    assert told <= 1


def test_nothing_is_said_of_a_source_that_is_hardly_known() -> None:
    hours = played(DAILY, BEGUN, 60, "a")
    assert habit(hours, BEGUN, BEGUN + LEAST_WATCHED - HOUR) is None
    assert habit(hours, BEGUN, BEGUN + LEAST_WATCHED) is not None
    assert habit(hours[:12], BEGUN, WEEKS_LATER) is None
    assert habit([], BEGUN, WEEKS_LATER) is None


def test_a_paper_that_rests_now_and_then_is_known_for_it() -> None:
    rests = (20, 21, 22, 23, 50, 51, 52, 53)
    hours = [hour for hour in played(DAILY, BEGUN, DAYS, "a") if (hour - BEGUN).days not in rests]
    known = _known(hours)
    assert not _strange(known, WEEKS_LATER, WEEKS_LATER + timedelta(days=4))
    assert _strange(known, WEEKS_LATER, WEEKS_LATER + timedelta(days=8))


def test_one_outage_in_the_past_does_not_blind_for_the_next() -> None:
    hours = [hour for hour in played(DAILY, BEGUN, DAYS, "a") if not 30 <= (hour - BEGUN).days < 40]
    assert _strange(_known(hours), WEEKS_LATER, WEEKS_LATER + timedelta(days=4))


def test_a_silence_of_no_length_or_before_its_time_is_none() -> None:
    known = _known(played(DAILY, BEGUN, DAYS, "a"))
    for until in (WEEKS_LATER, WEEKS_LATER - HOUR):
        assert silence(known, WEEKS_LATER, until).expected == 0
        assert not _strange(known, WEEKS_LATER, until)


@pytest.mark.parametrize(("shape", "over"), [(1.0, 0.5), (1.0, 12.0), (1.0, 300.0)])
def test_the_gamma_function_is_the_exponential_one_for_shape_one(shape: float, over: float) -> None:
    assert upper_gamma(shape, over) == pytest.approx(math.exp(-over), rel=1e-9)


@pytest.mark.parametrize("over", [0.1, 2.0, 5.0, 40.0])
def test_the_gamma_function_is_poissons_sum_for_whole_shapes(over: float) -> None:
    poisson = sum(math.exp(-over) * over**many / math.factorial(many) for many in range(4))
    assert upper_gamma(4.0, over) == pytest.approx(poisson, rel=1e-9)
    assert upper_gamma(0.5, over) == pytest.approx(math.erfc(math.sqrt(over)), rel=1e-9)


def test_holidays_are_those_of_vietnam() -> None:
    assert left(date(2030, 2, 2)) < left(date(2030, 9, 2)) < left(date(2030, 9, 3)) == 1.0
    assert left(date(2026, 2, 17)) == left(date(2026, 2, 23)) == 0.1
    assert left(date(2026, 2, 25)) == 1.0
