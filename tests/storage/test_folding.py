"""Folding: however Vietnamese was typed, it is matched alike, and every place leads back."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from storage.folding import bare, fold, is_bare, spellings

VIETNAMESE = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
SIGNS = "\u200b\u00ad\ufeff\u00a0\u2003\u2013\u2014“”‘’«»"
ODD = SIGNS + "\u00d0\u00f0\u01a2\u01a3\u0130\u0301\u0323\u0307ςΣẞß\U0001f600한각"
letters = st.sampled_from(VIETNAMESE + VIETNAMESE.upper() + " .,-\n09" + ODD)
texts = st.one_of(
    st.text(letters),
    st.text(letters).map(lambda text: unicodedata.normalize("NFD", text)),
    st.text(),
)


@given(texts)
@example("Ƣ́")
@example("Ϊ́")
@example("İ̛")
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text).text

    assert fold(once).text == once


@given(texts, st.data())
def test_every_span_leads_to_what_folds_to_the_same(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    boundaries = [n for n in range(len(folded.text) + 1) if _starts_a_character(text, n)]
    start, end = sorted(data.draw(st.tuples(st.sampled_from(boundaries), st.sampled_from(boundaries))))
    if start == end:
        return

    first, last = folded.span(start, end)

    assert fold(text[first:last]).text == folded.text[start:end]


def _starts_a_character(text: str, place: int) -> bool:
    """Not in the middle of what one character of the given text became."""
    folded = fold(text)
    if not 0 < place < len(folded.text):
        return True
    return folded.span(place - 1, place) != folded.span(place, place + 1)


@given(texts)
def test_taking_marks_away_keeps_every_place(text: str) -> None:
    folded = fold(text).text

    assert len(bare(folded)) == len(folded)
    assert is_bare(bare(folded))


def test_all_134_letters_lose_their_marks_one_to_one() -> None:
    marked = [letter for letter in VIETNAMESE + VIETNAMESE.upper() if not letter.isascii()]

    assert len(marked) == 134
    assert all(bare(letter).isascii() and len(bare(letter)) == 1 for letter in marked)
    assert bare("đường Đà Nẵng kỹ sư ưỡn") == "duong Da Nang ky su uon"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("AN NINH TRẬT TỰ", "an ninh trật tự"),
        ("Ðảng uỷ", "đảng uỷ"),
        ("đƣợc", "được"),
        (unicodedata.normalize("NFD", "Toàn dân bảo vệ"), "toàn dân bảo vệ"),
        ("an\u00a0ninh\u200b quốc\u00ad gia", "an ninh quốc gia"),
        ("2019 – 2022", "2019 - 2022"),
        ("“Ngày hội”", '"ngày hội"'),
    ],
)
def test_the_same_text_typed_otherwise_folds_alike(written: str, meant: str) -> None:
    assert fold(written).text == meant


@pytest.mark.parametrize(
    ("syllable", "others"),
    [
        ("ủy", {"uỷ"}),
        ("hoà", {"hòa"}),
        ("khỏe", {"khoẻ"}),
        ("thúy", {"thuý"}),
        ("quý", {"quí"}),
        ("quỳ", {"quì"}),
        ("kỹ", {"kĩ"}),
        ("sĩ", {"sỹ"}),
        ("tỷ", {"tỉ"}),
        ("giá", set()),
        ("già", set()),
        ("hoàn", set()),
        ("quà", set()),
        ("thi", set()),
        ("an", set()),
    ],
)
def test_a_syllable_has_the_spellings_that_sound_the_same(syllable: str, others: set[str]) -> None:
    assert set(spellings(syllable)) == {syllable, *others}


@given(
    st.sampled_from("bcdđghklmnprstvx"),
    st.sampled_from(["oa", "oe", "uy"]),
    st.sampled_from("\u0300\u0301\u0303\u0309\u0323"),
)
def test_both_tone_places_know_each_other(initial: str, vowels: str, tone: str) -> None:
    old = unicodedata.normalize("NFC", initial + vowels[0] + tone + vowels[1])
    new = unicodedata.normalize("NFC", initial + vowels + tone)

    assert new in spellings(old)
    assert old in spellings(new)
