"""Connections to where messages go: the very address that was checked, and an end to all waiting."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from threading import Thread, Timer
from time import monotonic
from typing import Any

from crawler.crawling.addresses import is_public
from crawler.errors import NotDelivered

_ALMOST = 0.05  # seconds before the end at which a socket's own patience may be at its end

_Found = list[tuple[Any, ...]]  # as getaddrinfo gives them


def hush() -> None:
    """Let the library that speaks HTTP log nothing from now on: it would log addresses, with their tokens."""
    logging.getLogger("urllib3").setLevel(logging.CRITICAL)


@dataclass(slots=True)
class Line:
    """What holds one delivery to its time, whatever the other side does or does not do."""

    seconds: float
    allow_private: bool
    _ends: float = field(init=False)
    _sockets: list[socket.socket] = field(init=False, default_factory=list)
    _cut: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self._ends = monotonic() + self.seconds

    @property
    def left(self) -> float:
        """Seconds until the end; never none, because a socket would then not wait at all."""
        return max(_ALMOST, self._ends - monotonic())

    @property
    def is_cut(self) -> bool:
        """Whether the time is over, or as good as."""
        return self._cut or monotonic() > self._ends - _ALMOST

    def connect(self, host: str, port: int) -> socket.socket:
        """A connection to the first of the host's addresses that answers; NotDelivered if there is none.

        Each address is checked and then connected to as it is: a name cannot lead elsewhere meanwhile.
        """
        trouble = "no address"
        places = self._allowed(host, port)
        for number, (family, kind, protocol, _, place) in enumerate(places):
            made = socket.socket(family, kind, protocol)
            made.settimeout(
                self.left / (len(places) - number)
            )  # one that is silent leaves time for the others
            try:
                made.connect(place)
            except OSError as error:
                made.close()
                trouble = str(error.strerror or error)
                continue
            made.settimeout(self.left)
            self._sockets.append(made.dup())  # TLS takes the first one over
            return made
        raise NotDelivered(f"{host}:{port} cannot be reached: {trouble}")

    @contextmanager
    def held(self) -> Iterator[None]:
        """Within it, all connections are cut when the time is over, however slowly something is read."""
        timer = Timer(self.left, self._end)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()
            for one in self._sockets:
                one.close()

    def _allowed(self, host: str, port: int) -> _Found:
        found = self._resolved(host, port)
        private = private_among(found)
        if private and not self.allow_private:
            raise NotDelivered(
                f"{host} leads to the private address {private[0]}; if that is meant, set"
                " allow_private_addresses = true for this channel",
                for_good=True,
            )
        return found

    def _resolved(self, host: str, port: int) -> _Found:
        """What the name service says, which may take longer than we wait."""
        answer: SimpleQueue[_Found | OSError] = SimpleQueue()
        Thread(target=_resolve, args=(host, port, answer), daemon=True).start()
        try:
            found = answer.get(timeout=self.left)
        except Empty:
            raise NotDelivered(f"{host} cannot be resolved in {self.seconds:g} s") from None
        if isinstance(found, OSError):
            raise NotDelivered(f"{host} cannot be resolved: {found.strerror}") from found
        return found

    def _end(self) -> None:
        self._cut = True
        for one in self._sockets:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


def private_among(found: _Found) -> list[str]:
    """The addresses of the house, and this machine's own, among what the name service said."""
    addresses = [str(one[4][0]).partition("%")[0] for one in found]
    return [one for one in addresses if not is_public(ip_address(one))]


def _resolve(host: str, port: int, answer: SimpleQueue[_Found | OSError]) -> None:
    try:
        answer.put(list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
    except UnicodeError:
        answer.put(OSError(0, "no name that can be"))
    except OSError as error:
        answer.put(error)
