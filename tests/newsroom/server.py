"""The HTTP server of one paper: its port, its log, and the faults that are switched on."""

from __future__ import annotations

import asyncio
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus

from tests.newsroom.faults import Fault
from tests.newsroom.replies import Asked, Reply, Request

Answer = Callable[[str], Reply]
_MOST_HEAD = 65_536  # bytes of a request's head
_LAST_RECEIVED = slice(52, 56)  # of Linux's struct tcp_info: milliseconds since data came in
_MOST_BODY = 1_048_576


class Server:
    """Speaks HTTP/1.1 on one loopback port; lives on the event loop that opened it."""

    def __init__(self, answer: Answer, port: int = 0) -> None:
        self._answer = answer
        self._socket = _bound(port)
        self.port: int = self._socket.getsockname()[1]
        self.faults: list[Fault] = []
        self.log: list[Request] = []
        self.logged = threading.Condition()
        self._listening: asyncio.Server | None = None
        self._talks: set[asyncio.Task[None]] = set()

    @property
    def home(self) -> str:
        """The address of this server, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    async def open(self) -> None:
        """Begin to listen."""
        self._listening = await asyncio.start_server(self._accept, sock=self._socket, limit=_MOST_HEAD)

    def print_by(self, answer: Answer) -> None:
        """Another paper's pages from now on."""
        self._answer = answer

    async def refuse(self) -> None:
        """Refuse connections from now on: the port stays ours, nobody listens."""
        if self._listening is not None:
            await self._hush()
            self._socket = _bound(self.port)

    async def close(self) -> None:
        """Stop listening and free whoever hangs."""
        await self._hush()
        self._socket.close()

    @property
    def refusing(self) -> bool:
        """Whether nobody listens."""
        return self._listening is None

    async def _hush(self) -> None:
        if self._listening is not None:
            self._listening.close()
            self._listening = None
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)
        await asyncio.sleep(0)  # lets the transports tell their sockets goodbye

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.get_running_loop().create_task(self._talk(reader, writer))
        self._talks.add(talk)
        talk.add_done_callback(self._talks.discard)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._exchange(reader, writer):
                pass
        except (
            ConnectionError,
            asyncio.IncompleteReadError,
            asyncio.LimitOverrunError,
            asyncio.CancelledError,
        ):
            pass  # the client left, spoke no HTTP, or we close
        finally:
            writer.transport.abort()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request and its answer; whether the connection stays open."""
        asked = _parsed(await reader.readuntil(b"\r\n\r\n"))
        body = asked.headers.get("content-length", "0")
        if body.isdecimal() and 0 < int(body) <= _MOST_BODY:
            await reader.readexactly(int(body))
        clock = _arrived(writer)
        reply = self._reply(asked)
        place = self._noted(asked, clock)
        return await self._deliver(asked, reply, place, (reader, writer))

    def _reply(self, asked: Asked) -> Reply:
        """The true reply, then every fault in the order they were switched on, then the condition."""
        reply = self._answer(asked.path)
        for fault in list(self.faults):
            if fault.hits(asked, reply):
                reply = fault.spoilt(reply, asked)
        return replace(reply, status=304, body=b"") if _unchanged(asked, reply) else reply

    async def _deliver(
        self, asked: Asked, reply: Reply, place: int, ends: tuple[asyncio.StreamReader, asyncio.StreamWriter]
    ) -> bool:
        reader, writer = ends
        if reply.delivery.mode == "hang":
            await reader.read()  # until the client gives up or we close
            return False
        if reply.delivery.mode == "reset":
            return False
        body = b"" if asked.method == "HEAD" else reply.body
        keep = asked.headers.get("connection", "").lower() != "close" and reply.delivery.mode != "cut"
        # Noted before the last byte is out: a client that has read it all finds its line complete.
        self._finished(place, reply.status, len(body) if reply.delivery.mode == "whole" else 0)
        writer.write(_head(reply, keep))
        sent = await _sent(body, reply, (reader, writer))
        self._finished(place, reply.status, sent)
        if sent < len(body):
            return False
        return keep

    def _noted(self, asked: Asked, clock: float) -> int:
        request = Request(datetime.now(UTC), clock, asked.method, asked.path, None, asked.headers)
        with self.logged:
            self.log.append(request)
            self.logged.notify_all()
        return len(self.log) - 1

    def _finished(self, place: int, status: int, sent: int) -> None:
        with self.logged:
            self.log[place] = replace(self.log[place], status=status, sent=sent)
            self.logged.notify_all()


def _arrived(writer: asyncio.StreamWriter) -> float:
    """When its last bytes came in, in seconds of time.monotonic, as the kernel saw it: we may run later."""
    now = time.monotonic()
    connection: socket.socket = writer.get_extra_info("socket")
    told = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _LAST_RECEIVED.stop)
    return now - int.from_bytes(told[_LAST_RECEIVED], sys.byteorder) / 1000


async def _sent(body: bytes, reply: Reply, ends: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> int:
    """Hand the body over as the reply's delivery says; how many bytes went out."""
    reader, writer = ends
    delivery = reply.delivery
    if delivery.mode == "drip":
        for start in range(0, len(body), delivery.chunk):
            writer.write(body[start : start + delivery.chunk])
            await writer.drain()
            await asyncio.sleep(delivery.pause)
        return len(body)
    part = body if delivery.mode == "whole" else body[: len(body) // 2]
    writer.write(part)
    await writer.drain()
    if delivery.mode == "stall":
        await reader.read()
    if delivery.mode == "cut":
        writer.close()
        await writer.wait_closed()
    return len(part)


def _head(reply: Reply, keep: bool) -> bytes:
    lines = [f"HTTP/1.1 {reply.status} {HTTPStatus(reply.status).phrase}", "Server: nginx"]
    if reply.status != 304:
        lines += [f"Content-Type: {reply.content_type}", f"Content-Length: {len(reply.body)}"]
    if reply.validators and reply.etag:
        lines.append(f"ETag: {reply.etag}")
    if reply.validators and reply.modified_at:
        lines.append(f"Last-Modified: {format_datetime(reply.modified_at.astimezone(UTC), usegmt=True)}")
    lines += [f"{name}: {value}" for name, value in reply.headers]
    lines.append("Connection: keep-alive" if keep else "Connection: close")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _parsed(head: bytes) -> Asked:
    first, *rest = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    method, target, *_ = [*first.split(" "), "", ""]
    rows = (line.partition(":") for line in rest)
    return Asked(method, target or "/", {name.strip().lower(): value.strip() for name, _, value in rows})


def _unchanged(asked: Asked, reply: Reply) -> bool:
    """Whether a conditional request may be answered 304; If-None-Match goes before If-Modified-Since."""
    if reply.status != 200 or not reply.validators:
        return False
    tags = asked.headers.get("if-none-match")
    if tags is not None:
        return reply.etag is not None and reply.etag in {
            tag.strip().removeprefix("W/") for tag in tags.split(",")
        }
    since = asked.headers.get("if-modified-since")
    if since is None or reply.modified_at is None:
        return False
    try:
        return reply.modified_at.replace(microsecond=0) <= parsedate_to_datetime(since)
    except (ValueError, TypeError):
        return False


def _bound(port: int) -> socket.socket:
    """A socket bound to the port, not yet listening: connections to it are refused."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.setblocking(False)
    bound.bind(("127.0.0.1", port))
    return bound
