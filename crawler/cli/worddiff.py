"""Two texts word by word: what went, what came, and a few words around."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from crawler.cli.output import colourful, plain

_WORD = re.compile(r"\S+|\n\n")
_AROUND = 6  # words shown on either side of a change
_RED, _GREEN, _PLAIN = "\x1b[31m", "\x1b[32m", "\x1b[0m"


def word_diff(before: str, after: str) -> str:
    """`… sáng nay [-ba-] {+bốn+} người …`; in colour on a terminal. Foreign text comes out harmless."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    return " ".join(_pieces(old, new)).replace(" \n\n ", "\n\n")


def _pieces(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    gone, come = ((_RED, _PLAIN), (_GREEN, _PLAIN)) if colourful() else (("[-", "-]"), ("{+", "+}"))
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind == "equal":
            yield plain(" ".join(_around(old[first:last], first == 0, last == len(old))))
            continue
        for words, (opening, closing) in ((old[first:last], gone), (new[start:end], come)):
            if words:
                yield f"{opening}{plain(' '.join(words))}{closing}"


def _around(words: Sequence[str], opens: bool, ends: bool) -> list[str]:
    """Words that stayed: those beside a change, and … for the others."""
    before = 0 if opens else _AROUND
    after = 0 if ends else _AROUND
    if len(words) <= before + after + 1:
        return list(words)
    return [*words[:before], "…", *words[len(words) - after :]]
