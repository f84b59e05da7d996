"""The health of a source, as tables of histories and what is said of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from crawler.config.model import Allowance, Source
from crawler.watching.due import Due, next_due
from crawler.watching.health import Evidence, Health, State, health, span
from storage.records import Outcome, Run
from tests.watching.making import DAY, HOUR, MINUTE, NOW, feed, run, source

DAILY = source(at_least=Allowance(5, DAY))


def _health(recent: list[Run], watched: Source | None = None, due: Due | None = None) -> Health:
    success = next((each for each in recent if each.report.outcome == "done"), None)
    chosen = watched or source()
    planned = due or next_due(chosen, recent, NOW)
    return health(chosen, Evidence(recent, success, planned, 30 * MINUTE), NOW)


def _often(counts: dict[str, int], first: timedelta = timedelta(), until: timedelta = 3 * DAY) -> list[Run]:
    """A good run every hour, newest first."""
    hours = range(int(first / HOUR), int(until / HOUR))
    return [run("done", hour * HOUR + MINUTE, counts, (feed(),)) for hour in hours]


def test_a_source_that_brings_enough_is_well() -> None:
    assert _health(_often({"fetched": 1, "kept": 1}), DAILY) == Health("well")


def test_a_disabled_source_has_no_complaints_whatever_was() -> None:
    assert _health([run("dead")], source(enabled=False)) == Health("disabled")


def test_a_source_never_crawled_is_unwatched_but_not_ill() -> None:
    found = _health([])
    assert found == Health("unwatched")
    assert found.healthy


def test_a_first_crawl_that_still_runs_makes_nothing_well_yet() -> None:
    assert _health([run("running", MINUTE)]) == Health("unwatched")


@pytest.mark.parametrize(
    ("outcome", "state", "cause", "advice"),
    [
        ("blocked", "blocked", "answers, but not to us", "sources.bao.every"),
        ("moved", "moved", "leads to another host", "sources.bao.home"),
        ("dead", "dead", "nothing can be had", "enabled = false"),
        ("failed", "ill", "crawl failed", "logs/bao.log"),
        ("killed", "ill", "deadline of 30m", "crawl.deadline"),
    ],
)
def test_a_trouble_is_told_with_cause_and_advice(
    outcome: Outcome, state: State, cause: str, advice: str
) -> None:
    found = _health([run(outcome, MINUTE, trouble="http-503 from the home"), run("done")])
    assert found.state == state
    assert not found.healthy
    (complaint,) = found.complaints
    for part in (cause, advice, "http-503 from the home", "last success 2026-11-23T07:00:00+07:00"):
        assert part in complaint


def test_a_broken_spider_is_named_in_the_complaint() -> None:
    trouble = "spiders/bao.py cannot be loaded: SyntaxError: invalid syntax"
    assert trouble in _health([run("failed", MINUTE, trouble=trouble)]).complaints[0]


def test_trouble_says_how_often_and_that_it_never_worked() -> None:
    (complaint,) = _health([run("dead", MINUTE), run("dead"), run("dead", 2 * HOUR)]).complaints
    assert "3 times in a row, never with success" in complaint


@pytest.mark.parametrize("outcome", ["running", "stopped", "interrupted"])
def test_trouble_is_not_forgotten_by_a_run_that_did_not_finish(outcome: Outcome) -> None:
    assert _health([run(outcome, MINUTE), run("dead")]).state == "dead"


def test_one_good_run_ends_the_trouble() -> None:
    assert _health([run("done", MINUTE), run("dead"), run("dead", 2 * HOUR)]).state == "well"


def test_silence_longer_than_at_least_allows_is_told() -> None:
    found = _health([*_often({}, until=DAY), *_often({"kept": 3}, first=DAY)], DAILY)
    assert found.state == "quiet"
    assert "0 new articles in the last 1d, at_least asks for 5" in found.complaints[0]


def test_too_little_is_silence_too_and_just_enough_is_not() -> None:
    quiet, watched = _often({}, first=HOUR), DAILY
    assert _health([run("done", MINUTE, {"kept": 4}), *quiet], watched).state == "quiet"
    assert _health([run("done", MINUTE, {"kept": 5}), *quiet], watched).state == "well"


def test_silence_is_not_told_before_the_source_was_watched_that_long() -> None:
    assert _health(_often({}, until=23 * HOUR), DAILY).state == "well"


def test_without_at_least_any_silence_is_well() -> None:
    assert _health(_often({})).state == "well"


def test_a_dead_source_is_not_called_silent_as_well() -> None:
    dead = [run("dead", hour * HOUR + MINUTE) for hour in range(26)]
    assert len(_health([*dead, *_often({}, first=27 * HOUR)], DAILY).complaints) == 1


def test_answers_of_a_host_that_blocks_us_are_no_pages_that_could_not_be_read() -> None:
    blocked = [run("blocked", MINUTE, {"fetched": 7, "failed": 7}) for _ in range(2)]
    assert not any("none of the last" in complaint for complaint in _health(blocked).complaints)


def test_pages_that_stop_being_readable_are_called_a_redesign() -> None:
    found = _health(
        [run("done", MINUTE, {"fetched": 3, "refused": 3}), run("done", HOUR, {"fetched": 2, "kept": 2})]
    )
    assert found.state == "redesigned"
    assert "none of the last 3 pages" in found.complaints[0]


def test_unreadable_pages_add_up_over_runs() -> None:
    empty = [run("done", minutes * MINUTE, {"fetched": 1}) for minutes in (1, 31, 61)]
    good = run("done", 2 * HOUR, {"fetched": 2, "kept": 2})
    assert _health([*empty, good]).state == "redesigned"
    assert _health([*empty[:2], good]).state == "well"


def test_runs_that_fetched_nothing_do_not_hide_unreadable_pages() -> None:
    good = run("done", 2 * HOUR, {"fetched": 2, "kept": 2})
    assert _health([run("done", MINUTE), run("done", HOUR, {"fetched": 4}), good]).state == "redesigned"


def test_a_source_that_never_gave_an_article_is_ill_from_its_first_page() -> None:
    assert _health([run("done", MINUTE, {"fetched": 1})]).state == "ill"


@pytest.mark.parametrize("counted", ["unchanged", "revised", "kept"])
def test_any_reading_shows_that_pages_are_readable(counted: str) -> None:
    assert _health([run("done", MINUTE, {"fetched": 5, counted: 1})]).state == "well"


def test_article_pages_that_all_fail_are_told_with_reasons() -> None:
    failing = run("done", MINUTE, {"failed": 4})
    report = replace(failing.report, reasons={"failed: http-500": 4})
    found = _health([replace(failing, report=report)])
    assert found.state == "ill"
    assert "4 × failed: http-500" in found.complaints[0]


def test_a_few_failed_pages_among_good_ones_are_no_complaint() -> None:
    assert _health([run("done", MINUTE, {"failed": 4, "fetched": 9, "kept": 9})]).healthy


def test_a_crawl_in_which_most_pages_failed_is_a_complaint_though_some_came() -> None:
    counts = {"failed": 17, "fetched": 20, "kept": 9}
    found = _health([run("done", MINUTE, counts, reasons={"failed: http-500": 17})])
    assert found.state == "ill"
    assert "17 of 26" in found.complaints[0]
    assert "17 × failed: http-500" in found.complaints[0]


def _with_feed(*outcomes: str) -> list[Run]:
    return [
        run("done", (1 + 30 * number) * MINUTE, {}, (feed(each),)) for number, each in enumerate(outcomes)
    ]


def test_a_way_that_stopped_working_is_named() -> None:
    found = _health(_with_feed("http-404", "http-404", "http-404", "ok"))
    assert found.state == "ill"
    assert "feed https://bao.example/rss stopped working (http-404)" in found.complaints[0]


@pytest.mark.parametrize(
    "outcomes",
    [
        ("http-404", "http-404", "ok", "ok"),  # a bad moment, not yet a habit
        ("unchanged", "http-404", "http-404", "http-404", "ok"),  # works again
        ("http-404", "http-404", "http-404", "http-404", "http-404"),  # never worked: told in the ways only
    ],
)
def test_a_way_is_not_called_lost_without_reason(outcomes: tuple[str, ...]) -> None:
    assert _health(_with_feed(*outcomes)).state == "well"


def test_an_overdue_source_asks_for_the_daemon() -> None:
    found = _health([run("done", 2 * DAY)])
    assert found.state == "unwatched"
    assert "diembao daemon" in found.complaints[0]


def test_a_source_a_little_late_is_well() -> None:
    assert _health([run("done", 45 * MINUTE)]).state == "well"


def test_a_run_past_its_deadline_asks_for_the_daemon() -> None:
    assert _health([run("running", 35 * MINUTE), run("done")]).state == "well"
    assert _health([run("running", 45 * MINUTE), run("done")]).state == "unwatched"


def test_crawls_that_are_always_cut_short_are_a_complaint() -> None:
    cuts = [run("interrupted", minutes * MINUTE) for minutes in (1, 2, 3)]
    found = _health([*cuts, run("done", 3 * HOUR)])
    assert found.state == "ill"
    assert "last 3 crawls were cut short" in found.complaints[0]
    assert _health([*cuts, run("done", 20 * MINUTE)]).state == "well"
    assert _health([*cuts[:2], run("done", HOUR)]).state == "well"


def test_several_complaints_stand_together_gravest_first() -> None:
    found = _health([run("dead", 2 * DAY), run("done", 3 * DAY)])
    assert found.state == "dead"
    assert len(found.complaints) == 2


def test_the_span_covers_the_window_and_what_came_before_it() -> None:
    assert span(source(at_least=Allowance(1, 7 * DAY))) > 7 * DAY
    assert span(source(every=DAY)) >= 10 * DAY
