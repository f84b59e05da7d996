"""Who gets in: the password's page, sessions, names; and what stays outside."""

from __future__ import annotations

import logging
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from crawler.config import Review
from crawler.errors import PageUnavailable
from crawler.review import PageServer
from storage.store import Store
from tests.review.conftest import config_for
from tests.review.stock import Stock
from tests.review.test_gate import HASH, PASSWORD
from tests.review.test_pages import FORM

GUARDED = Review(port=0, password_hash=HASH, reviewers=("Lan", "Minh"))
TOKEN = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def guarded(stocked: Stock) -> Iterator[httpx.Client]:
    server = PageServer(config_for(stocked.path, GUARDED))
    server.start()
    headers = {"Sec-Fetch-Site": "same-origin"}
    with httpx.Client(base_url=server.url, headers=headers, trust_env=False) as client:
        yield client
    server.stop()


def enter(client: httpx.Client, password: str = PASSWORD, onward: str = "/") -> httpx.Response:
    return client.post("/login", data={"password": password, "next": onward})


@pytest.mark.parametrize(
    "address", ["/", "/cases/1", "/?tab=kept", "/decisions", "/keys", "/nowhere", "/who"]
)
def test_a_stranger_sees_the_passwords_page_and_nothing_else(guarded: httpx.Client, address: str) -> None:
    answer = guarded.get(address)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login")
    assert guarded.get("/login").status_code == 200
    assert guarded.get("/static/page.css").status_code == 200
    assert guarded.get("/healthz").text == "ok\n"
    assert guarded.get("/metrics").status_code == 401  # no scraper fills in a form


def test_a_stranger_decides_nothing(guarded: httpx.Client, stocked: Stock) -> None:
    for address in ("/cases/1/verdict", "/cases/1/undo", "/bulk", "/bulk/1/undo", "/who"):
        answer = guarded.post(address, data=FORM)
        assert answer.status_code == 401
        assert "set-cookie" not in answer.headers
    with Store.open(stocked.path) as store:
        assert store.verdicts.newest() == 0


def test_the_password_leads_on_to_what_was_asked_for(guarded: httpx.Client) -> None:
    asked = guarded.get("/cases/1?tab=kept&source=b%C3%A1o").headers["location"]
    text = guarded.get(asked).text
    assert 'value="/cases/1?tab=kept&amp;source=b%C3%A1o"' in text
    answer = enter(guarded, onward="/cases/1?tab=kept&source=b%C3%A1o")
    assert (answer.status_code, answer.headers["location"]) == (303, "/cases/1?tab=kept&source=b%C3%A1o")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "secure" not in cookie  # over plain http a browser would not keep it
    assert guarded.get("/").status_code == 200
    assert guarded.post("/logout").status_code == 303
    assert guarded.get("/").status_code == 303


@pytest.mark.parametrize(
    "onward", ["https://x.example/", "//x.example/", "/\\x.example", "javascript:1", "", "/ấ"]
)
def test_it_leads_on_to_no_other_site(guarded: httpx.Client, onward: str) -> None:
    assert enter(guarded, onward=onward).status_code == 400
    assert guarded.get("/login", params={"next": onward}).status_code == 400


