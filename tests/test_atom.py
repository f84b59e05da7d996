"""Atom feeds: escaped, whole, without what is not known."""

from __future__ import annotations

from xml.etree import ElementTree

from crawler.atom import Entry, Feed, feed_xml, identifier
from tests.making import NOON

ATOM = "{http://www.w3.org/2005/Atom}"
BARE = Entry("urn:a", "Tiêu đề", None, None, "báo", None, NOON, "")


def parsed(feed: Feed, *entries: Entry) -> ElementTree.Element:
    return ElementTree.fromstring("".join(feed_xml(feed, entries)).encode())


def test_what_is_not_known_is_not_there() -> None:
    root = parsed(Feed("urn:x", "Điểm báo", "diembao", NOON), BARE)
    assert [one.tag.removeprefix(ATOM) for one in root] == [
        "id", "title", "updated", "generator", "author", "entry"
    ]  # fmt: skip
    (entry,) = root.findall(f"{ATOM}entry")
    assert [one.tag.removeprefix(ATOM) for one in entry] == ["id", "title", "author", "updated", "summary"]


def test_foreign_texts_and_addresses_are_escaped() -> None:
    foreign = 'a"&<b>]]>\x00\x1f\ufffe đ'
    entry = Entry(
        "urn:a", foreign, 'https://x.vn/?a="&b=<', None, foreign, NOON, NOON, foreign, ((foreign, foreign),)
    )
    (read,) = parsed(Feed("urn:x", foreign, foreign, NOON, foreign), entry).findall(f"{ATOM}entry")
    assert read.findtext(f"{ATOM}title") == read.findtext(f"{ATOM}summary") == 'a"&<b>]]> đ'
    link, category = read.find(f"{ATOM}link"), read.find(f"{ATOM}category")
    assert link is not None
    assert category is not None
    assert link.get("href") == 'https://x.vn/?a="&b=<'
    assert category.get("term") == category.get("label") == 'a"&<b>]]> đ'


def test_an_identifier_is_the_same_for_ever() -> None:
    assert identifier("article", "bao:1") == "urn:uuid:ee28eca4-ff90-5f18-88fe-d0322b196f35"
