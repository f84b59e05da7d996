"""Levels, points, dates, and what a flag tells beside the words that matched."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.errors import RuleError, RuleFailsItsTest
from crawler.judging import compile_rules, tried_rules
from crawler.judging.judge import compile_rule
from crawler.judging.ruletext import RuleText
from storage.records import Flag
from tests.judging.making import article, flags, found

RULE = RuleText("r", "R", query="title:ngày hội OR 2 TIMES ngày hội", mention="ngày hội", weight=2.0)


def judged(title: str, body: str = "", rule: RuleText = RULE) -> tuple[Flag, ...]:
    return compile_rules([rule]).flags(article(title, body))


def test_what_an_article_is_about_is_told_from_what_it_mentions() -> None:
    assert {flag.level for flag in judged("Ngày hội ở làng")} == {"primary"}
    assert {flag.level for flag in judged("Tin vắn", "Sau ngày hội, trời mưa.")} == {"mention"}
    assert judged("Tin vắn", "Trời mưa.") == ()


def test_a_mention_is_asked_even_where_it_shares_no_word_with_the_query() -> None:
    rule = RuleText("r", "R", query="ngày hội", mention="ANTQ")

    assert [flag.level for flag in judged("Giữ gìn ANTQ", rule=rule)] == ["mention"]


@pytest.mark.parametrize(
    ("title", "body", "score"),
    [("Ngày hội", "", 6.0), ("Tin", "Ngày hội này, ngày hội kia.", 2.0), ("Tin", "Một ngày hội.", 0.2)],
)
def test_the_score_weighs_the_place_and_the_level(title: str, body: str, score: float) -> None:
    assert [flag.score for flag in judged(title, body)] == [score]


def test_all_flags_of_a_rule_bear_its_one_score() -> None:
    assert {(flag.field, flag.score) for flag in judged("Ngày hội", "Ngày hội, ngày hội.")} == {
        ("title", 6.0),
        ("body", 6.0),
    }


def test_the_version_changes_with_the_mention() -> None:
    other = RuleText("r", "R", query=RULE.query, mention="ngày hội lớn")

    assert compile_rule(RULE).version != compile_rule(other).version


def test_a_mention_that_cannot_be_read_is_named() -> None:
    with pytest.raises(RuleError, match=r"rules\.r\.mention: line 1, column 5"):
        compile_rule(RuleText("r", "R", query="ngày hội", mention="(mưa"))


def test_a_flag_tells_what_a_not_looked_for_and_what_an_except_set_aside() -> None:
    about = article("Ngày hội", "Chào mừng ngày hội. Bà con vui ngày hội.")

    *_, flag = flags('(ngày hội EXCEPT "chào mừng ngày hội") AND NOT title:(khởi tố OR truy nã)', about)

    assert flag.absent == ('title:("khởi tố" OR "truy nã")',)
    assert [about.body[start:end] for start, end in flag.spans] == ["ngày hội"]
    assert [about.body[start:end] for start, end in flag.excluded] == ["ngày hội"]
    assert flag.excluded != flag.spans


@pytest.mark.parametrize(
    ("text", "lit"),
    [
        ("Công an xã họp dân.", ["Công an xã", "họp dân"]),
        ("Công an xã họp.", []),
        ("Công an xã họp dân bàn việc khởi tố.", []),
        ("Họp dân bàn tự quản, công an xã dự, nhắc chuyện khởi tố.", ["Họp dân", "tự quản", "công an xã"]),
    ],
)
def test_points_add_up_the_weights_of_what_is_true(text: str, lit: list[str]) -> None:
    assert found("3 POINTS (công an xã^2, họp dân, tự quản^1.5, khởi tố^-1.5)", text) == lit


@pytest.mark.parametrize(
    ("query", "trouble"),
    [
        ("5 POINTS (a b^2, c d)", "never come to 5"),
        ("2 POINTS (a b^x)", "expected a weight"),
        ("2 POINTS a b", r"expected '\('"),
        ("a b^2", "expected AND, OR, or the end"),
        ("x y AND date:2026-13", "no day, month or year"),
        ("x y AND date:2026..2025", "ends before it begins"),
        ("x y AND date:..", "expected one like"),
        ("NOT x AND date:2026", "NOT alone proves nothing"),
        ("1 POINTS (NOT x y, c d)", "NOT alone proves nothing"),
    ],
)
def test_points_and_dates_that_mean_nothing_are_refused(query: str, trouble: str) -> None:
    with pytest.raises(RuleError, match=trouble):
        compile_rule(RuleText("r", "R", query=query))


@pytest.mark.parametrize(
    ("asked", "stands"),
    [
        ("2026-11-23", True),
        ("23/11/2026", True),
        ("2026-11-22", False),
        ("2026-11", True),
        ("11/2026", True),
        ("2026", True),
        ("2025", False),
        ("2026-11-20..2026-11-23", True),
        ("2026-11-24..", False),
        ("..2026-11-22", False),
        ("..2026-11", True),
    ],
)
def test_a_date_is_the_day_of_publication_in_vietnam(asked: str, stands: bool) -> None:
    late = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)  # half past midnight of the 23rd in Vietnam

    assert bool(flags(f"ngày hội AND date:{asked}", article("Ngày hội", published=late))) is stands


def test_an_undated_article_is_of_no_date() -> None:
    assert flags("ngày hội AND date:1990..", article("Ngày hội")) == ()


def test_a_rule_that_judges_its_own_texts_as_it_says_may_be_used() -> None:
    rule = RuleText(
        "r", "R", query=RULE.query, mention="ngày hội", expect=("Ngày hội",), reject=("Tin | Ngày hội",)
    )

    assert tried_rules([rule]).flags(article("Ngày hội"))


@pytest.mark.parametrize(
    ("expect", "reject", "trouble"),
    [
        (("Ngày hội", "Trời mưa"), (), r"expect 2 is not flagged: 'Trời mưa'"),
        (("Tin | Một ngày hội.",), (), "expect 1 is flagged as mention"),
        ((), ("Ngày hội",), "reject 1 is flagged as primary"),
    ],
)
def test_a_rule_that_fails_its_own_text_is_refused(
    expect: tuple[str, ...], reject: tuple[str, ...], trouble: str
) -> None:
    rule = RuleText("r", "R", query=RULE.query, mention=RULE.mention, expect=expect, reject=reject)

    with pytest.raises(RuleFailsItsTest, match=trouble):
        tried_rules([rule])
