"""The health of a source, as tables of histories and what is said of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from crawler.config.model import Allowance, Source
from crawler.watching.complaints import KINDS
from crawler.watching.due import next_due
from crawler.watching.findings import Evidence
from crawler.watching.health import HOLD, LONGEST_HOLD, Before, Health, State, health, span
from crawler.watching.silence import Silence
from storage.records import Outcome, Run
from tests.watching.making import DAY, HOUR, MINUTE, NOW, feed, run, source

DAILY = source(at_least=Allowance(5, DAY))
DONE: tuple[Outcome, ...] = ("done",)
DEAD: tuple[Outcome, ...] = ("dead",)
BLOCKED: tuple[Outcome, ...] = ("blocked",)
MIXED: tuple[Outcome, ...] = ("failed", "blocked")
EVERY_OTHER: tuple[Outcome, ...] = ("done", "failed")


def _evidence(recent: list[Run], chosen: Source) -> Evidence:
    success = next((each for each in recent if each.report.outcome == "done"), None)
    return Evidence(recent, success, next_due(chosen, recent, NOW), 30 * MINUTE)


def _health(recent: list[Run], watched: Source | None = None, before: Before | None = None) -> Health:
    chosen = watched or source()
    return health(chosen, _evidence(recent, chosen), NOW, before)


def _row(*outcomes: Outcome, every: timedelta = 30 * MINUTE) -> list[Run]:
    """Runs at regular times, newest first; the newest ended a moment ago."""
    return [run(outcome, MINUTE + number * every) for number, outcome in enumerate(outcomes)]


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


def test_whoever_never_gave_anything_is_not_called_well_while_nothing_can_be_reached() -> None:
    never = replace(_evidence(_row("dead"), source()), elsewhere="unreached")
    found = health(source(), never, NOW)
    assert found.state == "unwatched"
    assert "from no other paper either" in found.passing[0]


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
    failed = [run(outcome, ago * MINUTE, trouble="http-503 from the home") for ago in (1, 31, 59)]
    found = _health([*failed, run("done")])
    assert found.state == state
    assert not found.healthy
    (complaint,) = found.complaints
    for part in (cause, advice, "http-503 from the home", "last success 2026-11-23T07:00:00+07:00"):
        assert part in complaint


@pytest.mark.parametrize("outcome", ["blocked", "moved", "dead", "failed", "killed"])
def test_one_failed_crawl_is_not_ill_yet_but_told(outcome: Outcome) -> None:
    found = _health([run(outcome, MINUTE), run("done")])
    assert (found.state, found.complaints) == ("well", ())
    assert "last success 2026-11-23T07:00:00+07:00" in found.passing[0]


def test_two_failed_crawls_are_ill_only_when_an_hour_lies_between_them() -> None:
    assert _health(_row("dead", "dead", "done")).state == "well"
    assert _health(_row("dead", "dead", "done", every=HOUR)).state == "dead"


def test_a_broken_spider_is_named_in_the_complaint() -> None:
    trouble = "spiders/bao.py cannot be loaded: SyntaxError: invalid syntax"
    assert trouble in _health([run("failed", MINUTE, trouble=trouble)]).complaints[0]  # it never worked


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
    found = _health([run("dead", 2 * DAY), run("dead", 3 * DAY), run("done", 4 * DAY)])
    assert found.state == "dead"
    assert len(found.complaints) == 2


def test_the_span_covers_the_window_and_what_came_before_it() -> None:
    assert span(source(at_least=Allowance(1, 7 * DAY))) > 7 * DAY
    assert span(source(every=DAY)) >= 10 * DAY


ILL = Before("blocked", NOW - DAY, "blocked")


def test_a_source_that_was_ill_is_well_after_two_good_crawls_or_one_long_ago() -> None:
    once = _health(_row("done", "blocked", "blocked", "blocked"), before=ILL)
    assert once.state == "blocked"
    assert "seems well again" in once.complaints[0]
    assert _health(_row("done", "done", "blocked", "blocked"), before=ILL) == Health("well")
    slow = source(every=6 * HOUR)
    assert _health([run("done", HOLD + MINUTE), run("blocked", DAY)], slow, ILL) == Health("well")


def test_a_trouble_that_was_recorded_is_not_made_a_bad_moment_by_one_good_crawl() -> None:
    found = _health(_row("blocked", "done", "blocked", "blocked"), before=ILL)
    assert found.state == "blocked"
    assert not found.passing


def test_one_kind_of_failure_becomes_another_only_after_three_crawls_of_that_kind() -> None:
    mixed = _row("failed", "blocked", "failed", "blocked", "failed")
    assert _health(mixed, before=ILL).state == "blocked"
    assert _health(mixed, before=Before("ill", NOW - DAY, "failed")).state == "ill"
    assert _health(_row("failed", "failed", "failed", "blocked"), before=ILL).state == "ill"


def test_what_is_certain_replaces_a_trouble_at_once() -> None:
    unread = [run("done", ago * MINUTE, {"fetched": 2}) for ago in (1, 31)]
    good = run("done", 2 * DAY, {"fetched": 2, "kept": 2})
    assert _health([*unread, *_row("dead", "dead")[2:], good], before=ILL).state == "redesigned"


def test_a_source_that_flaps_must_be_well_for_longer_each_time() -> None:
    good = _often({})[:20]

    def crawls(lately: int) -> int | None:
        before = Before("dead", NOW - DAY, "dead", lately)
        well = (many for many in range(1, 21) if not _health(good[:many], None, before).complaints)
        return next(well, None)

    assert [crawls(lately) for lately in (0, 2, 3, 4, 6)] == [2, 2, 3, 5, 9]
    assert crawls(40) == 13
    assert timedelta(hours=12) == LONGEST_HOLD


def _flapping(outcomes: Sequence[Outcome]) -> list[State]:
    """The states that are recorded one after another over that past, oldest first, judged at each crawl."""
    states: list[tuple[State, int, str | None]] = []
    runs: list[Run] = []
    for number, outcome in enumerate(outcomes):
        runs.insert(0, run(outcome, (len(outcomes) - number) * 30 * MINUTE))
        now = runs[0].ended_at or NOW
        success = next((each for each in runs if each.report.outcome == "done"), None)
        last = states[-1] if states else None
        lately = sum(number - at < 48 for _, at, _ in states)
        before = Before(last[0], NOW, last[2], lately) if last else None
        found = health(source(), Evidence(runs[:120], success, None, 30 * MINUTE), now, before)
        if last is None or found.state != last[0]:
            states.append((found.state, number, found.cause.kind if found.cause else None))
    return [state for state, _, _ in states]


def test_a_site_that_answers_every_other_crawl_changes_no_state_at_all() -> None:
    assert _flapping(EVERY_OTHER * 100) == ["well"]


def test_a_site_that_is_down_two_hours_of_four_for_two_days_is_told_a_few_times_only() -> None:
    assert len(_flapping((*DONE, *(DEAD * 4 + DONE * 4) * 12))) <= 8


def test_a_site_that_blocks_and_fails_by_turns_has_one_state() -> None:
    assert _flapping(("done", *BLOCKED * 3, *MIXED * 30)) == ["well", "blocked"]


def _silent(*, strange: bool = True, at_least: Allowance | None = None) -> Health:
    chosen = source(at_least=at_least)
    silence = Silence(NOW - 2 * DAY, 31.4, 0.01, strange)
    evidence = replace(_evidence(_often({}), chosen), silence=silence)
    return health(chosen, evidence, NOW)


def test_a_silence_that_is_strange_is_told_with_its_length_and_what_would_have_come() -> None:
    found = _silent()
    assert found.state == "quiet"
    assert "nothing new since 2026-11-21T08:00:00+07:00, for 2d" in found.complaints[0]
    assert "31.4 different hours" in found.complaints[0]
    assert _silent(strange=False).state == "well"


def test_at_least_goes_before_what_was_learned() -> None:
    assert _silent(at_least=Allowance(0, DAY)).state == "well"


def test_a_silence_ends_with_the_first_article() -> None:
    before = Before("quiet", NOW - DAY, "silent", lately=9)
    assert _health(_row("done", "dead", "dead"), before=before) == Health("well")


def test_when_no_source_can_be_reached_none_is_called_dead_for_it() -> None:
    dead = _row("dead", "dead", "dead", "dead", "done")
    evidence = replace(_evidence(dead, source()), elsewhere="unreached")
    found = health(source(), evidence, NOW)
    assert found.state == "well"
    assert "from no other paper either" in found.passing[0]


def test_after_six_hours_without_any_source_that_is_told_all_the_same() -> None:
    row = [run("dead", hour * HOUR) for hour in range(1, 7)]
    for long, state in ((row[:5], "well"), (row, "dead")):
        recent = [*long, run("done", 7 * HOUR)]
        evidence = replace(_evidence(recent, source()), elsewhere="unreached")
        assert health(source(), evidence, NOW).state == state
    assert "check the network here" in health(source(), evidence, NOW).complaints[0]


def test_lateness_means_nothing_before_crawls_were_started_for_a_while() -> None:
    late = [run("done", 2 * DAY)]
    evidence = replace(_evidence(late, source()), attended=False)
    assert health(source(), evidence, NOW).state == "well"


def test_the_cause_of_a_state_is_what_gave_it_its_name() -> None:
    found = _health(_row("dead", "dead", "dead", "done"))
    assert found.cause is not None
    assert (found.cause.kind, found.cause.values["times"]) == ("dead", 3)
    assert _health(_row("done")).cause is None
    assert found.cause.kind in KINDS
