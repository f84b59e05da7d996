"""What lint calls never true or idle is so on every article: tried by striking it out before the judge."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.judging.binding import Binder
from crawler.judging.branches import settled, swallowed
from crawler.judging.contradicting import Logic
from crawler.judging.grammar import parse
from crawler.judging.matching import Matcher
from crawler.judging.placing import Placed, pieces
from crawler.judging.proving import Trial
from crawler.judging.ruletext import ALL_FIELDS
from crawler.judging.tree import Node, Not, Phrase
from crawler.judging.views import View
from storage.records import Article
from tests.judging.making import article

NEVER = parse("never", '"chẳng bao giờ"', {})
SYLLABLES = ["á", "ò", "hoà", "kỹ", "a", "KY"]  # a: any marks, by itself; KY: an abbreviation

words = st.sampled_from([*SYLLABLES, *SYLLABLES, "{á|ò}"])
FEW = ['"á"', '"á ò"', '"ò"', '"á …1… ò"', '"a"', '"ho"']  # so that they meet often
phrases = st.one_of(
    st.sampled_from(FEW),
    st.sampled_from(FEW),
    st.lists(words, min_size=1, max_size=3).map(lambda some: f'"{" ".join(some)}"'),
    st.tuples(words, st.sampled_from(["…1…", "…2…", "*", "[á]"]), words).map(
        lambda some: f'"{" ".join(some)}"'
    ),
)


def _joined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.tuples(parts, parts)
    terms = st.one_of(phrases, st.tuples(phrases, phrases).map(lambda two: f"({two[0]} OR {two[1]})"))
    counted = st.tuples(terms, terms)
    return st.one_of(
        pairs.map(lambda two: f"({two[0]} AND {two[1]})"),
        pairs.map(lambda two: f"({two[0]} AND NOT {two[1]})"),
        pairs.map(lambda two: f"({two[0]} OR {two[1]})"),
        counted.map(lambda two: f"({two[0]} EXCEPT {two[1]})"),
        counted.map(lambda two: f"({two[0]} NEAR/1 {two[1]})"),
        counted.map(lambda two: f"2 TIMES ({two[0]} OR {two[1]} EXCEPT {two[0]})"),
        pairs.map(lambda two: f"2 OF ({two[0]}, {two[1]}, {two[0]})"),
        pairs.map(lambda two: f"2 POINTS ({two[0]}, {two[1]}, NOT {two[0]}^-1)"),
        terms.map(lambda one: f"2 TIMES {one}"),
        parts.map(lambda one: f"(NOT {one})"),
        st.tuples(st.sampled_from(["title", "lead", "body", "opening"]), parts).map(
            lambda two: f"{two[0]}:{two[1]}"
        ),
    )


queries = st.recursive(phrases, _joined, max_leaves=8).map(lambda query: parse("rule", query, {}))
texts = st.lists(st.sampled_from([*SYLLABLES, *SYLLABLES, "x", ".", "hòa", "ky"]), max_size=10).map(" ".join)
articles = st.builds(article, texts, texts, texts)
long_articles = st.builds(lambda one, two: article(one, "x " * 447 + two), texts, texts)
abouts = st.one_of(articles, long_articles)
WHOLE = pieces(ALL_FIELDS)
SEARCHING = settings(max_examples=300, deadline=None)  # most queries are sensible, and prove nothing here


def _is_true(node: Node, about: Article) -> bool:
    binder = Binder()
    bound = binder.bind(node)
    view = View(about)
    trial = Trial(view, Matcher(binder.numbers).hits(view))
    return trial.prove(bound, trial.scope(ALL_FIELDS)) is not None


def _with(tree: Any, old: Node, new: Node) -> Any:
    """The tree with that very node replaced."""
    if tree is old:
        return new
    if isinstance(tree, tuple):
        return tuple(_with(part, old, new) for part in tree)
    if not is_dataclass(tree) or isinstance(tree, Phrase):
        return tree
    changed = {one.name: _with(getattr(tree, one.name), old, new) for one in fields(tree)}
    return replace(tree, **changed)  # type: ignore[type-var] # an instance, as the line above says


@SEARCHING
@given(queries, abouts)
def test_what_is_called_never_true_is_true_of_no_article(node: Node, about: Article) -> None:
    if Logic().is_never(Placed(node, WHOLE)):
        assert not _is_true(node, about)


@SEARCHING
@given(queries, abouts)
def test_what_is_called_always_true_is_true_of_every_article(node: Node, about: Article) -> None:
    if Logic().is_always(Placed(node, WHOLE)):
        assert _is_true(node, about)


@SEARCHING
@given(queries, abouts)
def test_a_part_called_settled_has_that_answer(node: Node, about: Article) -> None:
    for part in settled(Logic(), Placed(node, WHOLE)):
        without = _with(node, part.node, Not(NEVER) if part.answer else NEVER)
        assert _is_true(without, about) is _is_true(node, about)


@SEARCHING
@given(queries, abouts)
def test_a_term_called_swallowed_can_be_struck_out(node: Node, about: Article) -> None:
    for idle in swallowed(Logic(), Placed(node, WHOLE)):
        assert _is_true(_with(node, idle.node, NEVER), about) is _is_true(node, about)


@SEARCHING
@given(queries, queries, abouts)
def test_what_is_said_to_follow_follows(one: Node, other: Node, about: Article) -> None:
    if Logic().implies(Placed(one, WHOLE), Placed(other, WHOLE)):
        assert _is_true(other, about) or not _is_true(one, about)
