"""Two texts word by word: what stayed, what went, what came; pure, and quick on any two texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_WORD = re.compile(r"\s*\S+\s*")
_PARAGRAPH = re.compile(r".*?(?:\n\s*\n|\Z)", re.DOTALL)
_MOST = 2_000  # words compared one by one; longer stretches differ as a whole

Fate = Literal["same", "gone", "come"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words that share a fate."""

    fate: Fate
    text: str  # foreign, not escaped


def differences(before: str, after: str) -> tuple[Stretch, ...]:
    """What became of `before`: without what is gone it is `after` again, without what came `before`."""
    old, new = _cut(_PARAGRAPH, before), _cut(_PARAGRAPH, after)
    found: list[Stretch] = []
    for kind, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = "".join(old[first:last]), "".join(new[start:end])
        found += [Stretch("same", gone)] if kind == "equal" else _by_words(gone, come)
    return tuple(_joined(found))


def _by_words(before: str, after: str) -> Iterator[Stretch]:
    old, new = _cut(_WORD, before), _cut(_WORD, after)
    if max(len(old), len(new)) > _MOST:
        old, new = [before], [after]
    for kind, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Stretch("same", "".join(old[first:last]))
            continue
        yield Stretch("gone", "".join(old[first:last]))
        yield Stretch("come", "".join(new[start:end]))


def _cut(part: re.Pattern[str], text: str) -> list[str]:
    found = [match for match in part.findall(text) if match]
    rest = text[len("".join(found)) :]
    return [*found, rest] if rest else found


def _joined(found: Sequence[Stretch]) -> Iterator[Stretch]:
    """Neighbours of one fate as one, nothing empty."""
    kept: Stretch | None = None
    for one in found:
        if not one.text:
            continue
        if kept and kept.fate == one.fate:
            kept = Stretch(kept.fate, kept.text + one.text)
            continue
        if kept:
            yield kept
        kept = one
    if kept:
        yield kept
