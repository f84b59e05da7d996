"""What a rule would change is told from the whole store, with what people said of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.judging.ruletext import RuleText
from crawler.laboratory import testing
from crawler.laboratory.testing import Experiment
from crawler.reflagging import reflag
from storage.store import Store
from tests.making import NOON, article, flag, keep


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """1 and 2 flagged by `cu` and about strikes; 3 flagged, about fish; 4 about strikes, not flagged."""
    with Store.open(tmp_path / "store.sqlite") as opened:
        keep(opened, [article(1), article(2)], [flag("cu")])
        keep(opened, [article(3, body="Cá về nhiều.")], [flag("cu")])
        keep(opened, [article(4, body="Công nhân ngừng việc đòi tăng lương.")])
        yield opened


def experiment(store: Store, query: str) -> Experiment:
    return Experiment(store, RuleText("cu", "Cũ", query=query))


def test_an_edited_rule_tells_what_is_newly_flagged_and_what_no_longer(store: Store) -> None:
    store.verdicts.decide(1, "keep", None, NOON)
    store.verdicts.decide(3, "drop", None, NOON)
    tried = experiment(store, "tăng lương")
    changes = {change.id: change for change in tried.changes()}
    assert {number: change.newly for number, change in changes.items()} == {3: False, 4: True}
    assert "tăng lương" in changes[4].quote
    assert changes[3].decision == "drop"
    assert (tried.tally.before.kept, tried.tally.before.dropped) == (1, 1)
    assert (tried.tally.after.kept, tried.tally.after.dropped, tried.tally.after.precision) == (1, 0, 1.0)
    assert (tried.tally.flagged_before, tried.tally.flagged_after) == (3, 3)
    assert (tried.tally.sampled, tried.tally.missed) == (1, 0)


def test_what_the_index_misses_is_seen_on_the_sample(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(testing, "sieve", lambda rules: 'body : "ngừng việc"')
    tried = experiment(store, "cá về")
    list(tried.changes())
    assert tried.tally.missed == 1


def test_other_processes_judge_what_is_too_much_for_one(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(testing, "FEW", 1)
    tried = experiment(store, "tăng lương")
    assert sorted(change.id for change in tried.changes()) == [3, 4]
    assert tried.tally.flagged_after == 3


def test_mentions_are_counted_apart(store: Store) -> None:
    store.verdicts.decide(3, "drop", None, NOON)
    list(reflag(store, [RuleText("cu", "Cũ", query="cá về", mention="tăng lương")], NOON))
    tried = Experiment(store, RuleText("cu", "Cũ", query="tăng lương", mention="cá về"))
    assert {change.id: change.newly for change in tried.changes()} == {1: True, 2: True, 3: False, 4: True}
    tally = tried.tally
    assert (tally.flagged_before, tally.flagged_after, tally.newly, tally.gone) == (1, 3, 3, 1)
    assert (tally.mentions_before, tally.mentions_after) == (3, 1)
    assert (tally.before.dropped, tally.after.dropped) == (1, 0)


def test_a_limit_shows_fewer_changes_and_counts_all(store: Store) -> None:
    tried = experiment(store, "tăng lương")
    assert [change.id for change in tried.changes(1)] == [4]
    assert (tried.tally.newly, tried.tally.gone, tried.tally.flagged_after) == (1, 1, 3)
