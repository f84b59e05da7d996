"""A crawl as a process: killed, stopped, orphaned, locked out, and told what it may not do."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import msgspec
import psutil
import pytest

from crawler.crawling.child import HOST_BUSY, STOPPED
from crawler.crawling.locks import HostLock
from crawler.urls import authority
from storage.records import RunReport
from storage.store import Store
from tests.crawling.making import PATIENCE, Ground, ground
from tests.newsroom import Newsroom
from tests.waiting import wait_until

pytestmark = pytest.mark.slow

NAME = "baohungyen"


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with Newsroom(seed=4, articles={NAME: 60}) as opened:
        yield opened


@pytest.fixture
def place(room: Newsroom, tmp_path: Path) -> Ground:
    return ground(tmp_path, room.homes)


def started(place: Ground, *more: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        place.command(NAME, *more), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def published(room: Newsroom) -> set[str]:
    return {story.key for story in room.stories(NAME)}


@pytest.mark.parametrize("articles", [1, 9, 23, 41])
def test_a_crawl_killed_at_any_moment_loses_and_doubles_nothing(
    articles: int, room: Newsroom, place: Ground
) -> None:
    with started(place) as child:
        room.await_requests(NAME, r"-\d+\.html$", many=articles, within=PATIENCE)
        child.kill()
        child.wait(PATIENCE)
    code, report = place.crawl(NAME)
    assert (code, report.outcome, report.counts["open"]) == (0, "done", 0)
    assert set(place.cases(NAME)) == published(room)


def test_a_crawl_killed_while_it_looks_for_links_finds_them_all_the_next_time(
    room: Newsroom, place: Ground
) -> None:
    for path in (r"^/$", "page=2"):
        with started(place) as child:
            room.await_requests(NAME, path, within=PATIENCE)
            child.kill()
            child.wait(PATIENCE)
    place.crawl(NAME)
    assert set(place.cases(NAME)) == published(room)


def test_a_crawl_that_is_done_ends_in_peace_while_its_parent_lives_on(place: Ground) -> None:
    with started(place, "--with-parent", "--limit", "1") as child:
        assert child.wait(PATIENCE) == 0
        assert child.stderr is not None
        assert b"Fatal Python error" not in child.stderr.read()


def test_a_run_whose_process_vanished_is_found_out(room: Newsroom, place: Ground) -> None:
    with started(place) as child:
        room.await_requests(NAME, r"-\d+\.html$", within=PATIENCE)
        child.kill()
        child.wait(PATIENCE)
    place.crawl(NAME)
    with Store.open(place.db) as store:
        run = store.runs.latest()[NAME]
        before = [
            one for one in store.runs.history(NAME, run.started_at.replace(year=2000)) if one.id != run.id
        ]
    assert [one.report.outcome for one in before] == ["interrupted"]


def test_a_crawl_that_is_asked_to_stop_ends_its_run_and_resumes(tmp_path: Path, room: Newsroom) -> None:
    place = ground(tmp_path, room.homes, delay=0.2)
    with started(place) as child:
        room.await_requests(NAME, r"-\d+\.html$", many=3, within=PATIENCE)
        wait_until(
            lambda: bool(place.cases(NAME)), PATIENCE, "a first article, by readers that take their time"
        )
        child.send_signal(signal.SIGTERM)
        out, err = child.communicate(timeout=PATIENCE)
    report = msgspec.json.decode(out.splitlines()[-1], type=RunReport)
    assert child.returncode == STOPPED, err.decode()
    assert report.outcome == "stopped"
    assert report.counts["open"] > 0
    with Store.open(place.db) as store:
        assert store.runs.latest()[NAME].report == report
    assert len(place.cases(NAME)) >= 3
    faster = ground(tmp_path, room.homes)
    faster.crawl(NAME)
    assert set(place.cases(NAME)) == published(room)


def test_a_crawl_that_waits_for_a_hanging_server_stops_all_the_same(room: Newsroom, place: Ground) -> None:
    room.fault(NAME, "hang", path=r"-\d+\.html$")
    with started(place) as child:
        room.await_requests(NAME, r"-\d+\.html$", many=3, within=PATIENCE)
        child.send_signal(signal.SIGTERM)
        child.communicate(timeout=10)
    assert child.returncode == STOPPED


def test_a_crawl_ends_with_its_parent(room: Newsroom, place: Ground) -> None:
    room.fault(NAME, "hang", path=r"-\d+\.html$")
    with started(place, "--with-parent") as child:
        room.await_requests(NAME, r"-\d+\.html$", within=PATIENCE)
        family = psutil.Process(child.pid).children(recursive=True)
        assert child.stdin is not None
        child.stdin.close()
        child.wait(12)
    wait_until(lambda: not any(one.is_running() for one in family), 12, "its readers are gone")


def test_a_crawl_whose_parent_dies_before_it_begins_asks_hardly_anything(
    room: Newsroom, place: Ground
) -> None:
    with started(place, "--with-parent") as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.close()
        child.stdout.close()  # so that its report finds nobody either
        child.wait(12)
    assert len(room.requests(NAME)) <= 2
    wait_until(HostLock(place.db, authority(room.home(NAME))).is_free, 12, "the host is free")


def test_a_host_is_crawled_by_one_process_at_a_time(room: Newsroom, place: Ground) -> None:
    with HostLock(place.db, authority(room.home(NAME))):
        ended = subprocess.run(place.command(NAME), capture_output=True, timeout=PATIENCE, check=False)
    assert ended.returncode == HOST_BUSY
    assert room.requests(NAME) == ()
    with Store.open(place.db) as store:
        assert store.runs.latest() == {}


def test_a_long_crawl_ends_by_itself_before_its_deadline(tmp_path: Path, room: Newsroom) -> None:
    place = ground(tmp_path, room.homes, delay=0.2, deadline="5s")
    code, report = place.crawl(NAME)
    assert (code, report.outcome) == (0, "done")
    assert report.counts["open"] > 0


def test_a_broken_spider_is_told_in_one_line_and_recorded(
    room: Newsroom, place: Ground, tmp_path: Path
) -> None:
    text = place.config.read_text(encoding="utf-8")
    place.config.write_text(
        text.replace(f"[sources.{NAME}]", f'[sources.{NAME}]\nspider = "absent"'), encoding="utf-8"
    )
    ended = subprocess.run(place.command(NAME), capture_output=True, timeout=PATIENCE, check=False)
    assert ended.returncode == 1
    assert b"spiders/absent.py cannot be loaded" in ended.stderr
    assert b"Traceback" not in ended.stderr
    with Store.open(place.db) as store:
        assert store.runs.latest()[NAME].report.outcome == "failed"


def test_an_unknown_source_is_a_wrong_use(place: Ground) -> None:
    ended = subprocess.run(place.command("baohungen"), capture_output=True, timeout=PATIENCE, check=False)
    assert ended.returncode == 2
    assert b"did you mean baohungyen" in ended.stderr


def test_a_store_that_cannot_be_written_is_told_in_one_line(room: Newsroom, place: Ground) -> None:
    place.db.write_text("no database, only words " * 100)
    ended = subprocess.run(place.command(NAME), capture_output=True, timeout=PATIENCE, check=False)
    assert ended.returncode == 1
    assert len(ended.stderr.decode().strip().splitlines()) == 1
    assert room.requests(NAME) == ()


def test_scrapy_crawl_really_stores(room: Newsroom, place: Ground, tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    text = place.config.read_text(encoding="utf-8")
    text = text.replace('path = "data/diembao.sqlite"', f'path = "{place.db}"')
    place.config.write_text(text, encoding="utf-8")
    command = [place.command(NAME)[0], "-m", "scrapy", "crawl", NAME]
    ended = subprocess.run(
        command,
        cwd=root,
        env=os.environ | {"DIEMBAO_CONFIG": str(place.config)},
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr.decode()
    assert set(place.cases(NAME)) == published(room)
