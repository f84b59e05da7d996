"""Ways are looked for where papers usually have them, and not again at every poll."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.crawling.discovery import is_worth_asking
from storage.records import Validators
from tests.crawling.making import two_lines
from tests.newsroom import Newsroom

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def known(links: int, settled_at: datetime | None) -> Validators:
    return Validators(None, None, 0, links, settled_at)


def test_a_usual_address_that_led_to_nothing_is_asked_again_a_day_later() -> None:
    assert is_worth_asking(None, NOW)
    assert not is_worth_asking(known(0, NOW - HOUR), NOW)
    assert is_worth_asking(known(0, NOW - 24 * HOUR), NOW)


def test_a_usual_address_that_has_shown_links_is_asked_at_every_poll() -> None:
    assert is_worth_asking(known(50, NOW - HOUR), NOW)
    assert is_worth_asking(known(-1, None), NOW)


def test_a_clock_that_was_set_back_keeps_no_address_from_being_asked() -> None:
    assert is_worth_asking(known(0, NOW + 48 * HOUR), NOW)


@pytest.mark.slow
def test_a_paper_without_feeds_is_asked_for_them_once_a_day_only(tmp_path: Path) -> None:
    with Newsroom(seed=1, articles={"baohungyen": 3}) as room:
        place = two_lines(tmp_path, "paper", room.home("baohungyen"))
        assert place.crawl("paper")[0] == 0
        first = {request.path for request in room.requests("baohungyen") if request.status == 404}
        room.forget_requests()
        assert place.crawl("paper")[0] == 0
        second = {request.path for request in room.requests("baohungyen") if request.status == 404}
    assert {"/feed/", "/sitemap.xml"} <= first
    assert not second & {"/feed/", "/sitemap.xml", "/rss", "/wp-sitemap.xml"}
