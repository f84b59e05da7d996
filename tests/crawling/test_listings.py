"""Listing pages: their links, the page after them, the feeds they name."""

from __future__ import annotations

import pytest

from crawler.crawling.listings import parse_listing
from crawler.crawling.shapes import is_menu, is_section, page_number
from crawler.crawling.wordpress import page_after

URL = "https://bao.vn/xa-hoi"


def test_links_come_in_reading_order_each_once() -> None:
    text = '<a href="/b">1</a><a href="/a">2</a><a href="/b">3</a><a href="javascript:x()">4</a>'
    assert [offer.href for offer in parse_listing(text, URL).offers] == [
        "https://bao.vn/b",
        "https://bao.vn/a",
    ]


@pytest.mark.parametrize("text", ["", "   ", "<!-- nothing -->", "\x00", "plain text"])
def test_a_page_of_nothing_shows_nothing(text: str) -> None:
    assert parse_listing(text, URL).offers == ()


@pytest.mark.parametrize(
    ("link", "following"),
    [
        ('<link rel="next" href="/xa-hoi/page/2/">', "https://bao.vn/xa-hoi/page/2/"),
        ('<a href="/xa-hoi?page=2">Trang sau</a>', "https://bao.vn/xa-hoi?page=2"),
        ('<a href="/xa-hoi?page=2">»</a>', "https://bao.vn/xa-hoi?page=2"),
        ('<a href="?page=2">2</a><a href="?page=3">3</a>', "https://bao.vn/xa-hoi?page=2"),
        ('<a href="/xa-hoi/trang-2.html">2</a>', "https://bao.vn/xa-hoi/trang-2.html"),
        ('<a href="/the-thao/page/2">2</a>', None),
        ('<a href="https://evil.vn/xa-hoi/page/2">Trang sau</a>', None),
        ('<a href="/xa-hoi">Trang sau</a>', None),
        ('<a href="/xa-hoi/page/9">cuối</a>', None),
    ],
)
def test_the_page_after_is_the_next_of_the_same_listing(link: str, following: str | None) -> None:
    assert parse_listing(f"<body>{link}</body>", URL).next_page == following


def test_feeds_of_the_head_are_named() -> None:
    text = '<head><link rel="alternate" type="application/rss+xml" href="/rss/home.rss"></head><body>x'
    assert [one.href for one in parse_listing(text, URL).alternates] == ["https://bao.vn/rss/home.rss"]


def test_a_foreign_base_does_not_turn_links_away() -> None:
    text = '<base href="https://evil.vn/"><a href="/a">1</a>'
    assert [offer.href for offer in parse_listing(text, URL).offers] == ["https://bao.vn/a"]


@pytest.mark.parametrize(
    ("url", "number"),
    [
        ("/a/page/3", 3),
        ("/a/page/12/", 12),
        ("/a?page=4", 4),
        ("/a/trang-5.html", 5),
        ("/a", 1),
        ("/a-2026", 1),
    ],
)
def test_pages_know_their_number(url: str, number: int) -> None:
    assert page_number(f"https://bao.vn{url}") == number


def test_wordpress_archives_go_on_by_number() -> None:
    assert page_after("https://k.vn/category/tin-tuc") == "https://k.vn/category/tin-tuc/page/2"
    assert page_after("https://k.vn/category/tin-tuc/page/2/") == "https://k.vn/category/tin-tuc/page/3/"
    assert page_after("https://k.vn/tin-tuc/a/b") is None


@pytest.mark.parametrize(
    "path",
    [
        "/chinh-tri",
        "/chinh-tri/",
        "/an-ninh-quoc-phong.html",
        "/category-x/tin",
        "/category/tin-tuc/tin-dia-phuong/",
        "/chuyen-muc/thoi-su",
    ],
)
def test_a_section_looks_like_one(path: str) -> None:
    assert is_section(f"https://bao.vn{path}")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/tin-123456.html",
        "/search",
        "/a?b=1",
        "/mot-hai-ba-bon-nam-sau-bay-tam",
        "/tag/an-ninh",
        "/a/b/c/d",
    ],
)
def test_what_is_no_section_does_not(path: str) -> None:
    assert not is_section(f"https://bao.vn{path}")


def test_what_lies_beyond_the_bound_of_a_listing_is_counted() -> None:
    page = "".join(f'<a href="/bai-{number}">Bài</a>' for number in range(2007))
    listing = parse_listing(page, URL)
    assert (len(listing.offers), listing.beyond) == (2000, 7)


def test_a_link_bears_the_longest_text_that_leads_to_it() -> None:
    page = '<a href="/a"><img src="x"></a><a href="/a">Một đầu đề\n dài</a><a href="/a">Xem</a>'
    assert [offer.text for offer in parse_listing(page, URL).offers] == ["Một đầu đề dài"]


@pytest.mark.parametrize(
    ("path", "words", "about"),
    [
        ("/", 9, True),
        ("/xa-hoi", 2, True),
        ("/xa-hoi.chn", 2, True),
        ("/xe?page=1", 1, True),
        ("/xa-hoi/page/7", 1, True),
        ("/xa-hoi/ra-quan-lan-hai", 9, False),
        ("/du-lieu/12345", 2, False),
        ("/?p=5123", 9, False),
    ],
)
def test_what_leads_about_the_site_is_told_by_its_address_and_its_words(
    path: str, words: int, about: bool
) -> None:
    assert is_menu(f"https://bao.vn{path}", words) is about
