"""Every fault of the newsroom does what its name says, and nothing once it is healed."""

from __future__ import annotations

import gzip
import http.client
import re
import socket
import time
import unicodedata
import zlib
from collections.abc import Iterator
from urllib.parse import urlsplit
from xml.etree import ElementTree

import brotli  # type: ignore[import-untyped]  # ships no types
import pytest

from tests.newsroom import FAULTS, Newsroom
from tests.newsroom_client import get

NAME = "baohatinh"


@pytest.fixture(scope="module")
def papers() -> Iterator[Newsroom]:
    with Newsroom(seed=5, articles=60) as opened:
        yield opened


@pytest.fixture
def room(papers: Newsroom) -> Iterator[Newsroom]:
    yield papers
    papers.heal(NAME)


@pytest.fixture
def home(room: Newsroom) -> str:
    return room.home(NAME)


@pytest.fixture
def path(room: Newsroom) -> str:
    return next(story.path for story in room.stories(NAME) if story.shape == "epi")


@pytest.mark.parametrize("status", [403, 404, 410, 500, 502, 503])
def test_a_status_is_answered_and_healed(room: Newsroom, home: str, status: int) -> None:
    room.fault(NAME, f"http-{status}")
    assert get(home, "/").status == status
    assert get(home, "/robots.txt").status == 200
    room.heal(NAME, f"http-{status}")
    assert get(home, "/").status == 200


def test_429_bears_retry_after_in_seconds_or_as_given(room: Newsroom, home: str) -> None:
    room.fault(NAME, "http-429", after=3)
    assert get(home, "/").headers["retry-after"] == "3"
    room.heal(NAME)
    room.fault(NAME, "http-429", after="Mon, 23 Nov 2026 02:00:00 GMT")
    answer = get(home, "/")
    assert (answer.status, answer.headers["retry-after"]) == (429, "Mon, 23 Nov 2026 02:00:00 GMT")


def test_a_fault_can_be_bound_to_a_path_and_to_a_number_of_requests(
    room: Newsroom, home: str, path: str
) -> None:
    room.fault(NAME, "http-500", path=r"-post\d+\.html$", times=2)
    assert get(home, "/").status == 200
    assert [get(home, path).status for _ in range(3)] == [500, 500, 200]


def test_a_lying_304_hides_a_change(room: Newsroom, home: str) -> None:
    tag = get(home, "/rss/home.rss").headers["etag"]
    room.publish(NAME)
    room.fault(NAME, "lying-304")
    assert get(home, "/rss/home.rss", {"If-None-Match": tag}).status == 304
    assert get(home, "/rss/home.rss").status == 200


def test_without_validators_every_answer_is_full(room: Newsroom, home: str) -> None:
    tag = get(home, "/").headers["etag"]
    room.fault(NAME, "no-validators")
    answer = get(home, "/", {"If-None-Match": tag})
    assert answer.status == 200
    assert not {"etag", "last-modified"} & set(answer.headers)


