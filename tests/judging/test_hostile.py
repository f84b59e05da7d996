"""Hostile texts are judged in time that grows with their length, not with its square."""

from __future__ import annotations

import time

import pytest

from crawler.judging import Judge, compile_rules
from crawler.judging.matching import MOST_HITS, WINDOW
from crawler.judging.ruletext import RuleText
from storage.records import Article
from tests.judging.making import article

QUERY = """
((xã NEAR/20 huyện) NEAR/20 (xã NEAR/20 huyện)) NEAR/20 (xã NEAR/20 xã)
OR xã …50… huyện …50… xã …50… tỉnh
OR 1000 TIMES ({xã|huyện} EXCEPT (xã * huyện))
OR xã NEAR/sentence huyện NEAR/paragraph tỉnh
"""


def seconds(judge: Judge, about: Article) -> float:
    """The lesser of two, in this process's own time."""
    taken = []
    for _ in range(2):
        begun = time.process_time()
        judge.flags(about)
        taken.append(time.process_time() - begun)
    return min(taken)


@pytest.mark.parametrize("piece", ["xã ", "xã huyện ", "a\u0301 xã, ", "xã. ", "\n\n(xã "])
def test_a_text_of_one_syllable_costs_no_more_than_its_length(piece: str) -> None:
    judge = compile_rules([RuleText("r", "R", query=QUERY)])
    small, large = (article(body=piece * (size // len(piece))) for size in (WINDOW // 4, WINDOW * 2))

    assert seconds(judge, large) < 8 * 4 * max(seconds(judge, small), 0.05)


def test_a_phrase_across_two_windows_is_found_once() -> None:
    text = "x" * (WINDOW - 4) + " toàn dân bảo vệ " + "y" * WINDOW

    (flag,) = compile_rules([RuleText("r", "R", query="toàn dân bảo vệ")]).flags(article(body=text))

    assert [text[start:end] for start, end in flag.spans] == ["toàn dân bảo vệ"]


def test_a_phrase_that_never_ends_is_shown_so_often_and_no_more() -> None:
    (flag,) = compile_rules([RuleText("r", "R", query="xã")]).flags(article(body="xã " * (3 * MOST_HITS)))

    assert len(flag.spans) == MOST_HITS
