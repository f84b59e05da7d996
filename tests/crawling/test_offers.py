"""Every line of a feed, sitemap or listing accounted for."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from crawler.config import Source
from crawler.crawling.offers import Offer, Place, Reach, merged_all, sort
from storage.records import Dating, FoundIn, FoundLink

SOURCE = Source(
    "baohatinh",
    "https://baohatinh.vn/",
    article=(re.compile(r"-post(?P<post>\d+)\.html$"), re.compile(r"/(?P<post>\d+)\.htm$")),
    skip=(re.compile("^/cong-cu/"),),
)
REACH = Reach(SOURCE, (Source("baogialai", "https://baogialai.com.vn/"),))
FEED = Place("feed", "https://baohatinh.vn/rss/home.rss")
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def test_two_slugs_of_one_id_and_two_shapes_are_one_article() -> None:
    hrefs = ["/ra-quan-post308690.html", "/xa-loc-ha-ra-quan-post308690.html", "/xa-hoi/ra-quan/308690.htm"]
    assert [link.key for link in sort(map(Offer, hrefs), FEED, REACH).links] == ["baohatinh:post308690"]


def test_spellings_of_one_address_are_one_link() -> None:
    hrefs = [
        "http://baohatinh.vn/a-post1.html",
        "https://www.baohatinh.vn/a-post1.html?utm_source=zalo&fbclid=x#top",
        "//m.baohatinh.vn/a-post1.html?gidzl=1",
    ]
    assert len(sort(map(Offer, hrefs), FEED, REACH).links) == 1


def test_each_line_of_a_feed_is_a_link_or_a_refusal_with_its_name() -> None:
    hrefs = [
        "/a-post1.html",
        "/cong-cu/lich-am",
        "/lien-he",
        "https://vnexpress.net/a-1.html",
        "mailto:a@b.vn",
    ]
    found = sort(map(Offer, hrefs), FEED, REACH)
    assert [link.key for link in found.links] == ["baohatinh:post1"]
    named = {(refusal.state, refusal.reason) for refusal in found.refusals}
    assert named == {
        ("refused", "skip-pattern"),
        ("refused", "no-article-address"),
        ("foreign", "another-host"),
    }
    assert found.left == {"left: no-address": 1}


def test_a_link_to_another_watched_paper_names_it() -> None:
    (refusal,) = sort([Offer("https://www.baogialai.com.vn/a-post1.html")], FEED, REACH).refusals
    assert (refusal.state, refusal.reason) == ("foreign", "belongs-to-baogialai")


def test_a_foreign_link_never_takes_the_key_of_our_own() -> None:
    (refusal,) = sort([Offer("https://vnexpress.net/a-post1.html")], FEED, REACH).refusals
    assert refusal.found.key != "baohatinh:post1"
    assert "vnexpress.net" in refusal.found.key


@pytest.mark.parametrize("kind", ["listing", "backfill"])
def test_a_listings_other_links_are_put_aside_and_its_menu_is_told_from_the_rest(kind: FoundIn) -> None:
    shown = [
        Offer("/", text="Trang chủ"),
        Offer("/chinh-tri", text="Chính trị"),
        Offer("/chinh-tri?page=2", text="2"),
        Offer("/ra-quan-tong-ve-sinh", text="Ra quân tổng vệ sinh môi trường ở Lộc Hà"),
        Offer("/ra-quan-308690.xyz", text="Ra quân"),
        Offer("/cong-cu/lich-am", text="Lịch âm"),
        Offer("/a-post1.html", text="Tin"),
    ]
    found = sort(shown, Place(kind, SOURCE.home), REACH)
    assert [link.key for link in found.links] == ["baohatinh:post1"]
    assert found.refusals == ()
    assert {urlsplit(one.found.url).path: one.reason for one in found.aside} == {
        "/": "menu-address",
        "/chinh-tri": "menu-address",
        "/ra-quan-tong-ve-sinh": "no-article-address",
        "/ra-quan-308690.xyz": "no-article-address",
        "/cong-cu/lich-am": "skip-pattern",
    }


def test_another_host_on_a_listing_is_put_aside_once_however_many_addresses_it_shows() -> None:
    shown = [Offer(f"https://ads.example.vn/click?id={number}") for number in range(5)]
    found = sort([*shown, Offer("https://baogialai.com.vn/a")], Place("listing", SOURCE.home), REACH)
    assert [(one.state, one.reason, one.found.url) for one in found.aside] == [
        ("foreign", "another-host", "https://ads.example.vn/"),
        ("foreign", "belongs-to-baogialai", "https://baogialai.com.vn/"),
    ]
    assert found.left == {"left: another-host": 4}


def test_the_first_place_wins_and_later_ones_complete_it() -> None:
    first = FoundLink("k", "u", "feed", "f", modified_at=NOW)
    dated = Dating(NOW, "second", "sitemap")
    second = replace(first, found_in="sitemap", dated=dated, modified_at=NOW + timedelta(hours=1), lead="x")
    (link,) = merged_all([first, second])
    assert (link.found_in, link.dated, link.lead) == ("feed", dated, "x")
    assert link.modified_at == NOW + timedelta(hours=1)


def test_a_source_given_by_home_alone_knows_articles_by_their_usual_shapes() -> None:
    reach = Reach(Source("bao", "https://bao.vn/"))
    articles = [
        "/tin-moi-post123456.html",
        "/tin-trong-ngay-12345.html",
        "/xa-hoi/tin/220004.htm",
        "/phong-su-anh/201707/nhan-som-hung-yen-749040/",
        "/tin-tuc/tin-trong-nuoc/doan-kiem-tra-lam-viec-voi-tinh-uy",
    ]
    others = [
        "/",
        "/chinh-tri",
        "/dat-va-nguoi-hung-yen",
        "/tag/an-ninh-trat-tu-xa-hoi-moi",
        "/category/tin-tuc-su-kien-trong-nuoc",
        "/a-b-c-d-e-f.jpg",
        "/lich-phat-song/?ngay=2026-01-01",
        "/bao-ve-an-ninh-tag162553.html",
    ]
    assert [path for path in articles if reach.key(f"https://bao.vn{path}") is None] == []
    assert [path for path in others if reach.key(f"https://bao.vn{path}") is not None] == []


@pytest.mark.parametrize("path", ["/x/{}!.", "/{}.html/", "/{}/x.y", "/-{}.x"])
def test_a_hostile_address_of_a_thousand_words_is_judged_at_once(path: str) -> None:
    reach = Reach(Source("bao", "https://bao.vn/"))
    assert reach.key("https://bao.vn" + path.replace("{}", "-a" * 500 + "--")) is None
