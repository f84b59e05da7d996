"""A rule that cannot be used: which one, where in it, and what was expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.config import load
from crawler.errors import ConfigError, RuleError
from crawler.judging import compile_rules
from crawler.judging.judge import compile_rule
from crawler.judging.ruletext import RuleText


@pytest.mark.parametrize(
    ("query", "place", "expected"),
    [
        ("", (1, 1), "the query is empty"),
        ("xã AND", (1, 7), "expected a phrase, '(' or a field, but the query ends"),
        ("xã\nAND OR huyện", (2, 5), "expected a phrase, '(' or a field, but found 'OR'"),
        ("(xã", (1, 4), "')' for the '(' of line 1, column 1"),
        ("xã)", (1, 3), "expected AND, OR, or the end of the query, but found ')'"),
        ('"xã', (1, 1), "a closing quote"),
        ('xã "huyện"', (1, 4), "expected AND, OR, or the end of the query"),
        ("titel:xã", (1, 1), "did you mean title:?"),
        ("xã NEAR huyện", (1, 4), "NEAR/ and a number of syllables"),
        ("xã NEAR/many huyện", (1, 4), "not 'NEAR/many'"),
        ("xã NEAR/900 huyện", (1, 4), "up to 200"),
        ("xã NEAR/3 (huyện AND tỉnh)", (1, 11), "NEAR/3 joins phrases"),
        ("2 TIMES (xã AND huyện)", (1, 9), "TIMES joins phrases"),
        ("xã EXCEPT NOT huyện", (1, 11), "expected a phrase"),
        ("3 OF (xã, huyện)", (1, 1), "3 of 2 can never be"),
        ("2 OF xã", (1, 6), "expected '(' after '2 OF'"),
        ("0 TIMES xã", (1, 1), "a count is 1 to 1000"),
        ("NOT xã", (1, 1), "NOT alone proves nothing"),
        ("xã OR NOT huyện", (1, 1), "NOT alone proves nothing"),
        ("source:bao", (1, 1), "proves nothing"),
        ("{xã|huyện", (1, 1), "expected '}' to close the '{'"),
        ("toàn dân {|xã}", (1, 10), "expected a phrase between '{', '|' and '}'"),
        ('"toàn dân }"', (1, 11), "expected a syllable, not '}'"),
        ("xã …3…", (1, 7), "a syllable before and behind every gap"),
        ("xã …99… huyện", (1, 4), "1 to 50 syllables wide"),
        ("xã … huyện", (1, 4), "a gap like …3…"),
        ("@khong", (1, 1), "there is no list 'khong'; there are an, rong, vong"),
        ("@vong", (1, 1), "the list 'vong' holds itself"),
        ("@rong", (1, 1), "the list 'rong' is empty"),
        ('"?!"', (1, 2), "expected syllables, not '?!'"),
        ('""', (1, 2), "expected syllables"),
        ("{a|b} {c|d}" * 12, (1, 133), "more than 2000 variants"),
    ],
)
def test_a_broken_query_says_where_and_what(query: str, place: tuple[int, int], expected: str) -> None:
    lists = {"an": ("an ninh",), "vong": ("xã @vong",), "rong": ()}

    with pytest.raises(RuleError) as caught:
        compile_rules([RuleText("hong", "Hỏng", query=query, lists=lists)])

    assert (caught.value.rule, caught.value.line, caught.value.column) == ("hong", *place)
    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_broken_phrase_of_a_simple_list_says_which() -> None:
    rule = RuleText("hong", "Hỏng", any_of=("xã", "{huyện"))

    with pytest.raises(RuleError, match=r"line 2, column 1: in any, '\{huyện': expected '\}'"):
        compile_rule(rule)


def test_a_rule_that_looks_for_nothing_is_refused() -> None:
    with pytest.raises(RuleError, match="proves nothing"):
        compile_rule(RuleText("hong", "Hỏng", none_of=("xã",)))


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("(" * 5_000 + "xã" + ")" * 5_000, "more than 40 levels"),
        ("title:" * 3_000 + "xã", "more than 40 levels"),
        (" NEAR/3 ".join(["xã"] * 900), "more than 40 NEAR or EXCEPT"),
        (" OR ".join(["xã"] * 1_500), "more than 1000 phrases"),
        ("xã " * 10_000, "at most 20000 characters"),
        ("[" * 400 + "xã" + "]" * 400, "more than 20 deep"),
        ("ủy " * 40, "spellings, more than 50000"),
    ],
    ids=["parentheses", "fields", "nearness", "terms", "length", "brackets", "spellings"],
)
def test_a_rule_that_asks_too_much_is_refused_with_a_sentence(query: str, sentence: str) -> None:
    with pytest.raises(RuleError, match=sentence):
        compile_rule(RuleText("thu_dich", "Thù địch", query=query))


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ('[lists]\nantq = "ANTQ"\n', "lists: must be lists of phrases"),
        ('[list]\nantq = ["ANTQ"]\n', "did you mean lists?"),
        ('[rules.a]\nquerry = "xã"\n', "did you mean query?"),
    ],
)
def test_a_rule_section_that_is_no_such_thing_is_refused(written: str, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(written, encoding="utf-8")

    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "config.toml")

    assert sentence in str(caught.value)


def test_a_rule_carries_the_lists_that_it_names_and_no_others(tmp_path: Path) -> None:
    written = '[lists]\na = ["@b"]\nb = ["xã"]\nc = ["huyện"]\n[rules.r]\nquery = "@a"\n'
    (tmp_path / "config.toml").write_text(written, encoding="utf-8")

    (rule,) = load(tmp_path / "config.toml").rules

    assert set(rule.lists) == {"a", "b"}
