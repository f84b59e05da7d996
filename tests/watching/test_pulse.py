"""The pulse tells a daemon that lives from one that hangs, died, or lost its store."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from crawler.config import Review
from crawler.crawling.locks import DaemonLock
from crawler.review import PageServer
from crawler.review.watched import STANDSTILL, Watched
from crawler.times import utc_now
from crawler.watching.pulse import Pulse, daemon_trouble
from storage.errors import StoreError
from storage.store import Store
from tests.review.conftest import config_for


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "store.sqlite"
    Store.open(made).close()
    return made


def test_it_beats_while_the_store_answers_and_only_then(path: Path) -> None:
    now = [100.0]
    pulse = Pulse(path, lambda: now[0])
    with Store.open(path) as store:
        now[0] = 107.0
        assert pulse.silent_for() == 7
        pulse.tick(store, utc_now())
        assert pulse.silent_for() == 0
        store._db.raw.close()
        now[0] = 109.0
        with pytest.raises(StoreError):
            pulse.tick(store, utc_now())
        assert pulse.silent_for() == 2


def test_other_processes_see_the_last_beat_on_the_lock(path: Path) -> None:
    assert "no daemon watches" in str(daemon_trouble(path, utc_now()))
    lock = DaemonLock(path)
    with lock, Store.open(path) as store:
        os.utime(lock.path, (1, 1))
        assert "stood still" in str(daemon_trouble(path, utc_now()))
        Pulse(path).tick(store, utc_now())
        assert daemon_trouble(path, utc_now()) is None
        later = utc_now() + timedelta(seconds=STANDSTILL + 9)
        assert "stood still for 1m" in str(daemon_trouble(path, later))
        path.write_bytes(b"no store at all, but long enough to be looked at" * 100)
        assert "does not answer" in str(daemon_trouble(path, utc_now()))
    assert "no daemon watches" in str(daemon_trouble(path, utc_now()))


def test_the_page_tells_machines_whether_the_daemon_lives_and_names_nothing(path: Path) -> None:
    silent = [0.5]
    watched = Watched(silent_for=lambda: silent[0], metrics=lambda store: b"diembao_build_info 1\n")
    server = PageServer(config_for(path, Review(port=0)), watched=watched)
    server.start()
    try:
        with httpx.Client(base_url=server.url, trust_env=False) as client:
            assert client.get("/healthz").text == "ok\n"
            told = client.get("/metrics")
            assert told.headers["content-type"].startswith("text/plain; version=0.0.4")
            assert told.text == "diembao_build_info 1\n"
            silent[0] = STANDSTILL + 12
            stopped = client.get("/healthz")
            assert (stopped.status_code, stopped.text) == (
                503,
                "the daemon's loop has stood still for 72 s\n",
            )
            silent[0] = 0.0
            path.write_bytes(b"no store at all, but long enough to be looked at" * 100)
            lost = client.get("/healthz")
            assert (lost.status_code, lost.text) == (503, "the store does not answer\n")
    finally:
        server.stop()
