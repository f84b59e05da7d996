"""Nothing is missed unseen: after outages and faults what is stored is what was published."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.cli.main import run
from crawler.config import load
from crawler.crawling.locks import HostLock
from crawler.watching.gaps import gaps
from storage.columns import as_moment, moment
from storage.store import Store
from tests.crawling.making import Ground, ground, two_lines
from tests.newsroom import Newsroom
from tests.newsroom.paper import Setup

pytestmark = pytest.mark.slow


def published(room: Newsroom, name: str) -> set[str]:
    return {story.key for story in room.stories(name)}


def closes(place: Ground, name: str) -> bool:
    """Whether every link has one fate, and there are as many articles as links kept."""
    with Store.open(place.db) as store:
        found = gaps(store, name)
    return found.closes and found.fates.get("kept", 0) == len(place.cases(name))


def ago(place: Ground, name: str, days: int) -> None:
    """Make the store believe that all of its crawls and polls were so long ago."""
    with Store.open(place.db) as store, store.write():
        for table, column in (
            ("polls", "settled_at"),
            ("polls", "asked_at"),
            ("links", "first_seen"),
            ("runs", "started_at"),
            ("runs", "ended_at"),
        ):
            rows = store._db.rows(f"SELECT rowid, {column} FROM {table} WHERE {column} IS NOT NULL")
            for row in rows:
                earlier = moment(as_moment(row[1]) - timedelta(days=days))
                store._db.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", [earlier, row[0]])


@pytest.mark.parametrize("name", ["baohungyen", "kontumtv", "baohatinh"])
def test_after_weeks_of_outage_the_next_crawl_reads_on_to_known_ground(name: str, tmp_path: Path) -> None:
    with Newsroom(seed=11, articles={name: 40}) as room:
        place = ground(tmp_path, room.homes)
        place.crawl(name)
        ago(place, name, 40)
        room.publish(name, 150)  # three feeds of them, several pages of every section
        place.crawl(name)
        assert published(room, name) - set(place.cases(name)) == set()
        assert closes(place, name)


def test_a_crawl_that_is_cut_short_while_it_catches_up_goes_on_in_the_next(tmp_path: Path) -> None:
    name = "baohungyen"
    with Newsroom(seed=11, articles={name: 30}) as room:
        place = ground(tmp_path, room.homes)
        place.crawl(name)
        ago(place, name, 10)
        room.publish(name, 200)
        place.crawl(name, "--limit", "25")
        place.crawl(name)
        assert set(place.cases(name)) == published(room, name)


def test_a_feed_that_overflowed_sends_us_to_the_paper_itself(tmp_path: Path) -> None:
    with Newsroom(seed=12, articles={"kontumtv": 30}) as room:
        home = room.home("kontumtv")
        place = two_lines(tmp_path, "kontumtv", home, feeds=["/feed/"], article=["^/tin-tuc/[^/]+/[^/]+/?$"])
        place.crawl("kontumtv")
        fresh = room.publish("kontumtv", 25)  # the feed holds ten
        _, report = place.crawl("kontumtv")
        assert report.counts["kept"] >= 25
        assert {story.key for story in fresh} <= set(place.cases("kontumtv"))


def test_a_feed_that_overlaps_asks_for_nothing_else(tmp_path: Path) -> None:
    with Newsroom(seed=12, articles={"kontumtv": 30}) as room:
        place = two_lines(tmp_path, "kontumtv", room.home("kontumtv"), feeds=["/feed/"])
        place.crawl("kontumtv")
        room.publish("kontumtv", 2)
        _, report = place.crawl("kontumtv")
        assert {way.kind for way in report.ways} == {"feed"}


def test_a_page_of_a_listing_that_fails_is_read_again_with_all_behind_it(tmp_path: Path) -> None:
    name = "baohungyen"
    with Newsroom(seed=13, articles={name: 30}) as room:
        place = ground(tmp_path, room.homes)
        place.crawl(name)
        room.publish(name, 250)
        room.fault(name, "http-500", path=r"\?page=2")
        _, report = place.crawl(name)
        assert any("listing-page" in reason for reason in report.reasons)
        room.heal(name)
        place.crawl(name)
        assert set(place.cases(name)) == published(room, name)


def test_a_link_of_another_watched_paper_is_given_to_that_paper(tmp_path: Path) -> None:
    with Newsroom(seed=1, articles={"kontumtv": 3, "gialaitv": 3}) as room:
        place = ground(tmp_path, room.homes)
        text = place.config.read_text(encoding="utf-8")
        place.config.write_text(text.replace("enabled = false", "enabled = true"), encoding="utf-8")
        room.fault("kontumtv", "feed-foreign", to=room.home("gialaitv"))
        place.crawl("kontumtv")
        with Store.open(place.db) as store:
            assert store.links.counts("gialaitv")["new"] > 0
        assert room.requests("gialaitv") == ()


def test_an_interrupted_backfill_goes_on_and_brings_everything(tmp_path: Path) -> None:
    with Newsroom(seed=14, articles={"baohatinh": 40}) as room:
        place = ground(tmp_path, room.homes, look_back="1s", look_back_links=1, backfill_delay=0.05)
        asked = ["--config", str(place.config), "--db", str(place.db)]
        command = [sys.executable, "-m", "crawler", *asked, "backfill", "baohatinh", "--since", "2020-01-01"]
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        room.await_requests("baohatinh", r"-post\d+|\.htm$", many=5, within=60)
        child.send_signal(signal.SIGKILL)
        child.wait()
        room.forget_requests()
        assert subprocess.run(command, capture_output=True, timeout=120, check=False).returncode == 0
        stored = set(place.cases("baohatinh"))
        assert {s.key for s in room.stories("baohatinh") if s.shape != "epi-tv"} == stored
        assert {case.found_in for case in place.cases("baohatinh").values()} == {"backfill"}
        files = [r.path for r in room.requests("baohatinh") if r.path.endswith("sitemap.xml")]
        assert files == []  # what was read before it was killed is not read again
        with Store.open(place.db) as store:
            assert store.runs.latest() == {}  # a backfill makes no source less due


def test_a_backfill_without_sitemaps_walks_pages_until_the_window_ends(tmp_path: Path) -> None:
    with Newsroom(seed=14, articles={"baohungyen": 200}, setup=Setup(per_listing=4)) as room:
        place = ground(tmp_path, room.homes, backfill_delay=0.0)
        asked = ["--config", str(place.config), "--db", str(place.db)]
        since = "2026-11-13"
        assert run([*asked, "backfill", "baohungyen", "--since", since]) == 0
        stored = place.cases("baohungyen")
        wanted = {s.key for s in room.stories("baohungyen") if s.posted_at.strftime("%Y-%m-%d") >= since}
        assert wanted <= set(stored)
        assert len(stored) < len(room.stories("baohungyen"))


def test_a_backfill_gives_the_host_to_a_daily_crawl(tmp_path: Path) -> None:
    with Newsroom(seed=15, articles={"baohatinh": 60}) as room:
        place = ground(tmp_path, room.homes, backfill_delay=0.5)
        asked = ["--config", str(place.config), "--db", str(place.db)]
        command = [sys.executable, "-m", "crawler", *asked, "backfill", "baohatinh", "--since", "2020-01-01"]
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            room.await_requests("baohatinh", r"-post\d+|\.htm$", many=2, within=60)
            code, report = place.crawl("baohatinh", "--limit", "1")
            assert (code, report.outcome) == (0, "done")
        finally:
            child.terminate()
            assert child.wait(30) == 143


def test_a_host_is_one_with_and_without_its_www(tmp_path: Path) -> None:
    with HostLock(tmp_path / "s.sqlite", "www.bao.vn"):
        assert not HostLock(tmp_path / "s.sqlite", "bao.vn").is_free()


def test_a_host_that_turns_us_away_is_not_asked_by_every_way(tmp_path: Path) -> None:
    with Newsroom(seed=1, articles={"baohungyen": 3}) as room:
        place = ground(tmp_path, room.homes)
        room.fault("baohungyen", "http-403")
        code, report = place.crawl("baohungyen")
        assert (code, report.outcome) == (1, "blocked")
        asked = [one for one in room.requests("baohungyen") if one.status == 403]
        assert len(asked) <= 5, [one.path for one in asked]  # robots.txt, then four ways


def test_doctor_exits_with_4_for_a_source_that_is_ill_and_stores_nothing(tmp_path: Path) -> None:
    with Newsroom(seed=2, articles={"kontumtv": 8}) as room:
        place = ground(tmp_path, room.homes)
        asked = ["--config", str(place.config), "--db", str(place.db)]
        assert run([*asked, "doctor", "kontumtv"]) == 0
        room.fault("kontumtv", "cookie-wall")
        assert run([*asked, "doctor", "kontumtv"]) == 4
        assert not place.db.exists()


def test_a_new_paper_is_added_with_the_ways_that_work_and_then_crawled(tmp_path: Path) -> None:
    with Newsroom(seed=2, articles={"baohatinh": 20}) as room:
        place = ground(tmp_path, {})
        text = "[crawl]\ndelay = 0.0\nallow_private_addresses = true\n"
        place.config.write_text(text, encoding="utf-8")
        asked = ["--config", str(place.config), "--db", str(place.db)]
        added = ["sources", "add", room.home("baohatinh"), "--name", "bao"]
        assert run([*asked, *added, "--print"]) == 0
        assert place.config.read_text(encoding="utf-8") == text
        assert run([*asked, *added]) == 0
        source = load(place.config).sources["bao"]
        assert [url.removeprefix(room.home("baohatinh")) for url in source.feeds] == ["/rss/home.rss"]
        assert [url.removeprefix(room.home("baohatinh")) for url in source.sitemaps] == ["/sitemap.xml"]
        assert Path(f"{place.config}.bak").read_text(encoding="utf-8") == text
        assert run([*asked, *added]) == 2  # it is there already
        assert run([*asked, "crawl"]) == 0


def test_a_paper_of_which_no_way_works_is_not_added(tmp_path: Path) -> None:
    with Newsroom(seed=2, articles={"kontumtv": 3}) as room:
        place = ground(tmp_path, {})
        place.config.write_text("[crawl]\ndelay = 0.0\nallow_private_addresses = true\n", encoding="utf-8")
        room.fault("kontumtv", "parked")
        asked = ["--config", str(place.config), "--db", str(place.db)]
        assert run([*asked, "sources", "add", room.home("kontumtv"), "--name", "bao"]) == 4
        assert load(place.config).sources == {}


def test_a_listing_that_is_served_as_json_finds_all_of_its_section(tmp_path: Path) -> None:
    with Newsroom(seed=16, articles={"baohungyen": 60}) as room:
        asked = [f"/list-post-by-category?page=1&limit=4&category_id={n}" for n in range(1, 13)]
        place = two_lines(
            tmp_path,
            "baohungyen",
            room.home("baohungyen"),
            json_listings=asked,
            article=[r"^/[^/]+-(\d+)\.html$", r"^/[a-z-]+/\d{6}/[^/]+-(?P<old>[0-9a-f]{6,8})/?$"],
        )
        code, _ = place.crawl("baohungyen")
        assert code == 0
        assert set(place.cases("baohungyen")) == published(room, "baohungyen")
        heads = [one.headers for one in room.requests("baohungyen") if one.path.startswith("/list-post")]
        assert {head.get("x-requested-with") for head in heads} == {"XMLHttpRequest"}


def test_with_faults_that_come_and_go_everything_is_stored_once_and_the_sums_close(tmp_path: Path) -> None:
    name = "baohatinh"
    with Newsroom(seed=17, articles={name: 50}) as room:
        place = ground(tmp_path, room.homes, timeout="2s")
        for fault, path in (
            ("http-500", r"^/rss"),
            ("http-503", r"post\d*[05]\.html"),
            ("lying-304", None),
            ("cookie-wall", r"post\d*[37]\.html"),
        ):
            room.fault(name, fault, path=path)
            story = room.publish(name, 7)[0]
            room.edit(story.key, title=f"{story.title} trong sáng nay")  # a second slug for its id
            place.crawl(name)
            room.heal(name)
        with Store.open(place.db) as store, store.write():
            store._db.execute("UPDATE polls SET unchanged = 11")  # what the lies hid is asked for in full
        place.crawl(name, "--again")
        assert set(place.cases(name)) == published(room, name)
        assert closes(place, name)


def test_gaps_prints_a_sum_that_closes_and_lists_what_was_set_aside(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Newsroom(seed=18, articles={"kontumtv": 6}) as room:
        place = ground(tmp_path, room.homes)
        lost = room.stories("kontumtv")[0]
        room.fault("kontumtv", "http-500", path=lost.path)
        for _ in range(7):
            place.crawl("kontumtv", "--again")
        room.heal("kontumtv")
        asked = ["--config", str(place.config), "--db", str(place.db)]
        assert run([*asked, "gaps", "kontumtv"]) == 0
        told = capsys.readouterr().out
        with Store.open(place.db) as store:
            links = sum(store.links.counts("kontumtv").values())
        assert f"in all = {links} links" in told
        assert f"{len(room.stories('kontumtv')) - 1}  kept" in told
        assert "1  set aside: http-500" in told
        assert run([*asked, "gaps", "kontumtv", "--why", "refused: menu-address"]) == 0
        assert "menu-address  0         " in capsys.readouterr().out
        assert run([*asked, "gaps", "--set-aside"]) == 0
        assert lost.path in capsys.readouterr().out
        assert run([*asked, "crawl", "kontumtv", "--retry", "set-aside"]) == 0
        assert set(place.cases("kontumtv")) == published(room, "kontumtv")
