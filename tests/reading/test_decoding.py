# ruff: noqa: E501 - markup is easier to judge on one line
"""Bytes to text: wrong headers, old code pages, damage, and letters that look alike."""

from __future__ import annotations

import unicodedata

import pytest

from crawler.reading.decoding import decoded
from crawler.reading.text import share_said, tidy
from tests.newsroom.spelling import windows_1258
from tests.reading.pages import article, fetched

TEXT = "Đảng ủy Công an xã tổ chức “Ngày hội Toàn dân bảo vệ an ninh Tổ quốc” ở thôn Đông"


def _page(text: str, charset: str = "utf-8") -> str:
    return (
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}"><title>{text}</title></head>'
        f"<body><h1>{text}</h1><div class='cms-body'><p>{text}, có hơn hai trăm người dân đến dự và góp ý.</p></div></body></html>"
    )


def _text(body: bytes, content_type: str = "text/html") -> str:
    return tidy(decoded(fetched(body, headers=(("content-type", content_type),))).text)


@pytest.mark.parametrize("content_type", ["text/html", "text/html; charset=utf-8", "text/html; charset=iso-8859-1", "text/html; charset=windows-1252", "text/html; charset=nonsense", ""])  # fmt: skip
def test_utf_8_is_read_whatever_the_header_says(content_type: str) -> None:
    assert TEXT in _text(_page(TEXT).encode(), content_type)


@pytest.mark.parametrize(("charset", "content_type"), [("windows-1258", "text/html"), ("utf-8", "text/html; charset=windows-1258"), ("iso-8859-1", "text/html")])  # fmt: skip
def test_windows_1258_is_read_and_composed(charset: str, content_type: str) -> None:
    read = _text(windows_1258(_page(TEXT, charset)), content_type)
    assert TEXT in read
    assert unicodedata.is_normalized("NFC", read)


@pytest.mark.parametrize("bom", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_believed(bom: str) -> None:
    assert TEXT in _text(_page(TEXT, "windows-1258").encode(bom), "text/html; charset=windows-1258")


def test_a_few_damaged_bytes_cost_only_themselves() -> None:
    body = _page(TEXT).encode().replace("thôn".encode(), b"th\xffon", 1) + b"\xe1\xbb"
    assert TEXT in _text(body)


def test_a_codec_that_is_no_charset_is_not_used() -> None:
    assert "<html>" in _text(b"<html>\xff\xfe\xfd", "text/html; charset=zlib_codec")


def test_a_decomposed_page_is_read_composed() -> None:
    found = article(unicodedata.normalize("NFD", _page(TEXT)))
    assert found.title == TEXT
    assert unicodedata.is_normalized("NFC", found.body)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("an\u00a0ninh  Tổ\u2009quốc\n ", "an ninh Tổ quốc"),
        ("Tổ\u200b quốc\ufeff, khu\u00adphố", "Tổ quốc, khuphố"),
        ("QÐ-TTg, Ðảng", "QĐ-TTg, Đảng"),
        ("lực lƣợng", "lực lượng"),
        ("A &amp;quot;B&amp;quot; &amp;nbsp;C", 'A "B" C'),
        ("AT&T và R&D; P&ID", "AT&T và R&D; P&ID"),
        ("a\x00b\x07c", "abc"),
    ],
)
def test_text_is_stored_in_one_canonical_form(written: str, read: str) -> None:
    assert tidy(written.replace("&amp;", "&")) == read


def test_tidying_twice_changes_nothing() -> None:
    assert tidy(tidy(TEXT)) == tidy(TEXT)


def test_what_is_said_is_counted_by_runs_of_words() -> None:
    assert share_said("một hai ba bốn năm", "không một hai ba bốn năm sáu") == 1.0
    assert share_said("một hai ba bốn năm", "năm bốn ba hai một") == 0.0
    assert share_said("", "một") == 0.0
