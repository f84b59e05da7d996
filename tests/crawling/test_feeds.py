"""Feeds in every state of repair."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.crawling.feeds import parse_feed

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
HOME = "https://baohatinh.vn/rss/home.rss"


def rss(entries: str, more: str = "") -> bytes:
    return f'<?xml version="1.0"?><rss version="2.0"{more}><channel>{entries}</channel></rss>'.encode()


def test_an_entry_gives_its_address_and_its_date_by_our_own_reading() -> None:
    entry = "<item><link>/a-post1.html</link><pubDate>Mon, 23 Nov 2026 08:15:00 GMT+7</pubDate></item>"
    (offer,) = parse_feed(rss(entry), HOME, NOW).offers
    assert offer.href == "https://baohatinh.vn/a-post1.html"
    assert offer.dated is not None
    assert offer.dated.at == datetime(2026, 11, 23, 1, 15, tzinfo=UTC)
    assert offer.dated.origin == "feed"


def test_a_date_without_a_zone_is_vietnams() -> None:
    entry = "<item><link>/a</link><pubDate>2026-11-23 08:15:00</pubDate></item>"
    (offer,) = parse_feed(rss(entry), HOME, NOW).offers
    assert offer.dated is not None
    assert offer.dated.at == datetime(2026, 11, 23, 1, 15, tzinfo=UTC)


def test_an_impossible_date_is_no_date_and_costs_no_entry() -> None:
    (offer,) = parse_feed(rss("<item><link>/a</link><pubDate>hôm qua</pubDate></item>"), HOME, NOW).offers
    assert offer.dated is None


def test_atom_tells_publication_from_change() -> None:
    feed = b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="https://x.vn/a"/>
      <published>2026-11-20T08:00:00+07:00</published><updated>2026-11-21T09:00:00+07:00</updated></entry></feed>"""
    (offer,) = parse_feed(feed, HOME, NOW).offers
    assert offer.dated is not None
    assert offer.dated.at == datetime(2026, 11, 20, 1, tzinfo=UTC)
    assert offer.modified_at == datetime(2026, 11, 21, 2, tzinfo=UTC)


def test_rss_without_a_date_of_change_claims_none() -> None:
    entry = "<item><link>/a</link><pubDate>Sun, 22 Nov 2026 08:15:00 +0700</pubDate></item>"
    (offer,) = parse_feed(rss(entry), HOME, NOW).offers
    assert offer.modified_at is None


def test_a_broken_feed_is_judged_by_its_entries() -> None:
    body = rss(
        "<item><link>https://x.vn/a</link><title>Tin & bài</title></item><item><link>https://x.vn/b</link>"
    )
    feed = parse_feed(body.removesuffix(b"</channel></rss>"), HOME, NOW)
    assert feed.is_feed
    assert [offer.href for offer in feed.offers][:1] == ["https://x.vn/a"]


@pytest.mark.parametrize("body", [b"", b"<!DOCTYPE html><html><body>RssPage.html</body></html>", b"\x00\xff"])
def test_a_page_under_a_feeds_address_is_no_feed(body: bytes) -> None:
    assert not parse_feed(body, HOME, NOW).is_feed


def test_an_empty_feed_is_a_feed() -> None:
    feed = parse_feed(rss("<title>Trống</title>"), HOME, NOW)
    assert feed.is_feed
    assert feed.offers == ()


@pytest.mark.parametrize("body", [b"/etc/passwd", b"file:///etc/passwd", b"http://127.0.0.1:1/"])
def test_a_feed_is_never_taken_for_a_file_name_or_an_address(body: bytes) -> None:
    assert not parse_feed(body, HOME, NOW).offers


def test_entities_are_not_expanded() -> None:
    body = (
        b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
        + rss("<item><link>https://x.vn/a</link><description>&b;&f;</description></item>")
    )
    offers = parse_feed(body, HOME, NOW).offers
    assert all("aaaa" not in (offer.lead or "") and "root:" not in (offer.lead or "") for offer in offers)


def test_a_description_is_kept_as_plain_text() -> None:
    entry = "<item><link>/a</link><description>&lt;img src='/x'/&gt;Tin &amp;amp; bài</description></item>"
    (offer,) = parse_feed(rss(entry), HOME, NOW).offers
    assert offer.lead == "Tin & bài"


def test_what_lies_beyond_the_bound_of_a_feed_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.crawling.feeds._MOST_ENTRIES", 3)
    items = "".join(f"<item><link>https://bao.vn/{number}</link></item>" for number in range(5))
    body = f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()
    found = parse_feed(body, "https://bao.vn/rss", NOW)
    assert (len(found.offers), found.beyond) == (3, 2)
