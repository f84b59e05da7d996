"""The shipped rules: each topic is flagged, each known trap is not."""

from __future__ import annotations

import tomllib
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from crawler.config import load
from tests.judging.ordinary import followed
from tests.judging.shipped import ROOT, judge, rules_that_flag, rules_that_mention
from tests.newsroom import NAMES, Newsroom

CASES: list[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("topics.toml").read_text(encoding="utf-8")
)["case"]
ON_TOPIC = [case for case in CASES if case["rules"]]
OFF_TOPIC = [case for case in CASES if not case["rules"]]
IN_PASSING = [case for case in CASES if case.get("mentions")]
LONG = [case for case in CASES if case.get("long")]
RULES = [rule.text for rule in judge().rules]
EXPECTED = [(rule.name, text) for rule in RULES for text in rule.expect]
REJECTED = [(rule.name, text) for rule in RULES for text in rule.reject]


@pytest.mark.parametrize("case", ON_TOPIC, ids=lambda case: case["title"])
def test_an_article_about_the_topic_is_flagged(case: dict[str, Any]) -> None:
    assert rules_that_flag(case["title"], case["text"]) >= set(case["rules"])


@pytest.mark.parametrize("case", OFF_TOPIC, ids=lambda case: case["title"])
def test_an_article_about_something_else_is_not(case: dict[str, Any]) -> None:
    assert rules_that_flag(case["title"], case["text"]) == set()


@pytest.mark.parametrize("case", IN_PASSING, ids=lambda case: case["title"])
def test_what_is_said_in_passing_is_kept_as_a_mention(case: dict[str, Any]) -> None:
    assert rules_that_mention(case["title"], case["text"]) == set(case["mentions"])


@pytest.mark.parametrize("case", LONG, ids=lambda case: case["title"])
def test_what_follows_an_opening_changes_nothing(case: dict[str, Any]) -> None:
    text = followed(case["text"], seed=3)

    assert rules_that_flag(case["title"], text) == rules_that_flag(case["title"], case["text"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"])
def test_how_it_was_typed_changes_nothing(case: dict[str, Any]) -> None:
    plain = rules_that_flag(case["title"], case["text"])
    title, text = (unicodedata.normalize("NFD", part) for part in (case["title"].upper(), case["text"]))

    assert rules_that_flag(title, text.replace(" ", "\u00a0 ")) == plain


@pytest.mark.parametrize(("name", "text"), EXPECTED)
def test_a_rule_calls_its_own_what_it_expects(name: str, text: str) -> None:
    assert name in rules_that_flag(*_title_and_body(text))


@pytest.mark.parametrize(("name", "text"), REJECTED)
def test_a_rule_leaves_what_it_rejects(name: str, text: str) -> None:
    assert name not in rules_that_flag(*_title_and_body(text))


def test_every_shipped_rule_has_a_test_of_its_own_and_a_lower_level() -> None:
    assert [rule.name for rule in RULES if not (rule.expect and rule.reject and rule.mention)] == []


def test_every_shipped_rule_is_tried_here_at_both_levels() -> None:
    names = {rule.name for rule in RULES}

    assert {rule for case in ON_TOPIC for rule in case["rules"]} == names
    assert {rule for case in IN_PASSING for rule in case["mentions"]} == names


def test_every_shipped_list_is_named_by_a_rule_or_a_list() -> None:
    config = load(ROOT / "config.toml")
    written = tomllib.loads((ROOT / "config.toml").read_text(encoding="utf-8"))["lists"]

    assert {name for rule in config.rules for name in rule.lists} == set(written)


@pytest.mark.parametrize("name", NAMES)
def test_the_newsroom_s_stories_are_flagged_exactly_when_on_topic(name: str) -> None:
    stories = Newsroom(seed=7, articles=600).stories(name)
    flagged = {story.key: bool(rules_that_flag(story.title, story.text)) for story in stories}

    assert [story.title for story in stories if flagged[story.key] != story.on_topic and not story.hard] == []
    assert any(flagged.values())


def _title_and_body(text: str) -> tuple[str, str]:
    title, _, body = text.partition(" | ")
    return title, body
