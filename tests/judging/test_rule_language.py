"""The rule language: what each sign of it finds."""

from __future__ import annotations

import unicodedata

import pytest

from tests.judging.making import article, flags, found


@pytest.mark.parametrize(
    "text",
    [
        "giữ an ninh trật tự ở xã",
        "AN NINH, TRẬT TỰ",
        "an ninh - trật tự",
        "an ninh-trật tự",
        "an ninh – trật tự",
        "an  ninh\u00a0trật tự",
        "“An ninh” trật tự",
        "an ninh\ntrật tự",
        unicodedata.normalize("NFD", "An ninh trật tự"),
        "an ni\u200bnh trật tự",
    ],
)
def test_a_phrase_stands_however_it_is_set(text: str) -> None:
    assert found('"an ninh trật tự"', text)


@pytest.mark.parametrize(
    "text",
    [
        "an ninh.\n\nTrật tự",
        "an ninh. Trật tự",
        "Nguyễn an ninhtrật tự",
        "ban ninh trật tự",
        "ăn ninh trật tự",
    ],
)
def test_a_phrase_stands_whole_or_not_at_all(text: str) -> None:
    assert not found("an ninh trật tự", text)


def test_a_number_is_no_part_of_a_longer_one() -> None:
    assert found("nghị quyết 12", "Nghị quyết 120/NQ-CP và Nghị quyết 12") == ["Nghị quyết 12"]


def test_spans_are_those_of_the_text_as_it_stands() -> None:
    text = "Ở đây: “An ninh,  TRẬT TỰ”\u00a0và an ninh trật tự."

    assert found("an ninh trật tự", text) == ["An ninh,  TRẬT TỰ", "an ninh trật tự"]


def test_tone_placement_and_i_or_y_are_free() -> None:
    assert found("ủy ban", "Uỷ ban và Ủy ban") == ["Uỷ ban", "Ủy ban"]
    assert found("quí vị chiến sĩ kĩ thuật", "quý vị chiến sỹ kỹ thuật")


def test_written_with_marks_it_wants_marks_and_without_it_takes_any() -> None:
    assert not found("công an", "bữa công ăn, cong an")
    assert found("cong an", "công an, cống ản, CONG AN") == ["công an", "cống ản", "CONG AN"]
    assert found('="tham gia"', "tham gia, thăm già") == ["tham gia"]


def test_an_abbreviation_stands_in_capitals_by_itself() -> None:
    assert found("bảo vệ {an ninh tổ quốc|ANTQ}", "bảo vệ ANTQ; bảo vệ antq; bảo vệ ANTQX") == ["bảo vệ ANTQ"]
    assert found("CAND", "cand CAND, CANDX") == ["CAND"]
    assert found("TOÀN DÂN", "toàn dân") == ["toàn dân"]


def test_alternatives_options_and_lists() -> None:
    lists = {"quoc": ["an ninh Tổ quốc", "ANTQ"], "phong": ["toàn dân [tham gia] bảo vệ @quoc"]}
    body = article(
        body="Toàn dân bảo vệ ANTQ; toàn dân tham gia bảo vệ an ninh Tổ quốc; toàn dân bảo vệ biên giới."
    )

    (flag,) = flags("@phong", body, lists)

    assert len(flag.spans) == 2
    assert len(flags("phong trào @phong", article("phong trào “Toàn dân bảo vệ ANTQ”"), lists)) == 1


def test_a_gap_spans_so_many_syllables_of_one_sentence() -> None:
    query = "giao nộp …2… súng"

    assert found(query, "giao nộp súng") == ["giao nộp súng"]
    assert found(query, "giao nộp hai khẩu súng") == ["giao nộp hai khẩu súng"]
    assert not found(query, "giao nộp thêm hai khẩu súng")
    assert not found(query, "Họ đã giao nộp. Súng còn lại")
    assert found("giao nộp ...2... súng", "giao nộp khẩu súng")
    assert found("họ * tự quản", "họ Đặng tự quản, họ tự quản") == ["họ Đặng tự quản"]


