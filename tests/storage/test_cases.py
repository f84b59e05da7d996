"""Cases: what is asked for, in order, of one moment, by index."""

from __future__ import annotations

import itertools
import sqlite3
import tempfile
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.cases import CaseQuery, _begin, _select, state_of
from storage.errors import NoSuchCase
from storage.records import Case, CaseState, Dating, Decision
from storage.store import Store
from tests.storage.samples import HOUR, MINUTE, NOON, SOURCE, article, fill, flag, found, kept, put

STATES: tuple[CaseState | None, ...] = (None, "new", "kept", "dropped", "later", "changed")
DECISIONS: tuple[Decision | None, ...] = (None, "keep", "drop", "later")


def numbers(store: Store, query: CaseQuery) -> list[int]:
    return [case.id for case in store.cases.find(query)]


def wanted(case: Case, query: CaseQuery) -> bool:
    """The meaning of a CaseQuery, said once more in plain Python."""
    at = case.article.published.at if case.article.published else case.first_fetched_at
    return (
        query.state in {None, state_of(case)}
        and query.flagged in {None, bool(case.flags)}
        and (query.rule is None or query.rule in {one.rule for one in case.flags})
        and query.source in {None, case.article.source}
        and (query.since is None or at >= query.since)
        and (query.until is None or at < query.until)
        and query.decision in {None, case.verdict.decision if case.verdict else False}
    )


def place(case: Case) -> tuple[datetime, int]:
    return (case.article.published.at if case.article.published else case.first_fetched_at, case.id)


@pytest.fixture(scope="module")
def full() -> Iterator[Store]:
    """48 articles of two sources in every combination of date, flags, verdict and change."""
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "s.sqlite") as store:
        combinations = itertools.product((SOURCE, "khac"), (0, 1, 2), DECISIONS, (False, True))
        for n, (source, flags, decision, changed) in enumerate(combinations, 1):
            dated = Dating(NOON - (n % 7) * HOUR, "minute", "meta") if n % 5 else None
            told = replace(article(n, source), published=dated)
            rules = [flag("tu_quan"), flag("phong_trao")][:flags]
            number = put(store, told, rules, NOON - (n % 3) * HOUR)
            if decision:
                store.verdicts.decide(number, "later", None, NOON)
                store.verdicts.decide(number, decision, None, NOON + MINUTE)
            if n % 4 == 0:
                store.verdicts.undo(NOON, number)
            if changed:
                then = NOON + (MINUTE if flags == 1 else HOUR)  # at the verdict's moment, or later
                store.keep([kept(replace(told, body="Mới."), rules, NOON + HOUR)], then)
        yield store


queries = st.builds(
    CaseQuery,
    state=st.sampled_from(STATES),
    flagged=st.sampled_from([None, True, False]),
    rule=st.sampled_from([None, "tu_quan", "phong_trao", "không có"]),
    source=st.sampled_from([None, SOURCE, "khac", "không có"]),
    since=st.none() | st.integers(-8, 2).map(lambda hours: NOON + timedelta(hours=hours)),
    until=st.none() | st.integers(-8, 2).map(lambda hours: NOON + timedelta(hours=hours)),
    decision=st.sampled_from(DECISIONS),
    newest_first=st.booleans(),
    limit=st.none() | st.integers(0, 50),
    after=st.none() | st.integers(1, 48),
)


@settings(max_examples=300, deadline=None)
@given(queries)
def test_any_query_gives_what_it_says_in_the_order_it_says(full: Store, query: CaseQuery) -> None:
    every = list(full.cases.find(CaseQuery()))
    assert len(every) == 48
    meant = sorted((case for case in every if wanted(case, query)), key=place, reverse=query.newest_first)
    assert full.cases.count(query) == len(meant)
    if query.after is not None:
        start = next(place(case) for case in every if case.id == query.after)
        meant = [
            case for case in meant if (place(case) < start if query.newest_first else place(case) > start)
        ]
    assert list(full.cases.find(query)) == meant[: query.limit]


def test_every_state_is_met_by_some_of_those_cases(full: Store) -> None:
    assert {state_of(case) for case in full.cases.find(CaseQuery())} == set(STATES)


def test_get_and_find_tell_the_same(full: Store) -> None:
    for case in full.cases.find(CaseQuery()):
        assert full.cases.get(case.id) == case
    assert full.cases.get(49) is None


