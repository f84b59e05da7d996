"""Answers of 200 that are no answer: cookie walls, challenges, login and parked pages, files. Pure."""

from __future__ import annotations

import re
from unicodedata import normalize

from crawler.urls import absolute, authority, same_site

_SET_AND_RELOAD = re.compile(rb"document\.cookie\s*=", re.IGNORECASE)
_RELOAD = re.compile(
    rb"location\.(?:reload|href|replace|assign)|location\s*=|<meta[^>]+refresh", re.IGNORECASE
)
_SENDS = re.compile(
    rb"(?:<meta[^>]+http-equiv\s*=\s*[\"']?refresh[^>]+url\s*=\s*[\"']?"
    rb"|location(?:\.href)?\s*=\s*[\"']|location\.(?:replace|assign)\(\s*[\"'])(?P<to>https?://[^\"'\s>]+)",
    re.IGNORECASE,
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
_PARKED_HERE = re.compile(
    r"tên miền[^<>]{0,60}(?:hết hạn|rao bán|đang (?:được )?bán|chưa (?:được )?gia hạn)"
    r"|mua (?:lại )?tên miền này",
    re.IGNORECASE,
)
_LINK = re.compile(rb"<a\s[^>]*href", re.IGNORECASE)
_MARKUP = re.compile(rb"<!doctype html|<html|<head|<body", re.IGNORECASE)
_FILES = (b"%PDF", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"\xd0\xcf\x11\xe0")
_SMALL = 8_000  # bytes; walls are tiny beside the pages they stand before
_FEW = 5  # links


def is_page(kind: str, body: bytes) -> bool:
    """Whether an answer may be a web page, by its Content-Type and, since those lie, by its first bytes."""
    mime = kind.partition(";")[0].strip().lower()
    if body.startswith(_FILES):
        return False
    if not mime or mime.startswith("text/") or "html" in mime or "xml" in mime:
        return True
    return bool(_MARKUP.search(body[:1024]))


def successor(body: bytes, url: str) -> str | None:
    """The host that a page without links of its own sends every reader to; None: it sends nobody away."""
    head = body[:_SMALL]
    if len(body) > _SMALL or len(_LINK.findall(head)) >= _FEW:
        return None
    for match in _SENDS.finditer(head):
        target = absolute(url, match["to"].decode("utf-8", "replace"))
        if target and not same_site(target, url):
            return authority(target)
    return None


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
    return "parked" if few and (_PARKED.search(head) or (small and _is_parked_here(head))) else None


def _is_parked_here(body: bytes) -> bool:
    """Whether Vietnam's registrars say that the domain has lapsed or is for sale."""
    return bool(_PARKED_HERE.search(normalize("NFC", body.decode("utf-8", "replace"))))
