"""Addresses that are one article, and addresses without an end."""

from __future__ import annotations

import re

import pytest

from crawler.config import Source
from crawler.crawling.offers import Offer, Place, Reach, sort
from crawler.crawling.variants import leads_nowhere, plain

HOME = "https://baohatinh.vn/"


@pytest.mark.parametrize(
    "url",
    [
        "https://baohatinh.vn/tin-moi-hom-nay-post1234.html?amp=1",
        "https://baohatinh.vn/tin-moi-hom-nay-post1234.amp.html",
        "https://baohatinh.vn/amp/tin-moi-hom-nay-post1234.html",
        "https://baohatinh.vn/print/tin-moi-hom-nay-post1234.html",
        "https://baohatinh.vn/tin-moi-hom-nay-post1234.html/print/",
        "https://m.baohatinh.vn/tin-moi-hom-nay-post1234.html?share=facebook",
        "http://baohatinh.vn/tin-moi-hom-nay-post1234.html?print",
    ],
)
def test_amp_print_share_and_mobile_addresses_are_the_articles_own(url: str) -> None:
    assert plain(url, HOME).rstrip("/") == "https://baohatinh.vn/tin-moi-hom-nay-post1234.html"


@pytest.mark.parametrize(
    "url",
    [
        "https://baohatinh.vn/amp/",
        "https://baohatinh.vn/in-an-amp-post1.html?page=2",
        "https://khac.vn/tin-post1.html",
        "https://baohatinh.vn/xem.aspx?id=4&name=",
    ],
)
def test_other_addresses_stay_as_they_are(url: str) -> None:
    assert plain(url, HOME) == url


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://a.vn/lich-phat-song/?ngay=2026-01-01&kenh=1", "calendar"),
        ("https://a.vn/cong-cu/lich-am/25-11-2026", "calendar"),
        ("https://a.vn/a/b/a/b/a/b/tin.html", "too-deep"),
        ("https://a.vn/" + "/".join(map(str, range(12))), "too-deep"),
        ("https://a.vn/tin-tuc/thoi-su/hop-ban-25-11-2026-post123.html", None),
        ("https://a.vn/2026/11/25/tin-moi", None),
        ("https://a.vn/list?page=2", None),
    ],
)
def test_calendars_and_circles_are_known_by_their_shape(url: str, why: str | None) -> None:
    assert leads_nowhere(url) == why


def test_a_trap_is_refused_by_its_name_and_never_fetched() -> None:
    reach = Reach(Source("bao", "https://bao.vn/"))
    found = sort([Offer("/x/y/x/y/x/tin-dai-lam-12345.html")], Place("feed", "https://bao.vn/rss"), reach)
    assert [refusal.reason for refusal in found.aside] == ["too-deep"]


def test_an_id_that_stands_in_the_query_is_the_key() -> None:
    reach = Reach(Source("bao", "https://bao.vn/", article=(re.compile(r"viewer\.aspx\?.*mabb=(\d+)"),)))
    assert reach.key("https://bao.vn/viewer.aspx?macm=1&mabb=312345") == "bao:312345"
    assert reach.key("https://bao.vn/viewer.aspx?macm=1") is None


def test_a_share_address_has_the_articles_key() -> None:
    reach = Reach(Source("bao", "https://bao.vn/"))
    assert reach.key("https://bao.vn/share308690.html") == reach.key("https://bao.vn/ra-quan-post308690.html")
