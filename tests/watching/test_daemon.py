"""The daemon as a process: its schedule, its end, its second self, its configuration."""

from __future__ import annotations

import json
import signal
import socket
import sqlite3
import time
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from crawler.times import utc_now
from crawler.watching.pulse import daemon_trouble
from storage.journal import Sought
from storage.store import Store
from tests.waiting import wait_until
from tests.watching.daemons import DaemonProcess
from tests.watching.fakes import PATIENCE, alive, number_of

pytestmark = pytest.mark.slow


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[DaemonProcess]:
    with DaemonProcess(tmp_path) as made:
        yield made


def test_a_restart_does_not_crawl_early(daemon: DaemonProcess) -> None:
    daemon.configure(["quick_one"])
    daemon.start().crawled("quick_one")
    assert daemon.end() == 143
    daemon.configure(["quick_one", "quick_two"])
    daemon.start().crawled("quick_two")
    daemon.end()
    assert len(daemon.runs("quick_one")) == 1


def test_a_source_is_crawled_again_when_its_time_has_come(daemon: DaemonProcess) -> None:
    daemon.configure({"quick": "1s"})
    daemon.start().crawled("quick", 3)
    starts = [run.started_at for run in daemon.runs("quick")]
    assert all((later - earlier).total_seconds() >= 1 for later, earlier in pairwise(starts))


def test_a_crawl_cut_short_by_a_restart_is_taken_up_at_once(daemon: DaemonProcess) -> None:
    daemon.configure(["begun"])
    daemon.start()
    number_of(daemon.folder, "begun")
    assert daemon.end() == 143
    (run,) = daemon.runs("begun")
    assert run.report.outcome == "stopped"
    daemon.start()
    wait_until(lambda: len(daemon.runs("begun")) == 2, PATIENCE, "it is crawled again")


def test_the_children_of_a_killed_daemon_die_and_their_runs_are_taken_up(daemon: DaemonProcess) -> None:
    daemon.configure(["begun", "hanging"])
    daemon.start()
    numbers = [number_of(daemon.folder, "begun"), number_of(daemon.folder, "hanging")]
    daemon.end(signal.SIGKILL)
    wait_until(lambda: not any(alive(number) for number in numbers), PATIENCE, "the children are gone")
    assert daemon.runs("begun")[0].report.outcome == "running"
    daemon.start()
    wait_until(lambda: len(daemon.runs("begun")) == 2, PATIENCE, f"it is taken up: {daemon.log}")
    assert [run.report.outcome for run in daemon.runs("begun")] == ["running", "interrupted"]


def test_a_killed_crawl_is_taken_up_by_the_same_daemon(daemon: DaemonProcess) -> None:
    daemon.configure(["vanishing"])
    daemon.start().crawled("vanishing", 2)
    assert {run.report.outcome for run in daemon.runs("vanishing")} == {"interrupted"}


def test_a_stop_takes_less_than_ten_seconds_whatever_the_crawls_do(daemon: DaemonProcess) -> None:
    daemon.configure(["begun", "stubborn", "spinning", "family"])
    daemon.start()
    numbers = [
        number_of(daemon.folder, name) for name in ("begun", "stubborn", "spinning", "family_grandchild")
    ]
    begun = time.monotonic()
    assert daemon.end(signal.SIGTERM, 10) == 143
    assert time.monotonic() - begun < 10
    wait_until(lambda: not any(alive(number) for number in numbers), PATIENCE, "nobody is left")
    assert daemon.runs("begun")[0].report.outcome == "stopped"
    assert "Traceback" not in daemon.log


def test_crawls_that_end_when_asked_to_are_not_waited_for_longer(daemon: DaemonProcess) -> None:
    daemon.configure(["begun", "hanging"])
    daemon.start()
    number_of(daemon.folder, "begun"), number_of(daemon.folder, "hanging")
    assert daemon.end(signal.SIGINT, 5) == 130


def test_a_second_signal_ends_everything_at_once(daemon: DaemonProcess) -> None:
    daemon.configure(["stubborn"])
    daemon.start()
    number = number_of(daemon.folder, "stubborn")
    daemon.send(signal.SIGTERM)
    daemon.hears("stopping, 1 crawls")
    assert daemon.end(signal.SIGTERM, 3) == 143
    wait_until(lambda: not alive(number), 3, "the child is gone")


