"""The daemon with real crawls of the newsroom, killed and stopped in their midst."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.store import Store
from tests.newsroom import Newsroom
from tests.waiting import wait_until
from tests.watching.daemons import DaemonProcess
from tests.watching.fakes import alive

pytestmark = pytest.mark.slow
PAPER, STORIES = "kontumtv", 12
ARTICLE = r"^/tin-tuc/[^/]+/[^/]+"
LONG = 60.0  # seconds a whole crawl may take on a machine with other work


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with Newsroom(seed=7, articles={PAPER: STORIES}) as opened:
        yield opened


@pytest.fixture
def daemon(tmp_path: Path, room: Newsroom) -> Iterator[DaemonProcess]:
    with DaemonProcess(tmp_path) as made:
        made.config.write_text(
            '[store]\npath = "a.sqlite"\n[crawl]\ndelay = 0.25\nallow_private_addresses = true\n'
            f'[sources.{PAPER}]\nhome = "{room.home(PAPER)}"\nfeeds = ["/feed/"]\nlistings = ["/"]\n'
            'sitemaps = ["/wp-sitemap.xml"]\narticle = [\'^/tin-tuc/[^/]+/[^/]+/?$\']\nevery = "1h"\n'
        )
        yield made


def _newest(daemon: DaemonProcess) -> str:
    return next((run.report.outcome for run in daemon.runs(PAPER)), "none")


def _everything_is_kept_once(daemon: DaemonProcess, room: Newsroom) -> None:
    wait_until(lambda: _newest(daemon) == "done", LONG, f"a crawl is done: {daemon.log}")
    with Store.open(daemon.store) as store:
        kept = [article.key for _, article in store.articles.each(PAPER)]
    assert sorted(kept) == sorted(story.key for story in room.stories(PAPER))


def test_a_daemon_killed_in_the_midst_of_a_crawl_takes_it_up_again(
    daemon: DaemonProcess, room: Newsroom
) -> None:
    daemon.start("--real")
    room.await_requests(PAPER, ARTICLE, 4, LONG)
    processes = daemon.children()
    assert processes
    daemon.end(signal.SIGKILL)
    wait_until(lambda: not any(map(alive, processes)), LONG, "no process of the crawl is left")
    daemon.start("--real")
    _everything_is_kept_once(daemon, room)


def test_a_crawl_killed_in_its_midst_is_taken_up_again(daemon: DaemonProcess, room: Newsroom) -> None:
    daemon.start("--real")
    room.await_requests(PAPER, ARTICLE, 4, LONG)
    os.kill(daemon.runs(PAPER)[0].pid, signal.SIGKILL)
    wait_until(lambda: len(daemon.runs(PAPER)) == 2, LONG, f"it is taken up: {daemon.log}")
    _everything_is_kept_once(daemon, room)
    assert [run.report.outcome for run in daemon.runs(PAPER)] == ["done", "interrupted"]


def test_a_stop_in_the_midst_of_a_crawl_ends_it_in_good_order(daemon: DaemonProcess, room: Newsroom) -> None:
    daemon.start("--real")
    room.await_requests(PAPER, ARTICLE, 4, LONG)
    processes = daemon.children()
    assert daemon.end(signal.SIGTERM, 10) == 143
    assert not any(map(alive, processes))
    assert _newest(daemon) == "stopped"
    room.forget_requests()
    daemon.start("--real")
    _everything_is_kept_once(daemon, room)


def test_a_restart_after_a_whole_crawl_asks_the_paper_nothing(daemon: DaemonProcess, room: Newsroom) -> None:
    daemon.start("--real")
    _everything_is_kept_once(daemon, room)
    daemon.end()
    room.forget_requests()
    quick = '[sources.later]\nhome = "http://127.0.0.1:9"\nevery = "1h"\n'
    daemon.config.write_text(daemon.config.read_text() + quick)
    daemon.start("--real").crawled("later")
    assert room.requests(PAPER) == ()
