"""When the watchdog is fed, when a start may take longer, and what the status line says."""

from __future__ import annotations

import pytest

from crawler.watching.supervising import Vitals, status_line, still_works, wants_feeding

WATCHDOG = 120.0


def test_the_watchdog_is_fed_on_the_stores_first_answer() -> None:
    assert wants_feeding(Vitals(asked_at=10, answered_at=10), 10, WATCHDOG)


def test_a_store_that_was_never_asked_feeds_nobody() -> None:
    assert not wants_feeding(Vitals(), 10, WATCHDOG)


def test_it_is_fed_four_times_in_its_time_and_not_every_second() -> None:
    assert not wants_feeding(Vitals(asked_at=39, answered_at=39, fed_at=10), 39, WATCHDOG)
    assert wants_feeding(Vitals(asked_at=40, answered_at=40, fed_at=10), 40, WATCHDOG)


@pytest.mark.parametrize(
    "vitals",
    [
        pytest.param(
            Vitals(asked_at=50, answered_at=49, fed_at=10), id="the newest question went unanswered"
        ),
        pytest.param(Vitals(asked_at=50, answered_at=61, took=11, fed_at=10), id="the answer came too late"),
        pytest.param(Vitals(asked_at=10, answered_at=10, fed_at=0), id="the answer is of long ago"),
    ],
)
def test_it_starves_where(vitals: Vitals) -> None:
    assert not wants_feeding(vitals, 62, WATCHDOG)


def test_a_short_watchdog_wants_quick_answers() -> None:
    slow = Vitals(asked_at=10, answered_at=13, took=3)
    assert wants_feeding(slow, 13, WATCHDOG)
    assert not wants_feeding(slow, 13, 4)


def test_a_start_that_uses_the_processor_still_works() -> None:
    assert still_works(1.0, 1.2)
    assert not still_works(1.0, 1.001)


def test_the_status_says_what_is_watched_and_crawled() -> None:
    assert status_line(1, frozenset()) == "watching 1 source"
    assert status_line(3, frozenset({"b", "a"})) == "watching 3 sources; crawling a, b"
