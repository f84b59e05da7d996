"""Addresses: one canonical form, one key an article, one authority a host."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.urls import absolute, article_key, authority, canonical, path_key, same_site

HOME = "https://bao.example.vn/xa-hoi/"

ADDRESSES = st.builds(
    lambda scheme, host, path, query: f"{scheme}://{host}/{path}{'?' + query if query else ''}",
    st.sampled_from(["http", "https", "HTTP"]),
    st.sampled_from(["a.vn", "A.VN:80", "127.0.0.1:8080", "báo.vn", "[::1]:81", "a.vn."]),
    st.text(alphabet="aĐđ /%2F3.éế", max_size=20),
    st.text(alphabet="ab=&%20é;+", max_size=20),
)


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("/a.html", "https://bao.example.vn/a.html"),
        ("b", "https://bao.example.vn/xa-hoi/b"),
        ("//kia.vn/c", "https://kia.vn/c"),
        ("  /d \n", "https://bao.example.vn/d"),
        ("/a\n/b", "https://bao.example.vn/a/b"),
        ("https://khác.vn/e", "https://khác.vn/e"),
    ],
)
def test_a_link_becomes_absolute(href: str, expected: str) -> None:
    assert absolute(HOME, href) == expected


@pytest.mark.parametrize(
    "href",
    [
        "mailto:a@b.vn",
        "javascript:void(0)",
        "tel:113",
        "data:text/html,x",
        "ftp://a.vn/x",
        "http://a.vn:99999/",
        "http://a.vn:0/",
        "http://[bad/",
        "http:///x",
        "http://a.vn\\@b.vn/",
        "http://a.vn\\.b.vn/",
        "http://user:secret@a.vn/",
        "http://a b.vn/",
        "http://" + "a" * 70 + "é.vn/",
        "/" + "x" * 2048,
    ],
)
def test_what_is_no_page_or_has_a_doubtful_host_is_no_link(href: str) -> None:
    assert absolute("https://a.vn" if href.startswith("http") else HOME, href) is None


def test_trackers_go_and_keys_that_choose_the_page_stay() -> None:
    url = "https://A.vn:443/x?utm_source=fb&b=2&fbclid=1&a=1&zarsrc=30&gidzl=q#binh-luan"
    assert canonical(url) == "https://a.vn/x?a=1&b=2"
    assert canonical("https://a.vn/x?ref=17&src=9", keep=["ref"]) == "https://a.vn/x?ref=17"
    assert canonical("https://a.vn/x?UTM_Source=fb") == "https://a.vn/x"


def test_a_trailing_slash_is_kept_because_papers_differ() -> None:
    assert canonical("https://a.vn/x/") != canonical("https://a.vn/x")


def test_bytes_of_another_encoding_in_a_query_survive() -> None:
    assert canonical("https://a.vn/x?q=%E9") == "https://a.vn/x?q=%E9"


@given(ADDRESSES)
def test_the_canonical_form_is_its_own_canonical_form(url: str) -> None:
    once = canonical(url)
    assert canonical(once) == once
    assert authority(once) == authority(url)
    assert path_key(once) == path_key(url)
    assert once.isascii()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://Bao.VN/x", "bao.vn"),
        ("https://bao.vn:443/", "bao.vn"),
        ("http://bao.vn:443/", "bao.vn:443"),
        ("http://127.0.0.1:8080/", "127.0.0.1:8080"),
        ("http://[::1]:8080/", "[::1]:8080"),
        ("http://bao.vn./", "bao.vn"),
        ("https://báo.vn/", "xn--bo-mia.vn"),
    ],
)
def test_one_host_has_one_authority(url: str, expected: str) -> None:
    assert authority(url) == expected


def test_www_and_m_are_the_same_paper_and_a_lookalike_is_not() -> None:
    assert same_site("https://www.bao.vn/", "http://m.bao.vn/x")
    assert not same_site("https://bao.vn/", "https://bao.vn.evil.vn/")
    assert not same_site("https://bao.vn/", "https://bao.vn:8443/")


def test_an_articles_key_is_the_papers_own_number() -> None:
    patterns = [re.compile(r"-post(?P<post>\d+)\.html$"), re.compile(r"-(\d+)\.html$")]
    assert article_key("b", "https://b.vn/x/ten-bai-post12.html?utm_source=z", patterns) == "b:post12"
    assert article_key("b", "https://b.vn/ten-bai-34.html", patterns) == "b:34"
    assert article_key("b", "https://b.vn/lien-he", patterns) is None


def test_a_pattern_without_a_group_makes_the_path_the_key() -> None:
    assert article_key("b", "http://b.vn/tin-tuc/a/b/", [re.compile("^/tin-tuc/")]) == "b:/tin-tuc/a/b"


def test_scheme_slash_and_unicode_form_do_not_make_two_articles() -> None:
    nfc, nfd = "https://b.vn/tin/%E1%BA%BF", "http://b.vn/tin/e%CC%82%CC%81/"
    assert path_key(nfc) == path_key(nfd) == "/tin/ế"


def test_an_escape_that_means_something_else_keeps_two_pages_apart() -> None:
    assert path_key("http://b.vn/a%2Fb") != path_key("http://b.vn/a/b")
    assert path_key("http://b.vn/a%3Fb=1") != path_key("http://b.vn/a?b=1")
    assert path_key("http://b.vn/%E9") != path_key("http://b.vn/%E8")
    assert path_key("http://b.vn/a%0Ab").isprintable()


@given(st.text(max_size=60))
def test_no_text_whatever_breaks_the_reading_of_a_link(href: str) -> None:
    found = absolute(HOME, href)
    if found is not None:
        assert urlsplit(canonical(found)).hostname