def test_states_follow_flags_verdicts_and_changes(store: Store) -> None:
    number = put(store, article(), [flag()])

    def state() -> CaseState | None:
        case = store.cases.get(number)
        assert case
        return state_of(case)

    assert state() == "new"
    store.verdicts.decide(number, "keep", None, NOON)
    assert state() == "kept"
    changed = replace(article(), body="Mới.")
    store.keep([kept(changed, [flag()], NOON + HOUR)], NOON + HOUR)
    assert state() == "changed"
    store.verdicts.decide(number, "drop", None, NOON + 2 * HOUR)
    assert state() == "dropped"
    store.verdicts.undo(NOON)
    store.verdicts.undo(NOON)
    assert state() == "new"
    store.flags.replace(number, [], NOON)
    assert state() is None


@pytest.mark.parametrize(
    ("decision", "state"), [("keep", "changed"), ("later", "changed"), ("drop", "dropped")]
)
def test_what_was_kept_returns_when_its_new_text_is_about_nothing_and_what_was_dropped_does_not(
    store: Store, decision: Decision, state: CaseState
) -> None:
    number = put(store, article(), [flag()])
    store.verdicts.decide(number, decision, None, NOON)
    store.keep([kept(replace(article(), body="Mới."), [], NOON + HOUR)], NOON + HOUR)
    assert [state_of(case) for case in store.cases.find(CaseQuery(state=state))] == [state]


def test_pages_of_a_list_follow_one_another_without_gap_or_repeat(store: Store) -> None:
    everything = list(fill(store, 25))
    seen: list[int] = []
    while turned := numbers(store, CaseQuery(limit=7, after=seen[-1] if seen else None)):
        seen += turned
    assert seen == everything


def test_paging_after_a_case_that_is_not_there_is_an_error(store: Store) -> None:
    with pytest.raises(NoSuchCase, match="number 5"):
        next(store.cases.find(CaseQuery(after=5)))


def test_a_list_being_read_does_not_see_what_is_written_meanwhile(store: Store) -> None:
    everything = fill(store, 450, flagged=range(451))
    reading = store.cases.find(CaseQuery(state="new"))
    seen = [next(reading).id]
    with Store.open(store.path) as other:
        for number in everything[1:]:
            other.verdicts.decide(number, "drop", None, NOON)
    put(store, article(1000), [flag()], NOON + HOUR)
    seen += [case.id for case in reading]
    assert seen == list(everything)
    assert store.cases.count(CaseQuery(state="new")) == 2


def test_a_list_read_within_a_write_sees_what_is_not_yet_committed(store: Store) -> None:
    with store.write():
        fill(store, 3)
        assert len(numbers(store, CaseQuery())) == 3


def test_a_list_left_half_read_stands_in_nobodys_way(store: Store) -> None:
    fill(store, 300)
    reading = store.cases.find(CaseQuery())
    next(reading)
    reading.close()  # type: ignore[attr-defined]  # a generator; the door promises an iterator
    fill(store, 1, source="khac")
    assert store.cases.count(CaseQuery()) == 301


def test_memory_stays_flat_however_many_articles_are_read(store: Store) -> None:
    """1,000 bodies of 28 KB in memory are 28 MB; a chunk of them is 6 MB at the most."""
    for first in range(0, 1000, 500):
        told = [replace(article(n), body=f"{n} " + "từ" * 7000) for n in range(first, first + 500)]
        with store.write():
            store.links.offer(SOURCE, [found(n) for n in range(first, first + 500)], NOON)
            store.keep([replace(kept(of), page=kept(article()).page) for of in told], NOON)
    del told
    tracemalloc.start()
    assert sum(1 for _ in store.cases.find(CaseQuery())) == 1000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 14_000_000


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (CaseQuery(), "idx_articles_dated_at_id"),
        (CaseQuery(newest_first=False, after=1), "idx_articles_dated_at_id"),
        (CaseQuery(since=NOON, until=NOON), "idx_articles_dated_at_id"),
        (CaseQuery(source="a"), "idx_articles_source_dated_at_id"),
        (CaseQuery(flagged=True), "articles_flagged"),
        (CaseQuery(state="new", limit=50), "articles_flagged"),
        (CaseQuery(rule="r", after=1, limit=50), "flagged_by_primary"),
        (CaseQuery(state="new", source="a"), "articles_flagged_by_source"),
        (CaseQuery(state="new", by_score=True, after=1, limit=50), "articles_by_score"),
        (CaseQuery(flagged=True, by_score=True, newest_first=False), "articles_by_score"),
        (CaseQuery(state="new", source="a", by_score=True, after=1), "articles_by_score_of_source"),
    ],
)
def test_a_list_is_read_in_order_from_an_index_and_never_sorted(
    store: Store, path: Path, query: CaseQuery, index: str
) -> None:
    plan = explained(path, query)
    assert f"INDEX {index} " in plan.replace(";", " ;")
    assert "TEMP B-TREE" not in plan


