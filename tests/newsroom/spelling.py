"""How papers spell: slugs, new tone placement, decomposed letters, stray blanks."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Set

from tests.newsroom.story import Spelling

_NEW_TONES = dict(
    zip(
        ("òa", "óa", "ỏa", "õa", "ọa", "òe", "óe", "ỏe", "õe", "ọe", "ùy", "úy", "ủy", "ũy", "ụy"),
        ("oà", "oá", "oả", "oã", "oạ", "oè", "oé", "oẻ", "oẽ", "oẹ", "uỳ", "uý", "uỷ", "uỹ", "uỵ"),
        strict=True,
    )
)
_OLD_TONES = re.compile(rf"(?<![qQ])({'|'.join(_NEW_TONES)})(?!\w)")
_CAPITAL_U = re.compile(r"(?<!\w)([ÙÚỦŨỤ])y(?!\w)")
_TONE_MARKS = frozenset("\u0300\u0301\u0303\u0309\u0323")


def slug(text: str, most: int = 200) -> str:
    """`text` as papers put it into an address: bare letters and hyphens, at most `most` characters."""
    bare = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    letters = "".join(char for char in bare if not unicodedata.combining(char)).lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:most].rstrip("-")


def new_tones(text: str) -> str:
    """`ủy, hòa` written `uỷ, hoà`; closed syllables (`hoàn`, `thuyền`) stay."""
    lowered = _OLD_TONES.sub(lambda match: _NEW_TONES[match[1]], text)
    return _CAPITAL_U.sub(lambda match: "U" + _NEW_TONES[match[1].lower() + "y"][1], lowered)


def printed(text: str, spelling: Set[Spelling] = frozenset()) -> str:
    """`text` escaped for HTML and spelt the page's way; reading should give `text` again."""
    shown = html.escape(text, quote=True).replace("&#x27;", "'")
    if "double-blanks" in spelling:
        shown = _every(shown, 9, "  ")
    if "nbsp" in spelling:
        shown = _every(shown, 7, "&nbsp;")
    if "zero-width" in spelling:
        shown = _every(shown, 11, " \u200b")
    return unicodedata.normalize("NFD", shown) if "nfd" in spelling else shown


def windows_1258(text: str) -> bytes:
    """`text` in the code page of old Vietnamese Windows, which keeps tones as marks of their own."""
    return "".join(_in_1258(unicodedata.normalize("NFC", text))).encode("cp1258", "xmlcharrefreplace")


def _in_1258(text: str) -> Iterable[str]:
    for char in text:
        try:
            char.encode("cp1258")
            yield char
        except UnicodeEncodeError:
            marks = unicodedata.normalize("NFD", char)
            base = "".join(mark for mark in marks if mark not in _TONE_MARKS)
            yield unicodedata.normalize("NFC", base) + "".join(m for m in marks if m in _TONE_MARKS)


def _every(text: str, nth: int, blank: str) -> str:
    words = text.split(" ")
    joints = [blank if place % nth == nth - 1 else " " for place in range(len(words) - 1)]
    return "".join(word + joint for word, joint in zip(words, [*joints, ""], strict=True))
