"""Small pure parts of what commands print."""

from __future__ import annotations

import json

import pytest

from crawler.cli.output import emit_list, lit, one_line, table
from crawler.cli.wanted import Wanted
from crawler.cli.wording import quote
from crawler.review.marking import marks, pieces
from storage.records import Flag
from tests.making import BODY, case, flag


def test_matches_that_overlap_are_lit_once() -> None:
    flags = [Flag("r", "R", "v", "body", ((0, 4), (2, 8), (8, 9), (12, 14)), "q", 1.0)]
    assert lit(pieces("0123456789abcdef", marks(flags, "body"))) == "«012345678»9ab«cd»ef"


def test_a_quote_is_lit_where_it_stands_in_its_field() -> None:
    start = BODY.index("tăng lương")
    shown = Flag("r", "R", "v", "body", ((start, start + 10),), "… đòi tăng lương; chủ xưởng hứa …", 1.0)
    assert quote(case(flags=[shown]), shown) == "… đòi «tăng lương»; chủ xưởng hứa …"


def test_a_quote_that_is_not_word_for_word_is_shown_unlit() -> None:
    shown = Flag("r", "R", "v", "body", ((0, 4),), "một câu khác hẳn", 1.0)
    assert quote(case(flags=[shown]), shown) == "một câu khác hẳn"


def test_a_quote_of_the_title_is_lit() -> None:
    assert quote(case(flags=[flag()]), flag()).endswith("«đình công»")


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    assert list(table(("a", "b"), [("Đông", "x"), ("y", "\x1bz")])) == ["a     b", "Đông  x", "y     �z"]


def test_foreign_text_on_one_line_stays_on_it() -> None:
    assert one_line(" a\n\tb\u2028c\x07 ") == "a b c�"


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_list_is_one_json_array_however_long(capsys: pytest.CaptureFixture[str], count: int) -> None:
    emit_list(Wanted(json=True), ({"số": number} for number in range(count)))
    assert json.loads(capsys.readouterr().out) == [{"số": number} for number in range(count)]
