"""Receivers on loopback: a real mail server, a webhook's, and one that misbehaves octet by octet."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Mailbox:
    """What a mail server took in, and what it says to whom."""

    port: int = 0
    refused: dict[str, list[str]] = field(default_factory=dict)  # recipient → answers, one an attempt
    answers: list[str] = field(default_factory=list)  # to DATA, one an attempt; then 250
    taken: list[tuple[list[str], bytes]] = field(default_factory=list)
    tls: bool = False  # whether the last one came by TLS
    login: str | None = None

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Any, envelope: Envelope, address: str, options: Sequence[str]
    ) -> str:
        """Refuse as told, else take it."""
        answers = self.refused.get(address)
        if answers:
            return answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:  # noqa: N802
        """Answer as told, else take it in."""
        assert server.transport is not None
        self.tls = server.transport.get_extra_info("sslcontext") is not None
        self.login = session.auth_data.login.decode() if session.auth_data else None
        if self.answers:
            return self.answers.pop(0)
        assert isinstance(envelope.original_content, bytes)
        self.taken.append((list(envelope.rcpt_tos), envelope.original_content))
        return "250 OK"

    @property
    def mails(self) -> list[EmailMessage]:
        """All that was taken, parsed."""
        return [parsed(raw) for _, raw in self.taken]


def parsed(raw: bytes) -> EmailMessage:
    """A mail as its reader sees it."""
    found = message_from_bytes(raw, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


@contextmanager
def mail_server(context: ssl.SSLContext | None = None, **named: Any) -> Iterator[Mailbox]:
    """aiosmtpd in a thread; with `context` by TLS from the first octet."""
    box, loop = Mailbox(), asyncio.new_event_loop()

    def made() -> SMTP:
        return SMTP(box, loop=loop, hostname="localhost", enable_SMTPUTF8=True, **named)

    server = loop.run_until_complete(loop.create_server(made, "127.0.0.1", 0, ssl=context))
    box.port = server.sockets[0].getsockname()[1]
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield box
    finally:
        loop.call_soon_threadsafe(server.close)
        asyncio.run_coroutine_threadsafe(_calm(), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _calm() -> None:
    """Once all that is still spoken to has been let go of."""
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def authenticator(user: str, password: str) -> Callable[..., AuthResult]:
    """One that knows a single person."""

    def known(server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
        right = isinstance(given, LoginPassword) and given == LoginPassword(user.encode(), password.encode())
        return AuthResult(success=right, handled=False, auth_data=given if right else None)

    return known


@dataclass(frozen=True)
class Certificate:
    """A certificate of 127.0.0.1 that vouches for itself."""

    path: Path

    @property
    def context(self) -> ssl.SSLContext:
        """For a server."""
        made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        made.load_cert_chain(self.path)
        return made


def certificate(folder: Path, address: str = "127.0.0.1") -> Certificate:
    """Made now, valid for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "diembao test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{address}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return Certificate(path)


@dataclass
class Hook:
    """What a webhook's receiver got, and what it answers."""

    port: int = 0
    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)  # one an attempt; then 204
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)  # path, headers, body

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/in?key=s3cr3t"


@contextmanager
def hook_server(context: ssl.SSLContext | None = None) -> Iterator[Hook]:
    """An HTTP server in a thread."""
    hook = Hook()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            hook.got.append((self.path, {key.lower(): value for key, value in self.headers.items()}, body))
            status, headers, said = hook.answers.pop(0) if hook.answers else (204, {}, b"")
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_POST  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """In silence."""

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    hook.port = server.server_address[1]
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=lambda: server.serve_forever(poll_interval=0.02), daemon=True)
    thread.start()
    try:
        yield hook
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def odd_server(said: bytes, *, then: str = "close", drip: bool = False) -> Iterator[int]:
    """A server that says this to whoever connects, and then hangs or closes; its port.

    With `drip` it goes on, an octet every now and then, for as long as somebody listens.
    """
    listening = socket.create_server(("127.0.0.1", 0))
    connected: list[socket.socket] = []

    def serve() -> None:
        try:
            while True:
                one, _ = listening.accept()
                connected.append(one)
                one.settimeout(0.02)
                one.sendall(said)
                if then == "close":
                    one.shutdown(socket.SHUT_RDWR)
                    one.close()
                while drip:
                    _wait(one)
                    one.sendall(b"x")
        except OSError:
            return

    thread = Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        for one in connected:
            one.close()
        thread.join()


def _wait(one: socket.socket) -> None:
    """For what is said, as long as the socket's patience."""
    try:
        one.recv(4096)
    except TimeoutError:
        return
