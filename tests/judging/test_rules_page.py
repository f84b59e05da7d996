"""docs/rules.md says what is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crawler.config import load
from crawler.judging import compile_rules, costing, grammar, judge, matching, notation, views
from crawler.judging.linting import Known, lint
from crawler.judging.ruletext import RuleText
from tests.judging.making import article, flags
from tests.judging.shipped import ROOT

PAGE = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")


def test_its_example_is_a_configuration_that_works(tmp_path: Path) -> None:
    example = re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert example is not None
    (tmp_path / "config.toml").write_text(example[1], encoding="utf-8")

    compiled = compile_rules(load(tmp_path / "config.toml").rules)

    assert [flag.rule for flag in compiled.flags(article("Toàn dân tham gia bảo vệ ANTQ"))] == ["phong_trao"]


def test_its_error_is_the_one_that_is_told() -> None:
    with pytest.raises(Exception, match="expected a phrase") as caught:
        flags("xã\nAND OR huyện", article())

    assert str(caught.value).partition(": ")[2] in PAGE


@pytest.mark.parametrize(
    "limit",
    [
        f"{grammar.LONGEST:,} characters",
        f"{grammar.MOST_TERMS:,} phrases",
        f"{grammar.DEEPEST} levels",
        f"{notation.MOST_VARIANTS:,} variants",
        f"{notation.WIDEST_GAP}",
        f"{judge.MOST_SPELLINGS:,} spellings",
        f"first {matching.MOST_HITS:,} occurrences",
        f"first {views.OPENING} characters",
    ],
)
def test_its_limits_are_those_that_hold(limit: str) -> None:
    assert limit in PAGE


def test_its_complaints_are_those_that_lint_makes() -> None:
    lists = {"crime": ("trộm", "trộm cắp")}
    rules = [
        RuleText("cong_an_xa", "x", query='"công an xã" AND NOT "công an"'),
        RuleText("other", "x", query="@crime", lists=lists),
    ]
    told = [one.sentence() for one in lint(rules, Known(lists)) if one.severity != "hint"]

    assert told == re.findall(r"^    ((?:error|warning): .*)$", PAGE, re.MULTILINE)
    assert f"more than {costing.MANY_TIMES} `TIMES`" in PAGE
