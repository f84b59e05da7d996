"""The rules of the shipped config.toml, compiled once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from crawler.config import load
from crawler.judging import Judge, compile_rules
from tests.judging.making import article

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"


@cache
def judge() -> Judge:
    """The judge that a fresh install starts with."""
    return compile_rules(load(ROOT / "config.toml").rules)


def rules_that_flag(title: str, body: str) -> set[str]:
    """The names of the shipped rules that say such an article is about their topic."""
    return _rules(title, body, "primary")


def rules_that_mention(title: str, body: str) -> set[str]:
    """The names of the shipped rules that say it only mentions their topic."""
    return _rules(title, body, "mention")


def _rules(title: str, body: str, level: str) -> set[str]:
    return {flag.rule for flag in judge().flags(article(title, body)) if flag.level == level}
