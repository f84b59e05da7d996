"""The store as it was: whatever happened since, a moment is told as it was told then."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.cases import CaseQuery, state_of
from storage.errors import StoreReadOnly
from storage.records import Article, Case, CaseState, Dating, Decision, Flag, LostPage
from storage.retention import Policy
from storage.store import Store
from tests.storage.samples import HOUR, MINUTE, NOON, article, flag, kept, put

QUERIES = (
    CaseQuery(newest_first=False),
    CaseQuery(flagged=True),
    CaseQuery(rule="khac", mentions=True),
    CaseQuery(state="new"),
    CaseQuery(state="changed"),
    CaseQuery(state="dropped"),
    CaseQuery(decision="keep", source="baogio"),
    CaseQuery(gone=True),
    CaseQuery(since=NOON - 3 * HOUR, until=NOON + HOUR, newest_first=False),
)
WORDS = ("biển", "lúa", "chợ", "cầu", "đường", "sông", "núi", "mưa", "nắng", "thuyền", "lưới", "tôm", "gạch")
Answers = tuple[list[list[tuple[Case, CaseState | None]]], list[int]]
DECISIONS: tuple[Decision, ...] = ("keep", "drop", "later")


class History:
    """Random things that happen to a store, one a minute or none."""

    def __init__(self, store: Store, seed: int) -> None:
        self.store = store
        self.chance = random.Random(seed)
        self.now = NOON
        self.texts: dict[int, tuple[Article, datetime]] = {}  # number → newest text, and its page's moment

    def step(self) -> None:
        if self.chance.random() < 0.8:
            self.now += timedelta(seconds=self.chance.randint(1, 90))
        steps: list[Callable[[], None]] = [self.new, self.revise, self.surround, self.reread, self.reflag]
        steps += [self.decide, self.undo, self.take_down, self.raised, self.lowered]
        self.chance.choice(steps if self.texts else [self.new])()

    def one(self) -> int:
        return self.chance.choice(list(self.texts))

    def flags(self) -> list[Flag]:
        rules = self.chance.sample(["tu_quan", "khac"], self.chance.randint(0, 2))
        version = self.chance.choice(["v1", "v2"])
        return [
            replace(flag(rule), version=version, level=self.chance.choice(("primary", "mention")))
            for rule in rules
        ]

    def new(self) -> None:
        number = len(self.texts) + 1
        dated = Dating(self.now - self.chance.randint(0, 9) * HOUR, "minute", "meta")
        told = replace(article(number, self.chance.choice(["baogio", "baomai"])), body=self.body())
        told = replace(told, published=self.chance.choice([None, dated]))
        self.texts[put(self.store, told, self.flags(), self.now)] = told, self.now

    def body(self) -> str:
        return "\n\n".join(" ".join(self.chance.choices(WORDS, k=25)) for _ in range(4))

    def keep(self, number: int, told: Article, fetched: datetime) -> None:
        self.store.keep([kept(told, self.flags(), fetched)], self.now)
        self.texts[number] = told, fetched

    def revise(self) -> None:
        number = self.one()
        told, _ = self.texts[number]
        body = self.chance.choice([self.body(), told.body.replace("biển", "bờ biển", 1)])
        self.keep(number, replace(told, body=body), self.now)

    def reread(self) -> None:
        number = self.one()
        told, fetched = self.texts[number]
        self.keep(number, replace(told, lead=self.body()), fetched)

    def surround(self) -> None:
        number = self.one()
        told, fetched = self.texts[number]
        section = self.chance.choice(["Xã hội", "Pháp luật", "Kinh tế"])
        dated = Dating(self.now - self.chance.randint(0, 90) * MINUTE, "second", "meta")
        told = replace(told, section=section, published=self.chance.choice([told.published, dated]))
        self.keep(number, told, self.chance.choice([fetched, self.now]))

    def reflag(self) -> None:
        self.store.flags.replace(self.one(), self.flags(), self.now)

    def decide(self) -> None:
        note = self.chance.choice([None, "xem lại"])
        self.store.verdicts.decide(self.one(), self.chance.choice(DECISIONS), note, self.now, "Lan")

    def undo(self) -> None:
        self.store.verdicts.undo(self.now, self.chance.choice([None, self.one()]))

    def take_down(self) -> None:
        told, _ = self.texts[self.one()]
        self.store.links.mark(told.source, told.key, "gone", "http-404", None, self.now)

    def raised(self) -> None:
        self.store.raised.put(self.one(), self.chance.choice([None, "khac"]), None, self.now)

    def lowered(self) -> None:
        self.store.raised.lower(self.one(), self.now)


def answers(store: Store) -> Answers:
    found = [[(case, state_of(case)) for case in store.cases.find(query)] for query in QUERIES]
    return found, [store.cases.count(query) for query in QUERIES]


@pytest.mark.parametrize("seed", range(3))
def test_every_moment_of_a_random_history_is_told_as_it_was_told_then(store: Store, seed: int) -> None:
    history = History(store, seed)
    told_then: dict[datetime, Answers] = {}
    for step in range(90):
        history.step()
        if step % 8 == 5:
            with store.snapshot() as now:
                told_then[history.now] = answers(now)
            history.now += timedelta(seconds=1)
    for at in list(told_then)[:-1]:
        with store.then(at) as past:
            told = answers(past)
        assert told[1] == told_then[at][1], at
        assert told == told_then[at], at


def test_before_anything_was_stored_there_was_nothing(store: Store) -> None:
    put(store, article(1), [flag()])
    with store.then(NOON - MINUTE) as past:
        assert answers(past)[1] == [0] * len(QUERIES)
    assert store.recorded_since() is None


def test_texts_and_pages_of_later_are_not_there_yet(store: Store) -> None:
    number = put(store, article(1))
    store.keep([kept(replace(article(1), body="Bản mới."), [], NOON + HOUR)], NOON + HOUR)
    with store.then(NOON + MINUTE) as past:
        assert [one.number for one in past.articles.revisions(number)] == [1]
        assert [page.fetched_at for page in past.pages.of(number)] == [NOON]
    with store.then(NOON + HOUR) as past:
        assert [one.number for one in past.articles.revisions(number)] == [1, 2]


def test_the_past_cannot_be_written(store: Store) -> None:
    put(store, article(1))
    with store.then(NOON) as past, pytest.raises(StoreReadOnly, match="as of one moment"):
        past.verdicts.decide(1, "keep", None, NOON)


def test_a_snapshot_answers_of_one_moment_while_another_writes(store: Store, path: Path) -> None:
    put(store, article(1))
    with store.snapshot() as held, Store.open(path) as other:
        put(other, article(2))
        store.verdicts.decide(1, "keep", None, NOON)
        assert held.cases.count(CaseQuery()) == 1
        assert [case.verdict for case in held.cases.find(CaseQuery())] == [None]
        assert held.cases.get(2) is None
    with store.snapshot() as held:
        assert held.cases.count(CaseQuery()) == 2


def test_a_store_of_before_tells_since_when_it_remembers_and_when_pages_were_reread(
    store: Store, path: Path
) -> None:
    put(store, article(1), [flag()])
    store.keep([kept(replace(article(1), lead="Đọc kỹ hơn."), [flag()], NOON)], NOON + 2 * HOUR)
    store.keep([kept(replace(article(1), body="Bản mới."), [flag()], NOON + 3 * HOUR)], NOON + 3 * HOUR)
    store.close()
    forget_history(path)
    before = datetime.now(UTC)
    with Store.open(path) as opened:
        begins = opened.recorded_since()
        assert begins is not None
        assert abs(begins - before) < MINUTE
        leads = {}
        for hours in (0, 1, 2, 3):
            with opened.then(NOON + hours * HOUR) as past:
                case = past.cases.get(1)
                assert case is not None
                leads[hours] = case.revision, case.article.lead == "Đọc kỹ hơn.", len(case.flags)
    assert leads == {0: (1, False, 1), 1: (1, False, 1), 2: (2, True, 1), 3: (3, False, 1)}


def forget_history(path: Path) -> None:
    """As a store was before its past was recorded."""
    with sqlite3.connect(path) as db:
        tables = ("revision_times", "former_flags", "former_surroundings", "history")
        for table in (*tables, "exported", "exports", "export_series"):
            db.execute(f"DROP TABLE {table}")
        db.execute("DELETE FROM _sqlite_migrations WHERE name LIKE 'm033%'")
    db.close()


def test_pages_that_were_let_go_are_told_of_the_texts_that_were_known(store: Store) -> None:
    number = put(store, article(1), now=NOON)
    other = replace(article(1), body="khác hẳn")
    store.keep([kept(other, [], NOON + 2 * HOUR)], NOON + 2 * HOUR)
    list(store.retention.let_go(Policy(HOUR), NOON + 9 * HOUR))
    first, second = (LostPage(other.url, NOON + after * HOUR, NOON + 9 * HOUR) for after in (0, 2))
    assert store.pages.lost(number) == (first, second)
    with store.then(NOON + HOUR) as then:
        assert then.pages.lost(number) == (first,)
