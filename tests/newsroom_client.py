"""A plain HTTP client for the newsroom's own tests: one request, no redirects, no decoding."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as UTF-8."""
        return self.body.decode()


def get(home: str, path: str, headers: Mapping[str, str] | None = None, timeout: float = 10) -> Answer:
    """GET one path of a server."""
    return ask("GET", home, path, headers, timeout)


def ask(
    method: str, home: str, path: str, headers: Mapping[str, str] | None = None, timeout: float = 10
) -> Answer:
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection(urlsplit(home).netloc, timeout=timeout)
    try:
        connection.request(method, path, headers=dict(headers or {}))
        reply = connection.getresponse()
        sent = {name.lower(): value for name, value in reply.getheaders()}
        return Answer(reply.status, sent, reply.read())
    finally:
        connection.close()
