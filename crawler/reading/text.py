"""Text as it is stored: composed, on one line, without what cannot be seen."""

from __future__ import annotations

import html
import re
import unicodedata

# Ð and ƣ are look-alikes that no normal form mends; they stand in real pages of nhandan.vn and in theses.
_LOOKALIKES = (("Ð", "Đ"), ("ð", "đ"), ("ƣ", "ư"), ("Ƣ", "Ư"))
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufff9-\ufffd]+"
)
_BLANKS = re.compile(r"\s+")
_ESCAPED = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{2,6}|#x[0-9a-fA-F]{2,6});")
_OURS = re.compile("[đĐăĂơƠưƯẠ-ỹ]")
_MARKED = 0.05  # share of all characters; Vietnamese has 0.15
_ENOUGH = 3_000  # characters that tell
_WORD = re.compile(r"\w+")


def tidy(text: str) -> str:
    """One line of canonical text: NFC, blanks collapsed, unseen characters and look-alikes gone."""
    if "&" in text and _ESCAPED.search(text):
        text = html.unescape(text)
    text = _UNSEEN.sub("", text)
    for wrong, right in _LOOKALIKES:
        if wrong in text:
            text = text.replace(wrong, right)
    return unicodedata.normalize("NFC", _BLANKS.sub(" ", text).strip())


def bare(text: str) -> str:
    """Only the words, lower case: for asking whether two lines say the same."""
    return " ".join(_WORD.findall(text.lower()))


def is_vietnamese(text: str) -> bool:
    """Whether a text has the letters that Vietnamese alone has, as often as it has."""
    asked = text[:_ENOUGH]
    return len(_OURS.findall(asked)) > _MARKED * len(asked)


def shingles(text: str, width: int = 4) -> set[tuple[str, ...]]:
    """All runs of `width` words, lower case; the whole text as one where it is shorter."""
    words = _WORD.findall(text.lower())
    if not words:
        return set()
    return {tuple(words[start : start + width]) for start in range(max(1, len(words) - width + 1))}


def share_said(part: str, whole: str) -> float:
    """How much of `part` also stands in `whole`, 0 to 1, by runs of four words."""
    wanted = shingles(part)
    return len(wanted & shingles(whole)) / len(wanted) if wanted else 0.0
