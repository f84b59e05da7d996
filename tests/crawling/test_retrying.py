"""When a failed link is tried again, and when a host is left alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawler.crawling.retrying import fate, gives_up, is_blocking

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def test_pauses_grow_from_none_to_days_and_then_end() -> None:
    due = [fate("http-500", attempts, NOW).next_attempt for attempts in range(8)]
    pauses = [moment - NOW for moment in due if moment]
    assert pauses == sorted(pauses)
    assert pauses[0] == timedelta()  # the next crawl tries again
    assert pauses[-1] >= timedelta(days=3)
    assert due[-1] is None


def test_what_is_set_aside_keeps_its_name() -> None:
    assert fate("timeout", 99, NOW).state == "failed"
    assert fate("timeout", 99, NOW).reason == "timeout"


@pytest.mark.parametrize("reason", ["http-404", "http-410", "redirected-home"])
def test_an_article_is_gone_only_the_fourth_time(reason: str) -> None:
    assert [fate(reason, attempts, NOW).state for attempts in range(4)] == [
        "failed",
        "failed",
        "failed",
        "gone",
    ]


def test_a_server_that_asks_for_patience_gets_it() -> None:
    later = NOW + timedelta(days=2)
    assert fate("http-503", 0, NOW, later).next_attempt == later


def test_a_short_retry_after_does_not_shorten_our_pause() -> None:
    soon = fate("http-503", 3, NOW, NOW + timedelta(seconds=1))
    assert soon.next_attempt == fate("http-503", 3, NOW).next_attempt


def test_a_file_is_refused_once_and_for_all() -> None:
    assert fate("not-html", 0, NOW).state == "refused"


@pytest.mark.parametrize("reason", ["cookie-wall", "empty-body", "listing", "no-title", "reading-timeout"])
def test_a_reading_that_failed_is_tried_again(reason: str) -> None:
    decided = fate(reason, 0, NOW)
    assert decided.state == "failed"
    assert decided.next_attempt is not None


def test_a_host_is_left_alone_after_a_row_of_blocking_failures() -> None:
    assert is_blocking("http-403")
    assert not is_blocking("empty-body")
    assert [gives_up(streak) for streak in (1, 4, 5)] == [False, False, True]
