"""Serving the review page from a thread of the daemon, or of `diembao review`, on loopback only."""

from __future__ import annotations

import errno
import socket
import threading
import time
from ipaddress import ip_address

import uvicorn

from crawler.config import Config
from crawler.errors import PageUnavailable
from crawler.review.app import make_app
from crawler.review.watched import NOTHING, Watched
from crawler.urls import authority
from storage.store import Store

_START = 10.0  # seconds until it must answer
_GRACE = 1  # seconds that answers under way are given at the end
_STOP = 2.0  # seconds until it must be over


class PageServer:
    """The page on [review] host and port, or `port`; 0 lets the system choose one."""

    def __init__(self, config: Config, *, port: int | None = None, watched: Watched = NOTHING) -> None:
        self._watched = watched
        self._store_path = config.store_path
        self._host = config.review.host
        self._port = config.review.port if port is None else port
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Where the page is; of port 0, only once it is started."""
        return f"http://{self._authority(self._host)}/"

    def start(self) -> None:
        """Take the port and answer; PageUnavailable or StoreError if it fails, with nothing left running."""
        bound = _bind(self._host, self._port)
        self._port = bound.getsockname()[1]
        try:
            Store.open(self._store_path).close()  # makes or migrates it, or says here why it cannot be used
        except BaseException:
            bound.close()
            raise
        self._server = uvicorn.Server(self._uvicorn())
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

    def _uvicorn(self) -> uvicorn.Config:
        """Without signal handlers, which are the owner's, and with none of the protocols we do not speak."""
        names = {self._host, "127.0.0.1", "localhost", "::1"}
        return uvicorn.Config(
            make_app(self._store_path, {self._authority(name) for name in names}, self._watched),
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

    def _authority(self, host: str) -> str:
        """A host with our port, as browsers write it into `Host`."""
        return authority(f"http://[{host}]:{self._port}" if ":" in host else f"http://{host}:{self._port}")

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


def _bind(host: str, port: int) -> socket.socket:
    """A listening socket on loopback; PageUnavailable says what to change."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise PageUnavailable(f"[review] host {host!r}: no such host; put 127.0.0.1 there") from error
    family, _, _, _, address = found[0]
    if not all(ip_address(str(place[4][0])).is_loopback for place in found):
        raise PageUnavailable(
            f"[review] host {host!r}: the page asks for no password yet, so it is served on loopback only;"
            " put 127.0.0.1 there, and reach it from elsewhere through `ssh -L`"
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
