"""Texts of papers made fit for files that hold no control characters. Pure but for its count."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from crawler.export.formats.seam import Told

REPLACED = "\ufffd"
# What XML 1.0 has no place for; a plain text has no use for it either.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE_END = re.compile("\r\n|[\r\u0085\u2028\u2029]")
_UNSAFE = re.compile("[^a-z0-9-]+")
_LONGEST_SOURCE = 60  # characters


def fitting(text: str) -> str:
    """The text in NFC with U+FFFD for every character that has no place."""
    return unicodedata.normalize("NFC", _FORBIDDEN.sub(REPLACED, text))


class Characters:
    """Replaces what XML and plain texts have no place for, one for one, and counts it."""

    def __init__(self) -> None:
        self._count = 0
        self._first = 0

    def fit(self, text: str, article_id: int) -> str:
        """`fitting`, counted."""
        count = len(_FORBIDDEN.findall(text))
        if count:
            self._count += count
            self._first = self._first or article_id
        return fitting(text)

    def remarks(self, file: str) -> list[str]:
        """A line for people, or none where nothing was replaced."""
        if not self._count:
            return []
        told = "1 control character stands" if self._count == 1 else f"{self._count} control characters stand"
        return [f"{file}: {told} as U+FFFD there, first in article {self._first}"]


def lines(text: str) -> str:
    """The text with LF for every kind of line end."""
    return _LINE_END.sub("\n", text)


def one_line(text: str) -> str:
    """The text on one line."""
    return " ".join(text.split())


def stem(case: Told) -> str:
    """A file's name without its ending: day, source and number; sorts by time, holds no foreign text."""
    published = case["published_at"]
    day = datetime.fromisoformat(published).date().isoformat() if published else "undated"
    source = _UNSAFE.sub("-", case["source"].lower())[:_LONGEST_SOURCE].strip("-") or "source"
    return f"{day}_{source}_{case['id']:07}"
