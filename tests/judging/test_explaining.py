"""Explaining: every term says whether it is true, where it stands, or why not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crawler.judging.explaining import Term, explain
from crawler.judging.judge import Judge, compile_rule
from crawler.judging.ruletext import RuleText
from tests.judging.making import article

LISTS = {"crime": ("khởi tố", "truy nã")}


def explained(query: str, title: str = "", body: str = "", mention: str | None = None) -> Term:
    rule = compile_rule(RuleText("r", "R", query=query, mention=mention, lists=LISTS))
    return explain(rule, article(title, body)).terms["primary"]


def test_each_term_is_told_in_the_words_of_the_rule() -> None:
    term = explained("title:ngày hội AND NOT @crime", "Ngày hội", "Truy nã.")

    assert term.written == 'title:"ngày hội" AND (NOT @crime)'
    assert [part.is_true for part in term.parts] == [True, False]
    assert term.parts[1].why == "it stands there"
    [place] = term.parts[1].parts[0].places
    assert (place.field, place.text) == ("body", "Truy nã")


def test_the_places_of_a_term_are_cut_from_the_article() -> None:
    body = "Bà con dự ngày  hội."

    [place] = explained("ngày hội", "Tin", body).places

    assert body[place.start : place.end] == place.text == "ngày  hội"


def test_what_is_missing_is_said() -> None:
    assert explained("2 TIMES ngày hội", "Ngày hội").why == "stands 1 times, 2 are wanted"
    assert explained("2 OF (ngày hội, mưa, nắng)", "Ngày hội").why == "1 are true, 2 are wanted"
    assert explained("3 POINTS (ngày hội^2, mưa)", "Ngày hội").why == "2 of 3 points"
    assert explained("ngày hội NEAR/1 mưa", "Ngày hội vui lắm, rồi mưa").why.startswith("both stand there")
    assert explained('ngày hội EXCEPT "ngày hội vui"', "Ngày hội vui").why.startswith("it stands only")
    assert explained("ngày hội", "Tin").why == "stands nowhere here"
    assert explained("ngày hội AND source:khác", "Ngày hội").parts[1].why == "not of this article"


def test_a_field_is_looked_at_alone() -> None:
    term = explained("title:ngày hội", "Tin", "Ngày hội.")

    assert not term.is_true
    assert not term.parts[0].is_true


def test_a_rule_of_other_sources_says_so() -> None:
    rule = compile_rule(RuleText("r", "R", query="ngày hội", sources=("khac",)))

    assert explain(rule, article("Ngày hội")).why == "looks only at khac, and this is of bao"


words = st.sampled_from(["ngày hội", "mưa", "khởi tố", "nắng"])
queries = st.recursive(
    words,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["AND", "OR"]), inner).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
        st.tuples(inner, inner).map(lambda p: f"(1 OF ({p[0]}, {p[1]}) AND {p[0]})"),
        st.tuples(words, words).map(lambda p: f"({p[0]} NEAR/3 {p[1]})"),
        st.tuples(words, words).map(lambda p: f"({p[0]} AND NOT title:{p[1]})"),
        st.tuples(words, words).map(lambda p: f"2 POINTS ({p[0]}^2, {p[1]}^-1)"),
    ),
    max_leaves=6,
)


@given(queries, st.lists(words, max_size=3).map(" ".join), st.lists(words, max_size=6).map(". ".join))
def test_the_explanation_agrees_with_the_judge(query: str, title: str, body: str) -> None:
    rule = compile_rule(RuleText("r", "R", query=query))
    about = article(title, body)

    level = explain(rule, about).level

    assert (level is not None) is bool(Judge([rule]).flags(about))
