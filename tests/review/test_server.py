"""Serving: one port, loopback only, started and stopped by its owner."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from crawler.config import Review
from crawler.errors import PageUnavailable, StoreError
from crawler.review import PageServer, deciding
from crawler.review.deciding import Bearing, Choice, bearing
from crawler.review.watched import Watched
from storage.errors import StoreBusy
from storage.records import Verdict
from storage.store import Store
from tests.review.conftest import PLAIN, config_for
from tests.review.stock import NOW, Stock, seen


def test_port_0_is_chosen_by_the_system_and_told(server: PageServer) -> None:
    assert urlsplit(server.url).port not in {None, 0}
    assert httpx.get(f"{server.url}healthz", trust_env=False).text == "ok\n"


@pytest.mark.parametrize("name", ["localhost", "[::1]", "127.0.0.1"])
def test_every_loopback_name_of_the_page_is_answered(
    client: httpx.Client, server: PageServer, name: str
) -> None:
    host = f"{name}:{urlsplit(server.url).port}"
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


def test_a_port_in_use_is_named_with_what_to_do(stocked: Stock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PageUnavailable, match=rf"127\.0\.0\.1:{port}: the port is in use.*--port"):
            PageServer(config_for(stocked.path), port=port).start()


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this machine has no IPv6")
def test_ipv6_loopback_is_served_and_written_in_brackets(stocked: Stock) -> None:
    server = PageServer(config_for(stocked.path, Review("::1", 0)))
    server.start()
    assert server.url.startswith("http://[::1]:")
    assert httpx.get(server.url, trust_env=False).status_code == 200
    server.stop()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "10.0.0.1"])
def test_a_host_beyond_loopback_is_refused_before_anything_listens(stocked: Stock, host: str) -> None:
    with pytest.raises(PageUnavailable, match="loopback only"):
        PageServer(config_for(stocked.path, Review(host, 0))).start()


@pytest.mark.parametrize("host", ["no-such-host.invalid", "", "a" * 300, "127.0.0.1.5"])
def test_a_host_that_is_none_is_named(stocked: Stock, host: str) -> None:
    with pytest.raises(PageUnavailable, match="no such host"):
        PageServer(config_for(stocked.path, Review(host, 0))).start()


def test_localhost_is_a_host_like_its_address(stocked: Stock) -> None:
    server = PageServer(config_for(stocked.path, Review("localhost", 0)))
    server.start()
    assert server.url.startswith("http://localhost:")
    assert httpx.get(server.url, trust_env=False).status_code == 200
    server.stop()


def test_a_store_that_cannot_be_used_frees_the_port_again(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.sqlite"
    foreign.write_text("this is no database, whatever its name may say\n" * 40)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(StoreError):
        PageServer(config_for(foreign), port=port).start()
    with socket.create_server(("127.0.0.1", port)):
        pass


def test_an_absent_store_is_made(tmp_path: Path) -> None:
    server = PageServer(config_for(tmp_path / "new" / "diembao.sqlite"))
    server.start()
    assert "Đã duyệt hết" in httpx.get(server.url, trust_env=False).text
    server.stop()


def test_stopping_waits_for_no_idle_browser(server: PageServer) -> None:
    place = urlsplit(server.url)
    connections = [http.client.HTTPConnection(place.netloc) for _ in range(5)]
    for connection in connections:
        connection.request("GET", "/healthz")
        assert connection.getresponse().read() == b"ok\n"
    silent = socket.create_connection((place.hostname, place.port))
    half = socket.create_connection((place.hostname, place.port))
    half.sendall(
        b"POST /cases/1/verdict HTTP/1.1\r\nHost: " + place.netloc.encode() + b"\r\nContent-Length: 9\r\n"
    )
    began = time.monotonic()
    server.stop()
    assert time.monotonic() - began < 2
    assert "review page" not in {thread.name for thread in threading.enumerate()}
    for connection in connections:
        connection.close()
    silent.close()
    half.close()


def test_stopping_frees_the_port_at_once_and_twice_does_nothing(stocked: Stock) -> None:
    server = PageServer(config_for(stocked.path))
    server.start()
    port = urlsplit(server.url).port
    httpx.get(server.url, trust_env=False)
    server.stop()
    server.stop()
    again = PageServer(config_for(stocked.path), port=port)
    again.start()
    assert httpx.get(again.url, trust_env=False).status_code == 200
    again.stop()


def test_requests_at_once_each_have_a_store_of_their_own(server: PageServer, stocked: Stock) -> None:
    answers: list[int] = []

    def ask(number: int) -> None:
        with httpx.Client(base_url=server.url, verify=PLAIN, trust_env=False) as client:
            headers = {"Sec-Fetch-Site": "same-origin"}
            form = {"decision": "keep", "seen": "0", "here": "case"}
            answers.append(client.post(f"/cases/{number}/verdict", data=form, headers=headers).status_code)
            answers.append(client.get("/").status_code)

    threads = [threading.Thread(target=ask, args=[number]) for number in stocked.cases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200] * 5 + [303] * 5
    with Store.open(stocked.path) as store:
        assert all(len(store.verdicts.history(number)) == 1 for number in stocked.cases)


def test_between_looking_and_writing_nobody_else_can_decide(
    client: httpx.Client, stocked: Stock, monkeypatch: pytest.MonkeyPatch
) -> None:
    intruders: list[str] = []

    def looked(choice: Choice, standing: Verdict | None, history: tuple[Verdict, ...]) -> Bearing:
        with Store.open(stocked.path, patience=0.05) as other:
            try:
                other.verdicts.decide(stocked.cases[0], "drop", None, NOW)
            except StoreBusy:
                intruders.append("kept out")
        return bearing(choice, standing, history)

    monkeypatch.setattr(deciding, "bearing", looked)
    form = {"decision": "keep", "seen": "0", "here": "case"}
    assert client.post(f"/cases/{stocked.cases[0]}/verdict", data=form).status_code == 303
    assert intruders == ["kept out"]


def test_two_reviewers_at_once_on_one_case_never_both_win(server: PageServer, stocked: Stock) -> None:
    gate = threading.Barrier(2)
    answers: dict[str, int] = {}

    def decide(decision: str) -> None:
        gate.wait()
        answer = httpx.post(
            f"{server.url}cases/{stocked.cases[0]}/verdict",
            data={"decision": decision, "seen": "0", "here": "case"},
            headers={"Sec-Fetch-Site": "same-origin"},
            trust_env=False,
        )
        answers[decision] = answer.status_code

    threads = [threading.Thread(target=decide, args=[decision]) for decision in ("keep", "drop")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers.values()) == [303, 409]
    with Store.open(stocked.path) as store:
        (only,) = store.verdicts.history(stocked.cases[0])
    assert answers[only.decision] == 303


def test_stopping_waits_for_no_decision_that_waits_for_a_long_crawl(
    server: PageServer, stocked: Stock
) -> None:
    place = urlsplit(server.url)
    with Store.open(stocked.path) as crawl, crawl.write():
        waiting = http.client.HTTPConnection(place.netloc)
        headers = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"}
        waiting.request("POST", "/cases/1/verdict", "decision=keep&seen=0&here=case", headers)
        httpx.get(f"{server.url}healthz", trust_env=False)
        began = time.monotonic()
        server.stop()
        assert time.monotonic() - began < 2.5
        waiting.close()


def test_the_queue_tells_which_source_is_ill_and_spells_it_out_harmlessly(stocked: Stock) -> None:
    said = "selector body matched 0 of 12; the generic layer reads 12 of 12; used it <b>"
    server = PageServer(config_for(stocked.path), watched=Watched(lambda _store: [seen("baohatinh", said)]))
    server.start()
    try:
        text = httpx.get(server.url, headers={"Sec-Fetch-Site": "none"}, trust_env=False).text
    finally:
        server.stop()
    assert "<b>baohatinh</b>" in text
    assert said.replace("<b>", "&lt;b&gt;") in text