@pytest.mark.parametrize("query", [CaseQuery(state="kept"), CaseQuery(decision="drop")])
def test_a_list_by_verdict_begins_at_the_verdicts(store: Store, path: Path, query: CaseQuery) -> None:
    plan = explained(path, query)
    assert plan.startswith("SEARCH s USING COVERING INDEX stands_in_order (changed=? AND decision=?)")
    assert "SCAN a" not in plan


def explained(path: Path, query: CaseQuery) -> str:
    """What SQLite says it will do."""
    place = (0.0, "2026", 1) if query.by_score else ("2026", 1)
    sql, parameters = _select(query, _begin(query), place if query.after else None)
    db = sqlite3.connect(path)
    plan = "".join(f"{row[3]}; " for row in db.execute(f"EXPLAIN QUERY PLAN {sql}", parameters))
    db.close()
    return plan


def test_what_is_only_mentioned_stays_out_of_the_queue_and_is_found_on_request(store: Store) -> None:
    about = put(store, article(1), [flag("phong_trao")])
    passing = put(store, article(2), [replace(flag("phong_trao"), level="mention")])
    neither = put(store, article(3))

    assert numbers(store, CaseQuery(state="new")) == [about]
    assert numbers(store, CaseQuery(flagged=True)) == [about]
    assert numbers(store, CaseQuery(rule="phong_trao")) == [about]
    assert set(numbers(store, CaseQuery(flagged=True, mentions=True))) == {about, passing}
    assert set(numbers(store, CaseQuery(rule="phong_trao", mentions=True))) == {about, passing}
    assert numbers(store, CaseQuery(flagged=False, mentions=True)) == [neither]
    assert set(numbers(store, CaseQuery(flagged=False))) == {passing, neither}
    assert state_of(next(store.cases.find(CaseQuery(rule="phong_trao", mentions=True, limit=1)))) in {
        "new",
        None,
    }


def test_what_is_about_the_heaviest_rules_comes_first_and_then_the_newest(store: Store) -> None:
    light, heavy, old, mentioned = (
        put(store, article(n), flags, NOON + n * MINUTE)
        for n, flags in enumerate(
            [
                [replace(flag("a"), score=2.0)],
                [replace(flag("a"), score=2.0), replace(flag("b"), score=3.0)],
                [replace(flag("b"), score=5.0), replace(flag("b"), score=5.0, field="body")],
                [replace(flag("a"), score=1.0), replace(flag("b"), score=9.0, level="mention")],
            ]
        )
    )
    query = CaseQuery(state="new", by_score=True)
    assert numbers(store, query) == [old, heavy, light, mentioned]
    assert numbers(store, replace(query, after=heavy)) == [light, mentioned]
    assert numbers(store, replace(query, after=heavy, newest_first=False)) == [old]
    assert store.cases.numbers(query) == [old, heavy, light, mentioned]


def test_a_mention_that_becomes_the_topic_enters_the_queue(store: Store) -> None:
    number = put(store, article(1), [replace(flag("phong_trao"), level="mention")])

    store.flags.replace(number, [flag("phong_trao")], NOON)

    assert numbers(store, CaseQuery(state="new")) == [number]


def test_the_whole_proof_of_a_flag_is_kept(store: Store) -> None:
    proof = replace(flag("phong_trao"), score=4.5, absent=("title:@crime",), excluded=((3, 9), (12, 20)))

    number = put(store, article(1), [proof])

    case = store.cases.get(number)
    assert case is not None
    assert case.flags == (proof,)
