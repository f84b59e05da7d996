"""What happened is told from every table that knows of it, in its order."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from storage.journal import Sought
from storage.records import Happened, RunReport, StateChange
from storage.store import Store
from tests.storage.samples import HOUR, MINUTE, NOON, SOURCE, article, flag, kept, put


def _kinds(found: list[Happened]) -> list[str]:
    return [one.kind for one in found]


def _found(store: Store, since: datetime, most: int = 100, **other: Any) -> list[Happened]:
    return store.journal.find(Sought(since, most, **other))


def _filled(store: Store) -> int:
    number = put(store, article(1), [flag()])  # at noon
    run = store.runs.begin(article(1).source, 1, NOON - HOUR)
    store.runs.end(run, RunReport("done", {"found": 4, "new": 1, "requests": 9}), NOON + MINUTE)
    store.runs.begin(article(1).source, 1, NOON + 3 * HOUR)
    store.states.record(StateChange(0, article(1).source, NOON + HOUR, "dead", None, "no answer", "dead"))
    store.verdicts.decide(number, "keep", "riêng tư", NOON + 2 * HOUR)
    store.journal.note(Happened(0, NOON + 4 * HOUR, "config-changed", None, "crawl.delay: 1 → 2", {"n": 1}))
    return number


def test_everything_is_told_oldest_first_with_what_it_is_made_of(store: Store) -> None:
    number = _filled(store)
    found = _found(store, NOON - HOUR)
    assert _kinds(found) == ["flagged", "crawl", "state", "decision", "config-changed"]
    flagged, crawl, state, decision, config = found
    assert flagged.source == SOURCE
    assert (flagged.values["article"], flagged.values["rule"]) == (number, flag().rule)
    assert crawl.said == "done: found 4, new 1"
    assert (crawl.at, crawl.values["requests"]) == (NOON + MINUTE, 9)
    assert (state.said, state.values["state"]) == ("is dead: no answer", "dead")
    assert decision.values["decision"] == "keep"
    assert "riêng tư" not in decision.said + str(decision.values)
    assert (config.said, config.source, config.values) == ("crawl.delay: 1 → 2", None, {"n": 1})


def test_since_source_and_number_narrow_it(store: Store) -> None:
    _filled(store)
    assert _kinds(_found(store, NOON + HOUR)) == ["state", "decision", "config-changed"]
    assert _kinds(_found(store, NOON - HOUR, most=2)) == ["decision", "config-changed"]
    assert _kinds(_found(store, NOON - HOUR, source=SOURCE))[-1] == "decision"
    assert _found(store, NOON - HOUR, source="khac") == []
    kinds = frozenset({"decision", "config-changed", "flagged"})
    assert _kinds(_found(store, NOON + HOUR, kinds=kinds)) == ["decision", "config-changed"]
    assert _kinds(_found(store, NOON - HOUR, kinds=kinds, most=1)) == ["config-changed"]


def test_a_crawl_that_began_before_others_and_ended_after_them_stands_at_its_end(store: Store) -> None:
    slow = store.runs.begin("bao", 1, NOON)
    for minutes in range(1, 6):
        store.runs.end(store.runs.begin("khac", 1, NOON), RunReport("done"), NOON + minutes * MINUTE)
    store.runs.end(slow, RunReport("killed", trouble="too slow"), NOON + HOUR)
    assert [one.source for one in _found(store, NOON + 4 * MINUTE)] == ["khac", "khac", "bao"]


def test_what_is_flagged_after_an_event_is_told_for_itself(store: Store) -> None:
    put(store, article(1), [flag()])
    before = store.events.newest()
    put(store, article(2), [flag("tu_quan"), flag("khac")])
    store.keep([kept(replace(article(2), body="Bản mới."), [], NOON + HOUR)], NOON + HOUR)
    assert [one.values["rule"] for one in store.journal.flagged_after(before, 10)] == ["tu_quan", "khac"]
    assert len(store.journal.flagged_after(before, 1)) == 1
