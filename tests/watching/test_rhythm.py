"""A source is polled as often as what it publishes is worth, within bounds and a budget that all share."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from math import sqrt
from pathlib import Path

import pytest

from crawler.config import load
from crawler.config.model import Config, Crawl, Review
from crawler.times import VIETNAM
from crawler.watching.learning import Rhythms
from crawler.watching.rhythm import Bounds, Profile, hour_of_week, interval, learned, shared, sooner
from storage.records import Dating, RunReport
from storage.store import Store
from tests.storage.samples import article, put
from tests.watching.making import DAY, HOUR, MINUTE, NOW, run, source

BOUNDS = Bounds(5 * MINUTE, 6 * HOUR)
MONDAY = datetime(2026, 11, 23, tzinfo=VIETNAM)


def flat(rate: float) -> Profile:
    return Profile((rate,) * 168)


def test_hours_of_the_week_begin_on_monday_in_vietnam() -> None:
    assert hour_of_week(MONDAY) == 0
    assert hour_of_week(MONDAY - timedelta(seconds=1)) == 167


def test_rates_are_learned_by_hour_of_the_day_and_day_of_the_week() -> None:
    counts = {day * 24 + 8: 40 for day in range(5)}
    profile = learned(counts, weeks=4)
    assert profile.rates[8] > 5 * profile.rates[20]
    assert profile.rates[8] > 4 * profile.rates[6 * 24 + 8]
    assert sum(profile.rates) * 4 == pytest.approx(200, rel=0.25)


def test_a_source_that_nobody_knows_is_taken_for_an_ordinary_one() -> None:
    assert learned({}, 0.0).rates[0] == pytest.approx(0.5)


def test_intervals_go_by_the_root_of_the_rate_and_share_the_budget() -> None:
    quick, slow = flat(4.0), flat(0.25)
    k = shared([quick, slow], 2 * 48, BOUNDS)
    polls = [sqrt(profile.rates[0]) / k * 24 for profile in (quick, slow)]
    assert polls[0] == pytest.approx(4 * polls[1])
    assert sum(polls) == pytest.approx(96, rel=0.01)


def test_bounds_hold_whatever_the_rate() -> None:
    k = shared([flat(1.0)], 48, BOUNDS)
    assert interval(flat(1e6), k, MONDAY, "a", BOUNDS) == BOUNDS.soonest
    assert interval(flat(1e-9), k, MONDAY, "a", BOUNDS) == BOUNDS.latest


def test_a_night_is_slept_through_until_the_morning_comes_near() -> None:
    profile = Profile(tuple(16.0 if 6 <= place % 24 < 22 else 0.01 for place in range(168)))
    k = shared([profile], 48, BOUNDS)
    at = MONDAY + 4 * HOUR
    assert at + interval(profile, k, at, "a", BOUNDS) < MONDAY + 7 * HOUR
    assert interval(profile, k, at, "a", BOUNDS) > 2 * interval(profile, k, MONDAY + 8 * HOUR, "a", BOUNDS)


def test_jitter_is_the_same_for_the_same_run_and_spreads_over_runs() -> None:
    k = shared([flat(1.0)], 48, BOUNDS)
    found = [interval(flat(1.0), k, MONDAY, f"bao:{number}", BOUNDS) for number in range(400)]
    assert found[0] == interval(flat(1.0), k, MONDAY, "bao:0", BOUNDS)
    assert 22 * MINUTE < min(found) < 24 * MINUTE
    assert 36 * MINUTE < max(found) < 38 * MINUTE
    assert sum(found, timedelta()) / len(found) == pytest.approx(30 * MINUTE, abs=MINUTE)


def test_a_feed_that_overflowed_is_polled_sooner() -> None:
    assert sooner(HOUR, 1, BOUNDS) == 30 * MINUTE
    assert sooner(HOUR, 0, BOUNDS) == HOUR
    assert sooner(6 * MINUTE, 1, BOUNDS) == BOUNDS.soonest


def _config(tmp_path: Path, **given: bool) -> Config:
    sources = {name: replace(source(name), auto=auto) for name, auto in given.items()}
    return Config(tmp_path / "c.toml", tmp_path / "a.sqlite", Crawl(), Review(), sources, ())


def test_only_sources_on_auto_are_paced_and_they_say_why(tmp_path: Path) -> None:
    config = _config(tmp_path, bao=True, dai=False)
    rhythms = Rhythms()
    with Store.open(config.store_path) as store:
        rhythms.learn(store, config, NOW)
    newest = run("done", HOUR)
    paced = rhythms.paced(config.sources["bao"], newest, config)
    assert paced.every != config.sources["bao"].every
    assert "articles/h" in (rhythms.why(paced, newest, NOW) or "")
    full = replace(newest, report=RunReport("done", {"overflowed": 1}))
    assert rhythms.paced(config.sources["bao"], full, config).every == paced.every / 2
    assert rhythms.paced(config.sources["dai"], newest, config) == config.sources["dai"]
    assert rhythms.why(config.sources["dai"], newest, NOW) is None


def test_articles_are_counted_by_their_hour_and_a_first_days_undated_ones_not_at_all(tmp_path: Path) -> None:
    with Store.open(tmp_path / "a.sqlite") as store:
        put(store, replace(article(1), published=None))
        store_at = NOW - 2 * HOUR
        dated = replace(article(2), published=Dating(store_at, "minute", "meta"))
        put(store, dated, (), store_at + HOUR)
        counts, since = store.articles.by_hour(dated.source, store_at - DAY, store_at + 400 * DAY)
    assert counts == {hour_of_week(store_at): 1}
    assert since == store_at


def test_every_is_auto_unless_a_duration_is_given(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text('[sources.a]\nhome = "https://a.vn"\n[sources.b]\nhome = "https://b.vn"\nevery = "1h"\n')
    sources = load(path).sources
    assert (sources["a"].auto, sources["b"].auto, sources["b"].every) == (True, False, HOUR)