def test_a_second_daemon_on_one_store_is_refused(daemon: DaemonProcess) -> None:
    daemon.configure(["quick"])
    daemon.start()
    other = DaemonProcess(daemon.folder)
    with other:
        other.start(until="Error: ")
        assert other.wait() == 1
    assert f"another daemon watches this store; stop it first (process {daemon.pid})" in daemon.log
    assert alive(daemon.pid)


def test_a_new_configuration_is_taken_over_and_said_line_by_line(daemon: DaemonProcess) -> None:
    daemon.configure({"quick_one": "1h"})
    daemon.start().crawled("quick_one")
    daemon.configure({"quick_one": "2h", "quick_two": "1h"})
    daemon.send(signal.SIGHUP)
    daemon.crawled("quick_two")
    for line in ("sources.quick_one.every: 1:00:00 → 2:00:00", "sources.quick_two: added"):
        assert line in daemon.log
    daemon.send(signal.SIGHUP)
    daemon.hears("config.toml: nothing changed")


def test_what_only_a_start_can_change_is_said_and_not_done(daemon: DaemonProcess) -> None:
    daemon.configure({"quick": "1s"})
    daemon.start().crawled("quick")
    moved = daemon.config.read_text().replace("a.sqlite", "b.sqlite") + "[review]\nport = 4711\n"
    daemon.config.write_text(moved)
    daemon.send(signal.SIGHUP)
    daemon.hears("review.port: 8765 → 4711 (at the next start)")
    assert "b.sqlite (at the next start)" in daemon.log
    daemon.crawled("quick", len(daemon.runs("quick")) + 1)
    assert not (daemon.folder / "b.sqlite").exists()


@pytest.mark.parametrize(
    ("extra", "why"),
    [
        ("[sources.neu]\nhom = 'x'\n", "unknown key sources.neu.hom; did you mean home?"),
        ("[rules.r]\nquery = '(('\n", "rules.r: line 1, column"),
        ("[[[", "is not TOML"),
    ],
)
def test_a_broken_configuration_is_refused_and_reaches_no_crawl(
    daemon: DaemonProcess, extra: str, why: str
) -> None:
    daemon.configure({"citing": "1s"})
    daemon.start().crawled("citing")
    before = daemon.config.read_text()
    daemon.config.write_text(before + extra)
    daemon.send(signal.SIGHUP)
    daemon.hears("the new configuration is refused, the old one stays in force")
    assert why in daemon.log
    daemon.crawled("citing", len(daemon.runs("citing")) + 2)
    log = (daemon.folder / "logs" / "citing.log").read_text()
    assert log.count(before.splitlines()[-1]) >= 3
    assert extra.splitlines()[0] not in log


def test_two_sources_of_one_host_are_never_crawled_together(daemon: DaemonProcess) -> None:
    daemon.configure({"short_a": "1s", "short_b": "1s"})
    text = daemon.config.read_text().replace("https://short-b.example", "https://short-a.example/b")
    daemon.config.write_text(text)
    (daemon.folder / "short_b.host").write_text("short-a.example")
    daemon.start().crawled("short_a", 2)
    daemon.crawled("short_b", 2)
    daemon.end()
    runs = sorted([*daemon.runs("short_a"), *daemon.runs("short_b")], key=lambda run: run.started_at)
    assert {run.report.outcome for run in runs} <= {"done", "stopped"}
    for earlier, later in pairwise(runs):
        assert earlier.ended_at is not None
        assert earlier.ended_at <= later.started_at


def test_one_sources_trouble_does_not_stop_another(daemon: DaemonProcess) -> None:
    daemon.configure({"stubborn": "1s", "crashing": "1s", "busy": "1s", "quick": "1s"})
    daemon.start().crawled("quick", 4)
    assert daemon.runs("crashing")[0].report.trouble == (
        "its process ended with code 1 and no report: KeyError: 'href'"
    )
    assert daemon.log.count("busy: another crawl is at busy.example; tried again in a minute") == 1


def test_a_crawl_past_its_deadline_is_killed_and_recorded(daemon: DaemonProcess) -> None:
    daemon.configure(["hanging"], crawl='deadline = "1s"')
    daemon.start().crawled("hanging")
    report = daemon.runs("hanging")[0].report
    assert (report.outcome, report.trouble) == ("killed", "still running at its deadline of 1s")
    assert report.counts["found"] == 3