def test_an_optional_piece_between_gaps_joins_them() -> None:
    assert found("a1 …1… [b1] …1… c1", "a1 x y c1")
    assert not found("a1 …1… [b1] …1… c1", "a1 x y z c1")


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("xã AND huyện", "xã, huyện", True),
        ("xã AND huyện", "xã", False),
        ("xã OR huyện", "huyện", True),
        ("xã AND NOT huyện", "xã", True),
        ("xã AND NOT huyện", "xã huyện", False),
        ("xã OR huyện AND tỉnh", "xã", True),
        ("(xã OR huyện) AND tỉnh", "xã", False),
        ("xã AND NOT NOT huyện", "xã", False),
        ("2 OF (xã, huyện, tỉnh)", "xã tỉnh", True),
        ("2 OF (xã, huyện, tỉnh)", "xã xã", False),
        ("2 TIMES xã", "xã này, xã kia", True),
        ("2 TIMES xã", "xã này", False),
        ("2 TIMES (xã OR huyện)", "xã, huyện", True),
        ("xã NEAR/2 huyện", "huyện một hai xã", True),
        ("xã NEAR/2 huyện", "huyện một hai ba xã", False),
        ("xã ONEAR/2 huyện", "huyện một xã", False),
        ("xã ONEAR/2 huyện", "xã một huyện", True),
        ("xã NEAR/2 xã", "xã", False),
        ("xã NEAR/sentence huyện", "Xã này thuộc một huyện miền núi xa xôi.", True),
        ("xã NEAR/sentence huyện", "Xã này nhỏ. Huyện kia lớn.", False),
        ("xã NEAR/paragraph huyện", "Xã này nhỏ. Huyện kia lớn.", True),
        ("xã NEAR/paragraph huyện", "Xã này nhỏ.\n\nHuyện kia lớn.", False),
        ("xã EXCEPT trưởng công an xã", "trưởng công an xã", False),
        ("xã EXCEPT trưởng công an xã", "trưởng công an xã về xã", True),
        ("2 TIMES (xã EXCEPT (công an xã OR xã hội))", "công an xã, xã hội, xã", False),
        ("an ninh an ninh", "an ninh an ninh an ninh", True),
        ("xã # chỉ một chữ\nAND huyện", "xã huyện", True),
    ],
)
def test_operators(query: str, text: str, *, expected: bool) -> None:
    assert bool(found(query, text)) is expected


def test_occurrences_that_overlap_count_once() -> None:
    lists = {"phong": ["phong trào toàn dân", "toàn dân bảo vệ", "phong trào toàn dân bảo vệ"]}

    assert not flags("2 TIMES @phong", article(body="phong trào toàn dân bảo vệ"), lists)


def test_nearness_ends_with_the_field() -> None:
    assert not flags("xã NEAR/5 huyện", article("xã", "huyện"))
    assert flags("xã AND huyện", article("xã", "huyện"))


@pytest.mark.parametrize(
    ("query", "hit"),
    [
        ("title:xã", False),
        ("lead:xã", True),
        ("body:huyện", True),
        ("title:tỉnh AND body:(huyện OR xã)", True),
        ("opening:xã", True),
        ("opening:cuối", False),
        ("body:cuối", True),
        ("source:bao AND tỉnh", True),
        ("source:(khác OR bao) AND tỉnh", True),
        ("source:khác AND tỉnh", False),
        ('section:"An ninh" AND tỉnh', True),
        ("section:thể thao AND tỉnh", False),
    ],
)
def test_fields(query: str, *, hit: bool) -> None:
    about = article("Tỉnh", "Huyện. " + "một hai " * 200 + "cuối.", "Xã", section="Quốc phòng - An ninh")

    assert bool(flags(query, about)) is hit
