"""Every fault of a paper has its name in the report, and harms nothing that is stored."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from storage.store import Store
from tests.crawling.making import Ground, ground, two_lines
from tests.newsroom import Newsroom

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]  # one first crawl for all

NAME = "kontumtv"
ARTICLES = r"^/tin-tuc/[^/]+/[^/]+"
WHOLE_SITE = [
    ("http-403", "blocked", "http-403"),
    ("http-404", "failed", "http-404"),
    ("http-500", "failed", "http-500"),
    ("cookie-wall", "blocked", "cookie-wall"),
    ("challenge", "blocked", "http-403"),
    ("parked", "dead", "parked"),
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
BESIDE_ARTICLES = {"refused: menu-address", "refused: skip-pattern", "refused: no-article-address"}
ONE_PAGE = {
    "http-500": "failed: http-500",
    "http-404": "failed: http-404",
    "cut": "failed: truncated",
    "huge-page": "failed: too-large",
    "gzip-bomb": "failed: too-large",
    "redirect-home": "failed: redirected-home",
    "redirect-loop": "failed: too-many-redirects",
    "cookie-wall": "failed: cookie-wall",
    "login-page": "failed: login",
    "stall": "failed: timeout",
    "not-html": "refused: not-html",
}
ODD_PAGES = ("gzip", "brotli", "gzip-unasked", "no-charset", "wrong-charset", "windows-1258", "invalid-utf8")
ODD_WAYS = (
    ("feed-html", "feed:not-a-feed"),
    ("feed-broken", "feed:ok"),
    ("feed-empty", "feed:empty"),
    ("sitemap-html", "sitemap:not-a-sitemap"),
    ("empty-listing", "listing:empty"),
    ("robots-404", "feed:ok"),
)


@pytest.fixture(scope="module")
def room() -> Iterator[Newsroom]:
    with Newsroom(seed=1, articles={NAME: 14, "gialaitv": 3}) as opened:
        yield opened


@pytest.fixture(scope="module")
def crawled(room: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """A store that has seen the paper when it was well."""
    place = ground(tmp_path_factory.mktemp("crawled"), room.homes)
    assert place.crawl(NAME)[0] == 0
    return place


@pytest.fixture
def well(room: Newsroom) -> Iterator[Newsroom]:
    room.forget_requests()
    yield room
    room.heal(NAME)


def published(room: Newsroom) -> set[str]:
    return {story.key for story in room.stories(NAME)}


@pytest.mark.parametrize(
    ("fault", "outcome", "reason"), WHOLE_SITE, ids=[fault for fault, _, _ in WHOLE_SITE]
)
def test_a_site_that_fails_is_named_and_what_is_stored_stays(
    fault: str, outcome: str, reason: str, well: Newsroom, crawled: Ground, tmp_path: Path
) -> None:
    place = ground(tmp_path, well.homes, timeout="2s")
    shutil.copy(crawled.db, place.db)
    well.fault(NAME, fault)
    code, report = place.crawl(NAME, "--again")  # by hand: robots.txt of yesterday is not trusted
    assert (code, report.outcome) == (1, outcome)
    assert {way.outcome for way in report.ways} == {reason}
    assert report.trouble
    assert place.cases(NAME) == crawled.cases(NAME)


def test_a_feed_that_hangs_keeps_nobody_from_looking_at_a_home_that_answers(
    well: Newsroom, tmp_path: Path
) -> None:
    place = two_lines(tmp_path, NAME, well.home(NAME), feeds=["/feed/"])
    place.config.write_text(
        place.config.read_text(encoding="utf-8").replace('"5s"', '"1s"'), encoding="utf-8"
    )
    well.fault(NAME, "hang", path="/feed/")
    code, report = place.crawl(NAME)
    assert (code, report.outcome) == (0, "done")
    assert "timeout" in {way.outcome for way in report.ways if way.url.endswith("/feed/")}
    assert place.cases(NAME)


def test_a_site_that_is_well_again_is_crawled_as_if_nothing_had_been(tmp_path: Path) -> None:
    with Newsroom(seed=1, articles={NAME: 3}) as room:
        place = ground(tmp_path, room.homes)
        room.fault(NAME, "parked")
        assert place.crawl(NAME)[0] == 1
        room.heal(NAME)
        room.publish(NAME, 1)
        assert place.crawl(NAME)[0] == 0
        assert set(place.cases(NAME)) == published(room)


def test_each_page_that_fails_keeps_its_reason_and_harms_no_other(well: Newsroom, tmp_path: Path) -> None:
    place = ground(tmp_path, well.homes, timeout="4s", most_bytes=1_000_000)
    spoilt = dict(zip(ONE_PAGE, well.stories(NAME), strict=False))
    for fault, story in spoilt.items():
        well.fault(NAME, fault, path=story.path)
    code, report = place.crawl(NAME)
    assert (code, report.outcome) == (0, "done")
    named = {reason: count for reason, count in report.reasons.items() if reason not in BESIDE_ARTICLES}
    assert named == Counter(ONE_PAGE.values())
    assert report.counts["open"] == len(ONE_PAGE) - 1
    assert set(place.cases(NAME)) == published(well) - {story.key for story in spoilt.values()}


def test_pages_that_are_only_odd_are_kept(well: Newsroom, tmp_path: Path) -> None:
    place = ground(tmp_path, well.homes)
    for fault, story in zip(ODD_PAGES, well.stories(NAME), strict=False):
        well.fault(NAME, fault, path=story.path)
    code, _ = place.crawl(NAME)
    assert code == 0
    assert set(place.cases(NAME)) == published(well)


@pytest.mark.parametrize(("fault", "told"), ODD_WAYS, ids=[fault for fault, _ in ODD_WAYS])
def test_one_way_that_fails_is_told_and_the_others_find_everything(
    fault: str, told: str, well: Newsroom, tmp_path: Path
) -> None:
    place = ground(tmp_path, well.homes)
    well.fault(NAME, fault)
    code, report = place.crawl(NAME)
    assert (code, report.outcome) == (0, "done")
    assert told in {f"{way.kind}:{way.outcome}" for way in report.ways}
    assert set(place.cases(NAME)) == published(well)


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


def test_an_article_that_asks_for_a_long_pause_ends_the_crawl_and_costs_no_other_link(tmp_path: Path) -> None:
    with Newsroom(seed=1, articles={NAME: 6}) as room:
        place = ground(tmp_path, room.homes, delay=0.02)
        room.fault(NAME, "http-429", path=ARTICLES, after=86_400)
        code, report = place.crawl(NAME)
        asked = [request.status for request in room.requests(NAME)].count(429)
        assert (code, report.outcome) == (1, "blocked")
        assert (report.trouble or "").startswith("asked-to-wait")
        assert report.counts["fetched"] == 0  # pages
        assert asked <= 2  # one more may be under way when the answer comes
        with Store.open(place.db) as store:
            counts = store.links.counts(NAME)
        assert counts == {"new": report.counts["new"] - asked, "failed": asked}


def test_a_crawl_delay_is_kept(tmp_path: Path) -> None:
    with Newsroom(seed=1, articles={NAME: 2}) as room:
        room.fault(NAME, "robots-delay", seconds=0.4)
        ground(tmp_path, room.homes).crawl(NAME)
        log = room.requests(NAME)[1:]  # the first is robots.txt itself
        gaps = [after.clock - before.clock for before, after in pairwise(log)]
        assert min(gaps) >= 0.38


def test_a_host_that_fails_again_and_again_is_left_alone(tmp_path: Path) -> None:
    with Newsroom(seed=1, articles={NAME: 40}) as room:
        place = ground(tmp_path, room.homes, delay=0.02)
        room.fault(NAME, "http-403", path=ARTICLES)
        code, report = place.crawl(NAME)
        assert (code, report.outcome) == (1, "blocked")
        asked = [request for request in room.requests(NAME) if request.status == 403]
        assert len(asked) < 12
        assert report.counts["open"] >= 40


def test_a_server_that_lies_about_304_is_found_out(tmp_path: Path) -> None:
    with Newsroom(seed=1, articles={"baohungyen": 5}) as room:
        place = ground(tmp_path, room.homes)
        _, first = place.crawl("baohungyen")
        room.fault("baohungyen", "lying-304")
        (published,) = room.publish("baohungyen", 1)
        place.crawl("baohungyen")
        assert published.key not in place.cases("baohungyen")
        with Store.open(place.db) as store:
            for way in first.ways:
                known = store.polls.validators("baohungyen", way.url)
                if known is not None:
                    often = replace(known, unchanged=11)
                    store.polls.remember("baohungyen", way.url, often, datetime.now(UTC))
        place.crawl("baohungyen")
        assert published.key in place.cases("baohungyen")
        with Store.open(place.db) as store:
            assert store.polls.lied("baohungyen")
            assert set(store.polls.lied("baohungyen")) <= {way.url for way in first.ways}


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
