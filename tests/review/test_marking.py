"""Marks on foreign text: cut right, escaped always, nothing added and nothing lost."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment

from crawler.review import rendering
from crawler.review.marking import (
    TONES,
    Kind,
    Mark,
    Piece,
    excluded,
    heaviest_first,
    lit_quote,
    marks,
    numbered,
    paragraphs,
    pieces,
    tone,
)
from storage.records import Flag

_TAG = re.compile(r'<mark class="[a-z0-9 -]+" title="[^"<>]*">|</mark>')

texts = st.text(alphabet=st.sampled_from("aă đ<>&\"'\n\t.‮ấờ𝒳"), max_size=40)
some_marks = st.lists(
    st.builds(
        Mark,
        start=st.integers(-3, 45),
        end=st.integers(-3, 45),
        label=st.sampled_from(["Một", 'Hai "&" <ba>', "Bốn"]),
        tone=st.integers(0, TONES - 1),
    ),
    max_size=6,
)


def lit(cut: tuple[Piece, ...]) -> str:
    """The pieces as the pages show them."""
    environment: Environment = rendering.environment()
    macro = environment.get_template("parts.html").module.lit  # type: ignore[attr-defined]  # the template's own
    return str(macro(cut))


def flag(text: str, *words: str, rule: str = "r", quote: str | None = None, weight: float = 1.0) -> Flag:
    spans = tuple((text.index(word), text.index(word) + len(word)) for word in words)
    return Flag(rule, f"Rule {rule}", "v", "body", spans, quote or text, weight)


@given(texts, some_marks)
def test_cutting_the_marks_out_gives_the_escaped_text_back(text: str, found: list[Mark]) -> None:
    shown = lit(pieces(text, found))
    assert html.unescape(_TAG.sub("", shown)) == text
    assert not set(_TAG.sub("", shown)) & set("<>\"'")


@given(texts, some_marks)
def test_every_character_bears_exactly_the_rules_that_matched_it(text: str, found: list[Mark]) -> None:
    place = 0
    for piece in pieces(text, found):
        for at in range(place, place + len(piece.text)):
            assert set(piece.labels) == {mark.label for mark in found if mark.start <= at < mark.end}
        place += len(piece.text)
    assert place == len(text)


@given(texts, some_marks)
def test_paragraphs_lose_nothing_but_blank_lines(text: str, found: list[Mark]) -> None:
    told = ["".join(piece.text for piece in paragraph) for paragraph in paragraphs(text, found)]
    assert "".join("".join(told).split()) == "".join(text.split())
    assert all(told)


def test_overlapping_rules_share_the_stretch_that_both_matched() -> None:
    cut = pieces("tổ an ninh cơ sở", [Mark(0, 10, "Tổ", 1), Mark(3, 16, "An ninh", 2)])
    assert [(piece.text, piece.labels, piece.tone) for piece in cut] == [
        ("tổ ", ("Tổ",), 1),
        ("an ninh", ("Tổ", "An ninh"), 1),
        (" cơ sở", ("An ninh",), 2),
    ]


def test_touching_matches_of_one_rule_stay_two_marks() -> None:
    cut = pieces("abcd", [Mark(0, 2, "R", 0), Mark(2, 4, "R", 0)])
    assert [piece.text for piece in cut] == ["ab", "cd"]


def test_a_mark_names_its_rules_in_its_title_escaped() -> None:
    shown = lit((Piece("<b>", ('"><script>',), 3),))
    assert shown == '<mark class="tone-3" title="&#34;&gt;&lt;script&gt;">&lt;b&gt;</mark>'


def test_marks_are_placed_by_code_points_not_by_bytes_or_utf_16() -> None:
    assert [piece.text for piece in pieces("𝒳ấ kẻng", [Mark(3, 7, "R", 0)])] == ["𝒳ấ ", "kẻng"]


def test_a_mark_across_a_blank_line_is_lit_in_both_paragraphs() -> None:
    told = paragraphs("một hai\n\nba bốn", [Mark(4, 11, "R", 0)])
    lit_up = [[piece.text for piece in paragraph if piece.labels] for paragraph in told]
    assert lit_up == [["hai"], ["ba"]]


def test_a_quote_is_lit_where_its_flag_matched_and_not_at_an_earlier_twin() -> None:
    text = "Kẻng an ninh. Đêm qua kẻng vang. Kẻng an ninh."
    second = text.rindex("Kẻng")
    found = Flag("r", "R", "v", "body", ((second, second + 4),), "Kẻng an ninh.", 1.0)
    assert [(piece.text, bool(piece.labels)) for piece in lit_quote(found, [found], text)] == [
        ("Kẻng", True),
        (" an ninh.", False),
    ]


def test_a_quote_shows_what_other_rules_matched_in_it_too() -> None:
    text = "Trước đó. Tổ an ninh đi tuần. Sau đó."
    one = flag(text, "Tổ an ninh", rule="one", quote="Tổ an ninh đi tuần.")
    other = flag(text, "đi tuần", "Sau đó", rule="other", quote="Tổ an ninh đi tuần.")
    cut = lit_quote(one, [one, other], text)
    assert [piece.text for piece in cut if piece.labels] == ["Tổ an ninh", "đi tuần"]


def test_a_quote_that_was_cut_with_dots_is_still_lit() -> None:
    text = "Rất dài dòng, tổ an ninh đi tuần, và còn dài nữa."
    found = flag(text, "tổ an ninh", quote="… dòng, tổ an ninh đi …")
    cut = lit_quote(found, [found], text)
    assert [piece.text for piece in cut if piece.labels] == ["tổ an ninh"]
    assert "".join(piece.text for piece in cut) == found.quote


def test_a_quote_that_is_not_word_for_word_lights_the_matched_words() -> None:
    text = "Tổ  an ninh\nđi tuần"
    found = flag(text, "đi tuần", quote="Tổ an ninh đi tuần")
    assert [piece.text for piece in lit_quote(found, [found], text) if piece.labels] == ["đi tuần"]


def test_a_flag_without_spans_shows_its_quote_plain() -> None:
    found = Flag("r", "R", "v", "body", (), "Không có gì.", 1.0)
    assert lit_quote(found, [found], "Không có gì.") == (Piece("Không có gì.", (), 0),)


def test_flags_come_heaviest_first_and_title_before_body() -> None:
    text = "abc"
    light, heavy = flag(text, "a", rule="light"), flag(text, "b", rule="heavy", weight=2.0)
    title = Flag("light", "L", "v", "title", ((0, 1),), "x", 1.0)
    assert heaviest_first([light, heavy, title]) == (heavy, title, light)


def test_marks_are_those_of_the_field_asked_for() -> None:
    found = flag("abc", "b")
    assert marks([found], "title") == ()
    assert [(mark.start, mark.end) for mark in marks([found], "body")] == [(1, 2)]


def test_a_rule_keeps_its_colour() -> None:
    assert tone("phong_trao") == tone("phong_trao")
    assert {tone(f"rule{number}") for number in range(100)} == set(range(TONES))


def test_a_thousand_marks_are_cut_quickly_and_in_order() -> None:
    text = "ab " * 5000
    cut = pieces(text, [Mark(at, at + 2, "R", 0) for at in range(0, len(text), 3)])
    assert all(bool(one.labels) != bool(other.labels) for one, other in pairwise(cut))


@given(texts, some_marks, st.sampled_from(["together", "excluded"]))
def test_the_strongest_way_of_matching_is_the_one_that_shows(
    text: str, found: list[Mark], weaker: Kind
) -> None:
    weak = [replace(mark, kind=weaker) for mark in found[::2]]
    strong = found[1::2]
    place = 0
    for piece in pieces(text, [*weak, *strong]):
        if piece.labels:
            matched = any(mark.start <= place < mark.end for mark in strong)
            assert piece.kind == ("matched" if matched else weaker)
        place += len(piece.text)


def test_places_are_told_apart_by_what_they_prove() -> None:
    one = replace(flag("a b c d", "a", "c"), together=((4, 5),), excluded=((6, 7),))
    found = [*marks([one], "body"), *excluded([one], "body")]
    cut = pieces("a b c d", found)
    assert [(piece.text, piece.kind) for piece in cut if piece.labels] == [
        ("a", "matched"),
        ("c", "together"),
        ("d", "excluded"),
    ]
    shown = lit(numbered([cut])[0])
    assert re.findall(r'id="(m\d)" class="tone-\d( \w+)?"', shown) == [("m1", ""), ("m2", " together")]
    assert 'class="tone-' in shown
    assert " excluded" in shown


@given(st.lists(st.tuples(texts, some_marks), max_size=4))
def test_places_are_counted_through_the_whole_article(told: list[tuple[str, list[Mark]]]) -> None:
    cut = [pieces(text, found) for text, found in told]
    counted = numbered(cut)
    found = [piece.number for text in counted for piece in text if piece.number]
    assert found == list(range(1, len(found) + 1))
    for text in counted:
        for before, after in pairwise([Piece("", (), 0), *text]):
            assert bool(after.number) == (bool(after.labels) and not before.labels)
