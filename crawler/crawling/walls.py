"""Answers of 200 that are no answer: cookie walls, challenges, login and parked pages. Pure."""

from __future__ import annotations

import re

_SET_AND_RELOAD = re.compile(rb"document\.cookie\s*=", re.IGNORECASE)
_RELOAD = re.compile(
    rb"location\.(?:reload|href|replace|assign)|location\s*=|<meta[^>]+refresh", re.IGNORECASE
)
_CHALLENGE = re.compile(
    rb"challenge-platform|cf-browser-verification|cf_chl_|__ddg|ddos-guard|_Incapsula_"
    rb"|Just a moment\.\.\.|g-recaptcha|h-captcha",
    re.IGNORECASE,
)
_LOGIN = re.compile(rb"<input[^>]+type\s*=\s*[\"']?password", re.IGNORECASE)
_PARKED = re.compile(
    rb"buy this domain|domain (?:is|may be) for sale|sedoparking|parkingcrew|dan\.com", re.IGNORECASE
)
_LINK = re.compile(rb"<a\s[^>]*href", re.IGNORECASE)
_SMALL = 8_000  # bytes; walls are tiny beside the pages they stand before
_FEW = 5  # links


def wall(body: bytes) -> str | None:
    """`cookie-wall`, `challenge`, `login` or `parked`; None for a page that may be what it should be."""
    head = body[:60_000]
    small = len(body) < _SMALL
    few = len(_LINK.findall(head)) < _FEW
    if small and few and _SET_AND_RELOAD.search(head) and _RELOAD.search(head):
        return "cookie-wall"
    if few and _CHALLENGE.search(head):
        return "challenge"
    if few and _LOGIN.search(head):
        return "login"
    return "parked" if few and _PARKED.search(head) else None
