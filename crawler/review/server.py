"""Serving the review page from a thread of the daemon or of `diembao review`; beyond loopback if guarded."""

from __future__ import annotations

import errno
import logging
import re
import socket
import threading
import time
from ipaddress import ip_address

import uvicorn

from crawler.config import Config
from crawler.errors import PageUnavailable
from crawler.review.app import make_app
from crawler.review.asked import Known
from crawler.review.entering import Entrance
from crawler.review.gate import Gate
from crawler.review.guarding import check_tls, gate_of, warnings
from crawler.review.watched import NOTHING, Watched
from crawler.urls import authority
from storage.store import Store

_log = logging.getLogger(__name__)

_START = 10.0  # seconds until it must answer
_GRACE = 1  # seconds that answers under way are given at the end
_STOP = 2.0  # seconds until it must be over


class PageServer:
    """The page on [review] host and port, or `port`; 0 lets the system choose one."""

    def __init__(self, config: Config, *, port: int | None = None, watched: Watched = NOTHING) -> None:
        self._watched = watched
        self._known = Known.of(config)
        self._store_path = config.store_path
        self._review = config.review
        self._host = config.review.host
        self._port = config.review.port if port is None else port
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Where the page is; of port 0, only once it is started."""
        if self._host in {"0.0.0.0", "::"} and self._review.hosts:
            return f"{self._whole(self._review.hosts[0])}/"
        return f"{self._scheme}://{self._authority(self._host)}/"

    @property
    def _scheme(self) -> str:
        return "https" if self._review.tls_certificate else "http"

    def start(self) -> None:
        """Take the port and answer; PageUnavailable or StoreError if it fails, with nothing left running."""
        gate = gate_of(self._review)
        check_tls(self._review)
        bound = _bind(self._host, self._port, guarded=gate is not None)
        self._port = bound.getsockname()[1]
        try:
            Store.open(self._store_path).close()  # makes or migrates it, or says here why it cannot be used
        except BaseException:
            bound.close()
            raise
        for warning in warnings(self._review):
            _log.warning(warning)
        self._server = uvicorn.Server(self._uvicorn(gate))
        self._thread = threading.Thread(
            target=self._server.run, args=([bound],), name="review page", daemon=True
        )
        self._thread.start()
        self._await_start()

    def stop(self) -> None:
        """Stop answering, at the latest after two seconds; nothing happens if it does not run."""
        if self._server is None or self._thread is None:
            return
        self._server.should_exit = True
        self._thread.join(_STOP)
        self._server = self._thread = None

    def _uvicorn(self, gate: Gate | None) -> uvicorn.Config:
        """Without signal handlers, which are the owner's, and with none of the protocols we do not speak."""
        names = {self._host, "127.0.0.1", "localhost", "::1"}
        origins = {f"{self._scheme}://{self._authority(name)}" for name in names}
        origins |= {self._whole(origin) for origin in self._review.hosts}
        secure = frozenset(origin[8:] for origin in origins if origin.startswith("https://"))
        entrance = Entrance(gate, self._review.reviewers, secure)
        hosts = {origin.partition("://")[2] for origin in origins}
        certificate, key = self._review.tls_certificate, self._review.tls_key
        return uvicorn.Config(
            make_app(self._store_path, hosts, self._watched, entrance, self._known),
            ssl_certfile=certificate,
            ssl_keyfile=key,
            http="h11",
            ws="none",
            loop="asyncio",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=_GRACE,
        )

    def _whole(self, origin: str) -> str:
        """An origin of [review] hosts as browsers know it; a bare name is reached at our own port."""
        scheme, parted, place = origin.rpartition("://")
        if parted:
            return f"{scheme}://{authority(origin)}"
        bare = re.search(r"(?<=[^:\]]):\d+$|(?<=\]):\d+$", place)
        own = place if bare else f"{place}:{self._port}"
        return f"{self._scheme}://{authority(f'{self._scheme}://{own}')}"

    def _authority(self, host: str) -> str:
        """A host with our port, as browsers write it into `Host`."""
        return authority(f"{self._scheme}://{f'[{host}]' if ':' in host else host}:{self._port}")

    def _await_start(self) -> None:
        assert self._server is not None
        assert self._thread is not None
        deadline = time.monotonic() + _START
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > deadline:
                self.stop()
                raise PageUnavailable(
                    f"{self.url}: the review page does not start; its trouble is in the log"
                )
            time.sleep(0.005)


def _bind(host: str, port: int, *, guarded: bool) -> socket.socket:
    """A listening socket, on loopback unless guarded; PageUnavailable says what to change."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise PageUnavailable(f"[review] host {host!r}: no such host; put 127.0.0.1 there") from error
    family, _, _, _, address = found[0]
    if not guarded and not all(ip_address(str(place[4][0]).partition("%")[0]).is_loopback for place in found):
        raise PageUnavailable(
            f"[review] host {host!r}: the page asks for no password, so it is served on loopback only;"
            " put 127.0.0.1 there and reach it from elsewhere through `ssh -L`,"
            " or set a password (`diembao review --set-password`)"
        )
    try:
        bound = socket.create_server(address[:2], family=family)
    except OSError as error:
        raise PageUnavailable(f"{host}:{port}: {_bind_trouble(error)}") from error
    # asyncio sets this only on sockets that name their protocol; without it an answer waits 40 ms for an ACK.
    bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return bound


def _bind_trouble(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            "the port is in use, perhaps by another review page;"
            " end that program, or choose another port with [review] port or --port"
        )
    if error.errno == errno.EACCES:
        return "the system does not allow this port; choose one above 1023 with [review] port or --port"
    return f"cannot be listened on: {error.strerror}"
