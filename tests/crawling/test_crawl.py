"""Crawls of the newsroom, end to end: what was published is stored, once, and nothing is asked twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest

from crawler.times import VIETNAM
from storage.records import RunReport
from storage.store import Store
from tests.crawling.making import Ground, ground, two_lines
from tests.newsroom import NAMES, Newsroom, Request, Story

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("crawl")]  # one first crawl of every paper for all


@pytest.fixture(scope="module")
def room() -> Iterator[Newsroom]:
    with Newsroom(seed=5, articles=60) as opened:
        yield opened


@pytest.fixture(scope="module")
def place(room: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return ground(tmp_path_factory.mktemp("crawl"), room.homes)


@pytest.fixture(scope="module")
def first(room: Newsroom, place: Ground) -> dict[str, tuple[int, RunReport]]:
    """The first crawl of every paper, in order."""
    return {name: place.crawl(name) for name in NAMES}


def articles_asked(requests: tuple[Request, ...], stories: tuple[Story, ...]) -> Counter[str]:
    """How often each article was asked for, by its address."""
    paths = {story.path for story in stories}
    return Counter(request.path for request in requests if request.path in paths)


@pytest.mark.parametrize("name", NAMES)
def test_everything_published_is_stored_once_and_nothing_else(
    name: str, room: Newsroom, place: Ground, first: dict[str, tuple[int, RunReport]]
) -> None:
    code, report = first[name]
    assert (code, report.outcome, report.trouble) == (0, "done", None)
    assert set(place.cases(name)) == {story.key for story in room.stories(name)}
    assert report.counts["kept"] == report.counts["new"] == report.counts["found"]
    assert report.counts["open"] == 0


@pytest.mark.parametrize("name", NAMES)
def test_titles_and_dates_are_the_published_ones(
    name: str, room: Newsroom, place: Ground, first: dict[str, tuple[int, RunReport]]
) -> None:
    cases = place.cases(name)
    for story in room.stories(name):
        article = cases[story.key].article
        assert article.title == story.title
        assert (article.published is None) == (story.published_at is None)
        if story.published_at is not None and article.published is not None:
            form = "%Y-%m-%d" if article.published.precision == "day" else "%Y-%m-%d %H:%M"
            told = article.published.at.astimezone(VIETNAM)
            assert told.strftime(form) == story.published_at.astimezone(VIETNAM).strftime(form)


@pytest.mark.parametrize("name", NAMES)
def test_a_second_crawl_fetches_no_article(
    name: str, room: Newsroom, place: Ground, first: dict[str, tuple[int, RunReport]]
) -> None:
    room.forget_requests()
    code, report = place.crawl(name)
    assert (code, report.counts["fetched"]) == (0, 0)
    assert articles_asked(room.requests(name), room.stories(name)) == {}
    polled = [request for request in room.requests(name) if request.status == 200]
    assert [request.path for request in polled if not re.search(r"robots|sitemap", request.path)] == []


def test_two_runs_are_recorded_with_their_ways(
    place: Ground, first: dict[str, tuple[int, RunReport]]
) -> None:
    with Store.open(place.db) as store:
        run = store.runs.latest()["kontumtv"]
    assert run.report.outcome == "done"
    assert {way.kind for way in run.report.ways} == {"feed", "sitemap", "listing"}


@pytest.mark.parametrize("name", ["baohatinh", "baohungyen", "kontumtv"])
def test_news_and_edits_are_picked_up(name: str, tmp_path: Path) -> None:
    with Newsroom(seed=6, articles={name: 12}) as room:
        place = ground(tmp_path, room.homes)
        place.crawl(name)
        published = room.publish(name, 3)
        room.forget_requests()
        _, report = place.crawl(name)
        assert report.counts["kept"] == 3
        assert set(articles_asked(room.requests(name), room.stories(name))) == {s.path for s in published}
        assert set(place.cases(name)) == {story.key for story in room.stories(name)}


@pytest.mark.parametrize("name", ["baohatinh", "kontumtv"])
def test_an_edit_that_a_feed_or_sitemap_tells_of_is_a_new_revision(name: str, tmp_path: Path) -> None:
    with Newsroom(seed=6, articles={name: 12}) as room:
        place = ground(tmp_path, room.homes)
        place.crawl(name)
        edited = room.edit(room.stories(name)[0].key)
        _, report = place.crawl(name)
        assert report.counts["revised"] == 1
        case = place.cases(name)[edited.key]
        assert case.revision == 2
        assert edited.body[0] in case.article.body


@pytest.mark.parametrize("name", NAMES)
def test_a_source_of_two_lines_finds_its_own_ways(name: str, tmp_path: Path) -> None:
    with Newsroom(seed=7, articles={name: 15}) as room:
        place = two_lines(tmp_path, "bao", room.home(name))
        code, report = place.crawl("bao")
        assert (code, report.outcome) == (0, "done")
        stored = {case.article.title for case in place.cases("bao").values()}
        assert {story.title for story in room.stories(name)} <= stored


@pytest.mark.parametrize("name", ["kontumtv", "gialaitv", "baohatinh"])
def test_a_source_of_two_lines_without_feed_or_sitemap_is_found_by_its_sections(
    name: str, tmp_path: Path
) -> None:
    with Newsroom(seed=7, articles={name: 15}) as room:
        for path in ("/feed", "/rss", "sitemap", "/robots.txt"):
            room.fault(name, "http-404", path)
        place = two_lines(tmp_path, "bao", room.home(name))
        place.crawl("bao")
        stored = {case.article.title for case in place.cases("bao").values()}
        assert {story.title for story in room.stories(name) if story.shape != "epi-old"} <= stored


def test_a_feed_that_the_paper_names_itself_steps_in_for_those_that_fail(tmp_path: Path) -> None:
    with Newsroom(seed=7, articles={"kontumtv": 15}) as room:
        room.fault("kontumtv", "http-404", "sitemap")
        home = room.home("kontumtv")
        place = two_lines(tmp_path, "bao", home, feeds=["/no-such.rss"], listings=["/"])
        _, report = place.crawl("bao")
        told = {way.url.removeprefix(home): way.outcome for way in report.ways if way.kind == "feed"}
        assert told.pop("/no-such.rss") == "http-404"
        assert "ok" in told.values()


def test_a_limit_is_kept_and_the_rest_stays_open(tmp_path: Path) -> None:
    with Newsroom(seed=8, articles={"kontumtv": 20}) as room:
        place = ground(tmp_path, room.homes)
        _, report = place.crawl("kontumtv", "--limit", "4")
        assert report.counts["fetched"] == 4
        assert report.counts["open"] == len(room.stories("kontumtv")) - 4
        place.crawl("kontumtv")
        assert set(place.cases("kontumtv")) == {story.key for story in room.stories("kontumtv")}


def test_what_lies_beyond_the_look_back_is_left_and_counted(tmp_path: Path) -> None:
    with Newsroom(seed=9, articles={"baohatinh": 40}) as room:
        place = ground(tmp_path, room.homes, look_back="1s", look_back_links=5)
        _, report = place.crawl("baohatinh")
        left = sum(
            count for reason, count in report.reasons.items() if "older" in reason or "files" in reason
        )
        assert left > 0
        assert len(place.cases("baohatinh")) < len(room.stories("baohatinh"))


def test_one_request_at_a_time_never_closer_than_the_delay(tmp_path: Path) -> None:
    with Newsroom(seed=10, articles={"kontumtv": 3}) as room:
        ground(tmp_path, room.homes, delay=0.6).crawl("kontumtv")
        log = room.requests("kontumtv")
    gaps = [after.clock - before.clock for before, after in pairwise(log)]
    assert len(gaps) > 8
    assert median(gaps) >= 0.6
    assert min(gaps) >= 0.55  # a turn begins before the connection is there, which takes its time


def test_we_say_who_we_are(tmp_path: Path) -> None:
    with Newsroom(seed=10, articles={"kontumtv": 1}) as room:
        ground(tmp_path, room.homes, contact="bao@example.vn").crawl("kontumtv")
        agents = {request.headers.get("user-agent", "") for request in room.requests("kontumtv")}
    assert len(agents) == 1
    assert "diembao/" in (agent := agents.pop())
    assert "bao@example.vn" in agent
