"""What stands between any browser and the page: the right host, no foreign forms, no foreign content."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crawler.review.rendering import trouble_page
from crawler.review.wording import Trouble

MOST_BYTES = 65_536  # of a form; a note of the greatest length, percent-encoded, stays below

SAFE_HEADERS = {
    "content-security-policy": "; ".join(
        (
            "default-src 'none'",
            "style-src 'self'",
            "script-src 'self'",
            "img-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cache-control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Asking:
    """What a request's headers say of where it comes from."""

    method: str
    host: str
    origin: str | None
    fetch_site: str | None  # Sec-Fetch-Site; None: a browser of before 2023, or no browser
    length: str | None  # Content-Length; None: unsaid
    scheme: str = "http"  # by which the browser reaches that host


def refusal(asking: Asking, hosts: Collection[str]) -> Trouble | None:
    """Why a request is turned away; None: let it in.

    A name of its own that resolves to loopback (DNS rebinding) fails on `Host`. A form on a foreign page
    fails on `Sec-Fetch-Site`, which scripts cannot set; `Origin` stands in where a browser does not send
    it. `Origin: null` is what our own `Referrer-Policy: no-referrer` makes of a form of ours, and of any
    sandboxed frame: it proves nothing either way.
    """
    if asking.host.lower() not in hosts:
        return Trouble.WRONG_HOST
    if asking.method in {"GET", "HEAD"}:
        return None
    if asking.method != "POST":
        return Trouble.WRONG_METHOD
    if not _from_here(asking):
        return Trouble.FOREIGN_FORM
    if asking.length is None or not asking.length.isdecimal():
        return Trouble.NO_LENGTH
    return Trouble.TOO_LONG if len(asking.length) > 9 or int(asking.length) > MOST_BYTES else None


def _from_here(asking: Asking) -> bool:
    own = f"{asking.scheme}://{asking.host.lower()}"
    named = asking.origin not in {None, "null"}
    if named and (asking.origin or "").lower() != own:
        return False
    return asking.fetch_site == "same-origin" if asking.fetch_site is not None else named


class Protection:
    """ASGI middleware: refuses by `refusal`, and puts the safe headers on every answer."""

    def __init__(self, app: ASGIApp, hosts: Collection[str], secure: Collection[str] = ()) -> None:
        """Answers under `hosts` alone, of which those in `secure` are reached by https."""
        self.app = app
        self.hosts = frozenset(host.lower() for host in hosts)
        self.secure = frozenset(secure)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                add_safe_headers(MutableHeaders(scope=message))
            await send(message)

        trouble = refusal(_asking(scope, self.secure), self.hosts)
        answer = self.app if trouble is None else trouble_page(trouble)
        await answer(scope, receive, send_safely)


def add_safe_headers(headers: MutableHeaders) -> None:
    """Every safe header that the answer does not set itself."""
    for name, value in SAFE_HEADERS.items():
        headers.setdefault(name, value)


def _asking(scope: Scope, secure: Collection[str]) -> Asking:
    headers = Headers(scope=scope)
    host = headers.get("host", "")
    return Asking(
        method=scope["method"],
        host=host,
        origin=headers.get("origin"),
        fetch_site=headers.get("sec-fetch-site"),
        length=headers.get("content-length"),
        scheme="https" if host.lower() in secure else "http",
    )
