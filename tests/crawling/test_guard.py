"""The guard on the wire: what is connected, where redirects lead, how long an answer may be."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, cast

import pytest
from scrapy import Request
from scrapy.http import Response
from twisted.internet.address import IPv4Address

from crawler.crawling.failures import Refused
from crawler.crawling.guard import Guard, PublicResolver
from tests.crawling.making import two_lines
from tests.newsroom import Newsroom


class _Reactor:
    """A reactor whose name service gives a public address first and a private one the next time."""

    def __init__(self) -> None:
        self.answers = iter(["113.160.0.1", "10.0.0.1"])
        self.nameResolver = self

    def resolveHostName(self, receiver: Any, *_: Any) -> None:  # noqa: N802 - the interface is Twisted's
        receiver.resolutionBegan(None)
        receiver.addressResolved(IPv4Address("TCP", next(self.answers), 0))
        receiver.resolutionComplete()


class _Receiver:
    def __init__(self) -> None:
        self.found: list[str] = []

    def resolutionBegan(self, _: Any) -> None: ...  # noqa: N802
    def addressResolved(self, address: IPv4Address) -> None:  # noqa: N802
        self.found.append(address.host)

    def resolutionComplete(self) -> None: ...  # noqa: N802


def test_a_name_that_is_bound_anew_between_check_and_connection_gives_no_address() -> None:
    resolver = PublicResolver(_Reactor(), allow_private=False)
    first, second = _Receiver(), _Receiver()
    resolver.resolveHostName(cast(Any, first), "rebinding.vn")
    resolver.resolveHostName(cast(Any, second), "rebinding.vn")
    assert (first.found, second.found) == (["113.160.0.1"], [])


def test_an_answer_from_a_private_address_is_refused_whatever_the_name_said() -> None:
    from ipaddress import ip_address

    response = Response("https://bao.vn/", ip_address=ip_address("10.0.0.1"))
    with pytest.raises(Refused):
        Guard(allow_private=False).process_response(Request("https://bao.vn/"), response)


@pytest.mark.parametrize(
    "hop",
    ["http://169.254.169.254/latest", "http://127.1/", "http://[::ffff:127.0.0.1]/", "file:///etc/passwd"],
)
def test_each_hop_of_a_redirect_is_checked_like_a_first_address(hop: str) -> None:
    with pytest.raises(Refused):
        Guard(allow_private=False).process_request(Request(hop))


Answer = Callable[[socket.socket], None]


@contextmanager
def host(answer: Answer) -> Iterator[str]:
    """A host on loopback that answers every connection by `answer`, except that it has no robots.txt."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                threading.Thread(target=talk, args=(connection,), daemon=True).start()

    def talk(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            asked = connection.recv(65_536)
            if asked.startswith(b"GET /robots.txt"):
                connection.sendall(
                    b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                )
            else:
                answer(connection)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()


@pytest.mark.slow
def test_a_head_without_an_end_is_cut_off(tmp_path: Path) -> None:
    sent: list[int] = []

    def answer(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        for _ in range(20_000):
            connection.sendall(b"X-More: " + b"a" * 4000 + b"\r\n")
            sent.append(4000)

    with host(answer) as home:
        _, report = two_lines(tmp_path, "bao", home, feeds=["/rss"]).crawl("bao")
    assert report.outcome != "done"
    assert len(sent) < 20_000 * report.counts["requests"]  # nobody read it to its end


@pytest.mark.slow
@pytest.mark.parametrize("packing", ["gzip", "deflate"])
def test_what_unpacks_beyond_the_bound_is_given_up(packing: str, tmp_path: Path) -> None:
    import zlib

    plain = b"<a href=/x>" * 4_000_000
    body = gzip.compress(plain) if packing == "gzip" else zlib.compress(plain)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {packing}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    with host(lambda connection: connection.sendall(head + body)) as home:
        _, report = two_lines(tmp_path, "bao", home, feeds=["/rss"]).crawl("bao")
    assert {way.outcome for way in report.ways} == {"too-large"}


@pytest.mark.slow
def test_an_answer_that_drips_is_given_up_when_its_time_is_over(tmp_path: Path) -> None:
    with Newsroom(seed=1, articles={"kontumtv": 2}) as room:
        room.fault("kontumtv", "drip", path="^/feed", chunk=20, pause=0.2)
        place = two_lines(tmp_path, "kontumtv", room.home("kontumtv"), feeds=["/feed/"])
        text = place.config.read_text(encoding="utf-8").replace('"5s"', '"1s"')
        place.config.write_text(text, encoding="utf-8")
        begun = time.monotonic()
        _, report = place.crawl("kontumtv")
        assert time.monotonic() - begun < 30
        assert ("feed", "timeout") in {(way.kind, way.outcome) for way in report.ways}
