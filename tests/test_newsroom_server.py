"""The newsroom's server: how papers change, what their machines' files say, and that it closes cleanly."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest

from tests.newsroom import NAMES, Newsroom, NoSuchFault, Setup, Story
from tests.newsroom.archive import NoSuchStory
from tests.newsroom.control import Control
from tests.newsroom_client import ask, get

PROJECT = Path(__file__).parents[1]


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with Newsroom(seed=2, articles=120) as opened:
        yield opened


def links(xml: bytes) -> list[str]:
    return [found.text or "" for found in ElementTree.fromstring(xml).iter() if found.tag.endswith("loc")]


def plain(room: Newsroom, name: str, shape: str) -> Story:
    """A story of this shape whose page spells as its truth does."""
    return next(story for story in room.stories(name) if story.shape == shape and not story.spelling)


def feed_links(xml: bytes) -> list[str]:
    return [found.findtext("link") or "" for found in ElementTree.fromstring(xml).iter("item")]


def test_a_published_story_stands_at_the_top_of_feed_home_and_sitemap(room: Newsroom) -> None:
    for name, feed in (("baohatinh", "/rss/home.rss"), ("kontumtv", "/feed/"), ("gialaitv", "/feed/")):
        fresh = room.publish(name, 2)
        assert [story.url(room.home(name)) for story in fresh] == feed_links(get(room.home(name), feed).body)[
            :2
        ]
        home = get(room.home(name), "/").text
        assert all(story.path in home for story in fresh)
    for name in ("baohungyen", "congan_kontum"):
        (story,) = room.publish(name)
        assert story.path in get(room.home(name), "/").text
        assert room.stories(name)[0] == story


def test_published_stories_can_be_of_a_wanted_kind(room: Newsroom) -> None:
    (story,) = room.publish("kontumtv", 1, "weapons")
    assert "giao_nop_vu_khi" in story.topics


def test_an_edited_story_says_something_else_under_the_same_key(room: Newsroom) -> None:
    before = plain(room, "baohatinh", "epi")
    after = room.edit(before.key, "Nhan đề đã được sửa lại")
    assert after.key == before.key
    assert after.path != before.path
    assert after.text != before.text
    page = get(room.home("baohatinh"), before.path)
    assert page.status == 200
    assert "Nhan đề đã được sửa lại" in page.text
    assert after.body[-1] in re.sub(r"<[^>]+>", "", page.text)


def test_a_wordpress_story_keeps_its_address_when_its_headline_changes(room: Newsroom) -> None:
    before = room.stories("kontumtv")[2]
    assert room.edit(before.key, "Nhan đề mới").path == before.path


def test_an_edit_shows_in_the_sitemap(room: Newsroom) -> None:
    story = room.stories("kontumtv")[-1]
    changed = room.edit(story.key)
    assert changed.modified_at is not None
    sitemap = get(room.home("kontumtv"), "/wp-sitemap-posts-post-1.xml").text
    assert re.search(rf"{re.escape(story.path)}</loc><lastmod>{changed.modified_at:%Y-%m-%dT%H:%M}", sitemap)


def test_a_deleted_story_is_gone_everywhere(room: Newsroom) -> None:
    home, story = room.home("baohatinh"), room.stories("baohatinh")[0]
    room.delete(story.key, 410)
    assert get(home, story.path).status == 410
    assert story.path not in get(home, "/rss/home.rss").text
    with pytest.raises(NoSuchStory):
        room.story(story.key)


def test_a_redesign_changes_the_markup_and_keeps_the_words(room: Newsroom) -> None:
    marks = {"baohatinh": "cms-body", "baohungyen": "content-detail", "kontumtv": "entry-content", "gialaitv": "entry-content"}  # fmt: skip # noqa: E501
    for name, mark in marks.items():
        story = next(story for story in room.stories(name) if not story.spelling and story.shape != "epi-old")
        assert mark in get(room.home(name), story.path).text
        room.redesign(name)
        page = get(room.home(name), story.path).text
        assert mark not in page
        assert story.title.replace('"', "&quot;") in page


def test_the_epi_article_is_found_by_its_number_whatever_the_slug(room: Newsroom) -> None:
    story = next(story for story in room.stories("baohatinh") if story.shape == "epi")
    number = story.key.partition("post")[2]
    page = get(room.home("baohatinh"), f"/mot-nhan-de-khac-post{number}.html")
    assert f'<link rel="canonical" href="{story.url(room.home("baohatinh"))}">' in page.text


def test_an_old_story_is_served_in_both_shapes_with_the_same_number(room: Newsroom) -> None:
    story = room.seed_like("baohatinh")
    old = get(room.home("baohatinh"), story.path).text
    new = get(room.home("baohatinh"), "/bat-ky-post220004.html").text
    for sign in ('id="main-detail"', "Cập nhật: 18:29 28/09/2021 GMT+7", "Tắt [X]", "{name} - {time}"):
        assert sign in old
    assert old.count("Văn Đức") == 2
    assert "zce-content-body" in new


def test_the_epi_sitemap_has_unpadded_months_some_of_them_gzip_files(room: Newsroom) -> None:
    home = room.home("baohatinh")
    months = [url for url in links(get(home, "/sitemap.xml").body) if "/news-" in url]
    assert any(url.endswith("/news-2021-9.xml") for url in months)
    packed, found = 0, set()
    for url in months:
        body = get(home, urlsplit(url).path).body
        packed += body.startswith(b"\x1f\x8b")
        found |= set(links(gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body))
    assert packed
    stories = [story for story in room.stories("baohatinh") if story.shape != "epi-tv"]
    assert found == {story.url(home) for story in stories}


def test_the_epi_feed_dates_are_gmt_7_and_its_descriptions_have_headlines_glued_on(room: Newsroom) -> None:
    feed = get(room.home("baohatinh"), "/rss/home.rss").text
    assert re.search(r"<pubDate>\w{3}, \d\d \w{3} 2026 \d\d:\d\d:\d\d GMT\+7</pubDate>", feed)
    first, second = room.stories("baohatinh")[:2]
    shown = next(s for s in (first, second) if s.shape == "epi")
    described = ElementTree.fromstring(feed.encode()).findtext("channel/item/description") or ""
    assert described.startswith(shown.lead or "-")
    assert len(described) > len(shown.lead or "")


def test_baohungyen_has_neither_feed_nor_sitemap_but_pages_of_listings(room: Newsroom) -> None:
    home = room.home("baohungyen")
    assert {get(home, path).status for path in ("/rss/home.rss", "/sitemap.xml", "/feed/")} == {404}
    assert get(home, "/Chinh-tri").body == get(home, "/chinh-tri").body
    shown = set(re.findall(r"/[a-z0-9-]+-\d{7}\.html", get(home, "/xa-hoi").text))
    further = set(re.findall(r"/[a-z0-9-]+-\d{7}\.html", get(home, "/xa-hoi?page=2").text))
    assert shown
    assert not shown & further


def test_wordpress_sites_differ_in_their_slashes(room: Newsroom) -> None:
    kontum, gialai = room.stories("kontumtv")[0], room.stories("gialaitv")[0]
    assert not kontum.path.endswith("/")
    assert gialai.path.endswith("/")
    for name, wrong in (("kontumtv", kontum.path + "/"), ("gialaitv", gialai.path.rstrip("/"))):
        moved = get(room.home(name), wrong)
        assert moved.status == 301
        assert moved.headers["location"] == room.home(name) + room.stories(name)[0].path


@pytest.mark.parametrize(
    ("name", "start", "further"),
    [
        ("baohatinh", "/cong-cu/lich-am/23-11-2026", r"/cong-cu/lich-am/\d\d-\d\d-\d{4}"),
        ("gialaitv", "/lich-phat-song/?ngay=2026-11-23&kenh=1", r"/lich-phat-song/\?ngay=\d{4}-\d\d-\d\d"),
    ],
)
def test_the_traps_lead_on_for_ever(room: Newsroom, name: str, start: str, further: str) -> None:
    page, seen = start, set()
    for _ in range(5):
        seen.add(page)
        new = [path for path in re.findall(further, get(room.home(name), page).text) if path not in seen]
        assert new
        page = new[-1]


def test_a_condition_is_honoured_until_something_changes(room: Newsroom) -> None:
    home = room.home("baohatinh")
    first = get(home, "/rss/home.rss")
    by_tag, by_date = (
        {"If-None-Match": first.headers["etag"]},
        {"If-Modified-Since": first.headers["last-modified"]},
    )
    assert get(home, "/rss/home.rss", by_tag).status == 304
    assert get(home, "/rss/home.rss", by_date).status == 304
    assert get(home, "/rss/home.rss", by_tag).body == b""
    room.publish("baohatinh")
    assert get(home, "/rss/home.rss", by_tag).status == 200
    assert get(home, "/rss/home.rss", by_date).status == 200


def test_head_sends_no_body(room: Newsroom) -> None:
    answer = ask("HEAD", room.home("kontumtv"), "/")
    assert answer.body == b""
    assert int(answer.headers["content-length"]) > 10_000


def test_the_log_tells_path_status_and_headers(room: Newsroom) -> None:
    get(
        room.home("kontumtv"),
        "/feed/?x=1",
        {"User-Agent": "mắt".encode().decode("latin-1"), "If-None-Match": '"a"'},
    )
    (line,) = room.requests("kontumtv")
    assert (line.method, line.path, line.status) == ("GET", "/feed/?x=1", 200)
    assert line.headers["if-none-match"] == '"a"'
    assert line.headers["user-agent"]
    assert line.sent > 1000


def test_one_connection_serves_many_requests(room: Newsroom) -> None:
    connection = http.client.HTTPConnection(urlsplit(room.home("kontumtv")).netloc, timeout=10)
    connection.connect()
    own = connection.sock
    for story in room.stories("kontumtv")[:10]:
        connection.request("GET", story.path)
        assert connection.getresponse().read()
        assert connection.sock is own
    connection.close()


def test_articles_can_be_dealt_out_paper_by_paper() -> None:
    with Newsroom(seed=1, articles={"baohungyen": 40}, setup=Setup(days=3)) as few:
        assert len([s for s in few.stories("baohungyen") if s.shape == "baoquangninh"]) == 41
        assert len(few.stories("kontumtv")) == 1
        recent = [story for story in few.stories("baohungyen") if story.posted_at.year == 2026]
        assert recent[0].posted_at - recent[-1].posted_at < timedelta(days=3.1)


def test_closing_frees_clients_that_hang_and_leaves_no_thread() -> None:
    before = set(threading.enumerate())
    room = Newsroom(seed=1, articles=10)
    room.start()
    room.fault("kontumtv", "hang")
    room.fault("gialaitv", "drip", chunk=1, pause=60)
    waiting = [socket.create_connection(("127.0.0.1", urlsplit(room.home(name)).port or 0)) for name in ("kontumtv", "gialaitv", "baohatinh")]  # fmt: skip # noqa: E501
    for client in waiting[:2]:
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    room.await_requests("kontumtv")
    room.await_requests("gialaitv")
    room.stop()
    for client in waiting:
        client.settimeout(5)
        while client.recv(65_536):
            pass
        client.close()
    assert set(threading.enumerate()) == before


def test_a_closed_newsroom_says_so() -> None:
    room = Newsroom(seed=1, articles=5)
    with pytest.raises(RuntimeError, match="closed"):
        room.publish("kontumtv")


def order(url: str, path: str, **values: object) -> tuple[int, object]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    connection.request("POST", path, json.dumps(values))
    reply = connection.getresponse()
    answer = json.loads(reply.read())
    connection.close()
    return reply.status, answer


def test_the_control_port_does_what_the_object_does(room: Newsroom) -> None:
    control = Control(room)
    status, published = order(control.url, "/publish", name="kontumtv", n=2)
    assert status == 200
    assert isinstance(published, list)
    assert published[0]["key"] == room.stories("kontumtv")[0].key
    assert order(control.url, "/fault", name="kontumtv", fault="http-429", options={"after": 7})[0] == 200
    assert get(room.home("kontumtv"), "/").headers["retry-after"] == "7"
    assert order(control.url, "/heal", name="kontumtv") == (200, {})
    assert get(room.home("kontumtv"), "/").status == 200
    assert order(control.url, "/edit", key=published[1]["key"], title="Khác")[0] == 200
    assert order(control.url, "/delete", key=published[0]["key"])[0] == 200
    assert order(control.url, "/fault", name="kontumtv", fault="no-such")[0] == 400
    assert order(control.url, "/nowhere")[0] == 404
    status, log = order(control.url, "/requests", name="kontumtv")
    assert isinstance(log, list)
    assert log[0]["status"] == 429
    control.close()


def test_a_mistaken_fault_is_named(room: Newsroom) -> None:
    with pytest.raises(NoSuchFault, match="there are"):
        room.fault("kontumtv", "kaput")
    with pytest.raises(NoSuchFault, match="options: after"):
        room.fault("kontumtv", "http-429", seconds=3)


def started(*more: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "tests.newsroom", "--articles", "20", *more],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


@pytest.mark.slow
@pytest.mark.parametrize("how", ["stdin", "sigterm"])
def test_the_command_serves_until_it_is_told_to_end(how: str) -> None:
    with started(*(["--with-parent"] if how == "stdin" else [])) as child:
        assert child.stdout is not None
        assert child.stdin is not None
        told = json.loads(child.stdout.readline())
        assert set(told["sources"]) == set(NAMES)
        assert get(told["sources"]["baohatinh"], "/").status == 200
        assert order(told["control"], "/stories", name="gialaitv")[0] == 200
        if how == "stdin":
            child.stdin.close()
        else:
            child.send_signal(signal.SIGTERM)
        assert child.wait(20) == 0
