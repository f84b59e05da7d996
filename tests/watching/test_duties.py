"""The daemon's duties: one that fails is told, and stops neither the others nor the watch."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from threading import Thread

import pytest

from crawler.config import load
from crawler.config.model import Config
from crawler.watching import daemon as daemon_module
from crawler.watching.daemon import Daemon, DaemonOrder
from storage.store import Store
from tests.waiting import wait_until
from tests.watching.daemons import DaemonProcess
from tests.watching.fakes import PATIENCE, fake_command


class Counting:
    """A duty that counts what it is asked."""

    def __init__(self, name: str, tick: Callable[[], None] = lambda: None) -> None:
        self.name = name
        self.asked: list[str] = []
        self._tick = tick

    def tick(self, store: Store, now: datetime) -> None:
        """Count, and do what was given."""
        self.asked.append("tick")
        self._tick()

    def reload(self, config: Config) -> None:
        """Count."""
        self.asked.append("reload")

    def ask_to_end(self) -> None:
        """Count."""
        self.asked.append("end")

    def kill(self) -> None:
        """Count."""
        self.asked.append("kill")


@pytest.mark.slow
def test_a_duty_that_fails_stops_neither_the_others_nor_the_watch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise RuntimeError("the cellar is flooded")

    failing, well = Counting("sweeping", fail), Counting("mending")
    monkeypatch.setattr(daemon_module, "duties", lambda *_: (failing, well))
    made = DaemonProcess(tmp_path)
    made.configure(["quick"])
    daemon = Daemon(DaemonOrder(page=False, command=fake_command))
    thread = Thread(target=daemon.run, args=(load(made.config),))
    thread.start()
    try:
        made.crawled("quick")
        daemon.reload()
        wait_until(lambda: "reload" in well.asked, PATIENCE, "the configuration was read again")
    finally:
        daemon.stop(15)
        thread.join(PATIENCE)

    assert failing.asked[0] == well.asked[0] == "tick"
    assert failing.asked[-2:] == well.asked[-2:] == ["end", "kill"]
    assert caplog.text.count("sweeping failed: ") == 1
    assert "the cellar is flooded" in caplog.text