def test_wrong_guesses_are_told_and_then_wait_and_no_secret_is_said_anywhere(
    guarded: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answers = [enter(guarded, "sai-bét-bí-mật") for _ in range(5)]
    assert [answer.status_code for answer in answers[:3]] == [401] * 3
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert enter(guarded).status_code == 429
    assert all("sai-bét" not in answer.text for answer in answers)
    assert "sai-bét" not in caplog.text
    assert "scrypt" not in caplog.text


def test_a_foreign_form_logs_nobody_in(guarded: httpx.Client) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"}
    answer = guarded.post("/login", data={"password": PASSWORD, "next": "/"}, headers=headers)
    assert answer.status_code == 403


def test_a_forged_session_is_a_strangers(guarded: httpx.Client) -> None:
    guarded.cookies.set("diembao", "x" * 43)
    assert guarded.get("/").status_code == 303


def test_without_a_password_there_is_nothing_to_log_into(client: httpx.Client) -> None:
    assert client.get("/login").status_code == 404
    assert client.post("/logout").status_code == 404
    assert client.get("/who").status_code == 404


def test_who_decided_is_kept_and_shown(guarded: httpx.Client, stocked: Stock) -> None:
    enter(guarded)
    answer = guarded.post("/who", data={"name": "Lan", "next": "/cases/1"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/cases/1")
    assert "httponly" in answer.headers["set-cookie"].lower()
    guarded.post("/cases/1/verdict", data=FORM)
    guarded.post("/bulk", data={"pick": "2", "decision": "drop", "seen": "1", "noticed": "0"})
    guarded.post("/bulk/1/undo", data={"here": "queue"})
    assert guarded.get("/cases/1").text.count("<bdi>Lan</bdi>") >= 2
    with Store.open(stocked.path) as store:
        assert [one.by for number in (1, 2) for one in store.verdicts.history(number)] == ["Lan"] * 3
    guarded.post("/who", data={"name": "", "next": "/"})
    guarded.post("/cases/3/verdict", data=FORM)
    with Store.open(stocked.path) as store:
        assert [one.by for one in store.verdicts.history(3)] == [None]


def test_a_name_that_is_not_in_config_toml_is_nobodys(guarded: httpx.Client) -> None:
    enter(guarded)
    assert guarded.post("/who", data={"name": "Kẻ lạ", "next": "/"}).status_code == 400
    guarded.cookies.set("reviewer", "K%E1%BA%BB%20l%E1%BA%A1")
    assert "Bạn là ai?" in guarded.get("/").text


def test_beyond_loopback_it_is_served_with_a_password_and_a_warning_without_tls(
    stocked: Stock, caplog: pytest.LogCaptureFixture
) -> None:
    server = PageServer(
        config_for(stocked.path, replace(GUARDED, host="0.0.0.0", hosts=("duyet.example.vn",)))
    )
    server.start()
    try:
        port = urlsplit(server.url).port
        assert server.url == f"http://duyet.example.vn:{port}/"
        address = f"http://127.0.0.1:{port}/login"
        named = {"Host": f"duyet.example.vn:{port}"}
        assert httpx.get(address, headers=named, trust_env=False).status_code == 200
        assert httpx.get(address, headers={"Host": "duyet.example.vn"}, trust_env=False).status_code == 421
        assert httpx.get(address, headers={"Host": f"x.example:{port}"}, trust_env=False).status_code == 421
    finally:
        server.stop()
    assert "without TLS" in caplog.text


def test_behind_a_proxy_with_tls_cookies_are_secure_and_forms_are_of_https(
    stocked: Stock, caplog: pytest.LogCaptureFixture
) -> None:
    review = replace(GUARDED, hosts=("https://duyet.example.vn",))
    server = PageServer(config_for(stocked.path, review))
    server.start()
    try:
        form = {"password": PASSWORD, "next": "/"}
        headers = {"Host": "duyet.example.vn", "Origin": "https://duyet.example.vn"}
        answer = httpx.post(f"{server.url}login", data=form, headers=headers, trust_env=False)
        assert answer.status_code == 303
        assert answer.headers["set-cookie"].startswith("__Host-diembao=")
        assert "secure" in answer.headers["set-cookie"].lower()
        headers["Origin"] = "http://duyet.example.vn"
        assert (
            httpx.post(f"{server.url}login", data=form, headers=headers, trust_env=False).status_code == 403
        )
    finally:
        server.stop()
    assert "without TLS" not in caplog.text


def test_a_program_reads_by_its_token(stocked: Stock, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text(TOKEN + "\n")
    token.chmod(0o600)
    server = PageServer(config_for(stocked.path, Review(port=0, token_file=token)))
    server.start()
    try:
        bearer = {"Authorization": f"Bearer {TOKEN}"}
        assert httpx.get(server.url, headers=bearer, trust_env=False).status_code == 200
        assert httpx.get(server.url, auth=("feeds", TOKEN), trust_env=False).status_code == 200
        assert httpx.get(server.url, auth=("feeds", "x"), trust_env=False).status_code == 401
        feed = httpx.get(f"{server.url}searches/x/atom", trust_env=False)
        assert (feed.status_code, feed.headers["www-authenticate"][:5]) == (401, "Basic")
        wrong = {"Authorization": f"Bearer {TOKEN}x"}
        assert httpx.get(server.url, headers=wrong, trust_env=False).status_code == 401
    finally:
        server.stop()


@pytest.mark.parametrize(
    ("text", "mode", "trouble"),
    [(TOKEN, 0o644, "others can read it"), ("short", 0o600, "at least 20"), ("ấ" * 30, 0o600, "at least 20")],
)
def test_a_token_unfit_to_guard_is_named(
    stocked: Stock, tmp_path: Path, text: str, mode: int, trouble: str
) -> None:
    token = tmp_path / "token"
    token.write_text(text)
    token.chmod(mode)
    with pytest.raises(PageUnavailable, match=trouble) as caught:
        PageServer(config_for(stocked.path, Review(port=0, token_file=token))).start()
    assert text not in str(caught.value)


def test_with_a_certificate_it_speaks_https(stocked: Stock, tmp_path: Path) -> None:
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    made = [*command, "-keyout", str(key), "-out", str(certificate), "-days", "2", "-subj", "/CN=localhost"]
    alternative = ["-addext", "subjectAltName=DNS:localhost"]
    subprocess.run([*made, *alternative], check=True, capture_output=True)
    review = replace(GUARDED, host="localhost", tls_certificate=certificate, tls_key=key)
    server = PageServer(config_for(stocked.path, review))
    server.start()
    try:
        assert server.url.startswith("https://localhost:")
        trusting = ssl.create_default_context(cafile=str(certificate))
        with httpx.Client(base_url=server.url, verify=trusting, trust_env=False) as client:
            client.headers["Origin"] = server.url.rstrip("/")
            assert "secure" in enter(client).headers["set-cookie"].lower()
            assert client.get("/").status_code == 200
    finally:
        server.stop()
    with pytest.raises(PageUnavailable, match="cannot be used together"):
        PageServer(config_for(stocked.path, replace(review, tls_key=certificate))).start()
