"""Figures cited: numbers with what they count, as Vietnam writes them; what may be something else is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.judging.citing import cited_figures
from tests.judging.making import article


@pytest.mark.parametrize(
    ("text", "value", "whole", "unit", "counted"),
    [
        ("863 hòm thư tố giác tội phạm", 863, None, None, "hòm thư tố giác tội phạm"),
        ("48 mô hình", 48, None, None, "mô hình"),
        ("70/85 xã", 70, 85, None, "xã"),
        ("1.234 lượt", 1234, None, None, "lượt"),
        ("hơn 2.000 hộ", 2000, None, None, "hộ"),
        ("98,5%", 98.5, None, "%", ""),
        ("98,5 % hộ dân", 98.5, None, "%", "hộ dân"),
        ("100% Công an chính quy", 100, None, "%", "Công an chính quy"),
        ("2,5 triệu lượt người", 2_500_000, None, None, "lượt người"),
        ("18.900 tỷ đồng", 18_900 * 10**9, None, None, "đồng"),
        ("gần 1.000.000 lượt người", 1_000_000, None, None, "lượt người"),
        ("05 xã", 5, None, None, "xã"),
        ("12,5 km", 12.5, None, None, "km"),
        ("22/63 tỉnh uỷ", 22, 63, None, "tỉnh uỷ"),
        ("3/5 xã", 3, 5, None, "xã"),
        ("1.103 cán bộ, chiến sỹ", 1103, None, None, "cán bộ, chiến sỹ"),
        ("123 mô hình phòng, chống tội phạm", 123, None, None, "mô hình phòng, chống tội phạm"),
        ("2.341 tổ chức quần chúng", 2341, None, None, "tổ chức quần chúng"),
        ("28 súng cồn tự chế", 28, None, None, "súng cồn tự chế"),
        ("2.330\u00a0buổi tuyên truyền", 2330, None, None, "buổi tuyên truyền"),
    ],
)
def test_a_number_and_what_it_counts_are_read(
    text: str, value: float, whole: float | None, unit: str | None, counted: str
) -> None:
    body = f"Toàn tỉnh có {text}, đạt kế hoạch."
    (told,) = cited_figures(article(body=body))

    assert (told.value, told.whole, told.unit, told.counted) == (value, whole, unit, counted)
    assert body[told.start : told.end] == text


def test_what_is_said_before_the_number_belongs_to_it() -> None:
    (told,) = cited_figures(article(title="Hơn 7.000 người tham gia"))

    assert (told.field, told.start, told.end, told.about) == ("title", 0, 15, "hơn")


@pytest.mark.parametrize(
    "text",
    [
        "ngày 28/3 người dân",
        "dịp 2/9 người dân đi lễ",
        "2/9 người dân đi lễ",
        "tháng 12/2024 hộ",
        "năm 2019 hộ nghèo",
        "2019 hộ",
        "lúc 15h30, 22 giờ, 15:30 người",
        "gọi 0912.345.678 người trực",
        "quận 1 người dân, lớp 6 học sinh, tổ 5 phường, khóa 12 học viên",
        "Ban Chỉ đạo 138 tỉnh",
        "chị An, 35 tuổi, ở số 12 nhà",
        "tỷ số 3-1 đội nhà",
        "5-7 người",
        "1,234 lượt",
        "5.62 người",
        "Nghị quyết số 12 nhiệm vụ",
        "Nghị định 40/2024/NĐ-CP xã",
        "số 44-KL/TW ngày 22/1/2019 xã",
        "xe 30A-12345 người",
        "12 Lý Thường Kiệt",
    ],
)
def test_dates_times_addresses_ages_and_document_numbers_are_no_figures(text: str) -> None:
    assert cited_figures(article(body=text)) == ()


@given(
    st.lists(
        st.sampled_from(
            ["12", "1.234", "98,5%", " hộ", " người", "hơn ", "/", "Ð", "e\u0301", "\u200b", ".", " ", "xã"]
        )
    )
)
def test_spans_lie_in_the_text_and_what_is_counted_is_cut_from_it(parts: list[str]) -> None:
    text = "".join(parts)
    reached = 0
    for one in cited_figures(article(body=text)):
        assert reached <= one.start < one.end <= len(text)
        assert " ".join(text[one.start : one.end].split()).endswith(one.counted)
        reached = one.end


@pytest.mark.parametrize(
    "piece", ["1 ", "1 hộ ", "1.", "1 hộ phòng, chống ", "hơn ", "2.000 hộ tổ dân phố tổ dân phố "]
)
def test_hostile_texts_of_ten_megabytes_are_read_within_bounds(piece: str) -> None:
    assert len(cited_figures(article(body=piece * (10_000_000 // len(piece))))) <= 1_000
