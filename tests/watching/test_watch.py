"""One tick at a time, with a clock moved by hand, and what the daemon loads."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest

from crawler.config import load
from crawler.config.model import Config, Crawl, Review, Source
from crawler.watching import daemon as daemon_module
from crawler.watching import watch as watching
from crawler.watching.clock import Clock
from crawler.watching.daemon import Daemon, DaemonOrder
from crawler.watching.watch import PAUSE, Watch
from storage.errors import StoreBusy
from storage.store import Store
from tests.waiting import wait_until
from tests.watching.daemons import ROOT, DaemonProcess
from tests.watching.fakes import PATIENCE, HandClock, fake_command
from tests.watching.making import HOUR, NOW, source

LOADED = """
import sys
from pathlib import Path
import crawler.watching.daemon, crawler.watching.watch, crawler.review.server
from crawler.config import load
from crawler.judging import compile_rules
compile_rules(load(Path("config.toml")).rules)
print(" ".join({name.partition(".")[0] for name in sys.modules}))
"""


@contextmanager
def watch_over(folder: Path, clock: HandClock, *sources: Source) -> Iterator[Watch]:
    """A watch with fake crawls, none of which is left afterwards."""
    by_name = {each.name: each for each in sources}
    config = Config(folder / "c.toml", folder / "a.sqlite", Crawl(batch=1), Review(), by_name, ())
    with Store.open(config.store_path) as store:
        watch = Watch(config, store, lambda names: fake_command(config.path, config.store_path, names), clock)
        try:
            yield watch
        finally:
            watch.crew.kill()
            wait_until(lambda: not (list(watch.crew.poll()) or len(watch.crew)), PATIENCE, "all are gone")


def _idle(watch: Watch) -> Callable[[], bool]:
    def look() -> bool:
        watch.reap(NOW)
        return len(watch.crew) == 0

    return look


@pytest.mark.slow
def test_a_busy_host_is_left_alone_for_a_minute(tmp_path: Path) -> None:
    clock = HandClock()
    with watch_over(tmp_path, clock, source("busy")) as watch:
        watch.tick(NOW)
        wait_until(_idle(watch), PATIENCE, "the child ends")
        clock.now += PAUSE - 1
        watch.tick(NOW)
        assert len(watch.crew) == 0
        clock.now += 1
        watch.tick(NOW)
        assert len(watch.crew) == 1


def test_a_child_that_cannot_be_started_is_told_and_tried_again_in_a_minute(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clock = HandClock()
    (tmp_path / "logs").write_text("in the way")
    with watch_over(tmp_path, clock, source("quick")) as watch:
        watch.tick(NOW)
        watch.tick(NOW)
        assert len(watch.crew) == 0
        assert caplog.text.count("quick: its crawl cannot be started") == 1
        (tmp_path / "logs").unlink()
        clock.now += PAUSE
        watch.tick(NOW)
        assert len(watch.crew) == 1


@pytest.mark.slow
def test_an_end_that_cannot_be_recorded_is_recorded_later_and_nothing_starts_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object) -> None:
        raise StoreBusy(tmp_path, "locked")

    with watch_over(tmp_path, HandClock(), source("quick"), source("quick_two", every=HOUR)) as watch:
        watch.config = Config(
            tmp_path, tmp_path, Crawl(workers=1, batch=1), Review(), watch.config.sources, ()
        )
        watch.tick(NOW)
        with monkeypatch.context() as patched:
            patched.setattr(watching, "settle", locked)
            wait_until(lambda: _raises(watch), PATIENCE, "the store is found locked")
            assert watch.unsettled == 1
            assert _raises(watch)
            assert len(watch.crew) == 0
        watch.tick(NOW)
        assert watch.crew.sources == {"quick_two"}


def _raises(watch: Watch) -> bool:
    try:
        watch.tick(NOW)
    except StoreBusy:
        return True
    return False


@pytest.mark.slow
def test_a_riddle_in_one_crawl_does_not_keep_the_others_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def puzzled(*_: object) -> None:
        raise KeyError("found")

    with watch_over(tmp_path, HandClock(), source("quick")) as watch:
        monkeypatch.setattr(watching, "settle", puzzled)
        watch.tick(NOW)
        wait_until(_idle(watch), PATIENCE, "the child ends")
        assert watch.unsettled == 0
        watch.tick(NOW)
        assert len(watch.crew) == 0
    assert "quick: how its crawl ended is lost: KeyError: 'found'" in caplog.text


@pytest.mark.slow
def test_the_clock_rings_at_once_again_and_after_being_set_anew() -> None:
    rung = Event()
    clock = Clock(rung.set, timedelta(seconds=0.05))
    clock.start()
    try:
        for _ in range(3):
            assert rung.wait(PATIENCE)
            rung.clear()
        clock.set_anew()
        assert rung.wait(PATIENCE)
    finally:
        clock.stop()


@pytest.mark.slow
def test_a_ring_that_fails_is_told_and_the_clock_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    rung = Event()

    def ring() -> None:
        if "a beat of the clock failed: ValueError: broken bell" in caplog.text:
            rung.set()
        raise ValueError("broken bell")

    caplog.set_level(logging.WARNING, "crawler.watching.clock")
    clock = Clock(ring, timedelta(seconds=0.05))
    clock.start()
    try:
        assert rung.wait(PATIENCE)
    finally:
        clock.stop()


def test_a_clock_that_was_never_started_can_be_stopped() -> None:
    Clock(lambda: None, timedelta(seconds=1)).stop()


class SilentClock:
    """A clock that never rings."""

    def __init__(self, *_: object) -> None:
        self.anew = 0

    def start(self) -> None:
        """Begin not to ring."""

    def set_anew(self) -> None:
        """Count how often we are asked to."""
        self.anew += 1

    def stop(self) -> None:
        """Go on not ringing."""


@pytest.mark.slow
def test_a_clock_that_fell_silent_stops_nothing_and_is_set_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    silent = SilentClock()
    monkeypatch.setattr(daemon_module, "Clock", lambda *_: silent)
    monkeypatch.setattr(daemon_module, "_SILENCE", 0.05)
    made = DaemonProcess(tmp_path)
    made.configure(["quick"])
    daemon = Daemon(DaemonOrder(page=False, command=fake_command))
    thread = Thread(target=daemon.run, args=(load(made.config),))
    thread.start()
    try:
        made.crawled("quick")
    finally:
        daemon.stop(15)
        thread.join(PATIENCE)
    assert silent.anew > 0
    assert "the clock fell silent" in caplog.text


def test_the_daemon_loads_nothing_that_reads_pages() -> None:
    run = subprocess.run([sys.executable, "-c", LOADED], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())
    assert "apscheduler" in loaded
    assert not loaded & {
        "scrapy",
        "twisted",
        "trafilatura",
        "htmldate",
        "lxml",
        "parsel",
        "feedparser",
        "numpy",
    }
