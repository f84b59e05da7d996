"""Lint tells what is wrong in rules and lists, and nothing of those that are well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from crawler.config import load
from crawler.judging.complaining import Complaint
from crawler.judging.linting import Known, lint
from crawler.judging.misspelling import tone_placed
from crawler.judging.ruletext import RuleText, lists_named
from tests.judging.shipped import ROOT

SOURCES = {"baohatinh": True, "kontumtv": False}
Lists = Mapping[str, tuple[str, ...]]


def linted(rule: RuleText, lists: Lists) -> list[Complaint]:
    """All but the hints."""
    texts = [rule.query or "", rule.mention or "", *rule.any_of]
    rule = replace(rule, lists=lists_named(texts, lists))
    return [one for one in lint([rule], Known(lists, SOURCES)) if one.severity != "hint"]


def complaints(query: str, **lists: tuple[str, ...]) -> list[Complaint]:
    """All but the hints about one query."""
    return linted(RuleText("rule", "Rule", query=query), lists)


def said(query: str, **lists: tuple[str, ...]) -> list[tuple[str, str]]:
    """The same in short: how grave, about which words."""
    return [(one.severity, one.words) for one in complaints(query, **lists)]


@pytest.mark.parametrize(
    "query",
    [
        '"công an xã" AND NOT "công an"',
        'title:"công an xã" AND NOT opening:"công an"',
        'title:("công an xã" AND "hội nghị") AND NOT "công an"',
        '("công an xã" OR "công an huyện") AND NOT "công an"',
        '2 TIMES "công an xã" AND NOT "công an"',
        '"công an xã" NEAR/5 "hội nghị" AND NOT "công an"',
        'title:(lead:"công an")',
        'title:"công an" NEAR/5 body:"hội nghị"',
        '"ngày hội toàn dân" EXCEPT "ngày hội"',
        '"toàn dân tham gia bảo vệ" EXCEPT "toàn dân …3… bảo vệ"',
        '"ủy ban xã" AND NOT "uỷ ban"',
        '"công an" AND source:baohatinh AND source:kontumtv',
        '"công an" AND date:2025 AND date:2026',
        '"công an" AND date:..2025 AND date:2026-02..',
        '"công an" AND NOT ("hội nghị" OR NOT "hội nghị")',
        '"công an" AND NOT NOT NOT "công an"',
        '3 POINTS ("công an"^2, title:(lead:"hội nghị")^2)',
        '2 OF ("công an", title:(lead:"hội nghị"))',
    ],
)
def test_a_rule_that_can_never_be_true_is_an_error(query: str) -> None:
    [(severity, words)] = [one for one in said(query) if one[0] == "error"]
    assert severity == "error"
    assert words


@pytest.mark.parametrize(
    "query",
    [
        '"công an" AND NOT "công an xã"',
        'opening:"công an xã" AND NOT title:"công an xã"',
        'body:"công an xã" AND NOT opening:"công an"',
        '"ngày hội" EXCEPT "ngày hội toàn dân"',
        '"công an" AND (source:baohatinh OR section:"xã hội")',
        '"công an" AND date:2025-12.. AND date:..2026',
        '"ANTQ" AND NOT "ANTQ tỉnh"',
        'bảo vệ AND NOT ="bao ve"',
        '"toàn dân bảo vệ" NEAR/5 ("vũ khí" OR "vũ khí quân dụng")',
        '"ngày hội" EXCEPT ("chào mừng" OR "chào mừng ngày hội")',
        '"công an" OR "công ăn"',
        '2 TIMES ("hội nghị" OR title:"hội nghị") AND "công an"',
        '"camera an ninh" AND "công an"',
        '"cong an xa" AND NOT ="an"',
        '"Đắk Lắk" AND "Nghệ An" AND "nghiêng" AND "quý" AND "gìn giữ" AND "giếng" AND "khuya" AND "thúy"',
        '"hợp tác xã" AND "TP.HCM" AND "22.1.2019" AND "Facebook của xã" AND "30 2023 QH15"',
    ],
)
def test_a_sensible_rule_is_left_alone(query: str) -> None:
    assert said(query) == []


def test_a_branch_that_can_never_be_true_is_a_warning() -> None:
    assert ("warning", '"công an xã"') in said('("công an xã" OR "hội nghị") AND NOT "công an"')
    assert ("warning", '"ngày hội xã"') in said('("ngày hội xã" OR "ngày lễ") EXCEPT "ngày hội"')


def test_a_not_that_forbids_nothing_is_a_warning() -> None:
    rule = RuleText("rule", "Rule", query='"công an" AND NOT title:"cướp"', fields=("body",))
    assert [one.words for one in linted(rule, {})] == ['NOT title:"cướp"']


def test_fields_that_exclude_the_field_asked_for_are_an_error() -> None:
    rule = RuleText("rule", "Rule", query='title:"công an"', fields=("body",))
    assert [one.severity for one in linted(rule, {})] == ["error"]


def test_sources_that_exclude_the_source_asked_for_are_an_error() -> None:
    rule = RuleText("rule", "Rule", query='"công an" AND source:báo_khác', sources=("baohatinh",))
    assert linted(rule, {})[0].severity == "error"


def test_a_mention_is_linted_as_the_query_is() -> None:
    rule = RuleText("rule", "Rule", query='"công an xã"', mention='title:(lead:"công an")')
    assert ("error", "mention") in [(one.severity, one.level) for one in linted(rule, {})]


def test_a_mention_that_adds_nothing_is_a_warning() -> None:
    rule = RuleText("rule", "Rule", query='"công an"', mention='"công an xã"')
    assert [(one.words, one.level) for one in linted(rule, {})] == [("", "mention")]
    assert linted(replace(rule, query='title:"công an"'), {}) == []


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ('"công an" OR "công an xã"', '"công an xã"'),
        ('"công an" OR title:"công an"', 'title:"công an"'),
        ('"toàn dân …5… bảo vệ" OR "toàn dân …3… bảo vệ"', '"toàn dân …3… bảo vệ"'),
        ('"{công an|cảnh sát}" OR "công an xã"', '"công an xã"'),
        ('"hội nghị" AND NOT ("công an" OR "công an xã")', '"công an xã"'),
        ('2 TIMES ("công an" OR "công an xã")', '"công an xã"'),
        ('"ngày hội" EXCEPT ("ủy ban" OR "uỷ ban")', '"uỷ ban"'),
        ('"ủy ban" OR "uỷ ban"', '"uỷ ban"'),
        ('"kỹ năng" OR "Kĩ Năng"', '"Kĩ Năng"'),
    ],
)
def test_a_term_that_another_swallows_is_a_warning(query: str, words: str) -> None:
    assert said(query) == [("warning", words)]


def test_a_list_is_told_what_it_holds_in_vain() -> None:
    found = complaints("@crime", crime=("trộm", "trộm cắp", "cướp"))
    assert [(one.where, one.words) for one in found] == [("lists.crime", '"trộm cắp"')]


def test_a_list_within_a_longer_phrase_may_hold_longer_and_shorter_ones() -> None:
    assert said('"đấu tranh @crime tài sản"', crime=("trộm", "trộm cắp")) == []
    assert said('"tài sản" NEAR/3 @crime', crime=("trộm", "trộm cắp")) == []


def test_a_list_that_no_rule_uses_is_a_warning() -> None:
    found = complaints("@one", one=("@two",), two=("công an",), three=("@four",), four=("hội nghị",))
    assert [one.where for one in found] == ["lists.three", "lists.four"]


@pytest.mark.parametrize(
    ("written", "advice"),
    [
        ("trí tụê", "write 'tuệ'"),
        ("trât tự an ninh trật tự", "did you mean 'trật'?"),
        ("hệe thống", "is no Vietnamese syllable"),
    ],
)
def test_a_mistyped_syllable_is_told_with_what_was_meant(written: str, advice: str) -> None:
    [complaint] = complaints(f'"{written}"')
    assert advice in complaint.trouble


@pytest.mark.parametrize(
    "right", ["hòa", "hoà", "thuý", "quý", "gìn", "già", "giữa", "ngoài", "mượn", "khuỷu"]
)
def test_a_rightly_placed_tone_is_no_slip(right: str) -> None:
    assert said(f'"{right} hội nghị"') == []


@pytest.mark.parametrize(
    ("wrong", "right"), [("qúy", "quý"), ("mựơn", "mượn"), ("cuả", "của"), ("gíup", "giúp")]
)
def test_a_misplaced_tone_is_put_right(wrong: str, right: str) -> None:
    assert tone_placed(wrong) == right


def test_marks_forgotten_are_told_where_the_phrase_stands_marked_elsewhere() -> None:
    [complaint] = complaints('"bao ve" AND ("bảo vệ" AND "hội nghị")')
    assert "'bảo vệ'" in complaint.trouble


def test_an_abbreviation_in_small_letters_is_told() -> None:
    found = complaints('"antq" AND "bảo vệ ANTQ"')
    assert [one.words for one in found] == ['"antq"']


@pytest.mark.parametrize(
    "query",
    [
        '"và" NEAR/3 "hội nghị"',
        '200 TIMES "hội nghị"',
        " OR ".join(f'"hội nghị {number}"' for number in range(501)),
        '"hội nghị" # ' + 10_000 * "x",
    ],
)
def test_what_costs_much_is_a_warning_before_it_is_refused(query: str) -> None:
    assert [one.severity for one in complaints(query)] == ["warning"]


def test_sources_that_bring_nothing_are_told() -> None:
    assert said('"hội nghị" AND source:kontumtv') == [("warning", "source:kontumtv")]
    [complaint] = complaints('"hội nghị" AND source:baohatin')
    assert "'baohatinh'" in complaint.trouble


def test_rules_that_mean_the_same_are_told() -> None:
    rules = [RuleText("one", "One", query='"ủy ban"'), RuleText("two", "Two", any_of=("ủy ban",))]
    found = lint([rules[0], replace(rules[0], name="again", label="x")], Known({}))
    assert [one.where for one in found if one.severity == "warning"] == ["rules.again"]


def test_every_rule_that_cannot_be_read_is_told_at_both_its_levels() -> None:
    broken = RuleText("one", "One", query='"hội nghị" AND', mention="(")
    found = lint([broken, RuleText("two", "Two", query="@none")], Known({}))
    assert [(one.where, one.level) for one in found] == [
        ("rules.one", "primary"),
        ("rules.one", "mention"),
        ("rules.two", "primary"),
    ]


def test_a_rule_without_a_test_is_a_hint() -> None:
    rule = RuleText("rule", "Rule", query='"hội nghị"')
    assert [one.severity for one in lint([rule], Known({}))] == ["hint"]
    assert lint([replace(rule, expect=("Hội nghị",))], Known({})) == ()


def test_the_shipped_rules_have_no_errors() -> None:
    config = load(ROOT / "config.toml")
    sources = {name: source.enabled for name, source in config.sources.items()}
    found = lint(config.rules, Known(config.lists, sources))
    assert [one.sentence() for one in found if one.severity == "error"] == []
