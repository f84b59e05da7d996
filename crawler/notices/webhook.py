"""Signed JSON posted to an address: checked, connected as checked, no redirect followed, answers judged."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from crawler import __version__
from crawler.config.model import Channel, Webhook
from crawler.config.telling import check_webhook_url
from crawler.errors import ConfigError, NotDelivered
from crawler.notices.connecting import Line, hush
from crawler.notices.content import plain
from crawler.notices.secretfiles import SHORTEST, secret
from crawler.notices.signing import HEADER, signature
from crawler.notices.smtp import tls_context

_LATER = frozenset({408, 421, 423, 425, 429})  # 4xx that pass
_MOST_ANSWER = 4_096  # octets of an answer that are looked at
_MOST_SAID = 160


def body_of(content: Mapping[str, Any]) -> bytes:
    """The octets that are sent and signed: the same at every attempt."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def post(channel: Channel, content: Mapping[str, Any], now: int) -> None:
    """Post it; `now` in seconds since 1970. NotDelivered where no 2xx came back; ConfigError."""
    way = channel.way
    assert isinstance(way, Webhook)
    hush()
    url = url_of(f"channels.{channel.name}", way.url)
    line = Line(channel.timeout.total_seconds(), channel.allow_private_addresses)
    pool = _pool(channel, way, url, line)
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    body = body_of(content)
    headers = _headers(channel, way, content, body, now)
    try:
        with line.held():
            answer = pool.urlopen("POST", target, body, headers, redirect=False, preload_content=False)
            status, said = answer.status, _beginning(answer)
        if line.is_cut:
            raise NotDelivered(f"{parts.hostname} did not answer in {line.seconds:g} s")
    except NotDelivered:
        raise
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise _told(error, parts.hostname or "", line) from error
    finally:
        pool.close()
    _judge(status, said, parts.hostname or "")


def url_of(where: str, url: Any) -> str:
    """The address itself, out of its file where it is in one; ConfigError shows nothing of it."""
    if not isinstance(url, Path):
        return str(url.text)
    found = secret(f"{where}.url_file", url)
    try:
        check_webhook_url(f"{where}.url_file {url}", found)
    except ValueError as error:
        raise ConfigError(str(error)) from error
    return found


def _headers(
    channel: Channel, way: Webhook, content: Mapping[str, Any], body: bytes, now: int
) -> dict[str, str]:
    where = f"channels.{channel.name}"
    signing = secret(f"{where}.secret_file", way.secret_file, SHORTEST).encode()
    headers = {name: value.text for name, value in way.headers.items()}
    if way.token_file:
        headers["Authorization"] = f"Bearer {secret(f'{where}.token_file', way.token_file)}"
    return headers | {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": f"diembao/{__version__}",
        "X-Diembao-Delivery": content["id"],
        "X-Diembao-Kind": content["kind"],
        "Idempotency-Key": content["id"],
        HEADER: signature(signing, now, body),
    }


def _pool(channel: Channel, way: Webhook, url: str, line: Line) -> urllib3.HTTPConnectionPool:
    parts = urlsplit(url)
    host, timeout = parts.hostname or "", urllib3.Timeout(total=line.left)
    if parts.scheme == "http":
        plain_pool = urllib3.HTTPConnectionPool(host, parts.port or 80, timeout=timeout, retries=False)
        plain_pool.ConnectionCls = _guarded(HTTPConnection, line)
        return plain_pool
    context = tls_context(f"channels.{channel.name}.ca_file", way.ca_file)
    pool = urllib3.HTTPSConnectionPool(
        host, parts.port or 443, timeout=timeout, retries=False, ssl_context=context
    )
    pool.ConnectionCls = _guarded(HTTPSConnection, line)
    return pool


def _guarded(kind: Any, line: Line) -> Any:
    """That kind of connection over a socket of ours; names and certificates are checked as ever."""

    class Guarded(kind):  # type: ignore[misc]  # the kind is known when it runs
        def _new_conn(self) -> socket.socket:
            return line.connect(str(self.host).strip("[]"), self.port)

    return Guarded


def _beginning(answer: Any) -> str:
    """What a refusal says; of a yes nothing is read, it may be long in coming."""
    if 200 <= answer.status < 300:
        return ""
    octets: bytes = answer.read(_MOST_ANSWER, decode_content=False)
    answer.close()
    return plain(octets.decode(errors="replace"), _MOST_SAID)


def _judge(status: int, said: str, host: str) -> None:
    if 200 <= status < 300:
        return
    told = f"{host} answered {status}" + (f": {said}" if said else "")
    if 300 <= status < 400:
        raise NotDelivered(
            f"{host} answered {status}; no redirect is followed: write down where it leads", for_good=True
        )
    raise NotDelivered(told, for_good=400 <= status < 500 and status not in _LATER)


def _told(error: Exception, host: str, line: Line) -> NotDelivered:
    if line.is_cut or isinstance(error, TimeoutError | urllib3.exceptions.TimeoutError):
        return NotDelivered(f"{host} did not answer in {line.seconds:g} s")
    if isinstance(error, urllib3.exceptions.SSLError):
        return NotDelivered(f"{host}: its certificate is not believed, or it speaks no TLS; see ca_file")
    return NotDelivered(f"{host}: {type(error).__name__}: the connection broke, or what it said is no HTTP")
