"""Mail by a real server on loopback: what arrives, who was refused, and servers that misbehave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from crawler.config.model import Channel, Smtp
from crawler.errors import ConfigError, NotDelivered
from crawler.notices.content import letterhead, trial_content
from crawler.notices.mail import mail
from crawler.notices.smtp import send_mail
from tests.notices.making import NOON, channel
from tests.notices.servers import (
    Certificate,
    Mailbox,
    authenticator,
    certificate,
    mail_server,
    odd_server,
    parsed,
)

TO = ("an@example.vn", "binh@example.vn")
KEY = "0b8c1d1e-0000-4000-8000-000000000001"


def content(**named: Any) -> dict[str, Any]:
    return trial_content(letterhead(channel(), KEY, None, NOON)) | named


def mailing(port: int, *, seconds: float = 20, private: bool = True, **named: Any) -> Channel:
    way = Smtp("127.0.0.1", port, "none", "diembao@example.vn", TO)
    return channel(
        way=replace(way, **named), allow_private_addresses=private, timeout=timedelta(seconds=seconds)
    )


@pytest.fixture(scope="module")
def box() -> Iterator[Mailbox]:
    with mail_server() as served:
        yield served


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate(tmp_path_factory.mktemp("tls"))


def test_a_mail_arrives_in_both_forms_with_the_headers_that_mailing_programs_need(box: Mailbox) -> None:
    box.taken.clear()
    assert send_mail(mailing(box.port), content(), None) is None
    (recipients, raw), mailed = box.taken[0], box.mails[0]
    assert recipients == list(TO)
    assert mailed["Subject"] == "[Điểm báo] Tin thử cho kênh ban"
    assert mailed["Message-ID"] == f"<{KEY}@example.vn>"
    assert mailed["List-Id"] == "<ban.diembao.example.vn>"
    assert mailed["Auto-Submitted"] == "auto-generated"
    assert mailed["Date"].datetime == NOON
    assert mailed.get_content_type() == "multipart/alternative"
    text, html = [part.get_content() for part in mailed.iter_parts()]
    assert "tiếng Việt có dấu đầy đủ" in text
    assert "tiếng Việt có dấu đầy đủ" in html
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    assert raw.isascii()


def test_no_subject_breaks_out_of_its_header() -> None:
    wicked = "Tin\r\nBcc: x@evil.example\n\n<script>\u2028\x00 " + "đ" * 500
    mailed = mail(content(subject=wicked), "diembao@example.vn", TO)
    again = parsed(mailed.as_bytes())
    assert again["Bcc"] is None
    assert again["Subject"].startswith("Tin Bcc: x@evil.example <script>")
    assert set(again.keys()) == set(mailed.keys())


@pytest.mark.parametrize("before", range(0, 70, 3))
def test_no_subject_loses_a_space_where_its_line_is_folded(before: int) -> None:
    told = f"{'x' * before} Phong trào toàn dân bảo vệ ANTQ: Giáo xứ bình yên bên dòng sông Rào Cái"
    raw = mail(content(subject=told), "diembao@example.vn", TO).as_bytes()
    assert parsed(raw)["Subject"] == told.strip()
    assert max(map(len, raw.split(b"\r\n"))) <= 78


def test_the_same_content_is_the_same_mail_at_every_attempt() -> None:
    assert mail(content(), "a@x.vn", TO).as_bytes() == mail(content(), "a@x.vn", TO).as_bytes()


def test_who_is_put_off_is_tried_again_alone_and_who_is_refused_is_told(box: Mailbox) -> None:
    box.taken.clear()
    box.refused = {"an@example.vn": ["451 4.7.1 greylisted, come back"], "binh@example.vn": []}
    with pytest.raises(NotDelivered, match="greylisted") as caught:
        send_mail(mailing(box.port), content(), None)
    assert (caught.value.for_good, caught.value.remaining) == (False, ("an@example.vn",))
    assert send_mail(mailing(box.port), content(), ("an@example.vn",)) is None
    assert [to for to, _ in box.taken] == [["binh@example.vn"], ["an@example.vn"]]
    box.refused = {"an@example.vn": ["550 5.1.1 nobody here"]}
    assert send_mail(mailing(box.port), content(), None) == "an@example.vn: 550 5.1.1 nobody here"


def test_who_is_put_off_and_struck_from_the_channel_meanwhile_is_tried_no_more() -> None:
    assert send_mail(mailing(1), content(), ("cu@example.vn",)) is None


def test_what_everybody_refuses_is_refused_for_good(box: Mailbox) -> None:
    box.refused = {one: ["550 5.1.1 nobody here"] for one in TO}
    with pytest.raises(NotDelivered, match=r"an@example.vn: 550 .*binh@example.vn: 550") as caught:
        send_mail(mailing(box.port), content(), None)
    assert caught.value.for_good


@pytest.mark.parametrize(("answer", "for_good"), [("452 4.3.1 full", False), ("554 5.7.1 spam", True)])
def test_the_servers_last_word_counts(box: Mailbox, answer: str, for_good: bool) -> None:
    box.answers = [answer]
    with pytest.raises(NotDelivered, match=answer) as caught:
        send_mail(mailing(box.port), content(), None)
    assert caught.value.for_good == for_good


def test_a_password_is_sent_by_starttls_alone(certified: Certificate, tmp_path: Path) -> None:
    password = tmp_path / "password"
    password.write_text("mat khau 9\n", encoding="utf-8")
    password.chmod(0o600)
    named: dict[str, Any] = {"require_starttls": True, "auth_required": True}
    named |= {"tls_context": certified.context, "authenticator": authenticator("db", "mat khau 9")}
    with mail_server(**named) as served:
        way: dict[str, Any] = {
            "security": "starttls",
            "user": "db",
            "password_file": password,
            "ca_file": certified.path,
        }
        assert send_mail(mailing(served.port, **way), content(), None) is None
        assert (served.tls, served.login) == (True, "db")
        with pytest.raises(NotDelivered, match="its certificate is not believed") as caught:
            send_mail(mailing(served.port, **way | {"ca_file": None}), content(), None)
        assert not caught.value.for_good
        password.write_text("wrong wrong", encoding="utf-8")
        with pytest.raises(NotDelivered, match="does not know user and password: 535") as caught:
            send_mail(mailing(served.port, **way), content(), None)
        assert "wrong" not in str(caught.value)
        assert not caught.value.for_good


def test_tls_from_the_first_octet(certified: Certificate) -> None:
    with mail_server(certified.context) as served:
        sent = send_mail(mailing(served.port, security="tls", ca_file=certified.path), content(), None)
        assert sent is None
        assert served.tls


def test_nothing_goes_in_the_clear_where_starttls_was_asked_for(box: Mailbox) -> None:
    box.taken.clear()
    with pytest.raises(NotDelivered, match="offers no STARTTLS, and nothing is sent in the clear"):
        send_mail(mailing(box.port, security="starttls"), content(), None)
    assert box.taken == []


def test_a_password_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    password = tmp_path / "password"
    password.write_text("hush hush")
    password.chmod(0o640)
    with pytest.raises(ConfigError, match=r"password_file .*: others can read it; `chmod 600` it"):
        send_mail(mailing(1, security="tls", user="db", password_file=password), content(), None)


@pytest.mark.parametrize(
    ("said", "then", "expected"),
    [
        (b"", "close", "closed the connection half-way"),
        (b"220 hello\r\n", "close", "closed the connection half-way"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "close", "127.0.0.1:"),
        (b"\x15\x03\x01\x00\x02\x02\x46\xff\xfe garbage \r\n", "close", "127.0.0.1:"),
        (b"554 5.7.1 go away\r\n", "close", "554 5.7.1 go away"),
        (b"220 " + b"x" * 10_000 + b"\r\n", "close", "127.0.0.1:"),
        (b"", "hang", "did not take the mail in 0.3 s"),
        (b"220 hello\r\n", "hang", "did not take the mail in 0.3 s"),
    ],
)
def test_a_server_that_misbehaves_fails_in_one_line(said: bytes, then: str, expected: str) -> None:
    with odd_server(said, then=then) as port, pytest.raises(NotDelivered, match=expected) as caught:
        send_mail(mailing(port, seconds=0.3 if then == "hang" else 20), content(), None)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("security", ["none", "tls", "starttls"])
def test_a_server_that_drips_is_left_when_the_time_is_over(security: str) -> None:
    begun = monotonic()
    with odd_server(b"220-hello\r\n220-", then="hang", drip=True) as port, pytest.raises(NotDelivered):
        send_mail(mailing(port, seconds=0.4, security=security), content(), None)
    assert monotonic() - begun < 5


def test_no_private_address_is_sent_to_unless_the_channel_says_so(box: Mailbox) -> None:
    with pytest.raises(NotDelivered, match="if that is meant, set allow_private") as caught:
        send_mail(mailing(box.port, private=False), content(), None)
    assert caught.value.for_good


def test_nobody_at_that_port_is_told_in_one_line() -> None:
    with odd_server(b"") as port:
        pass
    with pytest.raises(NotDelivered, match=rf"127.0.0.1:{port} cannot be reached: Connection refused"):
        send_mail(mailing(port), content(), None)
