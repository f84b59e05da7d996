"""Cutting a text where rules matched it, so that the templates can light the matches up; pure."""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from storage.records import FieldName, Flag

TONES = 8  # colours of rule labels in page.css

_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")
_ELLIPSES = "… "


# Matched: proves the rule by itself. Together: only with other places. Excluded: looked at, and set aside.
Kind = Literal["matched", "together", "excluded"]
_STRONGEST: tuple[Kind, ...] = ("matched", "together", "excluded")


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of one text that one rule looked at."""

    start: int  # code points
    end: int  # exclusive
    label: str
    tone: int  # 0 … TONES - 1
    kind: Kind = "matched"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text under the same marks from end to end."""

    text: str  # foreign, not escaped
    labels: tuple[str, ...]  # of the rules that matched it, each once, in the order of the marks; () for none
    tone: int  # of the first of them; 0 for none
    kind: Kind = "matched"  # the strongest of them
    number: int = 0  # of the place it begins, counted through the article; 0: it begins none


def tone(rule: str) -> int:
    """A rule's colour: the same in every process and on every day."""
    return zlib.crc32(rule.encode()) % TONES


def heaviest_first(flags: Iterable[Flag]) -> tuple[Flag, ...]:
    """What the article is about before what it mentions; by weight, and then by rule and field."""
    order: dict[FieldName, int] = {"title": 0, "lead": 1, "body": 2}
    return tuple(
        sorted(flags, key=lambda flag: (flag.level != "primary", -flag.weight, flag.rule, order[flag.field]))
    )


def marks(flags: Iterable[Flag], field: FieldName) -> tuple[Mark, ...]:
    """Every span of every flag on one field."""
    return tuple(
        Mark(*span, flag.label, tone(flag.rule), kind)
        for flag in flags
        if flag.field == field
        for kind, spans in _by_kind(flag)
        for span in spans
    )


def excluded(flags: Iterable[Flag], field: FieldName) -> tuple[Mark, ...]:
    """Every place of one field that an exception set aside."""
    return tuple(
        Mark(*span, flag.label, tone(flag.rule), "excluded")
        for flag in flags
        if flag.field == field
        for span in flag.excluded
    )


def pieces(text: str, found: Sequence[Mark], within: tuple[int, int] | None = None) -> tuple[Piece, ...]:
    """`text[within]`, or the whole text, cut at every edge of a mark; joined, the pieces are that text again.

    Marks may overlap, touch or repeat; what lies outside the text or is empty is passed over.
    """
    first, last = within or (0, len(text))
    opening: dict[int, list[tuple[int, Mark]]] = defaultdict(list)
    cuts = {first, last}
    for order, mark in enumerate(found):
        start, end = max(mark.start, first), min(mark.end, last)
        if start < end:
            opening[start].append((order, mark))
            cuts |= {start, end}
    return tuple(_cut(text, sorted(cuts), opening))


def paragraphs(text: str, found: Sequence[Mark]) -> tuple[tuple[Piece, ...], ...]:
    """The paragraphs of a text, which blank lines separate, each as its pieces."""
    breaks = [
        (0, 0),
        *((gap.start(), gap.end()) for gap in _BLANK_LINE.finditer(text)),
        (len(text), len(text)),
    ]
    stretches = [(before[1], after[0]) for before, after in pairwise(breaks)]
    return tuple(pieces(text, found, (start, end)) for start, end in stretches if start < end)


def numbered(texts: Sequence[Sequence[Piece]]) -> tuple[tuple[Piece, ...], ...]:
    """The same pieces, those that begin a marked place numbered from 1 through all the texts.

    Pieces that touch are one place; what was set aside is none.
    """
    number, told = 0, []
    for text in texts:
        within, made = False, []
        for piece in text:
            marked = bool(piece.labels) and piece.kind != "excluded"
            begins = marked and not within
            number, within = number + begins, marked
            made.append(replace(piece, number=number) if begins else piece)
        told.append(tuple(made))
    return tuple(told)


def lit_quote(flag: Flag, flags: Iterable[Flag], text: str) -> tuple[Piece, ...]:
    """A flag's quote, cut at what any flag matched in it; `text` is the field it was taken from."""
    offset = _place(flag, text)
    if offset is None:
        return pieces(flag.quote, _matched_words(flag, text))
    return pieces(flag.quote, [_moved(mark, -offset) for mark in marks(flags, flag.field)])


def _cut(text: str, cuts: Sequence[int], opening: dict[int, list[tuple[int, Mark]]]) -> Iterable[Piece]:
    active: list[tuple[int, Mark]] = []
    for start, end in pairwise(cuts):
        active = sorted([pair for pair in active if pair[1].end > start] + opening[start], key=_order)
        labels = tuple(dict.fromkeys(mark.label for _, mark in active))
        kinds = {mark.kind for _, mark in active}
        kind: Kind = next((one for one in _STRONGEST if one in kinds), "matched")
        yield Piece(text[start:end], labels, active[0][1].tone if active else 0, kind)


def _by_kind(flag: Flag) -> tuple[tuple[Kind, Sequence[tuple[int, int]]], ...]:
    joint = set(flag.together)
    alone = [span for span in flag.spans if span not in joint]
    return ("matched", alone), ("together", [span for span in flag.spans if span in joint])


def _order(pair: tuple[int, Mark]) -> int:
    return pair[0]


def _place(flag: Flag, text: str) -> int | None:
    """What to add to a place in the quote to have it in the text; None: the quote is not word for word."""
    bare = flag.quote.strip(_ELLIPSES)
    if not bare or not flag.spans:
        return None
    start, end = flag.spans[0]
    found = text.find(bare, max(0, end - len(bare)), start + len(bare))
    return None if found < 0 else found - flag.quote.index(bare)


def _moved(mark: Mark, by: int) -> Mark:
    return replace(mark, start=mark.start + by, end=mark.end + by)


def _matched_words(flag: Flag, text: str) -> list[Mark]:
    """Where the words that the flag matched stand in its quote, each at its first place."""
    words = dict.fromkeys(text[start:end] for start, end in flag.spans)
    places = [(flag.quote.find(word), word) for word in words if word]
    return [
        Mark(place, place + len(word), flag.label, tone(flag.rule)) for place, word in places if place >= 0
    ]
