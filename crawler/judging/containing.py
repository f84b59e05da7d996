"""Whether a phrase contains another wherever it stands, told from their letters alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache

from crawler.judging.tree import Chain, Literal, Phrase
from storage.folding import bare, spellings

_MARKABLE = frozenset("aeiouyd")
_Keys = tuple[str, ...]


def contains(whole: Phrase, part: Phrase) -> bool:
    """Every occurrence of `whole` holds one of `part`; False where that cannot be told."""
    return Contained((part,)).within(whole) == {0}


def covers(one: Phrase, other: Phrase) -> bool:
    """Wherever `other` stands, `one` stands on the very same syllables; False where that cannot be told."""
    return all(
        chain in one.chains
        if len(chain.slots) > 1
        else all(_is_covered(one, literal) for literal in chain.slots[0])
        for chain in other.chains
    )


class Contained:
    """Phrases, to be asked which of them another phrase contains; the time grows with that phrase only."""

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        self._by_keys: dict[_Keys, list[tuple[int, Literal]]] = defaultdict(list)
        self._gapped: dict[_Keys, list[tuple[int, Chain]]] = defaultdict(list)
        for number, phrase in enumerate(phrases):
            for chain in phrase.chains:
                for literal in chain.slots[0]:
                    if len(chain.slots) == 1:
                        self._by_keys[_keys(literal)].append((number, literal))
                    else:
                        self._gapped[_keys(literal)].append((number, chain))
        self._longest = max(map(len, [*self._by_keys, *self._gapped]), default=0)

    def within(self, whole: Phrase) -> set[int]:
        """The numbers of the phrases of which one occurrence lies in every occurrence of `whole`."""
        found: set[int] | None = None
        for chain in whole.chains:
            here = self._in_chain(chain)
            found = here if found is None else found & here
            if not found:
                return set()
        return found or set()

    def _in_chain(self, chain: Chain) -> set[int]:
        found: set[int] = set()
        for slot in chain.slots:
            always: set[int] | None = None
            for literal in slot:
                here = self._in_literal(literal)
                always = here if always is None else always & here
                if not always:
                    break
            found |= always or set()
        asked: set[tuple[int, int]] = set()
        for keys in (keys for slot in chain.slots for literal in slot for keys in self._runs(literal)):
            for number, gapped in self._gapped.get(keys, ()):
                if number not in found and (number, id(gapped)) not in asked:
                    asked.add((number, id(gapped)))
                    if _is_chain_within(chain, gapped):
                        found.add(number)
        return found

    def _in_literal(self, literal: Literal) -> set[int]:
        return {
            number
            for keys in self._runs(literal)
            for number, part in self._by_keys.get(keys, ())
            if _holds(literal, part)
        }

    def _runs(self, literal: Literal) -> Iterator[_Keys]:
        keys = _keys(literal)
        for start in range(len(keys)):
            for end in range(start + 1, min(len(keys), start + self._longest) + 1):
                yield keys[start:end]


def _is_chain_within(whole: Chain, part: Chain) -> bool:
    """Whether the part lies in each occurrence of the whole chain."""
    if len(whole.slots) == 1:
        return all(_is_in_run(literal, part) for literal in whole.slots[0])
    starts = range(len(whole.slots) - len(part.slots) + 1)
    return any(_is_slot_by_slot(whole, part, start) for start in starts)


def _is_slot_by_slot(whole: Chain, part: Chain, start: int) -> bool:
    """The same gaps or narrower ones, between the same syllables."""
    gaps = whole.gaps[start : start + len(part.gaps)]
    return all(
        inner.least <= gap.least and gap.most <= inner.most
        for gap, inner in zip(gaps, part.gaps, strict=True)
    ) and all(
        all(any(_is_same_run(literal, other) for other in inner) for literal in slot)
        for slot, inner in zip(whole.slots[start : start + len(part.slots)], part.slots, strict=True)
    )


def _is_in_run(literal: Literal, part: Chain) -> bool:
    """Whether the part, gaps and all, lies in these syllables that follow one another."""
    if not all(map(str.isalnum, literal.syllables)):  # "22.1.2019" is several syllables to a gap
        return False
    ends = {place + len(first.syllables) for first in part.slots[0] for place in _places(literal, first)}
    for gap, slot in zip(part.gaps, part.slots[1:], strict=True):
        ends = {
            place + len(other.syllables)
            for other in slot
            for place in _places(literal, other)
            if any(gap.least <= place - end <= gap.most for end in ends)
        }
    return bool(ends)


def _is_covered(one: Phrase, literal: Literal) -> bool:
    single = (chain.slots[0] for chain in one.chains if len(chain.slots) == 1)
    return any(_is_same_run(literal, other) for slot in single for other in slot)


def _is_same_run(literal: Literal, other: Literal) -> bool:
    return len(literal.syllables) == len(other.syllables) and _holds(literal, other)


def _holds(whole: Literal, part: Literal) -> bool:
    return next(_places(whole, part), None) is not None


def _places(whole: Literal, part: Literal) -> Iterator[int]:
    """The syllables of `whole` from which `part` stands in all of its occurrences."""
    length = len(part.syllables)
    for start in range(len(whole.syllables) - length + 1):
        capitals = all(start + place in whole.capitals for place in part.capitals)
        if capitals and all(
            _is_always(said, whole.loose, wanted, part.loose)
            for said, wanted in zip(whole.syllables[start : start + length], part.syllables, strict=True)
        ):
            yield start


@lru_cache(maxsize=1 << 14)
def _is_always(said: str, said_loosely: bool, wanted: str, wanted_loosely: bool) -> bool:
    """Whether every text that the one syllable finds, the other finds too."""
    if said_loosely and not wanted_loosely and not _MARKABLE.isdisjoint(said):
        return False
    found = set(spellings(said))
    if wanted_loosely:
        found = set(map(bare, found))
    return found <= set(spellings(wanted))


@lru_cache(maxsize=1 << 14)
def _key(syllable: str) -> str:
    return min(spellings(bare(syllable)))


def _keys(literal: Literal) -> _Keys:
    """The same for whatever may stand on the same syllables."""
    return tuple(map(_key, literal.syllables))
