"""Every sentence of the grammar is known in Vietnamese too."""

from __future__ import annotations

import pytest

from crawler.errors import RuleError
from crawler.review.misreading import in_vietnamese
from crawler.searching import ask

LISTS = {"an": ("an ninh",), "vong": ("xã @vong",), "rong": (), "hong": ("xã }",)}
QUERIES = (
    "xã AND", "xã AND OR huyện", "(xã", "xã)", '"xã', 'xã "huyện"', "titel:xã", "zzzz:xã", "xã NEAR huyện",
    "xã NEAR/many huyện", "xã NEAR/900 huyện", "xã NEAR/3 (huyện AND tỉnh)", "2 TIMES (xã AND huyện)",
    "xã EXCEPT NOT huyện", "3 OF (xã, huyện)", "2 OF xã", "2 OF (xã, huyện", "0 TIMES xã", "{xã|huyện",
    "toàn dân {|xã}", '"toàn dân }"', "xã …3…", "xã …99… huyện", "xã … huyện", "@khong", "@vong", "@rong",
    "@hong", "@ xã", '"?!"', '""', "{a|b} {c|d}" * 12, "(" * 41 + "xã" + ")" * 41, "xã OR " * 1001 + "xã",
    "x" * 20_001, "cites:xã", "cites:", "date:hôm qua", "date:..", "date:2026..2025", "source:", "section:",
    "9 POINTS (xã, huyện)", "0 POINTS (xã)", "1 POINTS (xã^x)", "1 POINTS xã", "^2", "[" * 50 + "xã",
    "xã" + " EXCEPT xã" * 41,
)  # fmt: skip


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query[:30])
def test_what_is_wrong_is_said_in_vietnamese(query: str) -> None:
    with pytest.raises(RuleError) as caught:
        ask(query, LISTS)
    said = in_vietnamese(caught.value.trouble)
    assert said is not None, caught.value.trouble
    assert not {"expected", "the", "of", "not", "after"} & set(said.split())


def test_a_sentence_that_is_not_known_is_left_to_english() -> None:
    assert in_vietnamese("something new is wrong") is None
