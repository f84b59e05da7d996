# ruff: noqa: E501 - markup is easier to judge on one line
"""Bylines, source lines and datelines: understood, taken off, and never a sentence mistaken for one."""

from __future__ import annotations

import pytest

from crawler.reading.bylines import authors_of, credit_of, dateline_off, is_byline
from crawler.reading.furniture import end_mark_off
from tests.reading.pages import article, reading

STORY = "<p>Tối 5/3, tổ tự quản thôn Đông tuần tra đến khuya.</p><p>Ba hộ dân được nhắc nhở vì để xe lấn chiếm lòng đường./.</p>"


def _page(end: str, start: str = "") -> str:
    return f"<title>Đêm ở thôn Đông quê tôi</title><h1>Đêm ở thôn Đông quê tôi</h1><div class='cms-body'>{start}{STORY}{end}</div>"


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("Ngọc Ánh – Minh Trung", ("Ngọc Ánh", "Minh Trung")),
        ("Y Nhàn- Hữu Huy", ("Y Nhàn", "Hữu Huy")),
        ("CTV Thúy Trinh – Nông Hòa (Công an tỉnh Gia Lai)", ("Thúy Trinh", "Nông Hòa")),
        ("Tác giả: Khánh Vi", ("Khánh Vi",)),
        ("Tin, ảnh: P.Y", ("P.Y",)),
        ("Bài và ảnh: Lê Văn An", ("Lê Văn An",)),
        ("NHẬT XUÂN - NGHI VŨ", ("Nhật Xuân", "Nghi Vũ")),
        ("THUẬN VĂN, LÊ ÁNH", ("Thuận Văn", "Lê Ánh")),
        ("Văn Đức", ("Văn Đức",)),
        ("Nhóm PV", ("Nhóm PV",)),
        ("PV", ("PV",)),
        ("Hồ Y'Bloi và R'Piên", ("Hồ Y'Bloi", "R'Piên")),
        ("Lê Quý Hậu - Trung tâm VHTT", ("Lê Quý Hậu",)),
    ],
)
def test_a_byline_as_last_line_becomes_the_authors(line: str, people: tuple[str, ...]) -> None:
    assert is_byline(line)
    assert authors_of([line]) == people
    found = article(_page(f"<p>{line}</p>"))
    assert found.authors == people
    assert found.body.endswith("lòng đường.")


@pytest.mark.parametrize(
    "line",
    [
        "Ba hộ dân được nhắc nhở.",
        "Công an tỉnh Hà Tĩnh",
        "Hội nghị kết thúc lúc 17 giờ",
        "Việt Nam: Hướng tới tương lai",
        "Giá vàng hôm nay",
        "",
        "A",
        "Nguyễn Văn A, 35 tuổi, trú tại xã Đông",
    ],
)
def test_a_line_of_the_story_is_no_byline(line: str) -> None:
    assert not is_byline(line)


def test_a_byline_printed_twice_is_one_author() -> None:
    assert article(_page("<p>Văn Đức</p><p class='pAuthor'>Văn Đức</p>")).authors == ("Văn Đức",)


def test_one_name_set_bold_is_a_byline() -> None:
    assert article(_page("<p><strong>Hoài</strong></p>")).authors == ("Hoài",)


def test_the_paper_is_no_person() -> None:
    head = (
        '<meta property="og:site_name" content="Báo Làng Đông"><meta name="author" content="Báo Làng Đông">'
    )
    assert article(head + _page("")).authors == ()
    assert authors_of(["admin", "https://bao.example/tac-gia", "VCCorp.vn", "Báo Làng"], ["Báo Làng"]) == ()


@pytest.mark.parametrize(
    ("line", "credit"),
    [
        ("Nguồn tin: baohungyen.vn", "baohungyen.vn"),
        ("Nguồn: TTXVN", "TTXVN"),
        ("Theo Infonet", "Infonet"),
        ("(Theo Báo Nhân Dân)", "Báo Nhân Dân"),
    ],
)
def test_a_source_line_is_taken_off_and_told(line: str, credit: str) -> None:
    assert credit_of(line) == credit
    found = reading(_page(f"<p>{line}</p>"))
    assert found.credit == credit
    assert found.article is not None
    assert found.article.body.endswith("lòng đường.")
    assert found.article.authors == ()


def test_a_sentence_that_begins_with_according_to_stays() -> None:
    assert credit_of("Theo kế hoạch, tổ sẽ tuần tra đến hết tháng.") is None
    assert credit_of("Theo Chủ tịch xã Nguyễn Văn A, việc này sẽ xong trước Tết.") is None


@pytest.mark.parametrize(
    ("text", "where", "rest"),
    [
        ("(Baohatinh.vn) - Bí thư", "Baohatinh.vn", "Bí thư"),
        ("(kontumtv.vn) – Chiều", "kontumtv.vn", "Chiều"),
        ("(GLO)- Sáng", "GLO", "Sáng"),
        ("(PLO)-Sáng", "PLO", "Sáng"),
        ("(TNO) Tòa án", "TNO", "Tòa án"),
        ("(Dân trí) - Giá", "Dân trí", "Giá"),
        ("BHY - Ngày 3/3", "BHY", "Ngày 3/3"),
        ("TTO – Ngày 3/3", "TTO", "Ngày 3/3"),
        ("HĐND - UBND tỉnh họp", None, "HĐND - UBND tỉnh họp"),
        ("(1) Khoản này", None, "(1) Khoản này"),
        ("(ảnh trên) cho thấy", None, "(ảnh trên) cho thấy"),
        ("Ngày 3/3", None, "Ngày 3/3"),
    ],
)
def test_a_dateline_is_told_from_the_words_after_it(text: str, where: str | None, rest: str) -> None:
    assert dateline_off(text) == (where, rest)


def test_a_dateline_before_the_body_is_recorded() -> None:
    found = reading(_page("").replace("<p>Tối 5/3", "<p>(GLO)- Tối 5/3"))
    assert found.dateline == "GLO"
    assert found.article is not None
    assert found.article.body.startswith("Tối 5/3")


def test_the_end_mark_of_broadcasters_is_a_full_stop() -> None:
    assert end_mark_off("địa phương./.") == "địa phương."
    assert end_mark_off("địa phương . / .") == "địa phương."
    assert end_mark_off("12/3/2023.") == "12/3/2023."
