"""Where sentences end, as far as a reader can tell without understanding them."""

from __future__ import annotations

import re
from bisect import bisect_right

LONGEST_QUOTE = 500  # characters

_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s)|\n\s*\n|[\x1e\x1f]")
_LAST_WORD = re.compile(r"[^\s(\"'“‘«]*\Z")
# A full stop behind one of these, or behind a single letter, shortens a word and ends nothing.
_SHORTENED = frozenset(
    {
        "tp",
        "tx",
        "tt",
        "tnhh",
        "ths",
        "ts",
        "gs",
        "pgs",
        "bs",
        "ks",
        "cn",
        "đ/c",
        "đc",
        "v.v",
        "st",
        "nxb",
        "t.ư",
    }
)


def sentence_starts(text: str) -> list[int]:
    """Where each sentence begins, the first at 0; paragraphs end sentences too."""
    return [0, *(match.end() for match in _END.finditer(text) if not _shortens(text, match))]


def quote_bounds(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence that `text[start:end]` begins in, cut to a readable length at blanks."""
    window = max(0, start - 2 * LONGEST_QUOTE)
    nearby = text[window : end + 2 * LONGEST_QUOTE]
    starts = [*sentence_starts(nearby), len(nearby)]
    place = bisect_right(starts, start - window) - 1
    place = min(place, len(starts) - 2)
    first, last = starts[place] + window, max(starts[place + 1] + window, end)
    if last - first > LONGEST_QUOTE:
        first, last = _cut(text, (first, last), (start, end))
    return _trimmed(text, first, last)


def _shortens(text: str, match: re.Match[str]) -> bool:
    if match[0] != ".":
        return False
    before = _LAST_WORD.search(text, max(0, match.start() - 12), match.start())
    word = before[0].lower() if before else ""
    return word in _SHORTENED or (len(word) == 1 and word.isalpha())


def _cut(text: str, sentence: tuple[int, int], match: tuple[int, int]) -> tuple[int, int]:
    """The part of a long sentence around the match, at blanks, at most a quote long."""
    room = max(0, LONGEST_QUOTE - (match[1] - match[0]))
    first = max(sentence[0], match[0] - room // 2)
    last = max(min(sentence[1], first + LONGEST_QUOTE), min(match[1], match[0] + LONGEST_QUOTE))
    if first > sentence[0]:
        first = text.find(" ", first, match[0]) + 1 or match[0]
    if last < sentence[1]:
        blank = text.rfind(" ", match[1], last)
        last = blank if blank >= 0 else last
    return first, last


def _trimmed(text: str, first: int, last: int) -> tuple[int, int]:
    cut = text[first:last]
    return first + len(cut) - len(cut.lstrip()), last - len(cut) + len(cut.rstrip())
