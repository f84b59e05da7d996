"""Changes of health are recorded once, whoever sees them, and told in one line."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from crawler.config.model import Config, Crawl, Review, Source
from crawler.watching.gathering import Learned, Moment, elsewhere
from crawler.watching.habits import last_word
from crawler.watching.health import Health
from crawler.watching.recording import ATTENDED, ROUND, Recording, changed, record
from storage.records import Article, Dating, FoundLink, Kept, Outcome, Page, Run, RunReport, StateChange
from storage.store import Store
from tests.watching.making import DAY, HOUR, MINUTE, NOW, run, source
from tests.watching.papers import SMALL, midnight, played


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "a.sqlite") as opened:
        yield opened


def _config(store: Store, *sources: Source) -> Config:
    return Config(Path("c"), store.path, Crawl(), Review(), {one.name: one for one in sources}, ())


def _ran(store: Store, outcome: Outcome, at: datetime, name: str = "bao") -> None:
    store.runs.end(store.runs.begin(name, 42, at), RunReport(outcome), at + MINUTE)


def _states(store: Store, name: str = "bao") -> list[str]:
    return [change.state for change in store.states.of(name)]


def test_a_change_is_recorded_with_its_cause_by_the_first_who_sees_it(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    config = _config(store, source())
    for outcome, ago in (("done", 4), ("dead", 3), ("dead", 2), ("dead", 1)):
        _ran(store, outcome, NOW - ago * HOUR)  # type: ignore[arg-type]  # both are outcomes
    moments = [Moment.of(store, NOW) for _ in range(2)]  # of two processes that judge at once
    (change,) = record(store, config, ["bao"], moments[0], Learned())
    assert record(store, config, ["bao"], moments[1], Learned()) == []
    assert record(store, config, ["bao"], Moment.of(store, NOW), Learned()) == []
    assert (change.state, change.before, change.kind, change.values["times"]) == ("dead", None, "dead", 3)
    assert "nothing can be had from https://bao.example/" in change.cause
    assert [message.split(":")[0] for message in caplog.messages] == ["bao"]
    assert _states(store) == ["dead"]


def test_the_duty_sees_ill_and_well_again_with_the_crawls_that_show_it(store: Store) -> None:
    duty = Recording(_config(store, source()))
    outcomes: list[Outcome] = ["done", "dead", "dead", "done", "done"]
    for number, outcome in enumerate(outcomes):
        at = NOW + number * HOUR
        _ran(store, outcome, at)
        for seconds in (61, 62, 70):
            duty.tick(store, at + timedelta(seconds=seconds))
    assert _states(store) == ["well", "dead", "well"]
    assert [change.at - NOW for change in store.states.of("bao")] == [
        hours * HOUR + timedelta(seconds=61) for hours in (0, 2, 4)
    ]


def test_every_source_has_its_turn_within_a_round_though_none_is_crawled(store: Store) -> None:
    names = [f"bao_{number}" for number in range(40)]
    duty = Recording(_config(store, *(source(name) for name in names)))
    for name in names:
        _ran(store, "done", NOW - DAY, name)
    seen: set[str] = set()
    for second in range(0, int((ROUND + ATTENDED) / timedelta(seconds=1)), 5):
        duty.tick(store, NOW + timedelta(seconds=second))
    seen = {name for name, change in store.states.latest().items() if change.state == "unwatched"}
    assert seen == {*names}


def test_after_a_night_without_the_daemon_nobody_is_recorded_as_overdue(store: Store) -> None:
    duty = Recording(_config(store, source()))
    _ran(store, "done", NOW - DAY)
    duty.tick(store, NOW)
    assert _states(store) == ["well"]
    duty.tick(store, NOW + 2 * DAY)  # the machine slept
    assert _states(store) == ["well"]


def test_a_source_that_is_switched_off_or_struck_out_is_no_trouble(store: Store) -> None:
    duty = Recording(_config(store, source(), source("khac")))
    _ran(store, "done", NOW - MINUTE)
    _ran(store, "done", NOW - MINUTE, "khac")
    duty.tick(store, NOW)
    duty.reload(_config(store, source(enabled=False)))
    for minutes in range(1, 12):
        duty.tick(store, NOW + minutes * MINUTE)
    assert _states(store) == ["well", "disabled"]
    assert _states(store, "khac") == ["well"]


def test_a_silence_is_recorded_by_the_papers_own_rhythm(store: Store) -> None:
    begun = midnight("2026-03-02")
    hours = played(SMALL, begun, 60, "a")
    _ran(store, "done", begun - 2 * DAY)
    links = [FoundLink(f"k{at}", "https://bao.example/1", "feed", "f") for at in hours]
    store.links.offer("bao", links, begun)
    store.keep([_kept(at) for at in hours], hours[-1])
    _ran(store, "done", hours[-1] + 8 * HOUR)
    assert _judged(store, hours[-1] + 9 * HOUR) == [("well", None)]
    _ran(store, "done", hours[-1] + 4 * DAY)
    assert _judged(store, hours[-1] + 4 * DAY + HOUR) == [("quiet", "silent")]


def test_a_date_without_a_time_stands_for_its_whole_day(store: Store) -> None:
    day = midnight("2026-05-04")
    store.links.offer("bao", [FoundLink(f"k{day}", "https://bao.example/1", "feed", "f")], day)
    store.keep([_kept(day)], day)
    assert last_word(store, "bao", [], day + 30 * HOUR) == day + DAY
    assert last_word(store, "bao", [], day + 9 * HOUR) == day + 9 * HOUR
    assert store.articles.busy_hours("bao", day, day + DAY) == [day + 12 * HOUR]


def _judged(store: Store, now: datetime) -> list[tuple[str, str | None]]:
    config, moment = _config(store, source(every=HOUR)), Moment.of(store, now, attended=False)
    return [(one.state, one.kind) for one in record(store, config, ["bao"], moment, Learned())]


def _kept(at: datetime) -> Kept:
    url = "https://bao.example/1"
    dated = Dating(at, "minute", "feed")
    article = Article(f"k{at}", "bao", url, "Tin", None, "Tin.", (), None, (), dated, ())
    return Kept(f"k{at}", Page(url, 200, (), at, b"<p>"), article, ())


SINCE = NOW - HOUR


@pytest.mark.parametrize(
    ("newest", "told"),
    [
        ([run("dead", 40 * MINUTE), run("dead", 10 * MINUTE)], "unreached"),
        ([run("dead", 40 * MINUTE), run("dead", 10 * MINUTE), run("blocked", 10 * MINUTE)], "reached"),
        ([run("dead", 40 * MINUTE), run("dead", 10 * MINUTE), run("done", 2 * HOUR)], "unreached"),
        ([run("dead", 40 * MINUTE), run("done", 2 * HOUR), None], "untried"),
        ([run("running", 40 * MINUTE), run("stopped", 40 * MINUTE)], "untried"),
        ([run("dead", 40 * MINUTE)], "reached"),  # two papers of one province may be down together
    ],
)
def test_other_sources_tell_whether_the_trouble_is_here(newest: list[Run | None], told: str) -> None:
    assert elsewhere(SINCE, newest, NOW) == told


def test_nobody_is_waited_for_longer_than_two_hours() -> None:
    assert elsewhere(NOW - 2 * HOUR, [None, None], NOW) == "reached"


def test_a_network_that_is_down_makes_nobody_dead_and_one_dead_paper_is_still_told(store: Store) -> None:
    names = ["bao", "hai", "ba"]
    duty = Recording(_config(store, *(source(name) for name in names)))
    for minute in range(0, 300, 30):
        for place, name in enumerate(names):
            down = 60 <= minute < 180 or (name == "ba" and minute >= 60)
            at = NOW + (minute + place) * MINUTE
            _ran(store, "dead" if down else "done", at, name)
            duty.tick(store, at + 2 * MINUTE)
    assert [_states(store, name) for name in names] == [["well"], ["well"], ["well", "dead"]]


@pytest.mark.parametrize("state", ["unwatched", "disabled"])
def test_of_whom_nothing_was_known_nothing_is_recorded_until_there_is_something(state: str) -> None:
    assert changed("bao", Health(state), None, NOW) is None  # type: ignore[arg-type]  # both are states
    known = StateChange(1, "bao", NOW - DAY, "well", None, "")
    found = changed("bao", Health(state), known, NOW)  # type: ignore[arg-type]
    assert found == replace(known, id=0, at=NOW, state=state, before="well")  # type: ignore[arg-type]
