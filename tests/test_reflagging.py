"""Judging again: flags follow today's rules and today's text, verdicts stay."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler import reflagging
from crawler.judging.ruletext import RuleText
from crawler.laboratory import judges
from crawler.reflagging import compare, reflag
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
