"""The DOCX, read back by python-docx and by a parser of XML: real styles, fields, links."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from lxml import etree

from crawler.reporting.blocks import Bar, Chart
from crawler.reporting.order import ReportOrder
from crawler.reporting.word import word_document
from crawler.reporting.word.parts import Links
from crawler.reporting.word.styles import USUAL
from crawler.reporting.word.tables import chart
from storage.store import Store
from tests.reporting.made import OFFICE, WEEK, crawl, fill, odd, put, report_of
from tests.reporting.test_webpage import HOSTILE
from tests.review.stock import NOW, story


def opened(content: bytes) -> Any:
    return docx.Document(io.BytesIO(content))


@pytest.fixture
def written(store: Store) -> bytes:
    """A week with one article kept and three undecided."""
    cases = fill(store, range(5, 9))
    store.verdicts.decide(cases[5], "keep", None, NOW)
    return word_document(report_of(store))


def test_headings_are_real_headings_under_a_table_of_contents(written: bytes) -> None:
    document = opened(written)
    headings = [
        (one.style.name, one.text) for one in document.paragraphs if one.style.name.startswith("Heading")
    ]
    assert headings[:3] == [
        ("Heading 1", "I. Tóm tắt"),
        ("Heading 1", "II. Chủ đề"),
        ("Heading 1", "III. Bài được giữ, theo chủ đề"),
    ]
    assert ("Heading 3", f"1.1. {story(5).title}") in headings
    fields = document.element.body.findall(f".//{qn('w:instrText')}")
    assert [one.text.strip() for one in fields] == ['TOC \\o "1-2" \\h \\z \\u']
    names = {one.get(qn("w:name")) for one in document.element.body.iter(qn("w:bookmarkStart"))}
    anchors = {one.get(qn("w:anchor")) for one in document.element.body.iter(qn("w:hyperlink"))}
    assert anchors - {None} <= names


def test_addresses_are_links_and_the_proving_words_are_lit(written: bytes) -> None:
    document = opened(written)
    links = [link for one in document.paragraphs for link in one.hyperlinks if link.address]
    assert [link.address for link in links] == ["https://kontumtv.vn/bai-post5.html"]
    lit = [run.text for one in document.paragraphs for run in one.runs if run.style.name == "Lit"]
    assert "toàn dân bảo vệ an ninh Tổ quốc" in lit


def test_the_page_is_a4_numbered_below_in_vietnamese(written: bytes) -> None:
    document = opened(written)
    [section] = document.sections
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    footer = etree.tostring(section.footer._element, encoding="unicode")
    assert "PAGE" in footer
    assert "NUMPAGES" in footer
    [language] = document.styles.element.findall(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    assert language.get(qn("w:val")) == "vi-VN"


def test_every_table_repeats_its_head_and_tears_no_row(written: bytes) -> None:
    for table in opened(written).tables:
        rows = table._tbl.findall(qn("w:tr"))
        assert rows[0].find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
        assert all(row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in rows)


def test_every_row_of_the_chart_is_as_wide_as_its_grid(store: Store) -> None:
    cases = fill(store, range(5, 40))
    store.verdicts.decide(cases[5], "keep", None, NOW)
    crawl(store, "baohatinh", WEEK.first, "failed")
    for table in opened(word_document(report_of(store))).tables:
        grid = len(table._tbl.tblGrid.findall(qn("w:gridCol")))
        for row in table._tbl.findall(qn("w:tr")):
            spans = [cell.find(f".//{qn('w:gridSpan')}") for cell in row.findall(qn("w:tc"))]
            assert sum(1 if span is None else int(span.get(qn("w:val"))) for span in spans) == grid


def test_bars_are_as_long_as_they_count_and_what_differs_is_seen_to_differ() -> None:
    bars = tuple(
        Bar(str(whole), whole, part, 0) for whole, part in ((100, 99), (50, 25), (1, 0), (1, 1), (0, 0))
    )
    _, table, _ = chart(Chart("", "", "gắn cờ", "giữ", "mù", bars), USUAL, Links(docx.Document()))
    rows = table.findall(qn("w:tr"))[1:]
    assert [shaded(row) for row in rows] == [(47, 1), (12, 12), (0, 1), (1, 0), (0, 0)]


def shaded(row: Any) -> tuple[int, int]:
    """How many cells of a row are dark, and how many light."""
    found = {"1F5C57": 0, "B9D3CF": 0}
    for cell in row.iter(qn("w:tc")):
        fill_, span = cell.find(f".//{qn('w:shd')}"), cell.find(f".//{qn('w:gridSpan')}")
        if fill_ is not None:
            found[fill_.get(qn("w:fill"))] += 1 if span is None else int(span.get(qn("w:val")))
    return found["1F5C57"], found["B9D3CF"]


def test_the_office_style_is_that_of_the_decree(store: Store) -> None:
    order = ReportOrder(WEEK, official=True, number="12", office=OFFICE)
    document = opened(word_document(report_of(store, order)))
    [section] = document.sections
    margins = (section.top_margin, section.right_margin, section.bottom_margin, section.left_margin)
    assert [round(one.mm) for one in margins] == [20, 15, 20, 30]
    assert section.different_first_page_header_footer
    assert "PAGE" in etree.tostring(section.header._element, encoding="unicode")
    head, foot = document.tables[0], document.tables[-5]
    assert [one.text for one in head.cell(0, 0).paragraphs] == [
        "CÔNG AN TỈNH", "PHÒNG PV05", "", "Số: 12/BC-PV05",
    ]  # fmt: skip
    assert [one.text for one in head.cell(0, 1).paragraphs] == [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "",
        "Hà Tĩnh, ngày\u00a023 tháng\u00a011 năm\u00a02026",
    ]  # fmt: skip
    assert [one.text for one in foot.cell(0, 0).paragraphs] == [
        "Nơi nhận:",
        "- Ban Giám đốc;",
        "- Đội 3;",
        "- Lưu: VT.",
    ]
    signed = [one.text for one in foot.cell(0, 1).paragraphs if one.text]
    assert signed == ["TL. GIÁM ĐỐC", "TRƯỞNG PHÒNG", "Lê Thị An"]
    sizes = {run.font.size.pt for one in head.cell(0, 1).paragraphs for run in one.runs}
    assert sizes == {12, 13}


@pytest.mark.parametrize("official", [False, True])
def test_every_style_that_is_named_is_there(store: Store, official: bool) -> None:
    store.verdicts.decide(fill(store, range(5, 9))[5], "keep", "ghi chú", NOW)
    crawl(store, "baohatinh", WEEK.first, "failed")
    order = ReportOrder(WEEK, official=official, with_notes=True, office=OFFICE)
    document = opened(word_document(report_of(store, order)))
    known = {one.style_id for one in document.styles}
    named = {
        one.get(qn("w:val")) for tag in ("pStyle", "rStyle") for one in document.element.iter(qn(f"w:{tag}"))
    }
    assert named <= known
    assert {"Heading1", "Heading2", "Heading3", "toc1", "BodyText", "Quote", "Lit", "Note"} <= named


def test_hostile_text_makes_no_broken_file(store: Store) -> None:
    text = f"toàn dân bảo vệ an ninh Tổ quốc {HOSTILE} \x0b\x1f\ufffe\ud800 ]]> <w:p>"
    article = odd(5, title=text, body=text, authors=(text,), url="https://baohatinh.vn/a|b%zz?q=đ#x")
    store.verdicts.decide(put(store, {5: article})[5], "keep", text, NOW, text)
    content = word_document(report_of(store, ReportOrder(WEEK, with_notes=True)))
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for name in packed.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(packed.read(name))
    document = opened(content)
    assert any("<script>alert(1)</script>" in one.text for one in document.paragraphs)
    targets = [link.address for one in document.paragraphs for link in one.hyperlinks if link.address]
    assert targets
    assert all(target.isascii() and "|" not in target for target in targets)


def test_the_same_report_gives_the_same_bytes_of_its_own_moment(store: Store, written: bytes) -> None:
    assert word_document(report_of(store)) == written
    with zipfile.ZipFile(io.BytesIO(written)) as packed:
        assert {one.date_time for one in packed.infolist()} == {(2026, 11, 23, 8, 15, 0)}
        assert not [name for name in packed.namelist() if "thumbnail" in name or "WithEffects" in name]
    told = opened(written).core_properties
    assert (told.created.isoformat(), told.language) == ("2026-11-23T01:15:00+00:00", "vi-VN")
    assert told.title == "Điểm báo tuần\u00a047 năm\u00a02026"
