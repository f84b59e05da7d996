"""What becomes of a choice: written, already so, or refused because another came in between."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.review.deciding import Choice, bearing, choice_of
from crawler.review.wording import Refused
from storage.records import Verdict
from tests.review.stock import NOW

KEPT = Verdict(4, 1, "keep", None, NOW, None)
UNDONE = Verdict(5, 1, "undo", None, NOW, 4)


def test_a_choice_that_saw_what_stands_is_written() -> None:
    assert bearing(Choice("keep", None, 0, "case"), None, ()) == "write"
    assert bearing(Choice("drop", None, 4, "case"), KEPT, (KEPT,)) == "write"
    assert bearing(Choice("keep", "ghi thêm", 4, "case"), KEPT, (KEPT,)) == "write"


def test_a_choice_that_did_not_see_what_stands_overwrites_nothing() -> None:
    assert bearing(Choice("drop", None, 0, "case"), KEPT, (KEPT,)) == "conflict"
    assert bearing(Choice("keep", "khác", 0, "case"), KEPT, (KEPT,)) == "conflict"
    assert bearing(Choice("drop", None, 4, "case"), None, (KEPT, UNDONE)) == "conflict"


def test_the_second_click_writes_nothing_and_complains_of_nothing() -> None:
    assert bearing(Choice("keep", None, 0, "case"), KEPT, (KEPT,)) == "done"
    assert bearing(Choice(None, None, 4, "case"), None, (KEPT, UNDONE)) == "done"


def test_an_undo_takes_back_only_what_was_seen() -> None:
    newer = Verdict(6, 1, "drop", None, NOW, None)
    assert bearing(Choice(None, None, 4, "case"), KEPT, (KEPT,)) == "write"
    assert bearing(Choice(None, None, 4, "case"), newer, (KEPT, newer)) == "conflict"


def test_a_form_is_read() -> None:
    fields = {"decision": "later", "note": " hỏi lại\r\nmai ", "seen": "7", "here": "queue"}
    assert choice_of(fields) == Choice("later", "hỏi lại\nmai", 7, "queue")


@pytest.mark.parametrize(
    "changed",
    [
        {"decision": "giữ"},
        {"decision": "undo"},
        {"seen": ""},
        {"seen": "-1"},
        {"seen": "x"},
        {"seen": "9" * 19},
        {"seen": "9" * 5000},
        {"seen": "１"},
        {"here": "elsewhere"},
        {"note": "x" * 2001},
    ],
)
def test_a_form_with_one_bad_field_is_refused(changed: dict[str, str]) -> None:
    with pytest.raises(Refused) as caught:
        choice_of({"decision": "keep", "note": "", "seen": "0", "here": "case", **changed})
    assert caught.value.trouble.status == 400


@given(st.dictionaries(st.sampled_from(["decision", "note", "seen", "here"]), st.text(max_size=30)))
def test_whatever_a_form_says_it_is_read_or_refused(fields: dict[str, str]) -> None:
    with contextlib.suppress(Refused):
        choice = choice_of(fields)
        assert choice.seen >= 0
        assert choice.note != ""
