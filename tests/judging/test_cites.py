"""`cites:` in rules: true where the article cites that document, proven by the citation, and cheap."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import RuleError
from crawler.judging import compile_rules
from crawler.judging.citing import cited_documents
from crawler.judging.citing.documents import Document, documents
from crawler.judging.citing.keys import read_wanted
from crawler.judging.ruletext import RuleText
from tests.judging.making import article, flags, found
from tests.judging.test_documents_cited import texts

FULL = "Kết luận  số 44-KL/TW,  ngày 22/1/2019 của Ban Bí thư (khóa XII)"


@pytest.mark.parametrize(
    "query",
    [
        "cites:44-KL/TW",
        'cites:"44-KL/TW"',
        "cites: 44 KL/TW",
        "cites:Kết luận 44",
        "cites:kết luận số 44-KL/TW",
        "cites:KL-44",
        "cites:KL-44-TW",
        "cites:KL-044-TW@2019",
        "cites:KL-44-TW@2019-01-22",
        "cites:kl-44-tw@XII",
        "cites:(09-CT/TW OR 44-KL/TW)",
        "cites:44-KL/TW NEAR/3 nêu",
        "body:cites:44-KL/TW",
    ],
)
def test_a_symbol_a_short_form_and_a_key_find_the_document(query: str) -> None:
    assert found(query, f"Hội nghị  học {FULL} nêu rõ.")[0] == FULL


@pytest.mark.parametrize(
    "query",
    [
        "cites:KL-44-TW@2024",
        "cites:44-NQ/TW",
        "cites:45-KL/TW",
        "cites:4-KL/TW",
        "cites:44-KL/TU",
        "cites:KL-44-?",
        "title:cites:44-KL/TW",
        "cites:44-KL/TW AND NOT cites:Kết luận 44",
    ],
)
def test_another_document_is_not_found(query: str) -> None:
    assert found(query, f"Hội nghị học {FULL} nêu rõ.") == []


def test_a_short_form_that_nothing_resolves_is_no_full_document() -> None:
    assert found("cites:44-KL/TW", "Kết luận 44 nêu rõ.") == []
    assert found("cites:Kết luận 44", "Kết luận 44 nêu rõ.") == ["Kết luận 44"]
    assert found("cites:KL-44-?", "Kết luận 44 nêu rõ.") == ["Kết luận 44"]


def test_every_place_that_cites_it_proves_it_short_forms_included() -> None:
    text = "Kết luận 44-KL/TW ngày 22/1/2019. Kết luận 44 nêu rõ. Kết luận 45 khác."

    assert found("2 TIMES cites:44-KL/TW", text) == ["Kết luận 44-KL/TW ngày 22/1/2019", "Kết luận 44"]
    assert found("cites:44-KL/TW EXCEPT (cites:44-KL/TW NEAR/2 nêu)", text) == [
        "Kết luận 44-KL/TW ngày 22/1/2019"
    ]


def test_numbers_of_other_terms_are_told_apart() -> None:
    text = "Nghị quyết số 12-NQ/TW ngày 3/6/2017 về doanh nghiệp nhà nước"

    assert found("cites:NQ-12-TW@2022-03-16", text) == []
    assert found("cites:NQ-12-TW@2017", text) != []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("cites:abc", "not 'abc'"),
        ("cites:", "a document"),
        ("công an AND cites:44", "column 19"),
        ("cites:(44-KL/TW OR )", "a document"),
        ("cite:44-KL/TW", "did you mean cites:"),
    ],
)
def test_what_is_no_document_is_refused_with_what_was_expected(query: str, expected: str) -> None:
    with pytest.raises(RuleError, match=re.escape(expected)):
        flags(query, article())


def test_the_version_changes_with_the_document_and_not_with_how_it_is_written() -> None:
    def version(query: str) -> str:
        return compile_rules([RuleText("rule", "Rule", query=query)]).rules[0].version

    assert version("cites:44-KL/TW") == version('cites:"Kết luận số 44-KL/TW"') == version("cites:KL-44-TW")
    assert len({version(f"cites:{one}") for one in ("44-KL/TW", "45-KL/TW", "44-CT/TW", "Kết luận 44")}) == 4


def test_an_article_is_read_for_citations_once_at_most_and_only_if_its_number_stands_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[str] = []

    def counting(*asked: object) -> tuple[Document, ...]:
        read.append("read")
        return documents(*asked)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr("crawler.judging.proving.documents", counting)
    rules = [
        RuleText(f"r{n}", "R", query=f"cites:{n}-KL/TW OR cites:Nghị quyết {n} OR hộ") for n in range(1, 9)
    ]
    judge = compile_rules(rules)

    assert len(judge.flags(article(body="Có 44 hộ, năm 2019."))) == 8
    assert read == []
    assert len(judge.flags(article(body="Kết luận 3-KL/TW, Nghị quyết 4 của Bộ Chính trị"))) == 2
    assert read == ["read"]


@given(texts)
def test_a_rule_finds_exactly_what_the_reading_of_citations_finds(text: str) -> None:
    about = article(title="44 xã", body=text)
    for one in cited_documents(about):
        spans = [(place.start, place.end) for place in one.mentions if place.field == "body"]
        told = flags(f'cites:"{one.key}"', about)
        wanted = read_wanted(one.key)
        assert wanted is not None
        others = [
            (place.start, place.end)
            for other in cited_documents(about)
            if wanted.matches(other)
            for place in other.mentions
        ]
        assert [span for flag in told for span in flag.spans] == sorted(others)
        assert set(spans) <= set(others)


@given(st.text('Kkếtluậnsố 49-/KLTW.@?()"', max_size=20))
def test_whatever_is_written_behind_cites_is_read_or_refused(written: str) -> None:
    try:
        flags(f"cites:{written}", article(body=written))
    except RuleError:
        return
