# ruff: noqa: E501 - markup is easier to judge on one line
"""Whatever comes over the wire is read or refused, in bounded time; nothing crashes."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.reading import read
from crawler.reading.marks import _part
from tests.reading.pages import NOW, ROOT, article, fetched, hints, reading

SENTENCE = "Tối qua, tổ tự quản thôn Đông tuần tra đến khuya và nhắc nhở ba hộ để xe lấn chiếm lòng đường. "
STORY = (
    f"<title>Đêm ở thôn Đông</title><h1>Đêm ở thôn Đông</h1><div class='cms-body'><p>{SENTENCE * 3}</p></div>"
)
HOSTILE = {
    "nothing": b"",
    "nul": b"\x00" * 100_000,
    "noise": bytes(range(256)) * 2_000,
    "nested": (STORY + "<div>" * 100_000 + "</div>" * 100_000).encode(),
    "nested inline": (STORY + "<b><i><span>" * 40_000).encode(),
    "nested tables": (STORY + "<table><tr><td>" * 20_000).encode(),
    "unclosed": ("<div><p>" * 50_000 + STORY).encode(),
    "attributes": ("<p " + "a=b " * 200_000 + ">" + STORY).encode(),
    "one line of 5 MB": ("<p>" + "chữ " * 1_000_000).encode(),
    "5 MB of script": (f"<script>{'var a=1;' * 600_000}</script>{STORY}").encode(),
    "10 MB of script": (f"<script>{'var a=1;' * 1_250_000}</script>{STORY}").encode(),
    "a story of one 5 MB line": (
        f"<title>Đêm ở thôn Đông</title><h1>Đêm ở thôn Đông</h1><div><p>{SENTENCE * 45_000}"
    ).encode(),
    "a title of 5 MB": (f"<title>{'chữ ' * 1_000_000}</title>{STORY}").encode(),
    "many rows": (
        "<h1>Đêm ở thôn Đông</h1><div class=cms-body><table>" + "<tr><td>12<td>b" * 50_000
    ).encode(),
    "many headings": (STORY + f"<h1>{SENTENCE}</h1>" * 20_000).encode(),
    "nested paragraphs": ("<h1>Đêm</h1>" + f"<div><p>{SENTENCE}" * 20_000).encode(),
    "old letters": ("<h1>Đêm</h1><div>" + "<p>®µ¸ñø Hµ Néi, th¸ng n¨m</p>" * 30_000).encode(),
    "many links": (STORY + "<a href='/x'>một đầu đề dài hơn ba mươi chữ cái</a>" * 30_000).encode(),
    "many images": (STORY + "<img src=/a.jpg>" * 50_000).encode(),
    "many brs": ("<h1>Đêm ở thôn Đông</h1><div>" + f"{SENTENCE}<br>" * 5_000).encode(),
    "json bomb": (
        '<script type="application/ld+json">' + "[" * 200_000 + "Article</script>" + STORY
    ).encode(),
    "doctype": b"<!DOCTYPE html [<!ENTITY a 'b'><!ENTITY c '&a;&a;&a;'>]>" + STORY.encode() + b"&c;",
    "xml": b"<?xml version='1.0' encoding='utf-16'?>" + STORY.encode(),
    "frameset": b"<frameset><frame src=a></frameset>",
    "comment": b"<!--" + STORY.encode(),
    "pdf": b"%PDF-1.7\n" + bytes(range(256)) * 400,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_markup_is_read_or_refused_in_bounded_time(name: str) -> None:
    begun = time.process_time()
    found = reading(HOSTILE[name])
    assert (found.article is None) == (found.refused is not None)
    assert time.process_time() - begun < 12


@pytest.mark.parametrize(
    "name", ["nested", "nested inline", "10 MB of script", "many links", "many images", "json bomb"]
)
def test_a_story_before_the_flood_is_still_read(name: str) -> None:
    assert article(HOSTILE[name]).body.startswith("Tối qua, tổ tự quản")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=3000))
def test_no_bytes_break_reading(body: bytes) -> None:
    found = read(fetched(STORY.encode() + body), hints(), NOW)
    assert (found.article is None) == (found.refused is not None)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(["<p>", "</p>", "<div>", "</div>", "<table>", "<tr>", "<td>", "</table>", "<br>", "<a href='/x'>", "<a href='http://[/xa-hoi'>Xã hội", "</a>",
    "<figure>", "</figure>", "<figcaption>", "<img src='/a.jpg'>", "<img src='/a.jpg' width='²'>", "<ul><li>", "</ul>", "<b>", "</b>", "<form>", "<h1>", "<article>",
    "<div class='related'>", "<div class='author'>", "<div class='sapo'>", "<div class='cms-body'>", SENTENCE, "Văn A", "./.", "(GLO)- "]), max_size=60))  # fmt: skip
def test_no_markup_breaks_reading(pieces: list[str]) -> None:
    found = reading("<h1>Đêm ở thôn Đông</h1>" + "".join(pieces))
    assert (found.article is None) == (found.refused is not None)


def test_a_page_read_again_says_the_same() -> None:
    first, *again = [reading(STORY.replace("cms-body", "x")) for _ in range(5)]
    assert first.article is not None
    assert all(found == first for found in again)


def test_what_config_needs_of_reading_is_light() -> None:
    """Every command loads the configuration; only those that read pages may pay for a parser."""
    asked = "import sys, crawler.reading, crawler.reading.selectors as s; print(*({'lxml', 'trafilatura', 'w3lib'} & {*sys.modules}))"
    loaded = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert loaded.stdout.strip() == ""


def test_ten_thousand_odd_names_leave_no_more_memory_behind_than_a_thousand() -> None:
    for number in range(10_000):
        _part(f"ten-{number}")
    assert _part.cache_info().currsize <= 4096
