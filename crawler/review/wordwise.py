"""Two texts word by word: what stayed, what went, what came; pure, and quick on any two texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_WORD = re.compile(r"\s*(?:\w+|[^\w\s])\s*")
_PARAGRAPH = re.compile(r".*?(?:\n\s*\n|\Z)", re.DOTALL)
_MOST = 20_000  # words compared one by one; longer stretches differ as a whole

Fate = Literal["same", "gone", "come"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words that share a fate."""

    fate: Fate
    text: str  # foreign, not escaped


def differences(before: str, after: str) -> tuple[Stretch, ...]:
    """What became of it: without what is gone it is `after`, without what came `before`, but for blanks."""
    old, new = _PARAGRAPH.findall(before), _PARAGRAPH.findall(after)
    found: list[Stretch] = []
    for kind, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = "".join(old[first:last]), "".join(new[start:end])
        found += [Stretch("same", come)] if kind == "equal" else _by_words(gone, come)
    return tuple(_joined(found))


def _by_words(before: str, after: str) -> Iterator[Stretch]:
    """Words are the same whatever blanks stand around them, so that a new paragraph changes no word."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if max(len(old), len(new)) > _MOST:
        old, new = [before], [after]
    # Frequent words are no anchors (autojunk), or one word a thousand times over would take an age.
    matcher = SequenceMatcher(None, [word.strip() for word in old], [word.strip() for word in new])
    for kind, first, last, start, end in matcher.get_opcodes():
        gone, come = "".join(old[first:last]), "".join(new[start:end])
        if kind == "equal":
            yield Stretch("same", come)
            continue
        bare = come.rstrip()
        yield Stretch("gone", gone.rstrip() if bare else gone)
        yield Stretch("come", bare)
        yield Stretch("same", come[len(bare) :])


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
