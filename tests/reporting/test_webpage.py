"""The HTML file: loads nothing, lets nothing foreign be more than text, says all that the report says."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from lxml import html

from crawler.reporting.order import ReportOrder
from crawler.reporting.webpage import webpage
from storage.store import Store
from tests.reporting.made import OFFICE, WEEK, fill, odd, put, report_of
from tests.review.stock import NOW

HOSTILE = "</title><script>alert(1)</script><img src=x onerror=alert(2)> \u202eo\x00k & “"


def parsed(text: str) -> Any:
    return html.document_fromstring(text)


@pytest.fixture
def hostile(store: Store) -> str:
    """A page of which every foreign part tries to be more than text."""
    article = odd(
        5,
        title=HOSTILE,
        lead=HOSTILE,
        body=f"{HOSTILE} toàn dân bảo vệ an ninh Tổ quốc {HOSTILE}",
        authors=(HOSTILE,),
        url="javascript:alert(3)",
    )
    store.verdicts.decide(put(store, {5: article})[5], "keep", HOSTILE, NOW, HOSTILE)
    put(store, {6: odd(6, title=HOSTILE, url="https://baohatinh.vn@evil.example/")}, ("to_an_ninh",))
    return webpage(report_of(store, ReportOrder(WEEK, with_notes=True)))


def test_foreign_text_is_only_ever_text(hostile: str) -> None:
    page = parsed(hostile)
    assert page.xpath("//script | //img | //@onerror | //iframe | //object") == []
    assert [link for link in page.xpath("//a/@href") if not re.match("#|https://", link)] == []
    assert "evil.example" not in "".join(page.xpath("//a/@href"))
    assert "<script>alert(1)</script>" in page.text_content()
    assert "\x00" not in hostile
    assert "\u202e" not in hostile


def test_nothing_is_loaded_from_anywhere(store: Store) -> None:
    fill(store, range(5, 8))
    told = webpage(report_of(store))
    page = parsed(told)
    assert page.xpath("//@src | //link | //@style | //script") == []
    assert "@import" not in told
    assert set(re.findall(r"url\(([^)]*)\)", told)) <= {"#dots"}


def test_the_policy_lets_the_one_style_in_and_nothing_else(store: Store) -> None:
    page = parsed(webpage(report_of(store)))
    [policy] = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    [style] = page.xpath("//style/text()")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'")


class _Balance(HTMLParser):
    """Complains of tags that do not close as they opened."""

    EMPTY = frozenset({"meta", "col", "rect", "path"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.EMPTY:
            assert self.open.pop() == tag


@pytest.mark.parametrize("official", [False, True])
def test_every_tag_closes_and_every_anchor_leads_somewhere(store: Store, official: bool) -> None:
    cases = fill(store, range(5, 9))
    store.verdicts.decide(cases[5], "keep", None, NOW)
    told = webpage(report_of(store, ReportOrder(WEEK, official=official)))
    balance = _Balance()
    balance.feed(told)
    assert balance.open == []
    page = parsed(told)
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in page.xpath("//a/@href") if link.startswith("#")} <= set(ids)


def test_the_proving_words_are_marked(store: Store) -> None:
    store.verdicts.decide(fill(store, [5], ("phong_trao",))[5], "keep", None, NOW)
    page = parsed(webpage(report_of(store)))
    assert page.xpath("//blockquote//mark/text()") == ["toàn dân bảo vệ an ninh Tổ quốc"]


def test_the_chart_is_told_in_words_and_numbers(store: Store) -> None:
    fill(store, range(5, 9))
    page = parsed(webpage(report_of(store)))
    [chart] = page.xpath("//figure/svg[@role='img']")
    assert chart.get("aria-labelledby") == "chart-title chart-desc"
    assert "4\u00a0bài được gắn cờ" in chart.xpath("string(*[local-name()='desc'])")
    assert page.xpath("//h3[@id='phu-luc-1']/following::table[1]//tr") != []


def test_the_office_style_has_its_head_and_foot(store: Store) -> None:
    order = ReportOrder(WEEK, official=True, number="7", office=OFFICE)
    page = parsed(webpage(report_of(store, order)))
    said = re.sub(r"\s+", " ", page.text_content())
    assert "Công an tỉnh Phòng PV05 Số: 07/BC-PV05 CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in said
    assert "Độc lập - Tự do - Hạnh phúc Hà Tĩnh, ngày 23 tháng 11 năm 2026 BÁO CÁO" in said
    assert "Nơi nhận: Ban Giám đốc; Đội 3; Lưu: VT. TL. Giám đốc Trưởng phòng Lê Thị An Phụ lục" in said


def test_what_nobody_said_leaves_room_to_write(store: Store) -> None:
    order = ReportOrder(WEEK, official=True)
    said = parsed(webpage(report_of(store, order))).text_content()
    assert "Số: \u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0/BC" in said
    assert "……………, ngày\u00a023" in said


def test_the_same_report_gives_the_same_bytes(store: Store) -> None:
    fill(store, range(5, 9))
    report = report_of(store)
    assert webpage(report) == webpage(replace(report))
