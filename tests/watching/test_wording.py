"""What people are told, in words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crawler.watching.wording import caused, one_line, spelled, tally


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0s"),
        (45, "45s"),
        (90, "1m30s"),
        (5400, "1h30m"),
        (172_800, "2d"),
        (90_061, "1d1h"),
        (-5, "0s"),
        (3605, "1h"),
    ],
)
def test_a_length_is_spelled_as_config_writes_it(seconds: int, text: str) -> None:
    assert spelled(timedelta(seconds=seconds)) == text


def test_a_tally_names_only_what_there_was() -> None:
    assert tally({"found": 40, "new": 3, "kept": 3, "flagged": 0, "bytes": 9}) == "found 40, new 3, kept 3"
    assert tally({"found": 40, "revised": 1, "gone": 2}) == "found 40, revised 1, gone 2"
    assert tally({}) == "nothing new"


def test_foreign_text_stays_on_one_printable_line() -> None:
    assert one_line("một\n hai\x1b[31m\tba") == "một hai?[31m ba"
    assert len(one_line("dài" * 500)) == 300


def test_an_error_is_told_with_its_cause() -> None:
    error = ValueError("no store")
    error.__cause__ = OSError("disk full")
    assert caused(error) == "ValueError: no store (because OSError: disk full)"
    assert caused(KeyError()) == "KeyError"
