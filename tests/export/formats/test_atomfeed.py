"""articles.atom, read by feedparser."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import feedparser

from tests.export.formats.writing import bare, hostile, told, written


def feed(folder: Path) -> Any:
    read = feedparser.parse((folder / "articles.atom").read_bytes(), sanitize_html=False)
    assert not read.bozo, read.get("bozo_exception")
    assert read.version == "atom10"
    return read


def test_a_reader_of_feeds_finds_every_case(tmp_path: Path) -> None:
    written("atom", [told(), bare()], tmp_path / "out")
    read = feed(tmp_path / "out")
    assert (read.feed.title, read.feed.updated) == ("Điểm báo", "2026-11-23T12:00:00+07:00")
    assert read.feed.subtitle == "flagged=True"
    first, second = read.entries
    assert (first.title, first.link, first.author) == (told()["title"], told()["url"], "baohatinh")
    assert first.published == "2026-11-23T11:00:00+07:00"
    assert [(tag.term, tag.label) for tag in first.tags] == [
        ("dinh_cong", "Rule dinh_cong"), ("luong", "Rule luong")
    ]  # fmt: skip
    assert first.summary == told()["lead"]
    assert "published" not in second
    assert second.summary == bare()["body"]
    assert len({first.id, second.id, read.feed.id}) == 3


def test_the_summary_is_the_sentence_that_proves_a_flag_beside_the_title(tmp_path: Path) -> None:
    flags = [*told()["flags"], {**told()["flags"][0], "field": "body", "quote": "Họ đòi tăng lương."}]
    written("atom", [told(flags=flags), told(2, flags=[], lead=None, body="chữ " * 100)], tmp_path / "out")
    first, second = feed(tmp_path / "out").entries
    assert first.summary == "Họ đòi tăng lương."
    assert second.summary.endswith("chữ …")


def test_hostile_texts_are_texts_and_hostile_addresses_no_links(tmp_path: Path) -> None:
    written("atom", [{**hostile(), "url": "javascript:alert(1)"}], tmp_path / "out")
    (entry,) = feed(tmp_path / "out").entries
    assert entry.get("links", []) == []
    root = ElementTree.parse(tmp_path / "out/articles.atom").getroot()
    title = root.findtext("{*}entry/{*}title") or ""
    assert title.startswith("=1+1 <b>&amp; ]]> ")
