"""A clock that jumps neither stops polling nor hammers, loses no link and sets nothing aside."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from scrapy.http import Response

from crawler.crawling.locks import HostLock
from crawler.crawling.politeness import retry_after
from crawler.crawling.retrying import fate
from crawler.crawling.walking import Pages, known_ground
from crawler.watching.due import LONGEST_WAIT, next_due
from crawler.watching.holding import Holds, held
from crawler.watching.learning import Rhythms
from crawler.watching.rhythm import Bounds, interval, learned
from storage.records import FoundLink, Outcome, Pause, Traffic
from storage.store import Store
from tests.making import article, keep
from tests.watching.making import DAY, HOUR, MINUTE, NOW, run, source

BACK_A_DAY, BACK_A_MONTH = NOW - DAY, NOW - 31 * DAY
FORWARD_A_MONTH = NOW + 31 * DAY
JUMPS = (BACK_A_DAY, BACK_A_MONTH, NOW - 20 * MINUTE, NOW, FORWARD_A_MONTH)
OUTCOMES: tuple[Outcome, ...] = ("done", "failed", "interrupted", "stopped", "killed", "blocked")
LINK = FoundLink("bao:1", "https://bao.example/1", "feed", "https://bao.example/rss")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "s.sqlite") as opened:
        yield opened


@pytest.mark.parametrize("now", JUMPS)
@pytest.mark.parametrize("every", [5 * MINUTE, 30 * MINUTE, 6 * HOUR])
def test_a_source_is_due_within_hours_wherever_its_runs_lie(now: datetime, every: timedelta) -> None:
    wanted = source(every=every)
    for outcome, count, ahead in product(OUTCOMES, (1, 2, 9), (timedelta(), 31 * DAY)):
        ran = run(outcome, ago=MINUTE)
        assert ran.ended_at is not None
        ran = replace(ran, ended_at=ran.ended_at + ahead)  # the clock was ahead when it ended
        due = next_due(wanted, (ran,) * count, now)
        assert due is not None
        assert due.at <= now + every + LONGEST_WAIT, (outcome, count, ahead)


@pytest.mark.parametrize("now", JUMPS)
def test_after_one_poll_on_the_new_clock_the_usual_time_is_kept(now: datetime) -> None:
    wanted = source(every=30 * MINUTE)
    first = replace(run("done"), started_at=now, ended_at=now + MINUTE)
    due = next_due(wanted, (first, run("done", ago=MINUTE)), now + MINUTE)
    assert due is not None
    assert due.at == now + 30 * MINUTE  # and not at once again


@pytest.mark.parametrize("now", JUMPS)
def test_a_rhythm_stays_within_its_bounds(now: datetime) -> None:
    bounds = Bounds(5 * MINUTE, 6 * HOUR)
    profile = learned({8: 40, 9: 60}, 4.0)
    for k in (0.01, 1.0, 100.0):
        assert bounds.soonest <= interval(profile, k, now, "bao:1", bounds) <= bounds.latest


def test_a_rhythm_that_was_learned_in_the_future_is_learned_again(store: Store) -> None:
    from crawler.config.model import Config, Crawl, Review

    config = Config(Path("c"), store.path, Crawl(), Review(), {"bao": source(auto=True)}, ())
    rhythms = Rhythms()
    for now in (FORWARD_A_MONTH, NOW):
        rhythms.learn(store, config, now)
        assert rhythms._learned == now


@pytest.mark.parametrize(
    ("now", "waits"), [(NOW, True), (NOW - MINUTE, True), (BACK_A_DAY, False), (BACK_A_MONTH, False)]
)
def test_a_pause_that_was_asked_for_in_the_future_holds_nobody(
    store: Store, now: datetime, *, waits: bool
) -> None:
    store.hosts.pause("bao.example", Pause(NOW + HOUR, "http-429"), NOW)
    assert bool(store.hosts.paused(now)) is waits


def test_a_new_pause_replaces_one_that_lies_in_the_future(store: Store) -> None:
    store.hosts.pause("bao.example", Pause(NOW + HOUR, "http-429"), NOW)
    store.hosts.pause("bao.example", Pause(BACK_A_DAY + HOUR, "http-503"), BACK_A_DAY)
    assert store.hosts.paused(BACK_A_DAY) == {"bao.example": Pause(BACK_A_DAY + HOUR, "http-503")}
    assert store.hosts.paused(BACK_A_DAY + 2 * HOUR) == {}


@pytest.mark.parametrize("now", JUMPS)
def test_a_budget_that_is_used_up_holds_for_a_day_at_most(now: datetime) -> None:
    wanted = source(requests_per_day=10)
    due = next_due(wanted, (run("done"),), now)
    assert due is not None
    spent = Holds(today={"bao": Traffic(10)})
    assert held(due, wanted, spent, now).at <= max(due.at, now + DAY)


def test_a_server_with_another_clock_or_a_wish_without_end_does_not_stop_us() -> None:
    def asked(value: str, **headers: str) -> timedelta | None:
        response = Response("https://bao.vn/", status=503, headers={"Retry-After": value, **headers})
        until = retry_after(response, NOW)
        return until - NOW if until else None

    assert asked("Sun, 01 Jan 2090 00:00:00 GMT") == 30 * DAY
    its_clock = "Wed, 23 Dec 2026 01:00:00 GMT"
    assert asked("Wed, 23 Dec 2026 01:10:00 GMT", Date=its_clock) == 10 * MINUTE
    assert asked("9" * 5000) == 30 * DAY
    assert asked("Mon, 23 Nov 2026 00:00:00 GMT") is None


def failed(store: Store, times: int, now: datetime) -> datetime | None:
    """The link after so many failures on a clock that stood still; when it is due."""
    store.links.offer("bao", [LINK], now)
    due = None
    for attempts in range(times):
        due = fate("timeout", attempts, now).next_attempt
        store.links.mark("bao", LINK.key, "failed", "timeout", due, now)
    return due


@pytest.mark.parametrize("times", range(1, 7))
def test_a_link_that_failed_on_a_clock_a_month_ahead_is_tried_soon_after_it_is_set_right(
    store: Store, times: int
) -> None:
    failed(store, times, NOW)
    assert [link.key for link in store.links.open("bao", BACK_A_MONTH)] == [LINK.key]
    assert [link.key for link in store.links.offer("bao", [LINK], BACK_A_MONTH)] == [LINK.key]


def test_a_clock_that_is_set_back_by_a_day_brings_no_attempt_forward(store: Store) -> None:
    due = failed(store, 6, NOW)
    assert due == NOW + 7 * DAY
    assert store.links.open("bao", BACK_A_DAY) == ()
    assert store.links.open("bao", NOW + 6 * DAY) == ()


def test_a_clock_that_jumps_forward_costs_a_failing_link_one_attempt(store: Store) -> None:
    failed(store, 1, NOW)
    (link,) = store.links.open("bao", FORWARD_A_MONTH)
    decided = fate("timeout", link.attempts, FORWARD_A_MONTH)
    assert decided.state == "failed"
    assert decided.next_attempt is not None


def test_a_link_waits_a_week_at_most_whatever_the_server_wishes() -> None:
    assert fate("http-503", 0, NOW, NOW + 30 * DAY).next_attempt == NOW + 7 * DAY


def test_a_link_that_is_offered_again_on_a_clock_set_back_stays_known_and_one(store: Store) -> None:
    store.links.offer("bao", [LINK], NOW)
    for now in (BACK_A_MONTH, FORWARD_A_MONTH, BACK_A_DAY):
        assert [link.key for link in store.links.offer("bao", [LINK], now)] == [LINK.key]
    assert store.links.counts("bao") == {"new": 1}


def test_a_look_that_was_put_off_on_a_clock_a_month_ahead_is_made_when_it_is_set_right(store: Store) -> None:
    keep(store, [article()])
    (look,) = store.looks.due("baohatinh", FORWARD_A_MONTH, 9)
    store.looks.done(look, FORWARD_A_MONTH)
    assert len(store.looks.due("baohatinh", NOW - DAY, 9)) == 1
    (look,) = store.looks.due("baohatinh", NOW, 9)
    store.looks.done(look, NOW)
    assert store.looks.due("baohatinh", NOW, 9) == ()  # once, not at every crawl
    assert store.looks.due("baohatinh", NOW - DAY, 9) == ()


def test_a_listing_that_was_settled_in_the_future_hides_no_news(store: Store) -> None:
    ground = known_ground(FORWARD_A_MONTH, NOW)
    pages = Pages(ground, NOW, most=100)
    links = [replace(LINK, key=f"bao:{number}") for number in range(5)]
    pages.saw(links, {link.key: NOW + MINUTE for link in links}, new=5)  # a feed has just shown them all
    assert pages.goes_on


def test_a_backfill_gives_way_by_the_wish_alone_whatever_the_clock_says(tmp_path: Path) -> None:
    lock = HostLock(tmp_path / "s.sqlite", "bao.example", yields=True)
    wish = tmp_path / "locks" / "bao.example.wish"
    wish.parent.mkdir()
    wish.touch()
    os.utime(wish, (4e9, 4e9))  # wished for on a clock that was ahead
    with lock:
        assert not lock.is_wished()  # that wish was fulfilled long ago
        os.utime(wish, (1e9, 1e9))  # and this one comes on a clock that was set back
        assert lock.is_wished()
