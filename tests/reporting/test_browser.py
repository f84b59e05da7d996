"""The HTML file in a browser: opened from the disk, read by axe, and printed to PDF."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from crawler.reporting.order import ReportOrder
from crawler.reporting.webpage import webpage
from storage.store import Store
from tests.reporting.made import OFFICE, WEEK, crawl, fill, odd, put, report_of
from tests.reporting.test_webpage import HOSTILE
from tests.review.browsing import IN_A_BROWSER, Seen
from tests.review.stock import NOW, story
from tests.review.test_axe import complaints

pytestmark = IN_A_BROWSER

A4 = (595, 842)  # points
Printed = Callable[[str], PdfReader]


@pytest.fixture
def printed(browser: Browser, tmp_path: Path) -> Printed:
    """Prints a page opened from the disk; it may ask for nothing and complain of nothing."""

    def printing(told: str) -> PdfReader:
        path = tmp_path / "diem-bao.html"
        path.write_text(told, encoding="utf-8")
        seen = Seen()
        with browser.new_context() as context:
            tab = context.new_page()
            seen.watch(tab)
            tab.goto(path.as_uri())
            content = tab.pdf(prefer_css_page_size=True)
        assert seen.complaints == []
        assert seen.requests == [path.as_uri()]
        return PdfReader(io.BytesIO(content))

    return printing


def texts(pdf: PdfReader) -> list[str]:
    """What stands on each page without blanks: a face that lacks a letter has it from another, set apart."""
    return [bare(page.extract_text()) for page in pdf.pages]


def bare(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFC", text))


def test_it_prints_on_a4_with_numbered_pages_and_vietnamese_that_can_be_copied(
    store: Store, printed: Printed
) -> None:
    cases = fill(store, range(5, 45))
    for number in range(5, 15):
        store.verdicts.decide(cases[number], "keep", None, NOW)
    crawl(store, "baohatinh", WEEK.first, "failed")
    pdf = printed(webpage(report_of(store)))
    pages = texts(pdf)
    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in pdf.pages} == {A4}
    assert 4 <= len(pages) <= 12
    assert all(len(page) > 30 for page in pages), "a page is blank"
    assert all(f"{number}/{len(pages)}" in page for number, page in enumerate(pages, 1))
    whole = "".join(pages)
    assert bare("Điểm báo tuần 47 năm 2026") in whole
    assert all(bare(story(number).title) in whole for number in range(5, 15))
    assert "https://kontumtv.vn/bai-post5.html" in whole


def test_no_heading_is_torn_over_two_pages(store: Store, printed: Printed) -> None:
    title = "Hà Tĩnh sơ kết phong trào toàn dân bảo vệ an ninh Tổ quốc ở khu vực biên giới {} xã miền núi"
    titles = [title.format(number) for number in range(30)]
    for case in put(store, {n: odd(n, title=told) for n, told in enumerate(titles)}).values():
        store.verdicts.decide(case, "keep", None, NOW)
    pages = texts(printed(webpage(report_of(store))))
    assert all(any(bare(told) in page for page in pages) for told in titles)


def test_the_office_style_numbers_pages_above_from_the_second_on(store: Store, printed: Printed) -> None:
    cases = fill(store, range(5, 10))
    store.verdicts.decide(cases[5], "keep", None, NOW)
    order = ReportOrder(WEEK, official=True, number="7", office=OFFICE)
    pages = texts(printed(webpage(report_of(store, order))))
    assert bare("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM") in pages[0]
    assert not pages[0].startswith("1")
    assert bare("Bài được gắn cờ và bài được giữ theo ngày") in pages[0], (
        "the chart leaves the first page empty"
    )
    assert all(page.startswith(str(number)) for number, page in enumerate(pages, 1) if number > 1)


def test_endless_and_hostile_texts_stay_on_the_page(store: Store, browser: Browser, tmp_path: Path) -> None:
    endless = "Đ" * 3_000
    told = {
        5: odd(5, title=endless, body=f"toàn dân bảo vệ an ninh Tổ quốc {endless}"),
        6: odd(
            6, title=HOSTILE, body=f"{HOSTILE} toàn dân bảo vệ an ninh Tổ quốc", url=f"https://a.vn/{endless}"
        ),
    }
    for case in put(store, told).values():
        store.verdicts.decide(case, "keep", None, NOW)
    path = tmp_path / "a.html"
    path.write_text(webpage(report_of(store)), encoding="utf-8")
    with browser.new_context(viewport={"width": 390, "height": 800}) as context:
        tab = context.new_page()
        seen = Seen()
        seen.watch(tab)
        tab.goto(path.as_uri())
        assert tab.evaluate("document.documentElement.scrollWidth") == 390
        assert seen.complaints == []
        assert tab.locator("article").count() == 2


@pytest.mark.parametrize(("scheme", "width", "official"), [("light", 1280, False), ("dark", 390, True)])
def test_axe_finds_nothing(
    store: Store,
    browser: Browser,
    tmp_path: Path,
    scheme: Literal["light", "dark"],
    width: int,
    official: bool,
) -> None:
    cases = fill(store, range(5, 9))
    store.verdicts.decide(cases[5], "keep", "ghi chú", NOW)
    store.verdicts.decide(cases[6], "later", None, NOW + timedelta(minutes=1))
    crawl(store, "baohatinh", WEEK.first, "failed")
    order = ReportOrder(WEEK, official=official, with_notes=True)
    path = tmp_path / "a.html"
    # axe is a script: the policy that forbids all scripts is tried in the other tests.
    told = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", webpage(report_of(store, order)))
    path.write_text(told, encoding="utf-8")
    with browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800}) as context:
        tab = context.new_page()
        tab.goto(path.as_uri())
        assert complaints(tab) == []
