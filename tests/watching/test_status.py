"""The status of sources: as records, as JSON, as a table."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.config.model import Config, Crawl, Review, Source
from crawler.crawling.locks import HostLock
from crawler.review.watched import ills
from crawler.watching.gaps import gaps
from crawler.watching.showing import Showing
from crawler.watching.status import SourceStatus, all_healthy, status_json, statuses
from crawler.watching.statustable import display_width, status_table
from storage.records import FoundLink, Outcome, RunReport, Validators, Way
from storage.store import Store
from tests.watching.making import DAY, HOUR, MINUTE, NOW, feed, source


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "a.sqlite") as opened:
        yield opened


def _ran(
    store: Store, outcome: Outcome, ago: timedelta, name: str = "bao", trouble: str | None = None
) -> None:
    counts = {"found": 40, "new": 3, "fetched": 3, "kept": 2, "flagged": 1, "failed": 1}
    report = RunReport(outcome, counts, {"failed: http-500": 1}, (feed(),), trouble)
    store.runs.end(store.runs.begin(name, 42, NOW - ago), report, NOW - ago + MINUTE)


def _statuses(store: Store, *sources: Source) -> tuple[SourceStatus, ...]:
    by_name = {each.name: each for each in sources or (source(),)}
    return statuses(store, Config(Path("c"), store.path, Crawl(), Review(), by_name, ()), NOW)


def test_a_status_tells_what_was_how_it_is_and_what_comes(store: Store) -> None:
    _ran(store, "done", 10 * MINUTE)
    store.links.offer(
        "bao", [FoundLink("bao:1", "https://bao.example/1", "feed", "https://bao.example/rss")], NOW
    )
    (status,) = _statuses(store)
    assert status.healthy
    assert status.last is not None
    assert status.last.report.counts["kept"] == 2
    assert status.last_success == NOW - 10 * MINUTE
    assert status.next_due == NOW + 20 * MINUTE
    assert (status.running_since, status.open_links, dict(status.links)) == (None, 1, {"new": 1})


def test_sources_are_told_in_the_order_of_config_and_one_ill_source_is_enough(store: Store) -> None:
    _ran(store, "done", MINUTE, "z")
    _ran(store, "dead", MINUTE, "a")
    found = _statuses(store, source("z"), source("a"), source("off", enabled=False))
    assert [status.name for status in found] == ["z", "a", "off"]
    assert [status.health.state for status in found] == ["well", "dead", "disabled"]
    assert not all_healthy(found)
    assert all_healthy([found[0], found[2]])


def test_a_source_never_crawled_is_due_now(store: Store) -> None:
    (status,) = _statuses(store)
    assert (status.last, status.last_success, status.next_due) == (None, None, NOW)
    assert status.health.state == "unwatched"


def test_a_source_that_keeps_failing_says_why_it_waits(store: Store) -> None:
    _ran(store, "done", 5 * HOUR)
    _ran(store, "dead", 2 * HOUR)
    _ran(store, "dead", 10 * MINUTE)
    (status,) = _statuses(store)
    assert status.next_due == NOW + 50 * MINUTE
    assert status.why_then == "failed 2 times in a row: waits 1h, not 30m"


def test_a_crawl_under_way_is_told_as_long_as_it_holds_its_host(store: Store) -> None:
    _ran(store, "done", HOUR)
    store.runs.begin("bao", 42, NOW - 5 * MINUTE)
    with HostLock(store.path, "bao.example"):
        (status,) = _statuses(store)
        assert status.running_since == NOW - 5 * MINUTE
        assert status.next_due is None
    (status,) = _statuses(store)
    assert status.running_since is None
    assert status.last is not None
    assert status.last.report.outcome == "interrupted"


def test_a_run_long_ago_is_still_the_last_one(store: Store) -> None:
    _ran(store, "done", 400 * 24 * HOUR)
    (status,) = _statuses(store)
    assert status.last is not None
    assert status.health.state == "unwatched"
    assert not status.healthy


def test_the_json_is_complete_and_plain(store: Store) -> None:
    _ran(store, "blocked", 10 * MINUTE, trouble="http-403 from the home")
    (status,) = _statuses(store)
    read = json.loads(json.dumps(status_json(status)))
    assert read["last_run"] == "2026-11-23T07:50:00+07:00"
    assert read["next_due"] == "2026-11-23T08:20:00+07:00"
    assert (read["state"], read["healthy"], read["last_success"]) == ("blocked", False, None)
    assert read["counts"]["flagged"] == 1
    assert read["reasons"] == {"failed: http-500": 1}
    assert read["ways"] == [{"kind": "feed", "url": "https://bao.example/rss", "outcome": "ok", "links": 20}]
    assert len(read["complaints"]) == 1


def test_the_table_sets_columns_under_their_heads(store: Store) -> None:
    _ran(store, "done", 10 * MINUTE, "bao_rat_dai")
    _ran(store, "dead", 26 * HOUR, "b", "name not known")
    store.links.offer("bao_rat_dai", [FoundLink("k", "https://bao.example/1", "feed", "f")], NOW)
    store.links.mark("bao_rat_dai", "k", "failed", "http-500", None, NOW)
    found = _statuses(store, source("bao_rat_dai"), source("b"), source("c"))
    head, first, second, third, *remarks = status_table(found, NOW).splitlines()
    assert first.index("well") == second.index("dead") == third.index("unwatched") == head.index("state")
    assert head.index("found") + len("found") == first.index(" 40") + 3
    assert "07:50, done" in first
    assert "in 20m" in first
    assert "22/11 06:00, dead" in second
    assert third.split()[2:5] == ["–", "never", "never"]
    assert remarks[0] == ""
    assert any("b: nothing can be had from https://b.example/ (name not known)" in line for line in remarks)
    assert "bao_rat_dai: 1 × failed: http-500" in remarks


def test_a_table_of_the_well_has_no_remarks(store: Store) -> None:
    assert len(status_table(_statuses(store), NOW).splitlines()) == 2


def test_color_is_there_only_when_asked_for(store: Store) -> None:
    _ran(store, "dead", MINUTE)
    found = _statuses(store)
    assert "\x1b" not in status_table(found, NOW)
    assert "\x1b[31mbao" in status_table(found, NOW, color=True)


@pytest.mark.parametrize(
    ("text", "width"), [("", 0), ("báo", 3), ("điểm báo", 8), ("新聞", 4), ("a\u200bb", 2)]
)
def test_width_is_what_a_terminal_takes(text: str, width: int) -> None:
    assert display_width(text) == width
    assert display_width(unicodedata.normalize("NFD", text)) == width


def test_a_table_of_wide_texts_stays_straight(store: Store) -> None:
    _ran(store, "done", MINUTE)
    (status,) = _statuses(store)
    wide = replace(status, name=unicodedata.normalize("NFD", "báo điện tử"))
    head, first = status_table([wide], NOW).splitlines()[:2]
    assert display_width(first[: first.index("well")]) == head.index("state")


def test_a_way_that_gives_nothing_is_told_though_the_others_work(store: Store) -> None:
    report = RunReport(
        "done", {"found": 40}, {}, (feed("not-a-feed", 0), Way("listing", "https://b/", "ok", 4))
    )
    store.runs.end(store.runs.begin("bao", 42, NOW - HOUR), report, NOW - HOUR + MINUTE)
    table = status_table(_statuses(store), NOW)
    assert "bao: 1 of 2 ways gave nothing: feed https://bao.example/rss (not-a-feed)" in table


def test_the_page_is_told_of_sources_that_ran_and_are_ill_and_of_no_others(store: Store) -> None:
    by_name = {name: replace(source(), name=name) for name in ("bao", "dai", "moi")}
    config = Config(Path("c"), store.path, Crawl(), Review(), by_name, ())
    for _ in range(3):
        _ran(store, "failed", HOUR, trouble="robots forbid everything")
    _ran(store, "done", MINUTE, "dai")
    told = ills(Showing(lambda: config, lambda: NOW)(store))
    assert {name for name, _ in told} == {"bao"}
    assert any("robots forbid everything" in ailment.said for _, ailment in told)


def test_a_server_that_lies_about_304_is_named_until_it_is_trusted_again(store: Store) -> None:
    _ran(store, "done", MINUTE)
    url = "https://bao.example/rss"
    store.polls.remember("bao", url, Validators('"1"', None, 0, 30, None, NOW - 10 * DAY), NOW)
    (status,) = _statuses(store)
    (line,) = [line for line in status_table([status], NOW).splitlines() if "304" in line]
    assert "bao:" in line
    assert url in line
    assert list(status_json(status)["lied_of_being_unchanged"]) == [url]
    store.polls.remember("bao", url, Validators('"1"', None, 0, 30, None, NOW - 31 * DAY), NOW)
    (status,) = _statuses(store)
    assert "304" not in status_table([status], NOW)


def test_what_lies_beyond_the_bounds_is_told_until_a_crawl_tells_otherwise(store: Store) -> None:
    met = {"left: beyond-bound (feed)": 40, "left: too-many-alike": 2}
    for ago, reasons in ((20 * MINUTE, met), (10 * MINUTE, {})):  # the newest found the feed unchanged
        store.runs.end(store.runs.begin("bao", 42, NOW - ago), RunReport("done", {}, reasons, (), None), NOW)
    (status,) = _statuses(store)
    assert status.healthy
    assert status_json(status)["beyond_bounds"] == {"feed": 40}
    assert "bao: beyond what one crawl looks at: feed 40;" in status_table([status], NOW)
    assert gaps(store, "bao").beyond == {"feed": 40}
