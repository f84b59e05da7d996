"""What Excel can hold and what it would run."""

from __future__ import annotations

import pytest

from crawler.export.formats.spreadsheet import MOST_UNITS, Cuts, fitting, guarded, runs, units


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+84 912", "-5", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u00a0=1", "\u200b=1", "\ufeff=1",
     "＝1＋1", "＋1", "－1", "＠x", "=cmd|' /C calc'!A0", "- Thưa ông"],
)  # fmt: skip
def test_what_would_run_gets_an_apostrophe(text: str) -> None:
    assert guarded(text).startswith("'")


@pytest.mark.parametrize("text", ["", "Công nhân", "1+1", "– Thưa ông", "“=1”", "'=1", "a\n=1"])
def test_what_would_not_run_stands_as_it_is(text: str) -> None:
    assert guarded(text) == text
    assert not runs(text)


def test_line_ends_within_cells_are_those_of_excel() -> None:
    assert guarded("a\r\nb\rc\nd") == "a\nb\nc\nd"


@pytest.mark.parametrize("text", ["a" * MOST_UNITS, "đ" * MOST_UNITS, "🏭" * (MOST_UNITS // 2), "🏭" * 5])
def test_a_text_as_long_as_a_cell_is_whole(text: str) -> None:
    assert fitting(text) == text


@pytest.mark.parametrize("text", ["a" * 40_000, "🏭" * 20_000, "a" + "🏭" * 20_000, "a" * (MOST_UNITS + 1)])
def test_a_longer_text_is_cut_between_characters_and_says_so(text: str) -> None:
    kept = fitting(text)
    assert MOST_UNITS - 1 <= units(kept) <= MOST_UNITS
    assert kept[-1] == "…"
    assert text.startswith(kept[:-1])
    kept.encode("utf-8")  # no half of a pair is left


def test_cuts_are_counted_and_the_first_is_named() -> None:
    cuts = Cuts()
    assert cuts.remarks("a.csv") == []
    for number in (5, 6):
        cuts.fit("a" * 40_000, number, "body")
    cuts.fit("a", 7, "body")
    assert cuts.remarks("a.csv") == [
        "a.csv: 2 cells were cut at the 32767 characters Excel holds, first body of article 5"
    ]
