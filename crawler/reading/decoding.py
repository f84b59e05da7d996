"""Bytes to text: what the bytes themselves show counts more than what header and meta claim."""

from __future__ import annotations

import re
from collections.abc import Iterable

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

from storage.records import Page

_CONTINUATION = re.compile(rb"[\x80-\xbf]")
_MOST_BROKEN = 0.02  # share of bytes beyond ASCII that may be damaged in a page that is still UTF-8
_NOT_TEXT = {"base64_codec", "bz2", "hex", "idna", "mbcs", "punycode", "quopri", "rot_13", "uu", "zlib"}
# A Vietnamese page that calls itself Western is one of a Vietnamese Windows.
_WESTERN = {"cp1252", "iso8859-1", "latin-1", "ascii", "iso-8859-1"}


def decoded(page: Page) -> str:
    """The page as text, never failing; NUL bytes, which no parser likes, are gone."""
    return _decoded(page.body, page.headers).replace("\x00", "")


def _decoded(body: bytes, headers: Iterable[tuple[str, str]]) -> str:
    marked, bom = read_bom(body)
    if marked and bom is not None:
        return body[len(bom) :].decode(marked, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    declared = _declared(body, headers)
    if declared is None or declared in {"utf-8", *_WESTERN}:
        return _undeclared(body)
    try:
        return body.decode(declared)
    except (UnicodeError, LookupError):
        return _undeclared(body)


def _declared(body: bytes, headers: Iterable[tuple[str, str]]) -> str | None:
    header = next((value for name, value in headers if name.lower() == "content-type"), None)
    named = http_content_type_encoding(header) or html_body_declared_encoding(body[:4096])
    return None if named in _NOT_TEXT else named


def _undeclared(body: bytes) -> str:
    """UTF-8 with some damage, or windows-1258."""
    text = body.decode("utf-8", "replace")
    beyond = len(_CONTINUATION.findall(body)) or 1
    if text.count("�") <= max(3, beyond * _MOST_BROKEN):
        return text.replace("�", "")
    return body.decode("cp1258", "replace").replace("�", "")
