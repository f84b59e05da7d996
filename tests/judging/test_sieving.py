"""The full-text index gives every article that a rule flags; too many are no harm, one too few is."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.judging.asking import Question
from crawler.judging.judge import Judge, compile_rule
from crawler.judging.ruletext import RuleText
from crawler.judging.sieving import sieve
from storage.records import Article
from storage.store import Store
from tests.judging.making import article
from tests.making import keep

WRITTEN = [
    "an",
    "An",
    "AN",
    "ăn",
    "ninh",
    "NINH",
    "ủy",
    "uỷ",
    "Ủy",
    "ủy",
    "kỹ",
    "kĩ",
    "quý",
    "quí",
    "hòa",
    "hoà",
    "Đảng",
    "Ðảng",
    "đảng",
    "dang",
    "ANTQ",
    "antq",
    "44",
    "t.ư",
    "v.v",
    "n\u200binh",
    "ƣu",
    "quốca",
    "9.000",
]
JOINTS = [*"   /_–\n\u00a0“", "  ", ", ", " - ", "\n\n", ". ", " (", "” ", "\u200b "]
SAID = [
    *[
        "an",
        "an ninh",
        "ủy",
        "kĩ",
        "quý",
        "hoà",
        "đảng uỷ",
        "dang uy",
        "ANTQ",
        "an ninh ANTQ",
        "44",
        "t.ư",
        "ưu",
        "9.000",
        "hoa",
    ],
    *("={an}", "{an|kỹ} ninh", "an [quý] ninh", "an …2… ninh", "an * ninh"),
]
texts = st.lists(st.tuples(st.sampled_from(WRITTEN), st.sampled_from(JOINTS)), max_size=8).map(
    lambda pairs: "".join(word + joint for word, joint in pairs)
)
articles = st.builds(article, texts, texts, texts)
terms = st.sampled_from([f'"{said}"' for said in SAID])
queries = st.recursive(
    terms,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["AND", "OR", "AND NOT"]), inner).map(
            lambda p: f"({p[0]} {p[1]} {p[2]})"
        ),
        st.tuples(terms, st.sampled_from(["NEAR/2", "ONEAR/3", "EXCEPT", "NEAR/sentence"]), terms).map(
            lambda p: f"({p[0]} {p[1]} {p[2]})"
        ),
        st.tuples(st.sampled_from(["title", "lead", "body", "opening"]), inner).map("{0[0]}:({0[1]})".format),
        st.tuples(terms, terms, inner).map(lambda p: f"2 OF ({p[0]}, {p[1]}, {p[2]})"),
        terms.map(lambda p: f"2 TIMES {p}"),
    ),
    max_leaves=5,
)


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "s.sqlite") as opened:
        yield opened


def kept(store: Store, told: list[Article]) -> None:
    keep(store, [replace(one, key=f"bao:{number}") for number, one in enumerate(told)])


@settings(max_examples=200, deadline=None)
@given(told=st.lists(articles, min_size=1, max_size=6), query=queries)
def test_every_article_that_a_rule_flags_is_among_the_candidates(
    store: Store, told: list[Article], query: str
) -> None:
    kept(store, told)
    rule = compile_rule(RuleText("regel", "Regel", query=query))
    judge = Judge([rule])
    expression = sieve([rule])
    assert expression is not None

    candidates = set(store.search.matching(expression))

    flagged = {number for number, one in store.articles.each() if judge.flags(one)}
    assert flagged <= candidates


@settings(max_examples=100, deadline=None)
@given(told=st.lists(articles, min_size=1, max_size=6), query=queries)
def test_every_article_that_a_search_is_true_of_is_among_its_candidates(
    store: Store, told: list[Article], query: str
) -> None:
    kept(store, told)
    question = Question(query, {})
    assert question.expression is not None
    candidates = set(store.search.matching(question.expression))
    assert {number for number, one in store.articles.each() if question.proof(one) is not None} <= candidates


def test_a_search_for_phrases_near_each_other_asks_the_index_for_their_distance(store: Store) -> None:
    far = "an ninh " + "cá " * 60 + "hòa"
    kept(store, [article("Một", body=far), article("Hai", body="an ninh, cá, hòa")])
    expression = Question("an ninh NEAR/10 hòa", {}).expression
    assert expression is not None
    assert [number for number in store.search.matching(expression) if number <= 2] == [2]


def test_several_phrases_that_must_stand_leave_few_candidates(store: Store) -> None:
    kept(store, [article("An ninh"), article("hoà ninh"), article("an ninh, hòa")])
    rule = compile_rule(RuleText("r", "R", query="title:(an ninh AND hòa) AND NOT body:x"))
    expression = sieve([rule])
    assert expression is not None
    assert [number for number in store.search.matching(expression) if number <= 3] == [3]
