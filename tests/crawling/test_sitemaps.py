"""Sitemaps: plain, indexed, packed, hostile; and how far back they are read."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta

import pytest

from crawler.crawling.sitemaps import (
    File,
    TooLarge,
    Window,
    is_older,
    newest_first,
    parse_sitemap,
    unpacked,
    within,
)
from storage.records import FoundLink

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def urlset(entries: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {SPACE}>{entries}</urlset>'.encode()


def test_a_sitemap_gives_addresses_and_when_they_changed() -> None:
    body = urlset("<url><loc> https://x.vn/a </loc><lastmod>2026-11-22T10:00:00+07:00</lastmod></url>")
    sitemap = parse_sitemap(body, NOW)
    assert sitemap.kind == "links"
    (offer,) = sitemap.offers
    assert (offer.href, offer.modified_at) == ("https://x.vn/a", datetime(2026, 11, 22, 3, tzinfo=UTC))
    assert offer.dated is None


def test_a_news_sitemap_says_when_an_article_was_published() -> None:
    news = "<news:news><news:publication_date>2026-11-22T10:00:00+07:00</news:publication_date></news:news>"
    (offer,) = parse_sitemap(urlset(f"<url><loc>https://x.vn/a</loc>{news}</url>"), NOW).offers
    assert offer.dated is not None
    assert offer.dated.origin == "sitemap"


def test_an_index_names_its_files() -> None:
    body = f"<sitemapindex {SPACE}><sitemap><loc>https://x.vn/s1.xml</loc></sitemap></sitemapindex>".encode()
    sitemap = parse_sitemap(body, NOW)
    assert sitemap.kind == "index"
    assert [file.href for file in sitemap.files] == ["https://x.vn/s1.xml"]


def test_an_image_in_an_entry_is_not_taken_for_its_address() -> None:
    image = '<image:image xmlns:image="http://i"><image:loc>https://x.vn/i.jpg</image:loc></image:image>'
    (offer,) = parse_sitemap(urlset(f"<url><loc>https://x.vn/a</loc>{image}</url>"), NOW).offers
    assert offer.href == "https://x.vn/a"


def test_a_broken_end_loses_only_itself() -> None:
    body = urlset("".join(f"<url><loc>https://x.vn/{n}</loc></url>" for n in range(9)))
    assert len(parse_sitemap(body[: len(body) * 2 // 3], NOW).offers) >= 4


@pytest.mark.parametrize(
    "body", [b"", b"<!DOCTYPE html><html><body>404</body></html>", b"not found", b"<html><body/></html>"]
)
def test_a_page_is_no_sitemap(body: bytes) -> None:
    assert parse_sitemap(body, NOW).kind == "none"


def test_a_sitemap_that_declares_entities_is_refused() -> None:
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaa">]>' + urlset("<url><loc>&a;</loc></url>")[38:]
    )
    assert parse_sitemap(bomb, NOW).offers == ()


def test_a_list_of_addresses_is_a_sitemap() -> None:
    sitemap = parse_sitemap(b"https://x.vn/a\r\nhttps://x.vn/b\r\n", NOW)
    assert [offer.href for offer in sitemap.offers] == ["https://x.vn/a", "https://x.vn/b"]


def test_a_packed_sitemap_is_unpacked_within_bounds() -> None:
    body = urlset("<url><loc>https://x.vn/a</loc></url>")
    assert unpacked(gzip.compress(body), 10_000) == body
    assert unpacked(body, 10) == body
    with pytest.raises(TooLarge):
        unpacked(gzip.compress(b"0" * 1_000_000), 10_000)


def test_months_come_newest_first_and_lists_without_news_not_at_all() -> None:
    names = ["news-2025-12", "news-2026-4", "categories", "news-2026-11", "news-2026-10", "tags-1", "latest"]
    ordered = newest_first(File(f"https://x.vn/sitemaps/{name}.xml", None) for name in names)
    assert [file.href[22:-4] for file in ordered] == [
        "latest", "news-2026-11", "news-2026-10", "news-2026-4", "news-2025-12"
    ]  # fmt: skip


def test_numbered_files_come_highest_first() -> None:
    names = ["wp-sitemap-posts-post-1.xml", "wp-sitemap-posts-post-10.xml", "wp-sitemap-posts-post-2.xml"]
    ordered = newest_first(File(f"https://x.vn/{name}", None) for name in names)
    assert [file.href[-6:-4] for file in ordered] == ["10", "-2", "-1"]


def test_a_month_is_older_only_when_all_of_it_is() -> None:
    october = File("https://x.vn/news-2026-10.xml", None)
    assert not is_older(october, datetime(2026, 10, 25, tzinfo=UTC))
    assert is_older(october, datetime(2026, 11, 10, tzinfo=UTC))
    assert not is_older(File("https://x.vn/posts.xml", None), NOW)


def links(*days: int | None) -> list[FoundLink]:
    return [
        FoundLink(
            f"x:{n}", "u", "sitemap", "s", modified_at=None if day is None else NOW - timedelta(days=day)
        )
        for n, day in enumerate(days)
    ]


def test_the_window_keeps_what_is_recent_and_the_newest_of_the_rest() -> None:
    found = links(400, 1, 300, 2, 200)
    taken, left = within(found, Window(NOW - timedelta(days=30), 3))
    assert [link.key for link in taken] == ["x:1", "x:3", "x:4"]
    assert left == 2


def test_everything_recent_is_taken_however_much_it_is() -> None:
    taken, left = within(links(*([1] * 50)), Window(NOW - timedelta(days=30), 3))
    assert (len(taken), left) == (50, 0)


def test_what_bears_no_date_is_not_taken_for_old() -> None:
    taken, _ = within(links(None, 400), Window(NOW - timedelta(days=30), 1))
    assert [link.key for link in taken] == ["x:0"]


@pytest.mark.parametrize("form", ["urlset", "plain"])
def test_what_lies_beyond_the_bound_of_a_sitemap_is_counted(
    form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.crawling.sitemaps._MOST_ENTRIES", 3)
    urls = [f"https://bao.vn/{number}" for number in range(5)]
    entries = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
    body = f"<urlset>{entries}</urlset>" if form == "urlset" else "\n".join(urls)
    found = parse_sitemap(body.encode(), NOW)
    assert (len(found.offers), found.beyond) == (3, 2)
