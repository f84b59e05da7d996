"""What is counted by day: always the same as counting anew, whatever happened in whatever order."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage.backup import check
from storage.counting import CaseCount, DayCount, Span, Watch
from storage.daybook import install, miscounted
from storage.migrations import migrations
from storage.provenance import APPLICATION_ID
from storage.records import Dating, RunReport
from storage.store import Store
from tests.storage.samples import HOUR, NOON, SOURCE, article, flag, found, kept, put

DAY = date(2026, 11, 23)
EVER = Span(date(1, 1, 1), date(9999, 12, 31))
THAT = Span(DAY, DAY)


def tables(store: Store) -> dict[str, list[tuple[object, ...]]]:
    names = ("days", "unread", "cases_by_day", "topics")
    rows = {name: store._db.rows(f"SELECT * FROM {name} ORDER BY 1, 2") for name in names}
    told = {name: [tuple(row) for row in some] for name, some in rows.items()}
    told["days"] = [row for row in told["days"] if any(row[2:])]
    return told


def counted_anew(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """What the migration would count of the same store."""
    with store._db.write():
        for name in ("days", "unread", "cases_by_day", "topics"):
            store._db.execute(f"DROP TABLE {name}")
        for row in store._db.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            store._db.execute(f"DROP TRIGGER {row[0]}")
        install(store._db.raw)
    return tables(store)


def test_a_day_tells_what_was_found_read_and_crawled(store: Store) -> None:
    put(store, article(1), [flag()])
    store.links.offer(SOURCE, [found(2), found(3)], NOON)
    store.links.mark(SOURCE, found(3).key, "failed", "http-500", None, NOON)
    store.links.leave(SOURCE, [found(4)], "section", NOON)
    for outcome in ("done", "failed", "running"):
        run = store.runs.begin(SOURCE, 1, NOON)
        if outcome != "running":
            store.runs.end(run, RunReport(outcome), NOON)
    [day] = store.counting.days(THAT)
    assert day == DayCount(DAY, SOURCE, read=1, unread=2, crawled=1, troubled=1)
    assert day.found == 3
    assert store.counting.days(Span(DAY - timedelta(days=1), DAY - timedelta(days=1))) == []
    assert store.counting.watched() == {SOURCE: Watch(DAY, DAY)}


def test_a_day_is_vietnams(store: Store) -> None:
    late = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)
    put(store, replace(article(1), published=Dating(late, "minute", "meta")))
    put(store, replace(article(2), published=Dating(late - HOUR, "minute", "meta")))
    days = {day.day: day.read for day in store.counting.days(EVER)}
    assert days == {date(2026, 11, 23): 1, date(2026, 11, 22): 1}


@pytest.mark.parametrize("year", [1, 9999])
def test_a_date_at_the_end_of_the_calendar_is_kept_and_counted(store: Store, year: int) -> None:
    at = datetime(year, 12, 31, 23, 0, tzinfo=UTC)
    put(store, replace(article(), published=Dating(at, "minute", "meta")))
    [day] = store.counting.days(EVER)
    assert (day.read, day.day) == (1, date(2, 1, 1) if year == 1 else date(9999, 12, 31))


def test_cases_are_counted_by_source_and_by_rule_with_what_was_decided(store: Store) -> None:
    first = put(store, article(1), [flag("a"), flag("b")])
    second = put(store, article(2), [flag("b")])
    put(store, article(3), [replace(flag("a"), level="mention")])
    unflagged = put(store, article(4))
    store.verdicts.decide(first, "keep", None, NOON)
    store.verdicts.decide(second, "drop", None, NOON)
    store.verdicts.decide(unflagged, "later", None, NOON)
    assert store.counting.by_source(THAT) == [CaseCount(DAY, SOURCE, 3, 3, 1, 1)]
    assert store.counting.by_rule(THAT) == [
        CaseCount(DAY, "a", 1, 1, 1, 0, "Luật a"),
        CaseCount(DAY, "b", 2, 2, 1, 1, "Luật b"),
    ]
    assert store.counting.by_rule(Span(DAY, DAY, rule="a")) == store.counting.by_rule(THAT)[:1]
    [of_b] = store.counting.by_source(Span(DAY, DAY, SOURCE, "b"))
    assert (of_b.flagged, of_b.kept, of_b.dropped) == (2, 1, 1)
    assert store.counting.by_source(Span(DAY, DAY, "khac", "b")) == []
    assert store.counting.by_rule(Span(DAY, DAY, "khac")) == []
    store.verdicts.undo(NOON, first)
    assert store.counting.by_source(THAT) == [CaseCount(DAY, SOURCE, 3, 2, 0, 1)]


def test_what_was_raised_counts_under_the_rule_it_was_raised_for_and_once(store: Store) -> None:
    number = put(store, article(1))
    store.raised.put(number, "a", None, NOON)
    assert store.counting.by_rule(THAT) == [CaseCount(DAY, "a", 1, 0, 0, 0)]
    assert store.counting.by_source(Span(DAY, DAY, rule="a")) == [CaseCount(DAY, SOURCE, 1, 0, 0, 0)]
    store.flags.replace(number, [flag("a")], NOON)
    assert store.counting.by_rule(THAT) == [CaseCount(DAY, "a", 1, 0, 0, 0, "Luật a")]
    store.raised.lower(number, NOON)
    store.flags.replace(number, [], NOON)
    assert store.counting.by_rule(THAT) == []
    assert store.counting.by_source(THAT) == []


def test_a_link_whose_article_was_read_is_never_unread_again(store: Store) -> None:
    put(store, article(1))
    store.links.mark(SOURCE, found(1).key, "failed", "http-500", None, NOON)
    store.links.mark(SOURCE, found(1).key, "gone", "http-404", None, NOON)
    assert store.counting.days(THAT) == [DayCount(DAY, SOURCE, 1, 0, 0, 0)]


@pytest.mark.parametrize("seed", range(6))
def test_counts_are_those_of_counting_anew_after_anything(store: Store, seed: int) -> None:
    chance = random.Random(seed)
    now = NOON

    def some() -> int | None:
        numbers = store.articles.numbers()
        return chance.choice(numbers) if numbers else None

    def offer(number: int) -> None:
        dated = Dating(now - chance.randrange(90) * HOUR, "minute", "feed")
        store.links.offer(SOURCE, [replace(found(number), dated=chance.choice([dated, None]))], now)

    def keep(number: int) -> None:
        offer(number)
        flags = [flag(rule) for rule in ("a", "b") if chance.random() < 0.4]
        dated = chance.choice([None, Dating(now - chance.randrange(90) * HOUR, "second", "meta")])
        body = f"Đoạn {chance.randrange(3)}."
        store.keep([kept(replace(article(number), published=dated, body=body), flags, now)], now)

    def mark(number: int) -> None:
        offer(number)
        store.links.mark(
            SOURCE, found(number).key, chance.choice(["failed", "gone", "refused"]), "x", None, now
        )

    def refuse(number: int) -> None:
        store.links.refuse(SOURCE, [found(number)], "refused", "section", now)

    def judge(_: int) -> None:
        if (one := some()) is not None:
            flags = [replace(flag("a"), level=chance.choice(["primary", "mention"]))]
            store.flags.replace(one, chance.choice([flags, []]), now)

    def decide(_: int) -> None:
        if (one := some()) is not None:
            store.verdicts.decide(one, chance.choice(["keep", "drop", "later"]), None, now)

    def undo(_: int) -> None:
        store.verdicts.undo(now)

    def put_up(_: int) -> None:
        if (one := some()) is not None:
            store.raised.put(one, chance.choice([None, "a"]), None, now)

    def lower(_: int) -> None:
        if (one := some()) is not None:
            store.raised.lower(one, now)

    def crawl(_: int) -> None:
        run = store.runs.begin(SOURCE, 1, now)
        for _ in range(chance.randrange(3)):
            store.runs.end(run, RunReport(chance.choice(["done", "failed", "stopped"])), now)

    def replay(_: int) -> None:
        store.links.replay(SOURCE, chance.choice(["set-aside", "gone", "x"]))

    acts = (offer, keep, keep, mark, refuse, judge, decide, undo, put_up, lower, crawl, replay)
    for _ in range(80):
        chance.choice(acts)(chance.randrange(8))
        now += chance.randrange(5) * HOUR
    assert miscounted(store._db) == ()
    before = tables(store)
    assert before == counted_anew(store)


def test_an_older_store_is_counted_when_it_is_opened(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        migrations.apply(Database(raw), stop_before="m024_raised")
        raw.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        at = "2026-11-22T20:00:00.000000+00:00"
        raw.execute(
            "INSERT INTO articles (id, key, source, found_in, first_fetched_at, dated_at, revision, flagged)"
            " VALUES (1, 'a', 'bao', 'feed', ?, ?, 1, 1), (2, 'b', 'bao', 'feed', ?, ?, 1, 0)",
            [at] * 4,
        )
        raw.execute("INSERT INTO verdicts (article_id, decision, at) VALUES (2, 'keep', ?)", [at])
        raw.commit()
    with Store.open(path) as store:
        assert store.counting.days(THAT) == [DayCount(DAY, "bao", 2, 0, 0, 0)]
        assert store.counting.by_source(THAT) == [CaseCount(DAY, "bao", 2, 1, 1, 0)]


def test_the_check_of_a_store_tells_miscounted_days(store: Store) -> None:
    put(store, article(1), [flag()])
    assert check(store.path) == ()
    store._db.execute("UPDATE days SET read = 7")
    store._db.execute("DELETE FROM cases_by_day")
    assert check(store.path) == (
        "2 days whose articles are miscounted",
        "1 cases counted under the wrong day or decision",
    )
