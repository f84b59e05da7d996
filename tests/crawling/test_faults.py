"""Every fault of a paper has its name in the report, and harms nothing that is stored."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from tests.crawling.making import ground
from tests.newsroom import Newsroom

pytestmark = pytest.mark.slow

NAME = "kontumtv"
ARTICLES = r"^/tin-tuc/[^/]+/[^/]+"
WHOLE_SITE = [
    ("http-403", "blocked", "http-403"),
    ("http-404", "failed", "http-404"),
    ("http-500", "failed", "http-500"),
    ("cookie-wall", "blocked", "cookie-wall"),
    ("challenge", "blocked", "http-403"),
    ("parked", "failed", "parked"),
    ("empty-page", "failed", "empty"),
    ("gzip-broken", "failed", "unreadable-answer"),
    ("gzip-bomb", "failed", "too-large"),
    ("redirect-loop", "failed", "too-many-redirects"),
    ("hang", "dead", "timeout"),
    ("cut", "failed", "truncated"),
    ("reset", "dead", "closed-connection"),
    ("refused", "dead", "refused-connection"),
    ("robots-forbid", "blocked", "forbidden-by-robots"),
    ("robots-500", "blocked", "robots-unavailable"),
]
ONE_PAGE = [
    ("http-500", "http-500"),
    ("http-404", "http-404"),
    ("cut", "truncated"),
    ("huge-page", "too-large"),
    ("gzip-bomb", "too-large"),
    ("redirect-home", "redirected-home"),
    ("redirect-loop", "too-many-redirects"),
    ("empty-article", "empty-body"),
    ("cookie-wall", "cookie-wall"),
    ("login-page", "login"),
    ("stall", "timeout"),
]
HARMLESS = [
    "gzip", "brotli", "gzip-unasked", "no-charset", "wrong-charset", "windows-1258", "invalid-utf8",
    "feed-html",
    "feed-broken", "feed-empty", "sitemap-html", "empty-listing", "robots-404",
]  # fmt: skip


@pytest.mark.parametrize(
    ("fault", "outcome", "reason"), WHOLE_SITE, ids=[fault for fault, _, _ in WHOLE_SITE]
)
def test_a_site_that_fails_is_named_and_what_is_stored_stays(
    fault: str, outcome: str, reason: str, tmp_path: Path
) -> None:
    with Newsroom(seed=1, articles={NAME: 3}) as room:
        place = ground(tmp_path, room.homes, timeout="2s")
        place.crawl(NAME)
        before = place.cases(NAME)
        room.publish(NAME, 1)
        room.fault(NAME, fault)
        code, report = place.crawl(NAME)
        assert (code, report.outcome) == (1, outcome)
        assert {way.outcome for way in report.ways} == {reason}
        assert report.trouble
        assert place.cases(NAME) == before
        room.heal(NAME)
        assert place.crawl(NAME)[0] == 0
        assert set(place.cases(NAME)) == {story.key for story in room.stories(NAME)}


@pytest.mark.parametrize(("fault", "reason"), ONE_PAGE, ids=[fault for fault, _ in ONE_PAGE])
def test_a_page_that_fails_stays_open_with_its_reason(fault: str, reason: str, tmp_path: Path) -> None:
    with Newsroom(seed=1, articles={NAME: 3}) as room:
        place = ground(tmp_path, room.homes, timeout="2s")
        spoilt = room.stories(NAME)[0]
        room.fault(NAME, fault, path=spoilt.path)
        code, report = place.crawl(NAME)
        assert (code, report.outcome) == (0, "done")
        assert report.reasons.get(f"failed: {reason}") == 1
        assert report.counts["open"] == 1
        assert set(place.cases(NAME)) == {story.key for story in room.stories(NAME)} - {spoilt.key}


@pytest.mark.parametrize("fault", HARMLESS)
def test_what_is_only_odd_costs_nothing(fault: str, tmp_path: Path) -> None:
    with Newsroom(seed=1, articles={NAME: 3}) as room:
        place = ground(tmp_path, room.homes)
        room.fault(NAME, fault)
        code, report = place.crawl(NAME)
        assert (code, report.outcome) == (0, "done")
        assert set(place.cases(NAME)) == {story.key for story in room.stories(NAME)}


def test_a_file_under_an_articles_address_is_refused(tmp_path: Path) -> None:
    with Newsroom(seed=1, articles={NAME: 3}) as room:
        place = ground(tmp_path, room.homes)
        room.fault(NAME, "not-html", path=room.stories(NAME)[0].path)
        _, report = place.crawl(NAME)
        assert report.reasons["refused: not-html"] == 1
        assert report.counts["open"] == 0


def test_a_paper_that_moved_is_told_with_its_new_host_and_not_followed(tmp_path: Path) -> None:
    with Newsroom(seed=1, articles={NAME: 3, "gialaitv": 3}) as room:
        place = ground(tmp_path, room.homes)
        host = room.home("gialaitv").removeprefix("http://")
        room.fault(NAME, "redirect-host", to=room.home("gialaitv"))
        code, report = place.crawl(NAME)
        assert (code, report.outcome) == (1, "moved")
        assert host in (report.trouble or "")
        assert room.requests("gialaitv") == ()


def test_an_article_that_leads_to_another_host_is_not_followed(tmp_path: Path) -> None:
    with Newsroom(seed=1, articles={NAME: 3, "gialaitv": 3}) as room:
        place = ground(tmp_path, room.homes)
        room.fault(NAME, "redirect-host", path=room.stories(NAME)[0].path, to=room.home("gialaitv"))
        _, report = place.crawl(NAME)
        assert report.reasons["failed: redirected-away"] == 1
        assert room.requests("gialaitv") == ()


def test_a_feed_that_lists_another_watched_paper_names_it(tmp_path: Path) -> None:
    with Newsroom(seed=1, articles={NAME: 3, "gialaitv": 3}) as room:
        place = ground(tmp_path, room.homes)
        room.fault(NAME, "feed-foreign", to=room.home("gialaitv"))
        _, report = place.crawl(NAME)
        assert report.reasons["foreign: belongs-to-gialaitv"] > 0
        assert report.counts["foreign"] > 0
        assert room.requests("gialaitv") == ()


def test_a_host_that_asks_for_a_pause_gets_it_and_the_page_comes(tmp_path: Path) -> None:
    with Newsroom(seed=1, articles={NAME: 3}) as room:
        place = ground(tmp_path, room.homes)
        room.fault(NAME, "http-429", times=1, path=r"^/feed/", after=1)
        code, _ = place.crawl(NAME)
        log = room.requests(NAME)
        refused = next(place for place, request in enumerate(log) if request.status == 429)
        assert log[refused + 1].clock - log[refused].clock >= 0.95
        assert code == 0
        assert set(place.cases(NAME)) == {story.key for story in room.stories(NAME)}


def test_a_host_that_wants_no_more_today_is_asked_no_more(tmp_path: Path) -> None:
    with Newsroom(seed=1, articles={NAME: 3}) as room:
        place = ground(tmp_path, room.homes)
        room.fault(NAME, "http-429", after=86_400)
        code, report = place.crawl(NAME)
        assert (code, report.outcome) == (1, "blocked")
        assert [request.path for request in room.requests(NAME)] == ["/robots.txt", "/feed/"]


def test_a_crawl_delay_is_kept(tmp_path: Path) -> None:
    with Newsroom(seed=1, articles={NAME: 2}) as room:
        room.fault(NAME, "robots-delay", seconds=0.4)
        ground(tmp_path, room.homes).crawl(NAME)
        log = room.requests(NAME)[1:]  # the first is robots.txt itself
        gaps = [after.clock - before.clock for before, after in pairwise(log)]
        assert min(gaps) >= 0.38


def test_a_host_that_fails_again_and_again_is_left_alone(tmp_path: Path) -> None:
    with Newsroom(seed=1, articles={NAME: 40}) as room:
        place = ground(tmp_path, room.homes)
        room.fault(NAME, "http-403", path=ARTICLES)
        code, report = place.crawl(NAME)
        assert (code, report.outcome) == (1, "blocked")
        asked = [request for request in room.requests(NAME) if request.status == 403]
        assert len(asked) < 30
        assert report.counts["open"] >= 40


def test_a_server_that_lies_about_304_is_found_out(tmp_path: Path) -> None:
    with Newsroom(seed=1, articles={"baohungyen": 5}) as room:
        place = ground(tmp_path, room.homes)
        place.crawl("baohungyen")
        room.fault("baohungyen", "lying-304")
        (published,) = room.publish("baohungyen", 1)
        for _ in range(14):
            place.crawl("baohungyen")
            if published.key in place.cases("baohungyen"):
                return
        raise AssertionError("the new article was never found")


def test_private_addresses_are_refused_unless_allowed(tmp_path: Path) -> None:
    with Newsroom(seed=1, articles={NAME: 2}) as room:
        place = ground(tmp_path, room.homes, allow_private_addresses=False)
        code, report = place.crawl(NAME)
        assert (code, report.outcome) == (1, "dead")
        assert {way.outcome for way in report.ways} == {"private-address"}
        assert room.requests(NAME) == ()


def test_a_name_that_leads_to_a_private_address_is_refused(tmp_path: Path) -> None:
    with Newsroom(seed=1, articles={NAME: 2}) as room:
        homes = {NAME: room.home(NAME).replace("127.0.0.1", "localhost")}
        place = ground(tmp_path, homes, allow_private_addresses=False)
        _, report = place.crawl(NAME)
        assert {way.outcome for way in report.ways} == {"private-address"}
        assert room.requests(NAME) == ()
