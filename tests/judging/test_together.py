"""Which places of a proof stand by themselves, and which only with others."""

from __future__ import annotations

import pytest

from crawler.judging.judge import compile_rules
from crawler.judging.ruletext import RuleText
from tests.making import article

BODY = "Camera an ninh đã lắp. Dân phòng đi tuần. Camera thứ hai hỏng; camera hành trình không tính."


@pytest.mark.parametrize(
    ("query", "together"),
    [
        ("camera", []),
        ("camera OR tuần", []),
        ("camera AND tuần", ["Camera", "tuần", "Camera", "camera"]),
        ("camera AND NOT trộm", []),
        ('"đi tuần" OR (camera AND hỏng)', ["Camera", "Camera", "hỏng", "camera"]),
        ("hỏng OR (tuần AND hỏng)", ["tuần"]),
        ('camera NEAR/sentence "an ninh"', ["Camera", "an ninh"]),
    ],
)
def test_what_a_proof_needs_together_is_told_from_what_is_enough(query: str, together: list[str]) -> None:
    rule = RuleText(name="r", label="R", query=query, fields=("body",))
    (flag,) = compile_rules([rule]).flags(article(1, body=BODY))
    assert [BODY[start:end] for start, end in flag.together] == together
    assert set(flag.together) <= set(flag.spans)