def test_compression_follows_what_is_accepted(room: Newsroom, home: str) -> None:
    plain = get(home, "/").body
    room.fault(NAME, "gzip")
    assert get(home, "/").body == plain
    packed = get(home, "/", {"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain
    assert get(home, "/", {"Accept-Encoding": "gzip", "If-None-Match": packed.headers["etag"]}).status == 304
    room.heal(NAME)
    room.fault(NAME, "brotli")
    assert brotli.decompress(get(home, "/", {"Accept-Encoding": "br, gzip"}).body) == plain
    room.heal(NAME)
    room.fault(NAME, "gzip-unasked")
    assert gzip.decompress(get(home, "/").body) == plain
    room.heal(NAME)
    room.fault(NAME, "gzip-broken")
    broken = get(home, "/")
    assert broken.headers["content-encoding"] == "gzip"
    assert broken.body == plain


def test_a_gzip_bomb_is_small_and_unpacks_to_what_was_ordered(room: Newsroom, home: str, path: str) -> None:
    room.fault(NAME, "gzip-bomb", megabytes=20)
    bomb = get(home, path)
    assert len(bomb.body) < 100_000
    assert len(zlib.decompress(bomb.body, 31)) == 20 * 1024 * 1024


def test_redirects_lead_where_they_say(room: Newsroom, home: str, path: str) -> None:
    other = room.home("kontumtv")
    for fault, options, status, target in (
        ("redirect", {"to": "/tin-moi.html", "status": 301}, 301, "/tin-moi.html"),
        ("redirect-home", {}, 302, "/"),
        ("redirect-host", {"to": other}, 302, other + path),
        ("redirect-loop", {}, 302, path),
    ):
        room.fault(NAME, fault, **options)
        answer = get(home, path)
        assert (answer.status, answer.headers["location"]) == (status, target), fault
        room.heal(NAME)


def test_a_redirect_chain_never_repeats_itself(room: Newsroom, home: str, path: str) -> None:
    room.fault(NAME, "redirect-chain")
    seen = set()
    for _ in range(6):
        path = get(home, path).headers["location"]
        seen.add(path)
    assert len(seen) == 6


def test_a_drip_comes_in_small_pieces(room: Newsroom, home: str) -> None:
    whole = get(home, "/robots.txt").body
    room.fault(NAME, "drip", chunk=20, pause=0.01)
    started = time.monotonic()
    assert get(home, "/robots.txt").body == whole
    assert time.monotonic() - started >= 0.01 * (len(whole) // 20)


def test_a_hanging_paper_accepts_and_never_answers(room: Newsroom, home: str) -> None:
    room.fault(NAME, "hang")
    with pytest.raises(TimeoutError):
        get(home, "/", timeout=0.3)
    assert room.requests(NAME)[-1].status is None


def test_a_stalling_paper_sends_half(room: Newsroom, home: str) -> None:
    whole = len(get(home, "/robots.txt").body)
    room.fault(NAME, "stall")
    connection = http.client.HTTPConnection(urlsplit(home).netloc, timeout=0.3)
    connection.request("GET", "/robots.txt")
    reply = connection.getresponse()
    assert int(reply.headers["content-length"]) == whole
    assert len(reply.read(whole // 2)) == whole // 2
    with pytest.raises(TimeoutError):
        reply.read()
    reply.close()
    connection.close()


def test_a_cut_body_is_shorter_than_promised(room: Newsroom, home: str) -> None:
    room.fault(NAME, "cut")
    with pytest.raises(http.client.IncompleteRead) as cut:
        get(home, "/")
    assert cut.value.expected
    assert len(cut.value.partial) > 1000


def test_a_reset_ends_without_a_word(room: Newsroom, home: str) -> None:
    room.fault(NAME, "reset")
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        get(home, "/")


def test_a_refusing_paper_is_back_on_its_port_when_healed(room: Newsroom, home: str) -> None:
    room.fault(NAME, "refused")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", urlsplit(home).port or 0), timeout=5)
    assert get(room.home("kontumtv"), "/").status == 200
    room.heal(NAME)
    assert room.home(NAME) == home
    assert get(home, "/").status == 200


def test_charsets_lie_or_are_missing(room: Newsroom, home: str, path: str) -> None:
    true = get(home, path)
    room.fault(NAME, "wrong-charset")
    wrong = get(home, path)
    assert wrong.headers["content-type"] == "text/html; charset=iso-8859-1"
    assert wrong.body == true.body
    room.heal(NAME)
    room.fault(NAME, "no-charset")
    none = get(home, path)
    assert none.headers["content-type"] == "text/html"
    assert b'charset="utf-8"' not in none.body
    room.heal(NAME)
    room.fault(NAME, "windows-1258", declared=False)
    old = get(home, path)
    assert old.headers["content-type"] == "text/html"
    assert "Báo Hà Tĩnh" in unicodedata.normalize("NFC", old.body.decode("cp1258"))
    with pytest.raises(UnicodeDecodeError):
        old.body.decode()
    room.heal(NAME)
    room.fault(NAME, "invalid-utf8")
    with pytest.raises(UnicodeDecodeError):
        get(home, path).body.decode()


@pytest.mark.parametrize(
    ("fault", "status", "sign"),
    [
        ("cookie-wall", 200, "D1N="),
        ("challenge", 403, "Just a moment"),
        ("login-page", 200, 'type="password"'),
        ("parked", 200, "domain is for sale"),
    ],
)
def test_walls_stand_before_the_articles(
    room: Newsroom, home: str, path: str, fault: str, status: int, sign: str
) -> None:
    room.fault(NAME, fault)
    answer = get(home, path)
    assert answer.status == status
    assert sign in answer.text
    assert "zce-content-body" not in answer.text


def test_the_cookie_wall_lets_the_cookie_in(room: Newsroom, home: str, path: str) -> None:
    room.fault(NAME, "cookie-wall")
    assert "zce-content-body" in get(home, path, {"Cookie": "D1N=6f2a9c1e"}).text


def test_pages_are_empty_huge_or_no_pages(room: Newsroom, home: str, path: str) -> None:
    story = next(story for story in room.stories(NAME) if story.path == path)
    room.fault(NAME, "empty-page")
    assert get(home, path).body == b""
    room.heal(NAME)
    room.fault(NAME, "empty-article")
    bare = get(home, path).text
    assert "zce-content-body" in bare
    assert not any(paragraph in bare for paragraph in story.body if len(paragraph) > 80)
    room.heal(NAME)
    room.fault(NAME, "huge-page", megabytes=12)
    assert len(get(home, path).body) > 12 * 1024 * 1024 * 0.99
    room.heal(NAME)
    room.fault(NAME, "not-html")
    assert get(home, path).headers["content-type"] == "application/pdf"


def test_feeds_break_in_five_ways(room: Newsroom, home: str) -> None:
    feed = "/rss/home.rss"
    true = get(home, feed).body
    room.fault(NAME, "feed-html")
    assert "text/html" in get(home, feed).headers["content-type"]
    assert get(home, "/").status == 200
    room.heal(NAME)
    room.fault(NAME, "feed-broken")
    broken = get(home, feed).body
    assert broken.count(b"<item>") == true.count(b"<item>")
    with pytest.raises(ElementTree.ParseError):
        ElementTree.fromstring(broken)
    room.heal(NAME)
    room.fault(NAME, "feed-empty")
    assert ElementTree.fromstring(get(home, feed).body).find(".//item") is None
    room.heal(NAME)
    room.fault(NAME, "feed-naive-dates")
    assert re.search(rb":\d\d</pubDate>", get(home, feed).body)
    room.heal(NAME)
    room.fault(NAME, "feed-foreign", to="https://khac.example")
    links = [found.text for found in ElementTree.fromstring(get(home, feed).body).iterfind(".//item/link")]
    assert links
    assert all(link and link.startswith("https://khac.example/") for link in links)


def test_a_sitemap_can_be_a_page(room: Newsroom, home: str) -> None:
    room.fault(NAME, "sitemap-html")
    assert "<!DOCTYPE html>" in get(home, "/sitemap.xml").text
    assert get(home, "/rss/home.rss").headers["content-type"].startswith("application/rss")


def test_an_empty_listing_has_no_links(room: Newsroom, home: str, path: str) -> None:
    room.fault(NAME, "empty-listing")
    assert "-post" not in "".join(re.findall(r'href="([^"]*)"', get(home, "/").text))
    assert "-post" in get(home, path).text


def test_robots_can_forbid_slow_down_fail_or_be_absent(room: Newsroom, home: str) -> None:
    for fault, status, sign in (
        ("robots-forbid", 200, "Disallow: /\n"),
        ("robots-delay", 200, "Crawl-delay: 5"),
        ("robots-500", 500, ""),
        ("robots-404", 404, ""),
    ):
        room.fault(NAME, fault)
        answer = get(home, "/robots.txt")
        assert answer.status == status
        assert sign in answer.text
        assert get(home, "/").status == 200
        room.heal(NAME)


def test_faults_add_up(room: Newsroom, home: str) -> None:
    room.fault(NAME, "feed-empty")
    room.fault(NAME, "gzip-unasked")
    assert b"<item>" not in gzip.decompress(get(home, "/rss/home.rss").body)


@pytest.mark.parametrize("fault", sorted(set(FAULTS) - {"drip"}))
def test_every_fault_changes_what_a_client_sees(room: Newsroom, home: str, path: str, fault: str) -> None:
    kinds = FAULTS[fault].kinds
    target = next(
        where
        for kind, where in (
            ("article", path),
            ("feed", "/rss/home.rss"),
            ("sitemap", "/sitemap.xml"),
            ("listing", "/tin-moi.html"),
            ("robots", "/robots.txt"),
        )
        if kind in kinds
    )
    headers = {"Accept-Encoding": "gzip, br", "If-None-Match": '"something else"'}
    true = get(home, target, headers)
    room.fault(NAME, fault)
    try:
        spoilt = get(home, target, headers, timeout=0.3)
    except (OSError, http.client.HTTPException):
        return
    assert spoilt != true
