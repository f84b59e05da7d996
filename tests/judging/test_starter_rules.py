"""The shipped rules: each topic is flagged, each known trap is not."""

from __future__ import annotations

import tomllib
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from crawler.config import load
from tests.judging.shipped import ROOT, judge, rules_that_flag
from tests.newsroom import NAMES, Newsroom

CASES: list[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("topics.toml").read_text(encoding="utf-8")
)["case"]
ON_TOPIC = [case for case in CASES if case["rules"]]
OFF_TOPIC = [case for case in CASES if not case["rules"]]


@pytest.mark.parametrize("case", ON_TOPIC, ids=lambda case: case["title"])
def test_an_article_about_the_topic_is_flagged(case: dict[str, Any]) -> None:
    assert rules_that_flag(case["title"], case["text"]) >= set(case["rules"])


@pytest.mark.parametrize("case", OFF_TOPIC, ids=lambda case: case["title"])
def test_an_article_about_something_else_is_not(case: dict[str, Any]) -> None:
    assert rules_that_flag(case["title"], case["text"]) == set()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"])
def test_how_it_was_typed_changes_nothing(case: dict[str, Any]) -> None:
    plain = rules_that_flag(case["title"], case["text"])
    title, text = (unicodedata.normalize("NFD", part) for part in (case["title"].upper(), case["text"]))

    assert rules_that_flag(title, text.replace(" ", "\u00a0 ")) == plain


def test_every_shipped_rule_is_tried_here() -> None:
    assert {rule for case in ON_TOPIC for rule in case["rules"]} == {rule.text.name for rule in judge().rules}


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
