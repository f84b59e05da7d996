"""What a paper answers: one reply with its body, and how the server is to hand it over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Kind = Literal["article", "listing", "feed", "sitemap", "robots", "page", "missing"]
HTML = "text/html; charset=utf-8"
XML = "application/xml; charset=utf-8"
RSS = "application/rss+xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Delivery:
    """How the bytes go out: all at once, dripping, stalling half-way, cut short, never, or torn off."""

    mode: Literal["whole", "drip", "stall", "cut", "hang", "reset"] = "whole"
    chunk: int = 512  # bytes of one drip
    pause: float = 0.05  # seconds between two drips


WHOLE = Delivery()


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer; the server adds Content-Length and the validators."""

    status: int = 200
    body: bytes = b""
    kind: Kind = "page"
    content_type: str = HTML
    headers: tuple[tuple[str, str], ...] = ()
    modified_at: datetime | None = None  # None: no Last-Modified
    etag: str | None = None  # None: no ETag
    validators: bool = True  # False: neither validator is sent, and no condition is honoured
    delivery: Delivery = WHOLE


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came in, before it is answered."""

    method: str
    path: str  # with the query
    headers: Mapping[str, str]  # names in lower case


@dataclass(frozen=True, slots=True)
class Request:
    """One line of a paper's log."""

    at: datetime  # UTC, when the request line had come in
    clock: float  # time.monotonic() at the same moment, to measure gaps by
    method: str
    path: str  # with the query
    status: int | None  # None: not answered (yet): it hangs, drips or was torn off
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    sent: int = 0  # bytes of the body that were handed over
