"""Signatures of webhooks: HMAC-SHA256 over the moment and the body; neither is forged, nor replayed later."""

from __future__ import annotations

import hashlib
import hmac

HEADER = "X-Diembao-Signature"


def signature(secret: bytes, moment: int, body: bytes) -> str:
    """`t=SECONDS,v1=HEX`, the HMAC of `SECONDS.body`; seconds since 1970."""
    return f"t={moment},v1={_mac(secret, moment, body)}"


def is_signed(header: str, secret: bytes, body: bytes, now: int, tolerance: int = 300) -> bool:
    """Whether the header is of this body and secret, and no older or newer than `tolerance` seconds."""
    parts = [part.strip().partition("=") for part in header.split(",")]
    told = {name: value for name, _, value in parts}
    if not told.get("t", "").isdecimal() or abs(now - int(told["t"])) > tolerance:
        return False
    expected = _mac(secret, int(told["t"]), body)
    return any(name == "v1" and hmac.compare_digest(expected, value) for name, _, value in parts)


def _mac(secret: bytes, moment: int, body: bytes) -> str:
    return hmac.new(secret, f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
