"""`diembao notify` from the terminal: channels tried, messages sent, looked at, listed and tried again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.times import utc_now
from storage.records import Dating
from storage.store import Store
from tests.cli.conftest import CONFIG, Run
from tests.making import article, keep
from tests.notices.making import proof
from tests.notices.servers import Mailbox, mail_server

MAIL = """
[notices]
digest = []
at_once = 0
[channels.ban]
kind = "smtp"
host = "127.0.0.1"
port = {port}
security = "none"
from = "diembao@example.vn"
to = "an@example.vn"
allow_private_addresses = true
[channels.nha]
kind = "webhook"
url = "http://127.0.0.1:9/s3cr3t"
secret_file = "khong_co"
enabled = {hook}
"""


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mail_server() as served:
        yield served


def configure(folder: Path, port: int, hook: str = "false") -> None:
    (folder / "config.toml").write_text(CONFIG + MAIL.format(port=port, hook=hook), encoding="utf-8")


def publish(folder: Path, number: int) -> None:
    now = utc_now()
    with Store.open(folder / "store.sqlite") as store:
        keep(store, [replace(article(number), published=Dating(now, "minute", "meta"))], [proof()])


def test_each_channel_is_tried_and_told_of(run: Run, filled: Path, box: Mailbox) -> None:
    configure(filled, box.port)
    ran = run("notify", "test")
    assert (ran.code, ran.out, ran.err) == (0, "ban: sent\n", "")
    assert box.mails[0]["Subject"] == "[Điểm báo] Tin thử cho kênh ban"
    configure(filled, box.port, hook="true")
    ran = run("notify", "test", "--json")
    assert ran.code == 3
    assert [(one["channel"], one["arrived"]) for one in ran.json] == [("ban", True), ("nha", False)]
    assert "secret_file" in ran.json[1]["trouble"]
    assert "s3cr3t" not in ran.out
    assert run("notify", "test", "nha").code == 1


def test_a_run_sends_what_is_new_once(run: Run, filled: Path, box: Mailbox) -> None:
    configure(filled, box.port)
    assert run("notify", "run").err == "0 sent\n"
    publish(filled, 7)
    ran = run("notify", "run")
    assert (ran.code, ran.err) == (0, "1 sent\n")
    assert run("notify", "run").err == "0 sent\n"
    assert len(box.taken) == 1
    (told,) = run("notify", "list", "--json").json
    assert (told["state"], told["attempts"], told["channel"]) == ("sent", 1, "ban")
    assert "notices:" not in run("status").err


def test_what_is_refused_is_complained_of_and_sent_after_all(run: Run, filled: Path, box: Mailbox) -> None:
    configure(filled, box.port)
    run("notify", "run")
    publish(filled, 7)
    box.refused = {"an@example.vn": ["550 5.1.1 nobody here"]}
    ran = run("notify", "run")
    assert (ran.code, ran.err) == (1, "ban: refused (an@example.vn: 550 5.1.1 nobody here)\n")
    assert "an@example.vn: 550 5.1.1 nobody here" in run("notify", "list", "--failed").out
    status = run("status")
    assert status.code == 4
    assert "notices: ban: a message never arrived (an@example.vn: 550 5.1.1 nobody here)" in status.err
    assert run("notify", "retry", "99").code == 2
    assert run("notify", "retry").err == "1 messages are tried again\n"
    assert run("notify", "run").err == "1 sent\n"
    assert run("notify", "retry", "1").err.startswith("diembao: message 1 did not fail")


def test_a_preview_shows_what_would_be_sent_and_sends_nothing(run: Run, filled: Path, box: Mailbox) -> None:
    configure(filled, box.port)
    text = run("notify", "preview", "--since", "2020-01-01")
    assert text.code == 0
    assert "«đình công»" in text.out
    assert "<mark" in run("notify", "preview", "--since", "2020-01-01", "--html").out
    told = run("notify", "preview", "--since", "2020-01-01", "--json").json
    assert told["counts"]["all"] == 3
    assert run("notify", "preview", "ban", "--json").json["counts"]["all"] == 0
    nothing = run("notify", "preview", "ban")
    assert (nothing.code, nothing.out) == (0, "")
    assert nothing.err == "ban has nothing to tell now: no such message would be sent\n"
    assert "Vẫn chạy" in run("notify", "preview", "ban", "--kind", "weekly").out
    assert run("notify", "list", "--json").json == []
    assert box.taken == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["test", "banh"], "there is no channel 'banh'; did you mean ban?"),
        (["preview", "banh"], "there is no channel 'banh'; did you mean ban?"),
        (["preview", "--kind", "digset"], "there is no kind of message 'digset'; did you mean digest?"),
        (["preview", "--since", "hôm qua"], "'hôm qua' is no day"),
    ],
)
def test_what_does_not_exist_is_named(run: Run, filled: Path, line: list[str], said: str) -> None:
    configure(filled, 25)
    ran = run("notify", *line)
    assert ran.code == 2
    assert said in ran.err


def test_without_channels_the_way_to_have_one_is_told(run: Run, filled: Path) -> None:
    ran = run("notify", "test")
    assert ran.code == 2
    assert "there is no channel; write a table [channels.NAME] (docs/notices.md)" in ran.err
    assert run("notify", "run").code == 0
