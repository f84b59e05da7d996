"""The daemon tells people by a process of its own, whenever there is something to note or to send."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from crawler.config.hidden import Hidden
from crawler.config.model import Webhook
from crawler.notices.running import run
from crawler.watching.notifying import EVERY, Notifying
from storage.store import Store
from tests.notices.making import MAIL, NOON, at, channel, config, proof, put
from tests.notices.servers import mail_server
from tests.waiting import wait_until
from tests.watching.daemons import DaemonProcess
from tests.watching.fakes import PATIENCE


class Seconds:
    """A monotonic clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_it_is_wanted_when_something_happened_is_due_or_failed(tmp_path: Path) -> None:
    told, asked, clock = config(tmp_path, channel()), list[tuple[str, ...]](), Seconds()

    def program(*line: str) -> tuple[str, ...]:
        asked.append(line)
        return (sys.executable, "-c", "")

    duty = Notifying(program, told, clock)
    with Store.open(told.store_path) as store:

        def wants(now: datetime) -> bool:
            clock.now += EVERY
            before = len(asked)
            duty.tick(store, now)

            def ended() -> bool:
                duty.tick(store, now)
                return not duty._errand.busy

            wait_until(ended, PATIENCE, "it ended")
            run(store, told, lambda: now, lambda *_: None)
            return len(asked) > before

        assert wants(NOON)  # the channel begins
        assert not wants(NOON + timedelta(minutes=1))
        put(store, [1], [proof(1.0)])
        assert wants(NOON + timedelta(minutes=2))  # it is noted
        assert not wants(NOON + timedelta(minutes=3))
        assert wants(at("16:30"))  # the digest
        assert not wants(at("16:31"))
        duty.ask_to_end()
        duty.kill()
    assert set(asked) == {("notify", "run", "--recorded", "--folder", str(tmp_path))}


def test_without_channels_nothing_is_started(tmp_path: Path) -> None:
    told = config(tmp_path)
    with Store.open(told.store_path) as store:
        put(store, [1], [proof(9.0)])
        Notifying(lambda *_: ("/nowhere/at/all",), told).tick(store, NOON)


@pytest.mark.slow
def test_a_real_daemon_sends_what_is_flagged(tmp_path: Path) -> None:
    daemon = DaemonProcess(tmp_path)
    with mail_server() as box, daemon:
        channels = (
            f'[channels.ban]\nkind = "smtp"\nhost = "127.0.0.1"\nport = {box.port}\nsecurity = "none"\n'
            'from = "diembao@example.vn"\nto = "an@example.vn"\nallow_private_addresses = true\nat_once = 0\n'
            "digest = []\n"
        )
        daemon.configure({}, extra=channels)
        daemon.start()
        daemon.hears("notices: 0 sent")  # it has begun
        daemon.hears("judged by these rules")  # which would take away flags that are of no rule
        with Store.open(daemon.store) as store:
            put(store, [1], [proof(9.0)])
        try:
            wait_until(lambda: len(box.taken) > 0, 2 * PATIENCE, "a mail came")
        except AssertionError:
            pytest.fail(f"no mail came: {daemon.log}")
        daemon.hears("notices: 1 sent")
        assert daemon.end() == 143
    assert box.mails[0]["Subject"].startswith("[Điểm báo] 1 bài ")


def test_secrets_that_cannot_be_read_are_told_when_the_daemon_starts_and_when_it_is_told_anew(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    hook = Webhook(
        Hidden("https://he-thong.example.vn/", "https://he-thong.example.vn/"),
        tmp_path / "hook",
        tmp_path / "token",
    )
    mail = replace(MAIL, user="an", password_file=tmp_path / "password")
    ways = channel(way=mail), channel(name="hook", way=hook), channel(name="off", way=mail, enabled=False)
    told = config(tmp_path, *ways)
    (tmp_path / "hook").write_text("short")
    (tmp_path / "hook").chmod(0o600)
    duty = Notifying(lambda *line: line, told)
    said = [record.getMessage() for record in caplog.records]
    assert said == [
        f"channels.ban.password_file {tmp_path}/password: cannot be read: No such file or directory",
        f"channels.hook.secret_file {tmp_path}/hook: must hold one line of at least 20 characters",
        f"channels.hook.token_file {tmp_path}/token: cannot be read: No such file or directory",
    ]
    caplog.clear()
    duty.reload(config(tmp_path, channel(name="hook", way=hook)))
    assert len(caplog.records) == 2
