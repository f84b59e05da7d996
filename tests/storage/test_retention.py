"""Pages go by age and by size, oldest and least worth first, counted; what proves a flag stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from storage.backup import check
from storage.records import FoundLink, Kept, LetGo
from storage.retention import PageFacts, Parting, Policy, summed, worth
from storage.store import Store
from tests.storage.samples import HOUR, NOON, SOURCE, article, flag, page, put
from tests.storage.samples import fill as fill_at_once

DAY = timedelta(days=1)


def facts(**told: object) -> PageFacts:
    return replace(PageFacts(1, SOURCE, NOON, 100), **told)  # type: ignore[arg-type]  # a test names one field


def fill(store: Store, ages: dict[int, int], source: str = SOURCE) -> dict[int, int]:
    """Keep an article for each number, fetched so many days before noon; article's number by ours."""
    return {n: put(store, article(n, source), now=NOON - age * DAY) for n, age in ages.items()}


def kept_pages(store: Store) -> set[str]:
    return {row["url"].rpartition("-")[2] for row in store._db.rows("SELECT url FROM pages")}


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, "plain"),
        ({"decision": "drop"}, "plain"),
        ({"decision": "drop", "level": "primary"}, "plain"),
        ({"decision": "drop", "level": "primary", "changed": True}, "proof"),
        ({"level": "mention"}, "mention"),
        ({"level": "mention", "decision": "drop"}, "plain"),
        ({"level": "primary"}, "proof"),
        ({"decision": "keep"}, "proof"),
        ({"decision": "later"}, "proof"),
        ({"raised": True}, "proof"),
        ({"raised": True, "decision": "drop"}, "plain"),
        ({"missed": True}, "proof"),
    ],
)
def test_a_page_is_worth_what_it_proves(told: dict[str, object], expected: str) -> None:
    assert worth(facts(**told)) == expected


def test_old_pages_go_and_are_counted_by_source(store: Store) -> None:
    numbers = fill(store, {1: 900, 2: 800, 3: 10})
    fill(store, {4: 850}, "khac")
    gone = summed(one for step in store.retention.let_go(Policy(timedelta(days=730)), NOON) for one in step)
    assert {(one.source, one.why, one.pages) for one in gone} == {(SOURCE, "age", 2), ("khac", "age", 1)}
    assert store.retention.told() == tuple(sorted(gone, key=lambda one: one.source))
    assert kept_pages(store) == {"3.html"}
    assert store.retention.let_go_at(numbers[1]) == NOON
    assert store.retention.let_go_at(numbers[3]) is None
    assert store.pages.newest(numbers[1]) is None
    assert check(store.path) == ()


def test_what_is_too_large_goes_oldest_first_and_mentions_last(store: Store) -> None:
    put(store, article(1), [replace(flag(), level="mention")], NOON - 30 * DAY)
    put(store, article(2), [flag()], NOON - 40 * DAY)
    fill(store, {3: 20, 4: 10})
    one = store.retention.size() // 4
    partings = list(store.retention.parting(Policy(most=0), NOON))
    assert [p.page.fetched_at for p in partings] == [NOON - days * DAY for days in (20, 10, 30)]
    assert {p.why for p in partings} == {"size"}
    assert len(list(store.retention.parting(Policy(most=3 * one + 20), NOON))) == 1
    assert list(store.retention.parting(Policy(most=5 * one), NOON)) == []
    assert list(store.retention.parting(Policy(), NOON)) == []


def test_age_goes_before_size_and_no_page_goes_twice(store: Store) -> None:
    fill(store, {1: 900, 2: 100, 3: 50})
    partings = list(store.retention.parting(Policy(timedelta(days=730), most=0), NOON))
    assert [(p.page.page_id, p.why) for p in partings] == [(1, "age"), (2, "size"), (3, "size")]


def test_what_people_decided_is_looked_at_again_before_anything_goes(store: Store) -> None:
    numbers = fill(store, {1: 900, 2: 900})
    steps = store.retention.let_go(Policy(DAY), NOON)
    found = list(store.retention.parting(Policy(DAY), NOON))
    store.verdicts.decide(numbers[1], "keep", None, NOON)
    with store.write():
        gone = list(store.retention._gone(found, NOON))
    assert [one.pages for one in gone] == [1]
    assert list(steps) == []
    assert kept_pages(store) == {"1.html"}


def test_many_go_in_short_steps_each_of_them_whole(store: Store) -> None:
    fill_at_once(store, 200)
    next(store.retention.let_go(Policy(DAY), NOON + 2 * DAY))
    assert [(one.pages, one.why) for one in store.retention.told()] == [(64, "age")]
    assert check(store.path) == ()
    rest = [one.pages for step in store.retention.let_go(Policy(DAY), NOON + 2 * DAY) for one in step]
    assert sum(rest) == 136
    assert [one.pages for one in store.retention.told()] == [200]


def test_a_dictionary_goes_with_the_last_of_its_pages_but_never_the_newest(store: Store) -> None:
    fill(store, {1: 900, 2: 1})
    db = store._db
    for number in (1, 2, 3):
        db.execute("INSERT INTO dictionaries VALUES (?, ?, '2026', 1, 1, x'00')", [number, SOURCE])
    db.execute("UPDATE pages SET dictionary_id = 1 WHERE id = 2")
    list(store.retention.let_go(Policy(timedelta(days=2)), NOON))
    assert [row[0] for row in db.rows("SELECT id FROM dictionaries")] == [1, 3]


def test_a_page_let_go_while_it_is_read_again_is_told_of_the_new_revision(store: Store) -> None:
    number = fill(store, {1: 900})[1]
    list(store.retention.let_go(Policy(DAY), NOON))
    changed = replace(article(1), title="Tổ tự quản số một")
    store.links.offer(SOURCE, [FoundLink(changed.key, changed.url, "feed", "/rss")], NOON)
    store.keep([Kept(changed.key, page(changed, NOON - 900 * DAY), changed, ())], NOON + HOUR)
    assert store.retention.let_go_at(number) == NOON + HOUR
    assert check(store.path) == ()


def test_sums_keep_reasons_apart() -> None:
    one = LetGo("a", NOON, "age", 1, 10, NOON)
    found = summed([one, replace(one, pages=2, newest=NOON + HOUR), replace(one, why="size")])
    assert [(each.why, each.pages, each.bytes) for each in found] == [("age", 3, 20), ("size", 1, 10)]
    assert found[0].newest == NOON + HOUR
    assert Parting(facts(), "age").page.bytes == 100
