"""Every finding is worded in the page's language, with what it is made of; foreign words stay harmless."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from crawler.config.model import Allowance
from crawler.review.ailing import SENTENCES
from crawler.review.languages import answer_in
from crawler.review.rendering import complaint
from crawler.review.watched import Ailment
from crawler.watching import complaints
from crawler.watching.drift import drifts
from crawler.watching.due import Due
from crawler.watching.findings import Evidence, Finding, Look, found
from crawler.watching.silence import Silence
from storage.records import Outcome, Run
from tests.watching.making import DAY, HOUR, MINUTE, NOW, feed, run, source
from tests.watching.test_drift import read


def _found(recent: list[Run], **other: object) -> Finding:
    chosen = source(at_least=other.pop("at_least", None))
    success = next((one for one in recent if one.report.outcome == "done"), None)
    evidence = Evidence(recent, success, other.pop("due", None), 30 * MINUTE, **other)  # type: ignore[arg-type]
    return found(Look(chosen, evidence, NOW))[0]


def _failing(outcome: Outcome) -> Finding:
    newest = run(outcome, MINUTE, trouble="http-503: it is busy")
    return _found([newest, run(outcome, HOUR), run("done", 2 * HOUR)])


TROUBLES: tuple[Outcome, ...] = ("blocked", "moved", "dead", "failed", "killed")
FINDINGS = [
    *map(_failing, TROUBLES),
    _found([run("dead")], elsewhere="unreached"),
    _found([run("interrupted", one * MINUTE) for one in (1, 2, 3)]),
    _found([run("done", MINUTE, {"fetched": 3})]),
    _found([run("done", MINUTE, {"failed": 4})]),
    _found([run("done", MINUTE), run("done", 2 * DAY)], at_least=Allowance(5, DAY)),
    _found([run("done")], silence=Silence(NOW - 50 * HOUR, 31.4, 0.001, strange=True)),
    _found([run("done", one * HOUR, {}, (feed("http-404" if one < 4 else "ok"),)) for one in range(1, 6)]),
    _found([run("running", 50 * MINUTE), run("done")]),
    _found([run("done", 3 * HOUR)], due=Due(NOW - 2 * HOUR)),
    Finding("redesigned", "drifted", {"changes": "body read on 0 of 9 pages"}),
    Finding("ill", "recovering", {"was": "ill"}),
]


def _said(finding: Finding, language: str) -> str:
    answer_in(language, "/")  # type: ignore[arg-type]  # one of both
    ailment = Ailment(finding.kind, finding.values, complaints.complaint("bao", finding))
    said = complaint(ailment, "bao")
    answer_in("vi", "/")
    return said


def test_every_kind_has_its_sentence_in_both_languages() -> None:
    assert {finding.kind for finding in FINDINGS} == complaints.KINDS == {*SENTENCES}
    for finding in FINDINGS:
        vietnamese, english = _said(finding, "vi"), _said(finding, "en")
        assert re.search("[ạảấầậốộờợừữđ]", vietnamese)
        assert not re.search("[ạảấầậốộờợừữđ]", english)
        assert not re.search(r"[{}]|None", vietnamese + english)


def test_moments_and_lengths_are_told_as_readers_tell_them() -> None:
    dead = _said(_failing("dead"), "vi")
    assert "https://bao.example/ (http-503), 2 lần liền, thành công gần nhất 23/11/2026 06:00" in dead
    assert "sources.bao.enabled = false" in dead
    silent = _said(FINDINGS[10], "vi")
    assert "từ 21/11/2026 06:00, đã 2 ngày 2 giờ" in silent
    assert "31.4 giờ khác nhau" in silent
    assert "its 30 minutes (http-503: it is busy)" in _said(_failing("killed"), "en")


@pytest.mark.parametrize("values", [{}, {"since": "hôm qua"}])
def test_a_finding_with_other_values_is_told_as_it_came(values: dict[str, str]) -> None:
    assert complaint(Ailment("dead", values, "nothing can be had"), "bao") == "nothing can be had"
    assert complaint(Ailment("new kind", values, "as it came"), "bao") == "as it came"


def test_braces_in_foreign_words_are_words() -> None:
    finding = _found([run("failed", trouble="{name} {0} %(x)s {home!r}"), run("done", timedelta(days=1))])
    assert "({name} {0} %(x)s {home!r})" in _said(finding, "vi")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            "selector body matched 0 of 12 (before 12 of 12); the generic layer read 12 of 12; used it",
            "bộ chọn thân bài khớp 0/12 trang (trước là 12/12), đã dùng lớp generic, đọc được 12/12",
        ),
        (
            "selector title matched 0 of 5; no other layer read it",
            "bộ chọn tít khớp 0/5 trang, không lớp nào khác đọc được",
        ),
        ("date read on 1 of 9 pages, before on 30 of 31", "ngày đăng đọc được ở 1/9 trang (trước là 30/31)"),
        (
            "the selectors and the generic layer tell the same story on 0 of 9 pages, before on 9 of 9",
            "bộ chọn và cách đọc chung cho cùng một bài ở 0/9 trang (trước là 9/9)",
        ),
        (
            "bodies have 200 characters in 2 paragraphs, before 1800 in 9",
            "thân bài dài 200 chữ trong 2 đoạn, trước là 1800 chữ trong 9 đoạn",
        ),
    ],
)
def test_what_is_read_otherwise_is_told_in_vietnamese(changes: str, said: str) -> None:
    told = _said(Finding("redesigned", "drifted", {"changes": f"{changes}; {changes}"}), "vi")
    assert f"({said}; {said})" in told
    assert changes in _said(Finding("redesigned", "drifted", {"changes": changes}), "en")


def test_whatever_drifts_is_found_in_vietnamese() -> None:
    for newest in (read(body={"generic": 12}), read(title={}), read(length=200)):
        (clause, *_) = drifts([newest, *[read()] * 3])
        told = _said(Finding("redesigned", "drifted", {"changes": clause}), "vi")
        assert not re.search(" of |before|pages|layer", told), told
