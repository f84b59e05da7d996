"""What went wrong with a request, by its stable name: `timeout`, `dns`, `tls`, `http-500` …"""

from __future__ import annotations

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from twisted.internet.error import ConnectError, ConnectionDone, ConnectionLost

_BY_KIND: tuple[tuple[type[BaseException], str], ...] = (
    (CannotResolveHostError, "dns"),
    (DownloadConnectionRefusedError, "refused-connection"),
    (DownloadTimeoutError, "timeout"),
    (TimeoutError, "timeout"),
    (ResponseDataLossError, "truncated"),
    (DownloadCancelledError, "too-large"),
    (UnsupportedURLSchemeError, "unsupported-scheme"),
    (ConnectError, "unreachable"),
    (ConnectionDone, "closed-connection"),
    (ConnectionLost, "closed-connection"),
    (DownloadFailedError, "closed-connection"),
)
_TLS_MARKS = ("ssl", "tls", "certificate", "openssl")


class Refused(IgnoreRequest):
    """A request that we, or the site's own rules, do not let through."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


def reason_of(error: BaseException) -> str:
    """The stable name of what went wrong; `unreadable-answer` for what has none."""
    if isinstance(error, Refused):
        return error.reason
    if isinstance(error, IgnoreRequest):
        return _ignored(str(error))
    if _is_tls(error):
        return "tls"
    return next((name for kind, name in _BY_KIND if isinstance(error, kind)), "unreadable-answer")


def _ignored(message: str) -> str:
    if "DOWNLOAD_MAXSIZE" in message:
        return "too-large"
    return "too-many-redirects" if "redirect" in message else "ignored"


def _is_tls(error: BaseException) -> bool:
    """Twisted wraps the failures of a handshake in several layers, each naming OpenSSL somewhere."""
    said = f"{type(error).__module__} {type(error).__name__} {error!r} {error}".lower()
    kinds = (DownloadFailedError, ConnectError, ConnectionLost)
    inner = error.__cause__
    if isinstance(error, kinds) and any(mark in said for mark in _TLS_MARKS):
        return True
    return type(error).__module__.startswith(("OpenSSL", "ssl", "service_identity")) or (
        inner is not None and inner is not error and _is_tls(inner)
    )
