"""Searching gives what is true, the newest first, however it is leafed and however often time runs out."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from crawler.searching import ENDLESS, Found, Patience, Place, Wish, ask, each, find
from crawler.times import VIETNAM
from storage import seeking
from storage.cases import CaseQuery
from storage.records import Dating
from storage.seeking import Limits
from storage.store import Store
from tests.making import NOON, article, flag, keep

QUERIES = (
    "cá", "mưa to", "cá AND gió", "cá NEAR/2 gió", "NOT cá", "title:cá", "date: 2026-11-20 AND cá",
    "ca", "source:kontumtv AND gio", "cites:44-KL/TW", "2 TIMES cá",
)  # fmt: skip
WORDS = ("cá", "cà", "gió", "mưa", "to", "nắng.", "nhỏ,", "44-KL/TW")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    chance = random.Random(7)
    with Store.open(tmp_path_factory.mktemp("search") / "s.sqlite") as opened:
        for number in range(40):
            source = chance.choice(("baohatinh", "kontumtv"))
            told = article(number, source, " ".join(chance.choices(WORDS, k=9)))
            at = NOON - timedelta(hours=chance.randrange(200))
            told = replace(told, title=chance.choice(WORDS), published=Dating(at, "minute", "meta"))
            keep(opened, [told], [flag()] if number % 3 == 0 else [])
        for number in range(1, 14):
            opened.verdicts.decide(number, ("keep", "drop")[number % 2], None, NOON)
        yield opened


@pytest.fixture(params=["as it is", "as if it were huge"])
def size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "as if it were huge":
        for name, value in {"MOST_KNOWN": 4, "FAIR": 1, "_FEW": 2, "_SHORTEST": 3, "_LONGEST": 12}.items():
            monkeypatch.setattr(seeking, name, value)


def wishes() -> Iterator[Wish]:
    day = datetime(2026, 11, 19, tzinfo=VIETNAM)
    for query in (
        CaseQuery(),
        CaseQuery(source="kontumtv"),
        CaseQuery(rule="dinh_cong", mentions=True),
        CaseQuery(decision="keep"),
        CaseQuery(state="new"),
        CaseQuery(since=day, until=day + timedelta(days=3)),
    ):
        for marks in ("exact", "any"):
            yield Wish(query, marks, most=7)


def told(store: Store, query: str, wish: Wish) -> list[tuple[int, bool]]:
    """What is true, by asking every article."""
    asked = ask(query, {})
    hits = []
    for case in store.cases.find(wish.query):
        if asked.exact.proof(case.article) is not None:
            hits.append((case.id, True))
        elif wish.marks == "any" and asked.loose and asked.loose.proof(case.article) is not None:
            hits.append((case.id, False))
    return sorted(hits, key=lambda hit: not hit[1])


def leaves(store: Store, query: str, wish: Wish, patience: Patience = ENDLESS) -> Iterator[Found]:
    place: Place | None = Place()
    while place is not None:
        found = find(store, ask(query, {}), wish, place, patience)
        yield found
        assert found.onward != place, "it goes on"
        place = found.onward


@pytest.mark.usefixtures("size")
@pytest.mark.parametrize("query", QUERIES)
def test_leafing_gives_everything_once_and_in_order(store: Store, query: str) -> None:
    for wish in wishes():
        expected = told(store, query, wish)
        found = list(leaves(store, query, wish))
        assert [(hit.case.id, hit.exact) for one in found for hit in one.hits] == expected
        assert not any(one.hurried for one in found)
        exact = sum(hit[1] for hit in expected)
        assert found[0].at_most is None or found[0].at_most >= exact
        assert [(hit.case.id, hit.exact) for hit in each(store, ask(query, {}), wish)] == expected


@pytest.mark.usefixtures("size")
@pytest.mark.parametrize("query", QUERIES)
def test_nothing_is_lost_where_time_runs_out_again_and_again(store: Store, query: str) -> None:
    tired = Patience(Limits(lambda: True, lambda: True), lambda: True)
    for wish in list(wishes())[:3]:
        found = list(leaves(store, query, wish, tired))
        hits = [(hit.case.id, hit.exact) for one in found for hit in one.hits]
        assert hits == told(store, query, wish)
        assert all(one.hurried for one in found[:-1] if len(one.hits) < wish.most)


def test_few_hits_are_ranked_and_many_are_not(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    wish = Wish(most=5, ranked=True, marks="exact")
    found = list(leaves(store, "cá OR title:cá", wish))
    assert found[0].ranked
    assert sorted(hit.case.id for one in found for hit in one.hits) == sorted(
        number for number, _ in told(store, "cá", wish)
    )
    assert found[0].hits[0].case.article.title == "cá"
    monkeypatch.setattr("crawler.searching.MOST_RANKED", 3)
    assert not next(leaves(store, "cá", wish)).ranked


def test_one_word_more_than_marks_allow_is_shown_where_little_else_is(tmp_path: Path) -> None:
    with Store.open(tmp_path / "s.sqlite") as store:
        keep(store, [article(1, body="Họ đo ruộng."), article(2, body="Họ đỏ mặt.")])
        found = find(store, ask("họ đỏ", {}), Wish())
    assert [(hit.case.id, hit.exact) for hit in found.hits] == [(2, True), (1, False)]