def test_a_store_that_is_locked_for_a_while_is_told_and_tried_again(daemon: DaemonProcess) -> None:
    daemon.configure({"quick": "1s"})
    daemon.start().crawled("quick")
    other = sqlite3.connect(daemon.store, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        daemon.hears("the store cannot be used now, tried again every second")
        other.execute("ROLLBACK")
    finally:
        other.close()
    daemon.hears("the trouble is over")
    daemon.crawled("quick", len(daemon.runs("quick")) + 1)
    assert daemon.log.count("the store cannot be used now") == 1


def test_a_stop_while_the_store_is_locked_takes_less_than_ten_seconds(daemon: DaemonProcess) -> None:
    daemon.configure(["stubborn", "begun"])
    daemon.start()
    number_of(daemon.folder, "stubborn"), number_of(daemon.folder, "begun")
    other = sqlite3.connect(daemon.store, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        assert daemon.end(signal.SIGTERM, 10) == 143
    finally:
        other.close()


def test_the_page_is_served_and_its_address_told(daemon: DaemonProcess) -> None:
    daemon.configure(["quick"])
    daemon.start("--port", "0", until="the review page is at ")
    url = daemon.log.partition("the review page is at ")[2].split()[0]
    for place, told in (
        ("", b"<html"),
        ("healthz", b"ok"),
        ("metrics", b"diembao_daemon_silence_seconds 0."),
    ):
        with urllib.request.urlopen(url + place, timeout=PATIENCE) as answer:
            assert told in answer.read()
    assert daemon_trouble(daemon.store, utc_now()) is None
    assert daemon.end() == 143
    assert "no daemon" in str(daemon_trouble(daemon.store, utc_now()))


def test_the_health_of_sources_and_the_daemons_own_life_are_recorded(daemon: DaemonProcess) -> None:
    daemon.configure(["quick"], extra='[log]\nformat = "json"\nfile = "daemon.log"\n')
    daemon.start().crawled("quick")
    with Store.open(daemon.store) as store:
        wait_until(lambda: bool(store.states.of("quick")), PATIENCE, "its health is recorded")
        assert daemon.end() == 143
        assert [change.state for change in store.states.of("quick")] == ["well"]
        found = store.journal.find(Sought(utc_now() - timedelta(hours=1), 9))
    assert [one.kind for one in found] == ["daemon-started", "crawl", "state", "daemon-stopped"]
    told = [json.loads(line)["event"] for line in daemon.log.splitlines()]
    assert [event for event in told if event != "note"] == ["crawl-started", "crawl", "state"]


def test_a_port_in_use_is_told_before_anything_is_started(daemon: DaemonProcess) -> None:
    daemon.configure(["quick"])
    with socket.create_server(("127.0.0.1", 0)) as taken:
        daemon.start("--port", str(taken.getsockname()[1]), until="Error: ")
        assert daemon.wait() == 1
    assert "the port is in use" in daemon.log
    assert daemon.runs("quick") == ()


def test_every_line_of_the_log_bears_the_time_of_vietnam(daemon: DaemonProcess) -> None:
    daemon.configure(["quick", "crashing"])
    daemon.start().crawled("quick")
    daemon.crawled("crashing")
    daemon.end()
    lines = daemon.log.splitlines()
    assert len(lines) > 6
    assert all(line[19:26] == "+07:00 " for line in lines)
    assert any("WARNING: crashing: failed in " in line for line in lines)
    assert any(line.endswith("quick: done in 0s: found 3, new 1, kept 1") for line in lines)


RULES = """
[rules.mua]
label = "Mưa"
query = "{word}"
expect = ["{word} to ở miền núi"]
"""


def test_a_changed_rule_is_noticed_told_and_applied(daemon: DaemonProcess) -> None:
    daemon.configure(["quick"], extra=RULES.format(word="mưa"))
    daemon.start().hears("what is stored is judged by these rules")
    daemon.configure(["quick"], extra=RULES.format(word="nắng"))
    daemon.hears("config.toml: rules.mua.query: mưa → nắng")
    daemon.hears("what is stored is judged by these rules", times=2)
    assert daemon.end() == 143


def test_a_rule_that_fails_its_own_text_stays_out_of_force(daemon: DaemonProcess) -> None:
    daemon.configure(["quick"], extra=RULES.format(word="mưa"))
    daemon.start().hears("what is stored is judged by these rules")
    daemon.configure(["quick"], extra=RULES.format(word="mưa") + 'reject = ["Mưa rào"]\n')
    daemon.hears("the new configuration is refused, the old one stays in force: rules.mua: reject 1")
    assert daemon.end() == 143
