"""Octets: what is searched stands for the folded text, place for place."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.judging.octets import as_text, bare_octets, fold_in_place, is_exact, of_folded, squeezed
from crawler.judging.views import squeeze
from storage.folding import bare, fold
from tests.judging.making import found

ODD = "\u200b\u00ad\u00a0\u2003–—“”‘’«»ÐðƢƣİ\u0301\u0323ςΣßüé²½\U0001f600한각\u11a8\u09be\x1b\x1e\x1f\0"
letters = st.sampled_from("aàảãáạăằẳẵắặđêểôộơởưừyỷ ĐẤỪỶBZ .,-\"'/\n09…?" + ODD)
texts = st.one_of(
    st.text(letters), st.text(), st.text(letters).map(lambda text: unicodedata.normalize("NFD", text))
)


@given(texts)
def test_folding_in_place_gives_what_folding_gives_or_says_that_places_move(text: str) -> None:
    folded = fold(text)

    octets = fold_in_place(text)

    if octets is None:
        assert not text.isascii()
    else:
        assert folded.begins is None
        assert len(octets) == len(text)
        assert octets == of_folded(folded.text)


@given(texts)
def test_squeezed_octets_are_the_squeezed_text(text: str) -> None:
    folded = fold(text).text
    octets = squeezed(of_folded(folded))

    squeezed_text = squeeze(folded)

    assert len(octets) == len(squeezed_text)
    assert not is_exact(octets) or as_text(octets) == squeezed_text.replace("\t", " ")


@given(texts)
def test_marks_fall_off_octets_as_they_fall_off_text(text: str) -> None:
    folded = fold(text).text

    assert bare_octets(of_folded(folded)) == of_folded(bare(folded))


@pytest.mark.parametrize(
    ("query", "text", "lit"),
    [
        ("Zürich", "Đoàn đến Zürich, rồi về.", ["Zürich"]),
        ("Zürich", "Đoàn đến Zörich.", []),
        ("zurich", "Đoàn đến Zürich.", []),
        ("học bổng 한국", "Trao học bổng 한국 cho em.", ["học bổng 한국"]),
        ("học bổng 한국", "Trao học bổng 한구 cho em.", []),
        ("an ninh", "tan ninh, an ninhü, üan ninh, an ninh²", []),
        ("an ninh", "\U0001f600an ninh\U0001f600", ["an ninh"]),
    ],
)
def test_letters_beside_the_alphabet_are_compared_in_the_text(query: str, text: str, lit: list[str]) -> None:
    assert found(query, text) == lit
