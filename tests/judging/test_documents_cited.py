"""Documents cited: every shape they are written in, which of the same number is meant, and what is none."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.judging.citing import cited_documents
from crawler.judging.citing.keys import read_wanted
from storage.folding import fold
from storage.records import Dating
from tests.judging.making import article

SEEDS = Path(__file__).parents[2] / ".." / "shared" / "seeds"


def keys(text: str) -> list[str]:
    """The keys of what a body of this text cites."""
    return [one.key for one in cited_documents(article(body=text))]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Kết luận số 44-KL/TW ngày 22/1/2019 của Ban Bí thư (khóa XII)", "KL-44-TW@2019-01-22"),
        ("Kết luận số 44-KL/TW ngày 22 tháng 01 năm 2019", "KL-44-TW@2019-01-22"),
        ("Kết luận số 44, ngày 22-01-2019", "KL-44-TW@2019-01-22"),
        ("Chỉ thị số 09, ngày 01-12-2011 của Ban Bí thư khoá XI", "CT-9-TW@2011-12-01"),
        ("Chỉ thị số 09  ngày 1/12/2011 của Ban Bí thư Trung ương Đảng", "CT-9-TW@2011-12-01"),
        ("Chỉ thị số 09-CT/TW, Ban Bí thư khóa XI", "CT-9-TW@2011-12-01"),
        ("Nghị quyết số 12, ngày 16/3/2022 của Bộ Chính trị", "NQ-12-TW@2022-03-16"),
        ("Nghị quyết 12-NQ/TW năm 2022", "NQ-12-TW@2022-03-16"),
        (
            "Nghị quyết số 12-NQ/TW ngày 3/6/2017 của Hội nghị lần thứ năm Ban Chấp hành Trung ương khóa XII",
            "NQ-12-TW@2017-06-03",
        ),
        ("Kế hoạch số 157-KH/TU ngày 4/4/2019", "KH-157-TU@2019-04-04"),
        ("118-KH/ĐUCA, ngày 25-5-2022", "KH-118-ĐUCA@2022-05-25"),
        ("02-CT/TU", "CT-2-TU"),
        ("90-QĐ/TW ngày 06/12/2022", "QĐ-90-TW@2022-12-06"),
        ("16-NQ/ĐUCA", "NQ-16-ĐUCA"),
        ("Hướng dẫn 36-HD/VPTW năm 2018", "HD-36-VPTW@2018"),
        ("Nghị định 40/2024/NĐ-CP", "NĐ-40-2024-CP"),
        ("Nghị định 77/2010 về phối hợp", "NĐ-77-2010-CP"),
        ("Thông tư số 23/2012/TT-BCA", "TT-23-2012-BCA"),
        ("Thông tư 15/2010 của Bộ Công an", "TT-15-2010-BCA"),
        ("Thông tư liên tịch số 01/2015/TTLT-BCA-BTC", "TTLT-1-2015-BCA-BTC"),
        ("Luật số 30/2023/QH15", "L-30-2023-QH15"),
        ("Luật Lực lượng tham gia bảo vệ an ninh, trật tự ở cơ sở (số 30/2023/QH15)", "L-30-2023-QH15"),
        ("Nghị quyết số 133/2020/QH14 ngày 17/11/2020", "NQ-133-2020-QH14"),
        ("theo 12/2024/NQ-HĐND", "NQ-12-2024-HĐND"),
        ("521/2005/QĐ-TTg", "QĐ-521-TTg@2005-06-13"),
        ("Quyết định số 521/QĐ-TTg ngày 13/6/2005", "QĐ-521-TTg@2005-06-13"),
        ("Quyết định số 521 ngày 13/6/2005 của Thủ tướng", "QĐ-521-TTg@2005-06-13"),
        ("42/KH-UBND", "KH-42-UBND"),
        ("kế hoạch số 834/KH-CATP ngày 02/4/2020", "KH-834-CATP@2020-04-02"),
        ("86/HD-CAT-PV05", "HD-86-CAT"),
        ("12/HD-BCA-V05", "HD-12-BCA"),
        ("công văn 5035/CAT-PC06", "CV-5035-CAT"),
        ("văn bản số 4763/UBND-NC", "CV-4763-UBND"),
        ("04/NQ/ĐCT-MTTW", "NQ-4-ĐCT"),
        ("Hướng dẫn 107/HD-MTTW-BTT", "HD-107-MTTW"),
        ("Quyết định số 16/HĐBT ngày 22.2.1989", "QĐ-16-HĐBT@1989-02-22"),
        ("Quyết định số 2345/QĐ-NHNN", "QĐ-2345-NHNN"),
        ("Kết luận số 81-KL/TW ngày 29 tháng 7 năm 2020 của Bộ Chính trị", "KL-81-TW@2020-07-29"),
        ("Chỉ thị số 381-CT/TW ngày 17/10/1989 của Ban Bí thư", "CT-381-TW@1989-10-17"),
        ("Kết luận 99-KL/TW của Ban Bí thư khóa XI", "KL-99-TW@XI"),
        ("Nghị quyết 12 của Bộ Chính trị", "NQ-12-TW"),
        ("Nghị quyết 12 của Đảng ủy Công an Trung ương", "NQ-12-ĐUCA"),
        ("Chỉ thị số 10 của UBND tỉnh", "CT-10-UBND"),
        ("Chỉ thị 09", "CT-9-?"),
        ("Kế hoạch số 118", "KH-118-?"),
        ("Quy chế phối hợp số 426", "QC-426-?"),
        ("Quy định số 205-QĐ/TW", "QĐi-205-TW"),
        ("Chương trình hành động số 12-CTr/TU", "CTr-12-TU"),
    ],
)
def test_every_shape_is_read(text: str, key: str) -> None:
    assert keys(text) == [key]
    assert keys(f"Công an tỉnh thực hiện {text}, xã đạt kết quả.") == [key]


@pytest.mark.parametrize(
    "written",
    [
        "44-KL/TW",
        "44 KL/TW",
        "44 - KL/TW",
        "44- KL/TW",
        "44 -KL/TW",
        "44–KL/TW",
        "44/KL-TW",
        "44-KL/TƯ",
        "44-kl/tw",
        "số44-KL/TW",
        "Kết luận\u00a0số 44-KL/TW",
        "KẾT LUẬN SỐ 44-KL/TW",
        "kết luận số  44-KL/TW",
        "Kết luận (số 44-KL/TW)",
        "Kết lu\u200bận số 44-KL/TW",
    ],
)
def test_separators_case_and_invisible_signs_make_no_difference(written: str) -> None:
    assert keys(f"thực hiện {written} và") == ["KL-44-TW"]


def test_an_eth_a_new_tone_and_decomposed_letters_are_read_like_any() -> None:
    assert keys("521/Q\u00d0-TTg ngày 13/6/2005") == ["QĐ-521-TTg@2005-06-13"]
    assert keys("Nghị quyết số 2 của Tỉnh uỷ") == ["NQ-2-TU"] == keys("Nghị quyết số 2 của Tỉnh ủy")
    assert keys("Kê\u0301t luâ\u0323n số 44-KL/TW") == ["KL-44-TW"]


@pytest.mark.parametrize(
    "text",
    [
        "tháng 12/2024, kinh tế tăng",
        "Sáng nay (31.8), Đảng uỷ Công an tỉnh",
        "ngày 11.10 tại Hà Nội",
        "gọi 0912.345.678 hoặc 024-3333-555",
        "xe biển số 30A-12345 và 29-LD 123.45",
        "thắng với tỷ số 3-1",
        "nhà số 12 đường CT, số 5-CT2",
        "chi 1.200 tỷ đồng, giá 44.000 đồng/kg",
        "Nghị quyết Trung ương 5 khóa VIII",
        "Nghị quyết T.Ư 5 (khóa VIII)",
        "Nghị quyết Trung ương 4 các khoá XI, XII, XIII",
        "Nghị quyết Đại hội XIII, Nghị quyết Đại hội Đảng bộ tỉnh lần thứ XIX",
        "Nghị quyết 4 khóa XII",
        "kết luận 5 vấn đề, chỉ thị 3 việc",
        "Kế hoạch 5 năm 2021 - 2025",
        "hướng dẫn 20 hộ dân, thông báo 2 trường hợp, quyết định 3 nội dung",
        "Ban chỉ đạo 138/CP",
        "Chương trình 135",
        "Luật Mặt trận Tổ quốc Việt Nam 2015, Điều 11",
        "trúng 12 KL, 44 kl",
        "Nghị quyết 5.000 tỷ đồng, nghị quyết 30%",
    ],
)
def test_what_is_no_document_is_left_alone(text: str) -> None:
    assert keys(text) == []


def test_a_number_is_never_a_part_of_another() -> None:
    assert keys("Nghị quyết 120/NQ-CP và Nghị quyết 120") == ["NQ-120-CP"]
    assert keys("Kết luận 445-KL/TW") == ["KL-445-TW"]


def test_a_short_form_means_what_the_article_names_in_full_before_it_or_else_behind() -> None:
    told = cited_documents(
        article(
            title="Thực hiện Kết luận số 44",
            body="Kết luận số 44-KL/TW ngày 22/1/2019 của Ban Bí thư. Kết luận 44 nêu rõ; Kết luận số 44-KL",
        )
    )

    assert [one.key for one in told] == ["KL-44-TW@2019-01-22"]
    assert [mention.how for mention in told[0].mentions] == ["carried", "symbol+date", "carried", "carried"]
    assert (told[0].how, told[0].confidence, told[0].issuer) == ("symbol+date", 1.0, "Ban Bí thư")


def test_of_two_with_one_number_the_nearest_before_is_meant() -> None:
    text = (
        "Nghị quyết số 12-NQ/TW ngày 3/6/2017 về doanh nghiệp. Nghị quyết 12 đã nêu. "
        "Nghị quyết số 12-NQ/TW ngày 16/3/2022. Nghị quyết 12 của Đảng ủy Công an Trung ương; "
        "Nghị quyết 12 nêu."
    )

    told = {one.key: len(one.mentions) for one in cited_documents(article(body=text))}

    assert told == {"NQ-12-TW@2017-06-03": 2, "NQ-12-TW@2022-03-16": 1, "NQ-12-ĐUCA": 2}


def test_a_date_belongs_to_the_document_it_stands_behind() -> None:
    text = "Nghị quyết số 36 sửa Nghị quyết số 59, ngày 29/9/2021 của HĐND tỉnh"

    assert keys(text) == ["NQ-36-?", "NQ-59-HĐND@2021-09-29"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Chỉ thị 09 về phong trào toàn dân bảo vệ ANTQ", "CT-9-TW@2011-12-01"),
        ("Kết luận 44 gắn với toàn dân bảo vệ an ninh Tổ quốc", "KL-44-TW@2019-01-22"),
        ("Nghị quyết số 12 của Bộ Chính trị về xây dựng Công an nhân dân", "NQ-12-TW@2022-03-16"),
        ("Nghị quyết số 12 về xây dựng Công an nhân dân", "NQ-12-?"),
        ("Nghị quyết số 12 của Đảng ủy Công an Trung ương về Công an nhân dân", "NQ-12-ĐUCA"),
        ("Chỉ thị số 09 của UBND tỉnh về toàn dân bảo vệ ANTQ", "CT-9-UBND"),
        ("Kết luận 44-KL/TW khóa XIII về toàn dân bảo vệ ANTQ", "KL-44-TW@XIII"),
        ("Chỉ thị 09 " + "về cây lúa " * 60 + "toàn dân bảo vệ ANTQ", "CT-9-?"),
    ],
)
def test_what_stands_around_tells_a_document_we_know_unless_something_speaks_against_it(
    text: str, key: str
) -> None:
    assert keys(text) == [key]


def test_nobody_cites_what_is_not_issued_yet() -> None:
    text = "Nghị quyết số 12-NQ/TW của Bộ Chính trị về Công an nhân dân"
    early = replace(article(body=text), published=Dating(datetime(2018, 1, 1, tzinfo=UTC), "day", "selector"))

    assert [one.key for one in cited_documents(early)] == ["NQ-12-TW"]


def test_provinces_tell_apart_what_each_of_them_issues() -> None:
    about = article(
        body="Kế hoạch số 157-KH/TU ngày 4/4/2019; Kế hoạch 42/KH-UBND của UBND tỉnh Hà Tĩnh; "
        "Quyết định số 7/QĐ-UBND của UBND huyện Ia H'Drai; Nghị định 40/2024/NĐ-CP"
    )

    told = [one.key for one in cited_documents(about, "Hưng Yên")]

    assert told == [
        "KH-157-TU@2019-04-04/hung-yen",
        "KH-42-UBND/ha-tinh",
        "QĐ-7-UBND",
        "NĐ-40-2024-CP",
    ]


SEED_DOCUMENTS = {
    "baohatinh.txt": {"NQ-2-TU@2011-05-24": 2},
    "baohungyen-republished.txt": {
        "KL-44-TW@2019-01-22": 8,
        "CT-9-TW@2011-12-01": 1,
        "KH-157-TU@2019-04-04": 1,
        "NQ-12-TW@2022-03-16": 1,
    },
    "congan-kontum.txt": {"KL-44-TW@2019-01-22": 4, "CT-9-TW@2011-12-01": 1},
    "gialaitv.txt": {"NQ-12-TW@2022-03-16": 3, "QC-426-TU/gia-lai": 1},
    "kontumtv.txt": {"KL-44-TW@2019-01-22": 4, "CT-9-TW@2011-12-01": 1},
}


@pytest.mark.parametrize("name", SEED_DOCUMENTS)
def test_all_documents_of_the_five_seeds_are_found(name: str) -> None:
    if not (SEEDS / name).exists():
        pytest.skip(f"{SEEDS / name} is not here: the papers own it")
    told = cited_documents(article(body=(SEEDS / name).read_text(encoding="utf-8")))

    assert {one.key: len(one.mentions) for one in told} == SEED_DOCUMENTS[name]


# --- properties

PARTS = [
    "Kết luận", "kế hoạch", "Nghị quyết", "Luật", "số", "44", "09", "12/2024", "-KL/TW", "/NĐ-CP",
    "/2024/QH15", "44-KL/TW", "ngày 22/1/2019", "ngày", "của", "Ban Bí thư", "(khóa XII)", "Tỉnh uỷ Gia Lai",
    "Ð", "ê\u0301", "\u200b", "–", ".", "\n\n", "😀",
]  # fmt: skip
texts = st.lists(
    st.tuples(st.sampled_from(PARTS), st.sampled_from(["", " ", "\u00a0", "  "])), max_size=14
).map(lambda pairs: "".join(part + joint for part, joint in pairs))


@given(texts)
def test_what_a_span_cuts_out_refolds_to_a_citation_of_that_number_and_spans_never_overlap(
    text: str,
) -> None:
    about = article(title=text, body=text)
    reached = {"title": 0, "body": 0}
    mentions = [(one, place) for one in cited_documents(about) for place in one.mentions]

    for one, place in sorted(mentions, key=lambda pair: (pair[1].field, pair[1].start)):
        cut = getattr(about, place.field)[place.start : place.end]
        assert place.start >= reached[place.field]
        assert str(one.number) in [number.lstrip("0") for number in re.findall(r"\d+", fold(cut).text)]
        assert fold(cut).text in fold(getattr(about, place.field)).text
        reached[place.field] = place.end


@given(texts)
def test_a_citation_cut_out_by_itself_is_one_again(text: str) -> None:
    about = article(body=text)
    for one in cited_documents(about):
        for place in one.mentions:
            again = cited_documents(article(body=text[place.start : place.end]))
            assert [other.number for other in again] in ([one.number], [])


@given(texts)
def test_every_key_asks_for_its_own_document(text: str) -> None:
    for one in cited_documents(article(body=text)):
        wanted = read_wanted(one.key)
        assert wanted is not None
        assert wanted.matches(one), one


@pytest.mark.parametrize(
    "piece",
    ["1 ", "kết luận 44 ", "44-kl/tw ", "số ", "Nghị quyết 12-NQ/TW ngày ", "nghị quyết liên tịch ",
     "9", "1/", "(", "của Ban Bí thư "],
)  # fmt: skip
def test_hostile_texts_of_ten_megabytes_are_read_within_bounds(piece: str) -> None:
    told = cited_documents(article(body=piece * (10_000_000 // len(piece))))

    assert len(told) <= 1
    assert all(len(one.mentions) <= 1_000 for one in told)
