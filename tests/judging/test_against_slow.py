"""The quick matcher finds what a slow and obviously right one finds, no more and no less."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from storage.folding import fold, spellings
from tests.judging.making import article, flags, found

SYLLABLES = ["an", "ninh", "ủy", "kỹ", "quý", "tổ", "quốc", "hòa"]
WRITTEN = [*SYLLABLES, "An", "NINH", "uỷ", "Ủy", "kĩ", "quí", "hoà", "quốca", "antổ", "9", "ăn"]
phrases = st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=3).filter(lambda some: some != ["an"])
JOINTS = [" ", " ", " ", ", ", " - ", "-", "  ", "\u00a0", "\n", "\n\n", ". ", " (", "“", "/", "\u200b "]
texts = st.lists(st.tuples(st.sampled_from(WRITTEN), st.sampled_from(JOINTS)), max_size=12).map(
    lambda pairs: "".join(word + joint for word, joint in pairs)
)


def slowly(phrase: list[str], text: str) -> list[tuple[int, int]]:
    """Spans in the folded text: at every place every spelling, with its neighbours looked at."""
    folded = fold(text)
    joint = "(?:(?!\n\n)[ ,'\"/\n-])+"
    pattern = joint.join("(?:" + "|".join(map(re.escape, spellings(syllable))) + ")" for syllable in phrase)
    matches = re.compile(rf"(?<![^\W_])(?=({pattern})(?![^\W_]))").finditer(folded.text)
    return [folded.span(*match.span(1)) for match in matches]


def merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans that overlap as one."""
    apart: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if apart and start < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


@given(phrases, texts)
def test_a_phrase_is_found_where_it_stands(phrase: list[str], text: str) -> None:
    query = '="' + " ".join(phrase) + '"'

    spans = [span for flag in flags(query, article(body=text)) for span in flag.spans]

    assert spans == merged(slowly(phrase, text))


@given(phrases, phrases, texts)
def test_not_or_and_are_those_of_logic(one: list[str], other: list[str], text: str) -> None:
    first, second = ('="' + " ".join(phrase) + '"' for phrase in (one, other))
    stands, stands_too = bool(slowly(one, text)), bool(slowly(other, text))

    assert bool(found(f"{first} AND {second}", text)) is (stands and stands_too)
    assert bool(found(f"{first} OR {second}", text)) is (stands or stands_too)
    assert bool(found(f"{first} AND NOT {second}", text)) is (stands and not stands_too)


@given(phrases, st.integers(0, 3), phrases, texts)
def test_a_gap_and_ordered_nearness_agree_within_a_sentence(
    one: list[str], width: int, other: list[str], text: str
) -> None:
    text = text.replace(".", "").replace("\n\n", " ")
    gap = f"{' '.join(one)} …{width}… {' '.join(other)}" if width else " ".join(one + other)

    near = found(f'="{" ".join(one)}" ONEAR/{width} ="{" ".join(other)}"', text)

    assert bool(found(f'="{gap}"', text)) is bool(near)
