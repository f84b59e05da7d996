"""Signed webhooks to a real receiver on loopback: what it gets, what its answers mean, where we do not go."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from crawler.config.hidden import Hidden, hidden_url
from crawler.config.model import Channel, Webhook
from crawler.errors import ConfigError, NotDelivered
from crawler.notices.content import letterhead, trial_content
from crawler.notices.webhook import post
from tests.notices.making import NOON, channel
from tests.notices.servers import Hook, certificate, hook_server, odd_server

SECRET = "a-secret-of-more-than-twenty-letters"
CONTENT = trial_content(letterhead(channel(), "key-1", None, NOON))
SECONDS = 1_795_400_000


@pytest.fixture(scope="module")
def hook() -> Iterator[Hook]:
    with hook_server() as served:
        yield served


@pytest.fixture
def secret_file(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_text(SECRET + "\n")
    path.chmod(0o600)
    return path


def hooked(
    url: str, secret_file: Path, *, private: bool = True, seconds: float = 20, **named: Any
) -> Channel:
    way = Webhook(hidden_url(url), secret_file, **named)
    return channel(way=way, allow_private_addresses=private, timeout=timedelta(seconds=seconds))


def test_the_receiver_gets_signed_json_that_it_can_verify_by_itself(hook: Hook, secret_file: Path) -> None:
    hook.got.clear()
    token = secret_file.with_name("token")
    token.write_text("tok-123")
    token.chmod(0o600)
    named: dict[str, Any] = {"headers": {"X-Room": Hidden("5", "…")}, "token_file": token}
    post(hooked(hook.url, secret_file, **named), CONTENT, SECONDS)
    path, headers, body = hook.got[0]
    assert path == "/in?key=s3cr3t"
    told = dict(part.split("=", 1) for part in headers["x-diembao-signature"].split(","))
    signed = f"{told['t']}.".encode() + body
    assert told["v1"] == hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert int(told["t"]) == SECONDS
    assert json.loads(body) == CONTENT
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert headers["idempotency-key"] == headers["x-diembao-delivery"] == "key-1"
    assert (headers["x-room"], headers["authorization"]) == ("5", "Bearer tok-123")
    assert headers["host"] == f"127.0.0.1:{hook.port}"


def test_a_retry_says_the_same_under_the_same_key(hook: Hook, secret_file: Path) -> None:
    hook.got.clear()
    for seconds in (SECONDS, SECONDS + 60):
        post(hooked(hook.url, secret_file), CONTENT, seconds)
    (_, first, body), (_, second, again) = hook.got
    assert (first["idempotency-key"], body) == (second["idempotency-key"], again)
    assert first["x-diembao-signature"] != second["x-diembao-signature"]


@pytest.mark.parametrize(
    ("status", "for_good"),
    [
        (400, True),
        (401, True),
        (404, True),
        (410, True),
        (408, False),
        (429, False),
        (500, False),
        (503, False),
    ],
)
def test_what_an_answer_means(hook: Hook, secret_file: Path, status: int, for_good: bool) -> None:
    hook.answers = [(status, {}, "chưa được\n\x1b[31m".encode())]
    with pytest.raises(NotDelivered, match=rf"^127.0.0.1 answered {status}: chưa được \[31m$") as caught:
        post(hooked(hook.url, secret_file), CONTENT, SECONDS)
    assert caught.value.for_good == for_good


def test_no_redirect_is_followed(hook: Hook, secret_file: Path) -> None:
    hook.got.clear()
    hook.answers = [(307, {"Location": f"http://127.0.0.1:{hook.port}/elsewhere"}, b"")]
    with pytest.raises(NotDelivered, match="answered 307; no redirect is followed"):
        post(hooked(hook.url, secret_file), CONTENT, SECONDS)
    assert len(hook.got) == 1


def test_no_private_address_is_gone_to_unless_the_channel_says_so(hook: Hook, secret_file: Path) -> None:
    hook.got.clear()
    with pytest.raises(NotDelivered, match="leads to the private address") as caught:
        post(hooked(hook.url, secret_file, private=False), CONTENT, SECONDS)
    assert caught.value.for_good
    assert hook.got == []


def test_a_name_that_leads_into_the_house_is_refused_and_asked_for_once(
    hook: Hook, secret_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def rebinding(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        address = "93.184.215.14" if not asked[1:] else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    connected: list[Any] = []

    def connect(self: socket.socket, place: Any) -> None:
        connected.append(place)
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr("socket.getaddrinfo", rebinding)
    monkeypatch.setattr("socket.socket.connect", connect)
    with pytest.raises(NotDelivered, match="cannot be reached"):
        post(hooked("https://hook.example.vn/", secret_file, private=False), CONTENT, SECONDS)
    assert (asked, connected) == (["hook.example.vn"], [("93.184.215.14", 443)])
    with pytest.raises(NotDelivered, match=r"leads to the private address 127.0.0.1"):
        post(hooked("https://hook.example.vn/", secret_file, private=False), CONTENT, SECONDS)
    assert len(connected) == 1


def test_https_is_checked_by_name_and_authority(tmp_path: Path, secret_file: Path) -> None:
    trusted, other = certificate(tmp_path), certificate(tmp_path, "127.0.0.2")
    with hook_server(trusted.context) as served:
        url = f"https://127.0.0.1:{served.port}/"
        post(hooked(url, secret_file, ca_file=trusted.path), CONTENT, SECONDS)
        assert len(served.got) == 1
        for believed in (None, other.path):
            with pytest.raises(NotDelivered, match="is not believed"):
                post(hooked(url, secret_file, ca_file=believed), CONTENT, SECONDS)
    with (
        hook_server(other.context) as served,
        pytest.raises(NotDelivered, match="is not believed"),
    ):
        post(hooked(f"https://127.0.0.1:{served.port}/", secret_file, ca_file=other.path), CONTENT, SECONDS)


@pytest.mark.parametrize(
    ("said", "then"),
    [
        (b"", "close"),
        (b"SSH-2.0-OpenSSH_9\r\n", "close"),
        (b"HTTP/1.1 2", "close"),
        (b"", "hang"),
    ],
)
def test_a_receiver_that_misbehaves_fails_in_one_line_without_a_secret(
    said: bytes, then: str, secret_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with odd_server(said, then=then) as port, pytest.raises(NotDelivered) as caught:
        post(hooked(f"http://127.0.0.1:{port}/s3cr3t", secret_file, seconds=0.5), CONTENT, SECONDS)
    assert "\n" not in str(caught.value)
    assert "s3cr3t" not in str(caught.value) + caplog.text
    assert not caught.value.for_good


def test_a_receiver_that_drips_is_left_when_the_time_is_over(secret_file: Path) -> None:
    begun = monotonic()
    said = b"HTTP/1.1 200 OK\r\nX-A: "
    with (
        odd_server(said, then="hang", drip=True) as port,
        pytest.raises(NotDelivered, match=r"in 0\.4 s"),
    ):
        post(hooked(f"http://127.0.0.1:{port}/", secret_file, seconds=0.4), CONTENT, SECONDS)
    assert monotonic() - begun < 5


def test_a_yes_whose_body_never_ends_is_a_yes(secret_file: Path) -> None:
    said = b"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n"
    with odd_server(said, then="hang", drip=True) as port:
        post(hooked(f"http://127.0.0.1:{port}/", secret_file), CONTENT, SECONDS)


def test_address_and_secret_lie_in_files_that_nobody_else_reads(hook: Hook, secret_file: Path) -> None:
    url_file = secret_file.with_name("url")
    url_file.write_text(hook.url)
    url_file.chmod(0o600)
    hook.got.clear()
    way = Webhook(url_file, secret_file)
    post(channel(way=way, allow_private_addresses=True), CONTENT, SECONDS)
    assert len(hook.got) == 1
    url_file.write_text("http://hook.example.vn/s3cr3t")
    with pytest.raises(ConfigError, match="must begin with https://") as caught:
        post(channel(way=way), CONTENT, SECONDS)
    assert "s3cr3t" not in str(caught.value)
    secret_file.write_text("short")
    with pytest.raises(ConfigError, match="at least 20 characters"):
        post(hooked(hook.url, secret_file), CONTENT, SECONDS)
    secret_file.chmod(0o644)
    with pytest.raises(ConfigError, match=r"secret_file .*others can read it"):
        post(hooked(hook.url, secret_file), CONTENT, SECONDS)
