"""How one phrase is written, variants and all: `{a|b}`, `[a]`, `…3…`, `*`, `@list`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

from crawler.judging.tree import Chain, Gap, Literal, Phrase
from storage.folding import bare, fold, is_bare

MOST_VARIANTS = 2000  # of one phrase
WIDEST_GAP = 50  # syllables
DEEPEST = 20  # brackets within brackets, lists within lists

Lists = Mapping[str, Sequence[str]]

_PIECE = re.compile(
    r"(?:…|\.{3}) ?(\d+) ?(?:…|\.{3})|@(\w+)|[{}\[\]|*]|[^{}\[\]|*@…]+?(?=\.{3}|[{}\[\]|*@…]|$)"
)
_BETWEEN = re.compile(r"[\s,\"'/-]+")
ABBREVIATION = re.compile(r"(?=.{2})[A-Z0-9ĐƯ]*[A-ZĐƯ][A-Z0-9ĐƯ]*")
_OPENS = {"{": "}", "[": "]"}

_TOO_MANY = f"the phrase has more than {MOST_VARIANTS} variants; split it"
_OPEN_ENDED = "expected a syllable before and behind every gap, and in every variant"


class NotationError(ValueError):
    """A phrase that cannot be read: where in it, and what was expected."""

    def __init__(self, trouble: str, place: int) -> None:
        super().__init__(trouble)
        self.place = place


@dataclass(frozen=True, slots=True)
class _Choice:
    """One of several sequences; an optional one may also be left out."""

    sequences: tuple[_Sequence, ...]


_Sequence = tuple["str | Gap | _Choice", ...]  # a str is one syllable as it was written


def read_phrase(text: str, lists: Lists) -> Phrase:
    """The phrase that `text` writes; `=` before it takes letters without marks at their word.

    A phrase that bears no mark at all is loose: it stands for the same letters with any marks.
    """
    # Each place of a rule has a node of its own, by which lint tells it from its like.
    return replace(_phrase(text, tuple((name, tuple(phrases)) for name, phrases in lists.items())))


@lru_cache(1024)  # rules share their lists, and name them often
def _phrase(text: str, listed: tuple[tuple[str, tuple[str, ...]], ...]) -> Phrase:
    lists = dict(listed)
    exact = text.startswith("=")
    reader = _Reader(text, lists)
    reader.place = int(exact)
    sequence = reader.sequence(0)
    if reader.place < len(text):
        raise NotationError(f"expected a syllable, not {text[reader.place]!r}", reader.place)
    syllables = tuple(_syllables(sequence))
    if not syllables:
        raise NotationError("expected syllables", 0)
    style = _Style(
        loose=not exact and all(map(is_bare, syllables)) and not all(map(_is_fixed, syllables)),
        mixed_case=any(not syllable.isupper() and not syllable.isdigit() for syllable in syllables),
    )
    return Phrase(_chains(sequence, style, len(text)), text)


class _Reader:
    """Recursive descent over one written phrase."""

    def __init__(self, text: str, lists: Lists, within: tuple[str, ...] = ()) -> None:
        self.text = text
        self.lists = lists
        self.within = within  # the lists being read, so that none can hold itself
        self.place = 0

    def sequence(self, depth: int) -> _Sequence:
        if depth + len(self.within) > DEEPEST:
            raise NotationError(f"brackets or lists more than {DEEPEST} deep", self.place)
        parts: list[str | Gap | _Choice] = []
        while self.place < len(self.text) and self.text[self.place] not in "}]|":
            parts.extend(self._part(depth))
        return tuple(parts)

    def _part(self, depth: int) -> Iterable[str | Gap | _Choice]:
        begun = self.place
        piece = _PIECE.match(self.text, begun)
        if piece is None:
            raise NotationError(_what_is_wrong(self.text[begun:]), begun)
        self.place = piece.end()
        if piece[1]:
            return [_gap(int(piece[1]), begun)]
        if piece[2]:
            return [self._named(piece[2], begun)]
        if piece[0] == "*":
            return [Gap(1, 1)]
        if piece[0] in _OPENS:
            return [self._choice(piece[0], depth, begun)]
        return _written(piece[0], begun)

    def _choice(self, opening: str, depth: int, begun: int) -> _Choice:
        sequences = [self.sequence(depth + 1)]
        while self.text[self.place : self.place + 1] == "|":
            self.place += 1
            sequences.append(self.sequence(depth + 1))
        closing = _OPENS[opening]
        if self.text[self.place : self.place + 1] != closing:
            raise NotationError(f"expected {closing!r} to close the {opening!r} here", begun)
        self.place += 1
        if not all(sequences):
            raise NotationError(f"expected a phrase between {opening!r}, '|' and {closing!r}", begun)
        return _Choice(tuple(sequences) + (((),) if opening == "[" else ()))

    def _named(self, name: str, begun: int) -> _Choice:
        if name not in self.lists:
            raise NotationError(f"there is no list {name!r}{_known(self.lists)}", begun)
        if name in self.within:
            raise NotationError(f"the list {name!r} holds itself", begun)
        if not self.lists[name]:
            raise NotationError(f"the list {name!r} is empty", begun)
        return _Choice(tuple(self._element(name, text, begun) for text in self.lists[name]))

    def _element(self, name: str, text: str, begun: int) -> _Sequence:
        reader = _Reader(text, self.lists, (*self.within, name))
        try:
            sequence = reader.sequence(0)
            if reader.place < len(text) or not sequence:
                raise NotationError("expected a phrase", reader.place)
        except NotationError as error:
            raise NotationError(f"in the list {name!r}, {text!r}: {error}", begun) from error
        return sequence


def _written(text: str, begun: int) -> list[str]:
    syllables = [syllable for syllable in _BETWEEN.split(_shown(text)) if syllable]
    for syllable in syllables:
        if not (syllable[0].isalnum() and syllable[-1].isalnum()):
            raise NotationError(f"expected syllables, not {syllable!r}", begun)
    return syllables


def _shown(text: str) -> str:
    """Blanks, dashes and quotes made plain, case as written."""
    folded = fold(text)
    pairs = ((char, text[slice(*folded.span(place, place + 1))]) for place, char in enumerate(folded.text))
    return "".join(char.upper() if shown.isupper() else char for char, shown in pairs)


def _gap(most: int, begun: int) -> Gap:
    if not 1 <= most <= WIDEST_GAP:
        raise NotationError(f"a gap is 1 to {WIDEST_GAP} syllables wide, not {most}", begun)
    return Gap(0, most)


def _what_is_wrong(rest: str) -> str:
    if rest.startswith("@"):
        return "expected the name of a list after '@'"
    return "expected a gap like …3… (up to three syllables)"


def _known(lists: Lists) -> str:
    return f"; there are {', '.join(sorted(lists))}" if lists else "; [lists] is empty"


@dataclass(frozen=True, slots=True)
class _Style:
    """How the phrase as a whole is written."""

    loose: bool
    mixed_case: bool  # so that what stands in capitals means it


def _is_fixed(syllable: str) -> bool:
    """Abbreviations and numbers have no marks to lose."""
    return bool(ABBREVIATION.fullmatch(syllable)) or any(map(str.isdigit, syllable))


def _syllables(sequence: _Sequence) -> Iterable[str]:
    for part in sequence:
        if isinstance(part, str):
            yield part
        elif isinstance(part, _Choice):
            for inner in part.sequences:
                yield from _syllables(inner)


def _chains(sequence: _Sequence, style: _Style, end: int) -> tuple[Chain, ...]:
    """As few chains as there can be: only what holds a gap, or leaves a gap open, is written out."""
    found: dict[Chain, None] = {}
    waiting = [sequence]
    while waiting:
        runs, gaps = _runs(waiting.pop(), end)
        unfit = next((number for number, run in enumerate(runs) if not _is_slot(run)), None)
        if unfit is None:
            slots = (_literals(_variants(run, end), style) for run in runs)
            found[Chain(tuple(slots), gaps)] = None
        else:
            waiting += reversed([_joined(runs, gaps, unfit, run) for run in _written_out(runs[unfit])])
        if len(found) + len(waiting) > MOST_VARIANTS:
            raise NotationError(_TOO_MANY, end)
    return tuple(found)


def _runs(sequence: _Sequence, end: int) -> tuple[list[_Sequence], tuple[Gap, ...]]:
    """The sequence cut at its outer gaps; gaps that meet are one."""
    runs: list[list[str | Gap | _Choice]] = [[]]
    gaps: list[Gap] = []
    for part in sequence:
        if not isinstance(part, Gap):
            runs[-1].append(part)
        elif runs[-1]:
            gaps.append(part)
            runs.append([])
        elif gaps:
            gaps[-1] = Gap(gaps[-1].least + part.least, gaps[-1].most + part.most)
        else:
            raise NotationError(_OPEN_ENDED, end)
    if not runs[-1]:
        raise NotationError(_OPEN_ENDED, end)
    return [tuple(run) for run in runs], tuple(gaps)


def _is_slot(run: _Sequence) -> bool:
    """Whether the run holds no gap and cannot vanish."""
    return not any(map(_holds_gap, run)) and not all(
        isinstance(part, _Choice) and () in part.sequences for part in run
    )


def _holds_gap(part: str | Gap | _Choice) -> bool:
    if isinstance(part, _Choice):
        return any(map(_holds_gap, (inner for sequence in part.sequences for inner in sequence)))
    return isinstance(part, Gap)


def _written_out(run: _Sequence) -> list[_Sequence]:
    """The run once for each sequence of the first choice that keeps it from being a slot."""
    stuck = next(
        (number for number, part in enumerate(run) if _holds_gap(part)),
        next((number for number, part in enumerate(run) if isinstance(part, _Choice)), 0),
    )
    choice = run[stuck]
    assert isinstance(choice, _Choice), "outer gaps are not in runs"
    return [(*run[:stuck], *sequence, *run[stuck + 1 :]) for sequence in choice.sequences]


def _joined(runs: list[_Sequence], gaps: tuple[Gap, ...], number: int, run: _Sequence) -> _Sequence:
    changed = [*runs[:number], run, *runs[number + 1 :]]
    return (
        *changed[0],
        *(part for gap, rest in zip(gaps, changed[1:], strict=True) for part in (gap, *rest)),
    )


def _variants(sequence: _Sequence, end: int) -> list[tuple[str, ...]]:
    """Every way to say a sequence without gaps."""
    found: list[tuple[str, ...]] = [()]
    for part in sequence:
        if isinstance(part, _Choice):
            choices = [variant for inner in part.sequences for variant in _variants(inner, end)]
        else:
            choices = [(str(part),)]
        if len(found) * len(choices) > MOST_VARIANTS:
            raise NotationError(_TOO_MANY, end)
        found = [before + after for before, after in product(found, choices)]
    return list(dict.fromkeys(found))


def _literals(variants: Iterable[tuple[str, ...]], style: _Style) -> tuple[Literal, ...]:
    return tuple(dict.fromkeys(_literal(variant, style) for variant in variants))


def _literal(syllables: tuple[str, ...], style: _Style) -> Literal:
    meant = style.mixed_case or len(syllables) == 1
    capitals = tuple(place for place, syllable in enumerate(syllables) if meant and _is_short(syllable))
    folded = tuple(map(_bared if style.loose else _folded, syllables))
    return Literal(folded, capitals, style.loose)


# A choice within a choice says each of its syllables many times over.
@lru_cache(4096)
def _folded(syllable: str) -> str:
    return fold(syllable).text


@lru_cache(4096)
def _bared(syllable: str) -> str:
    return bare(fold(syllable).text)


@lru_cache(4096)
def _is_short(syllable: str) -> bool:
    return ABBREVIATION.fullmatch(syllable) is not None
