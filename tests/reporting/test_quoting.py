"""The sentences that prove an article: the very words lit, whatever stands around them."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from crawler.reporting.blocks import Run, texts
from crawler.reporting.quoting import LONGEST, quotes, shortened, trimmed
from storage.records import Flag
from tests.making import BODY, TITLE, article, case

runs = st.lists(st.builds(Run, st.text(max_size=30), st.sampled_from(["plain", "lit"])), max_size=6)


def flag(field: str, words: str, text: str, rule: str = "luong", weight: float = 1.0) -> Flag:
    start = text.index(words)
    quote = next(part for part in text.split("\n\n") if words in part)
    return Flag(rule, rule, "v1", field, ((start, start + len(words)),), quote, weight)  # type: ignore[arg-type]


def lit(found: tuple[tuple[Run, ...], ...]) -> list[list[str]]:
    return [[run.text for run in one if run.kind == "lit"] for one in found]


def test_the_words_that_matched_are_lit_and_no_others() -> None:
    found = quotes(case(flags=[flag("body", "đòi tăng lương", BODY)]))
    assert [texts(one) for one in found] == ["Họ đòi tăng lương; chủ xưởng hứa trả lời."]
    assert lit(found) == [["đòi tăng lương"]]


def test_a_sentence_goes_before_the_title_and_the_heaviest_rule_before_others() -> None:
    flags = [
        flag("title", "đình công", TITLE, weight=9.0),
        flag("body", "đòi tăng lương", BODY),
        flag("body", "300 công nhân", BODY, "dinh_cong", 5.0),
    ]
    assert lit(quotes(case(flags=flags))) == [["300 công nhân"], ["đòi tăng lương"]]


def test_the_title_proves_where_nothing_else_does() -> None:
    assert lit(quotes(case(flags=[flag("title", "đình công", TITLE)]))) == [["đình công"]]


def test_what_is_only_mentioned_proves_nothing() -> None:
    passing = replace(flag("body", "đòi tăng lương", BODY), level="mention")
    assert lit(quotes(case(flags=[passing]))) == [[]]


def test_a_questions_words_go_first() -> None:
    asked = flag("body", "chủ xưởng", BODY, "search")
    assert lit(quotes(case(flags=[flag("body", "đòi tăng lương", BODY)]), (asked,)))[0] == [
        "đòi tăng lương", "chủ xưởng",
    ]  # fmt: skip


def test_an_article_without_lead_and_body_has_no_quote() -> None:
    empty = replace(case(), article=replace(article(), lead=None, body=""))
    assert quotes(empty) == ()


@given(runs)
def test_cleaned_runs_say_what_the_cleaned_text_says(some: list[Run]) -> None:
    found = trimmed(some)
    assert texts(found) == texts(found).strip()
    assert "  " not in texts(found)
    assert "".join(texts(found).split()) == "".join(
        "".join(trimmed([run])[0].text.split()) for run in some if trimmed([run])
    )


@given(runs, st.integers(10, 60))
def test_a_quote_is_cut_to_about_its_length(some: list[Run], most: int) -> None:
    found = shortened(tuple(some), most)
    assert len(texts(found)) <= most + 2
    assert texts(found) == texts(some) or texts(found).endswith("…")


def test_an_endless_sentence_is_cut() -> None:
    body = "an ninh " + "x" * 50_000
    endless = replace(flag("body", "an ninh", body), spans=((0, 7),), quote=body)
    found = quotes(replace(case(flags=[endless]), article=article(body=body)))
    assert len(texts(found[0])) <= LONGEST + 1
