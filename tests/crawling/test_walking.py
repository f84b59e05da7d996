"""How far a listing is read, and what its JSON says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from crawler.crawling.jsonlists import page_after, parse_json_listing
from crawler.crawling.walking import Pages, looks_back_to, overflows
from crawler.crawling.walls import successor
from storage.records import FoundLink

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


def links(first: int, many: int = 20) -> list[FoundLink]:
    return [FoundLink(f"bao:{n}", f"https://bao.vn/{n}", "listing", "/") for n in range(first, first + many)]


def after(ground: datetime | None, fresh: int, known_since: datetime) -> bool:
    """Whether a walk goes on after a page of 20 links of which the first `fresh` are new."""
    pages = Pages(ground, NOW, 2000)
    shown = links(0)
    pages.saw(shown, {link.key: known_since for link in shown[fresh:]}, fresh)
    return pages.goes_on


def test_a_walk_ends_at_known_ground() -> None:
    assert not after(NOW - HOUR, 0, NOW - 2 * HOUR)
    assert not after(NOW - HOUR, 3, NOW - 2 * HOUR)
    assert after(NOW - HOUR, 15, NOW - 2 * HOUR)


def test_what_is_known_only_since_the_last_good_walk_is_no_known_ground() -> None:
    assert after(NOW - 3 * HOUR, 0, NOW - HOUR)
    assert after(None, 0, NOW - HOUR)


def test_after_an_outage_a_row_of_known_links_proves_nothing() -> None:
    assert after(NOW - timedelta(days=9), 3, NOW - timedelta(days=20))
    assert not after(NOW - timedelta(days=9), 0, NOW - timedelta(days=20))


def test_a_listing_without_an_end_is_left_after_so_many_pages() -> None:
    pages = Pages(None, NOW, 10**6)
    while pages.goes_on:
        pages.saw(links(20 * pages.read), {}, 20)
    assert (pages.read, pages.cut_off) == (30, True)


def test_a_feed_overflows_only_if_it_was_read_before_and_shows_nothing_known() -> None:
    keys = [f"bao:{n}" for n in range(10)]
    assert overflows(keys, [], was_read=True)
    assert not overflows(keys, [], was_read=False)
    assert not overflows(keys, keys[:1], was_read=True)
    assert not overflows(keys[:2], [], was_read=True)


def test_sitemaps_are_read_as_far_back_as_the_last_good_crawl() -> None:
    usual = NOW - timedelta(days=30)
    assert looks_back_to(usual, NOW - HOUR) == usual
    assert looks_back_to(usual, None) == usual
    assert looks_back_to(usual, NOW - timedelta(days=90)) < NOW - timedelta(days=90)


def test_json_of_both_known_families_is_a_listing() -> None:
    url = "https://bao.vn/list-post-by-category?page=2&limit=12&category_id=5"
    first = parse_json_listing('{"data": [{"link": "/a-1.html", "title": "A"}]}', url, NOW)
    epi = '{"data": {"contents": [{"url": "/b-post2.html", "date": 1790000000}]}}'
    second = parse_json_listing(epi, url, NOW)
    html = parse_json_listing('{"data": {"articles": "<a href=\\"/c-3.html\\">C</a>"}}', url, NOW)
    assert first is not None and second is not None and html is not None  # noqa: PT018 - three of a kind
    assert [one.offers[0].href for one in (first, second, html)] == [
        "https://bao.vn/a-1.html",
        "https://bao.vn/b-post2.html",
        "https://bao.vn/c-3.html",
    ]
    assert second.offers[0].dated is not None
    assert first.next_page == "https://bao.vn/list-post-by-category?page=3&limit=12&category_id=5"
    assert page_after("https://bao.vn/l?limit=12") == "https://bao.vn/l?page=2&limit=12"


def test_json_that_is_broken_deep_or_empty_shows_nothing() -> None:
    assert parse_json_listing('{"data": [', "https://bao.vn/l", NOW) is None
    assert parse_json_listing("[" * 100_000, "https://bao.vn/l", NOW) is None
    empty = parse_json_listing('{"data": []}', "https://bao.vn/l", NOW)
    assert empty is not None
    assert (empty.offers, empty.next_page) == ((), None)


def test_a_page_that_sends_every_reader_to_another_host_names_it() -> None:
    refresh = b'<html><meta http-equiv="refresh" content="0; url=https://baoquangngai.vn/"></html>'
    script = b'<script>window.location.href = "https://baoquangngai.vn/";</script>'
    assert successor(refresh, "https://kontumtv.vn/") == "baoquangngai.vn"
    assert successor(script, "https://kontumtv.vn/") == "baoquangngai.vn"
    own = b'<meta http-equiv="refresh" content="1800; url=https://kontumtv.vn/">'
    assert successor(own, "https://kontumtv.vn/") is None
    assert successor(refresh + b"<a href=x>" * 9, "https://kontumtv.vn/") is None
