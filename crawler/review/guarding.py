"""What guards a page served beyond this machine: its secrets and its TLS, checked before it starts."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

from crawler.config import Review
from crawler.errors import PageUnavailable
from crawler.review.gate import Gate

_SHORTEST = 20  # characters of a token

_OTHERS = 0o077  # rights of the file's group and of everybody


def gate_of(review: Review) -> Gate | None:
    """What asks for the password or token; None: nothing is asked. PageUnavailable for a token unfit."""
    if review.password_hash is None and review.token_file is None:
        return None
    return Gate(review.password_hash, _token(review.token_file) if review.token_file else None)


def check_tls(review: Review) -> None:
    """PageUnavailable where certificate and key cannot be used."""
    if review.tls_certificate is None or review.tls_key is None:
        return
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(
            review.tls_certificate, review.tls_key, password=_no_password
        )
    except (OSError, ValueError) as error:
        raise PageUnavailable(
            f"[review] tls_certificate {review.tls_certificate}, tls_key {review.tls_key}:"
            f" cannot be used together: {error}"
        ) from error


def warnings(review: Review) -> Iterator[str]:
    """What is unwise about serving it so."""
    if is_loopback(review.host):
        return
    secure = review.tls_certificate or any(origin.startswith("https://") for origin in review.hosts)
    if not secure:
        yield (
            "the review page is served beyond this machine without TLS: password and articles can be read"
            " on the way; set [review] tls_certificate and tls_key, or put a proxy with https before it"
            ' and name it in [review] hosts as "https://…"'
        )
    if review.host in {"0.0.0.0", "::"} and not review.hosts:
        yield (
            f"the review page listens on {review.host}, but answers under no name beyond this machine;"
            " write the names it is opened by into [review] hosts"
        )


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches it; False where it cannot be told."""
    try:
        found = socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM)
        return all(ip_address(str(place[4][0]).partition("%")[0]).is_loopback for place in found)
    except (OSError, UnicodeError, ValueError):
        return False


def _token(path: Path) -> str:
    try:
        if path.stat().st_mode & _OTHERS:
            raise PageUnavailable(f"[review] token_file {path}: others can read it; `chmod 600` it")
        token = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise PageUnavailable(f"[review] token_file {path}: cannot be read: {error}") from error
    if len(token) < _SHORTEST or not token.isascii() or not token.isprintable():
        raise PageUnavailable(
            f"[review] token_file {path}: a token is one line of at least {_SHORTEST} plain characters,"
            " like those of `openssl rand -hex 32`"
        )
    return token


def _no_password() -> str:
    raise ValueError("the key is locked by a password, which nobody is there to type")
