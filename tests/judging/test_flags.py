"""Flags prove themselves: field, spans, quote, version."""

from __future__ import annotations

import pickle
import unicodedata

import pytest

from crawler.judging import compile_rules
from crawler.judging.judge import compile_rule
from crawler.judging.ruletext import RuleText
from crawler.judging.sentences import LONGEST_QUOTE
from tests.judging.making import article, flags


def test_a_flag_tells_rule_label_field_spans_quote_and_weight() -> None:
    rule = RuleText("kiem_thu", "Kiểm thử", any_of=("đình công", "lãn công"), weight=2.5)
    text = "Sáng nay trời mưa. Công nhân đình công, rồi lãn công. Chiều tạnh."

    (flag,) = compile_rules([rule]).flags(article("Tin vắn", text))

    assert (flag.rule, flag.label, flag.field, flag.weight) == ("kiem_thu", "Kiểm thử", "body", 2.5)
    assert [text[start:end] for start, end in flag.spans] == ["đình công", "lãn công"]
    assert flag.quote == "Công nhân đình công, rồi lãn công."


def test_each_field_that_holds_matches_gets_a_flag_title_first() -> None:
    found = flags("đình công", article("Đình công", "Họ đình công.", "Cuộc đình công"))

    assert [(flag.field, flag.spans) for flag in found] == [
        ("title", ((0, 9),)),
        ("lead", ((5, 14),)),
        ("body", ((3, 12),)),
    ]


def test_all_that_made_it_true_is_in_the_spans() -> None:
    text = "Mặt trận và công an xã họp với công an huyện."

    (flag,) = flags("mặt trận AND (công an OR hội nông dân) AND NOT khởi tố", article(body=text))

    assert [text[start:end] for start, end in flag.spans] == ["Mặt trận", "công an", "công an"]


def test_spans_never_overlap() -> None:
    text = "phong trào toàn dân bảo vệ an ninh"

    (flag,) = flags("phong trào toàn dân OR toàn dân bảo vệ OR an ninh", article(body=text))

    assert [text[start:end] for start, end in flag.spans] == ["phong trào toàn dân bảo vệ", "an ninh"]


def test_spans_lead_into_a_text_that_was_never_cleaned() -> None:
    text = unicodedata.normalize("NFD", "Hôm qua, toàn\u200b dân  bảo vệ.")

    (flag,) = flags("toàn dân bảo vệ", article(body=text))
    ((start, end),) = flag.spans

    assert unicodedata.normalize("NFC", text[start:end]) == "toàn\u200b dân  bảo vệ"


def test_a_field_without_text_is_no_place_to_look_in() -> None:
    assert flags("xã", article("", "xã", None))[0].field == "body"
    assert flags("xã", article("", "", None)) == ()


def test_a_rule_keeps_to_its_fields_and_sources() -> None:
    def hits(rule: RuleText) -> bool:
        return bool(compile_rules([rule]).flags(article("Xã", "huyện")))

    assert hits(RuleText("r", "R", query="xã", fields=("title",), sources=("bao", "khac")))
    assert not hits(RuleText("r", "R", query="xã", fields=("body",)))
    assert not hits(RuleText("r", "R", query="xã", sources=("khac",)))
    assert not hits(RuleText("r", "R", query="xã AND huyện", fields=("title",)))


@pytest.mark.parametrize(
    ("title", "hit"), [("a1 b1", True), ("a2 b1 b2", True), ("a1", False), ("b1", False), ("a1 b1 c1", False)]
)
def test_simple_lists_mean_any_all_and_none(title: str, *, hit: bool) -> None:
    rule = RuleText("r", "R", any_of=("a1", "a2"), all_of=("b1",), none_of=("c1", "c2"))

    assert bool(compile_rules([rule]).flags(article(title))) is hit


def test_flags_come_in_the_order_of_the_rules() -> None:
    rules = [RuleText(name, name, query="xã") for name in ("b", "a")]

    assert [flag.rule for flag in compile_rules(rules).flags(article("xã"))] == ["b", "a"]


def version(query: str, **lists: tuple[str, ...]) -> str:
    return compile_rule(RuleText("r", "R", query=query, lists=lists)).version


def test_the_version_is_that_of_the_meaning() -> None:
    plain = version('"an ninh" AND NOT "lương thực"')

    assert version("an   ninh\nAND NOT (lương thực) # chú thích") == plain
    assert version('"an ninh" AND NOT "nguồn nước"') != plain
    assert version('"an ninh" OR NOT_A_WORD') != plain
    assert version('title:"an ninh" AND NOT "lương thực"') != plain


def test_the_version_changes_with_a_list_that_the_rule_names() -> None:
    assert version("@antq", antq=("an ninh tổ quốc",)) != version("@antq", antq=("an ninh tổ quốc", "ANTQ"))
    assert version("@antq", antq=("an ninh tổ quốc",)) == version("an ninh Tổ quốc")


def test_the_version_does_not_change_with_label_or_weight() -> None:
    one = RuleText("r", "R", query="xã")
    other = RuleText("r", "Một nhãn khác", query="xã", weight=3.0)

    assert compile_rule(one).version == compile_rule(other).version


def test_a_quote_is_the_sentence_in_which_the_first_match_begins() -> None:
    text = "Ông Bình, Q. 1, TP. Hồ Chí Minh, kể: “Xã họp.” Huyện nghỉ.\n\nHuyện khác"

    assert (
        flags("hồ chí minh", article(body=text))[0].quote == "Ông Bình, Q. 1, TP. Hồ Chí Minh, kể: “Xã họp.”"
    )
    assert flags("huyện", article(body=text))[0].quote == "Huyện nghỉ."
    assert flags("huyện khác", article(body=text))[0].quote == "Huyện khác"


def test_a_quote_from_an_endless_sentence_is_cut_at_blanks_around_the_match() -> None:
    text = "mưa gió " * 5_000 + "đình công " + "nắng nôi " * 5_000

    (flag,) = flags("đình công", article(body=text))

    assert "đình công" in flag.quote
    assert len(flag.quote) <= LONGEST_QUOTE
    assert f" {flag.quote} " in f" {text} "


def test_rules_cross_to_another_process() -> None:
    rule = RuleText("r", "R", query="@a", lists={"a": ("xã",)})

    assert pickle.loads(pickle.dumps(rule)) == rule
