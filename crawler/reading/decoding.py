"""Bytes to text: what the bytes themselves show counts more than what header and meta claim."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

from crawler.reading.legacy import letters_of
from storage.records import Page

_CONTINUATION = re.compile(rb"[\x80-\xbf]")
_LEAST_TWICE = 6  # syllables made UTF-8 twice before a page is taken for such
# What UTF-8 read as Western text looks like: the first byte's letter, then the others', some of them marks.
_TWICE = re.compile("(?:[Â-ô][\x80-¿ŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]{1,3})+")
_MOST_BROKEN = 0.02  # share of bytes beyond ASCII that may be damaged in a page that is still UTF-8
_NOT_TEXT = {"base64_codec", "bz2", "hex", "idna", "mbcs", "punycode", "quopri", "rot_13", "uu", "zlib"}
# A Vietnamese page that calls itself Western is one of a Vietnamese Windows.
_WESTERN = {"cp1252", "iso8859-1", "latin-1", "ascii", "iso-8859-1"}


@dataclass(frozen=True, slots=True)
class Decoded:
    """A page as text, and how it came to be."""

    text: str
    encoding: str  # as which the bytes were read
    declared: str | None  # as what header or meta name it; None: as nothing
    repaired: str | None = None  # what was mended: "UTF-8 twice"; None: nothing


def decoded(page: Page) -> Decoded:
    """The page as text, never failing; NUL bytes, which no parser likes, are gone."""
    text, encoding = _decoded(page.body, page.headers)
    text = text.replace("\x00", "")
    once = _once(text)
    declared = _declared(page.body, page.headers)
    return Decoded(once, encoding, declared, None if once is text else "made UTF-8 twice")


def _once(text: str) -> str:
    """The text, where it was made UTF-8 twice (`CÃ´ng an xÃ£`) made so once."""
    if text.count("áº") + text.count("á»") < _LEAST_TWICE:
        return text
    return _TWICE.sub(lambda match: _undone(match[0]), text)


def _undone(run: str) -> str:
    try:
        return b"".join(_western(letter) for letter in run).decode("utf-8")
    except UnicodeError:
        return run


def _western(letter: str) -> bytes:
    try:
        return letter.encode("cp1252")
    except UnicodeError:
        return letter.encode("latin-1")


def _decoded(body: bytes, headers: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """(text, encoding)."""
    marked, bom = read_bom(body)
    if marked and bom is not None:
        return body[len(bom) :].decode(marked, "replace"), marked
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    declared = _declared(body, headers)
    if declared is None or declared in {"utf-8", *_WESTERN}:
        return _undeclared(body)
    if declared == "cp1258":
        return _of_a_vietnamese_windows(body)
    try:
        return body.decode(declared), declared
    except (UnicodeError, LookupError):
        return _undeclared(body)


def _declared(body: bytes, headers: Iterable[tuple[str, str]]) -> str | None:
    header = next((value for name, value in headers if name.lower() == "content-type"), None)
    named = http_content_type_encoding(header) or html_body_declared_encoding(body[:4096])
    return None if named in _NOT_TEXT else named


def _undeclared(body: bytes) -> tuple[str, str]:
    """UTF-8 with some damage, or windows-1258."""
    text = body.decode("utf-8", "replace")
    beyond = len(_CONTINUATION.findall(body)) or 1
    if text.count("�") <= max(3, beyond * _MOST_BROKEN):
        return text.replace("�", ""), "utf-8, damaged"
    return _of_a_vietnamese_windows(body)


def _of_a_vietnamese_windows(body: bytes) -> tuple[str, str]:
    """windows-1258; or the Western letters that fonts of before Unicode drew as Vietnamese ones."""
    western = body.decode("cp1252", "replace")
    if letters_of(western):
        return western.replace("�", ""), "windows-1252"
    return body.decode("cp1258", "replace").replace("�", ""), "windows-1258"
