"""Quiet days are told from blind ones."""

from __future__ import annotations

from datetime import date, timedelta

from crawler.review.periods import Bucket
from crawler.review.sight import Looking, Sight, sights
from crawler.review.tallying import Line, Sum, added, line, of_days
from storage.counting import CaseCount, DayCount, Watch

TODAY = date(2026, 11, 25)
FIRST = TODAY - timedelta(days=9)


def crawls(*counted: tuple[int, int]) -> list[DayCount]:
    """Good and bad crawls of the ten days up to today."""
    days = [FIRST + timedelta(days=n) for n in range(10)]
    return [DayCount(day, "bao", 3, 1, *one) for day, one in zip(days, counted, strict=False)]


def seen(
    counted: list[DayCount], *, now: bool = True, first: date = FIRST, last: date = TODAY
) -> list[Sight]:
    told = sights(counted, Looking(Watch(first, last), TODAY, now), FIRST, TODAY)
    return [told[FIRST + timedelta(days=n)] for n in range(10)]


def test_a_day_without_one_good_crawl_is_blind_and_one_with_mostly_bad_ones_partly_so() -> None:
    told = seen(crawls((4, 0), (4, 1), (0, 4), (1, 3), (0, 0), (4, 0), (4, 0), (4, 0), (4, 0), (4, 0)))
    assert told[:6] == ["seen", "seen", "blind", "partly", "blind", "seen"]


def test_today_is_pending_until_a_crawl_has_ended() -> None:
    assert seen(crawls(*[(1, 0)] * 9, (0, 0)))[-1] == "pending"
    assert seen(crawls(*[(1, 0)] * 9, (0, 2)))[-1] == "blind"


def test_a_source_that_is_crawled_every_third_day_is_not_blind_in_between() -> None:
    every_third = crawls((1, 0), (0, 0), (0, 0), (1, 0), (0, 0), (0, 0), (1, 0), (0, 0), (0, 0), (1, 0))
    assert set(seen(every_third)) == {"seen"}
    stopped = crawls((1, 0), (0, 0), (0, 0), (1, 0), *[(0, 0)] * 6)
    assert seen(stopped)[4:] == ["blind"] * 5 + ["pending"]


def test_before_its_first_crawl_and_once_it_is_no_longer_watched_nothing_is_said() -> None:
    told = seen(
        crawls(*[(0, 0)] * 3, *[(1, 0)] * 3), now=False, first=FIRST + timedelta(3), last=FIRST + timedelta(5)
    )
    assert told == ["unwatched"] * 3 + ["seen"] * 3 + ["unwatched"] * 4
    assert set(sights([], Looking(None, TODAY, True), FIRST, TODAY).values()) == {"unwatched"}


def test_columns_add_up_days_and_lines_add_up_columns() -> None:
    buckets = [Bucket(FIRST, FIRST + timedelta(6)), Bucket(FIRST + timedelta(7), TODAY)]
    counted = crawls(*[(1, 0)] * 6, (0, 1), *[(1, 0)] * 3)
    cases = [CaseCount(FIRST, "bao", 5, 3, 2, 1), CaseCount(TODAY, "bao", 1, 0, 0, 0)]
    told = sights(counted, Looking(Watch(FIRST, TODAY), TODAY, True), FIRST, TODAY)
    one = line("bao", buckets, of_days(counted, cases, told))
    assert one.columns == (
        Sum(28, 21, 5, 3, 2, 1, watched=7, blind=1),
        Sum(12, 9, 1, 0, 0, 0, watched=3),
    )
    assert one.total == Sum(40, 30, 6, 3, 2, 1, watched=10, blind=1)
    assert one.total.waiting == 3
    both = added("", [one, Line("dai", (Sum(found=1), Sum(kept=1)))], 2)
    assert (both.columns[0].found, both.columns[1].kept, both.total.found) == (29, 1, 41)
