"""Judging again: flags follow today's rules and today's text, verdicts stay."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawler import reflagging
from crawler.errors import AlreadyRunning
from crawler.judging import compile_rules
from crawler.judging.ruletext import RuleText
from crawler.laboratory import judges
from crawler.reflagging import alone, compare, is_due, reflag
from storage.cases import CaseQuery
from storage.store import Store
from tests.making import NOON, article, flag, keep


def rules(phrase: str) -> list[RuleText]:
    return [RuleText("moi", "Mới", any_of=(phrase,))]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store.sqlite") as opened:
        keep(opened, [article(1), article(2)], [flag("cu")])
        yield opened


def test_flags_follow_the_rules_and_verdicts_stay(store: Store) -> None:
    store.verdicts.decide(1, "keep", "ghi", NOON)
    found = list(reflag(store, rules("xưởng"), NOON))
    assert sorted(one.case.id for one in found) == [1, 2]
    assert {(one.added, one.removed) for one in found} == {(("moi",), ("cu",))}
    case = store.cases.get(1)
    assert case is not None
    assert {one.rule for one in case.flags} == {"moi"}
    assert case.verdict is not None
    assert (case.verdict.decision, case.verdict.note) == ("keep", "ghi")
    assert len(store.verdicts.history(1)) == 1


def test_a_second_time_finds_nothing_to_change(store: Store) -> None:
    assert list(reflag(store, rules("xưởng"), NOON))
    assert list(reflag(store, rules("xưởng"), NOON)) == []


def test_comparing_changes_nothing(store: Store) -> None:
    assert len(list(compare(store, rules("không có")))) == 2
    assert store.cases.count(CaseQuery(rule="cu")) == 2


def test_an_article_revised_meanwhile_is_judged_by_what_it_says_now(store: Store) -> None:
    revised = article(1, body="Bản sửa không còn nhắc đến việc ấy.")

    def revise_once(_: int) -> None:
        case = store.cases.get(1)
        if case is not None and case.revision == 1:
            keep(store, [revised])

    list(reflag(store, rules("xưởng"), NOON, revise_once))
    case = store.cases.get(1)
    assert case is not None
    assert (case.revision, case.flags) == (2, ())
    assert store.cases.count(CaseQuery(rule="moi")) == 1


def test_a_changed_version_alone_counts_as_a_change_without_rules_coming_or_going(store: Store) -> None:
    list(reflag(store, rules("xưởng"), NOON))
    [one, other] = compare(store, rules("chủ xưởng"))
    assert (one.added, one.removed, other.added, other.removed) == ((), (), (), ())


def test_one_that_was_ended_halfway_goes_on_where_it_was(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reflagging, "chunks", lambda numbers: judges.chunks(numbers, 1))
    begun = reflag(store, rules("xưởng"), NOON)
    assert next(begun).case.id == 1
    begun.close()
    store.rereads.reached("pages", 7, NOON)
    counts: list[int] = []
    assert [one.case.id for one in reflag(store, rules("xưởng"), NOON, counts.append)] == [2]
    assert counts == [1, 1]
    assert [one.case.id for one in reflag(store, rules("tăng lương"), NOON)] == [1, 2]
    assert store.rereads.position("pages") == 7, "a reread that was ended halfway keeps its place"


def judged(store: Store, texts: list[RuleText], *, everything: bool = False) -> int:
    """How many articles a reflag judges."""
    counts: list[int] = []
    list(reflag(store, texts, NOON, counts.append, everything=everything))
    return sum(counts[1:])


def test_only_what_changed_rules_may_concern_is_judged(store: Store) -> None:
    fish = RuleText("ca", "Cá", any_of=("cá về",))
    assert judged(store, [fish]) == 2
    assert is_due(store, [fish]) == ()
    assert judged(store, [fish]) == 0
    keep(store, [article(3, body="Cá về nhiều.")])
    assert judged(store, [fish]) == 1
    assert {one.rule for one in store.flags.of_newest([3])[3]} == {"ca"}
    both = [fish, *rules("xưởng")]
    assert is_due(store, both) == ("moi",)
    assert judged(store, both) == 2
    heavier = [RuleText("ca", "Cá", any_of=("cá về",), weight=2.0), *rules("xưởng")]
    assert is_due(store, heavier) == ("ca",)
    assert judged(store, heavier) == 1
    assert is_due(store, [fish]) == ("ca", "moi")
    assert judged(store, heavier[:1]) == 2, "those that the rule had flagged which is gone"
    assert judged(store, heavier[:1], everything=True) == 3


def test_two_do_not_write_at_once(store: Store) -> None:
    with alone(store), pytest.raises(AlreadyRunning, match="another reflag"):
        alone(store).take()


BODIES = ["Cá về nhiều ở cảng.", "Chủ xưởng hứa tăng lương.", "Trời nắng to.", "Cá của chủ xưởng, trời nắng."]
RULE_SETS = [
    [RuleText("a", "A", any_of=("cá",)), RuleText("b", "B", any_of=("trời nắng",))],
    [
        RuleText("a", "A", query="cá AND NOT xưởng", mention="xưởng"),
        RuleText("c", "C", query="chủ NEAR/5 lương"),
    ],
    [RuleText("a", "Á", any_of=("cá",), weight=2.0), RuleText("b", "B", query="section:xã AND nắng")],
]
a_rule_set = st.sampled_from(RULE_SETS)
a_keep = st.tuples(st.integers(1, 5), st.sampled_from(BODIES), a_rule_set)
a_reflag = st.tuples(st.just("reflag"), a_rule_set, st.sampled_from([99, 1, 2, 3]))
a_step = st.one_of(a_keep, a_reflag)


@settings(max_examples=60, deadline=None)
@given(st.lists(a_step, max_size=8), a_rule_set)
@example([(1, BODIES[2], RULE_SETS[1])], RULE_SETS[0])
@example([("reflag", RULE_SETS[1], 3)], RULE_SETS[0])
@example([("reflag", RULE_SETS[1], 1), ("reflag", RULE_SETS[2], 1)], RULE_SETS[1])
def test_whatever_happened_before_it_is_the_same_as_judging_everything(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[Any, ...]], last: list[RuleText]
) -> None:
    with Store.open(tmp_path_factory.mktemp("store") / "store.sqlite") as store:
        for number, body in enumerate(BODIES, 1):
            take(store, number, body, [])
        for step in [("reflag", RULE_SETS[0], 99), *steps]:
            take(store, *step)
        expected = {one.case.id: one.flags for one in compare(store, last, everything=True)}
        assert {one.case.id: one.flags for one in compare(store, last)} == expected
        list(reflag(store, last, NOON))
        assert list(compare(store, last, everything=True)) == []
        assert is_due(store, last) == ()


def take(store: Store, what: int | str, *how: Any) -> None:
    """Keep an article with flags of some rules; or reflag, broken off after so many changes."""
    if isinstance(what, int):
        body, texts = how
        told = article(what, body=body)
        keep(store, [told], compile_rules(texts).flags(told))
        return
    texts, most = how
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(reflagging, "chunks", lambda numbers: judges.chunks(numbers, 1))
        begun = reflag(store, texts, NOON)
        done = len(list(islice(begun, most))) < most
        begun.close()
    if done:
        assert list(compare(store, texts, everything=True)) == []


def test_a_topic_that_is_only_mentioned_now_is_told_so(store: Store) -> None:
    about = RuleText("moi", "Mới", query="xưởng")
    passing = RuleText("moi", "Mới", query="không có", mention="xưởng")
    list(reflag(store, [about], NOON))

    changes = {(one.added, one.removed) for one in reflag(store, [passing], NOON)}

    assert changes == {(("moi (mention)",), ("moi",))}
    assert store.cases.count(CaseQuery(state="new")) == 0
