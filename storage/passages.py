"""The passages that two texts share, in an order that both keep; fast however long they are. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_LENGTH = 3  # words that a passage is recognised by
_DEPTH = 8  # times that what lies between two passages is looked into anew

Triple = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """Words that stand in both texts alike."""

    start: int
    other_start: int
    length: int  # words

    @property
    def end(self) -> int:
        """Exclusive."""
        return self.start + self.length

    @property
    def other_end(self) -> int:
        """Exclusive."""
        return self.other_start + self.length


@dataclass(frozen=True, slots=True)
class Gap:
    """What the one and the other have between two passages; either may be empty."""

    start: int
    end: int  # exclusive
    other_start: int
    other_end: int


def shared(one: Sequence[str], other: Sequence[str]) -> tuple[Passage, ...]:
    """The passages of at least three words, or at an edge of one, that stand in both in the same order.

    By words that stand once in each, as patience diff does it, so that repetition costs no time; what lies
    between is looked into again by itself.
    """
    found = _grown(one, other, Gap(0, len(one), 0, len(other)), _DEPTH)
    return tuple(_joined(passage for passage in found if passage.length))


def gaps(passages: Sequence[Passage], lengths: tuple[int, int]) -> Iterator[Gap]:
    """What lies before, between and behind the passages of two texts so many words long."""
    place, other = 0, 0
    for passage in (*passages, Passage(*lengths, 0)):
        if passage.start > place or passage.other_start > other:
            yield Gap(place, passage.start, other, passage.other_start)
        place, other = passage.end, passage.other_end


def _grown(one: Sequence[str], other: Sequence[str], within: Gap, depth: int) -> Iterator[Passage]:
    """The passages within a gap: what its two sides begin and end with alike, and what is found between."""
    most = min(within.end - within.start, within.other_end - within.other_start)
    head = 0
    while head < most and one[within.start + head] == other[within.other_start + head]:
        head += 1
    tail = 0
    while tail < most - head and one[within.end - tail - 1] == other[within.other_end - tail - 1]:
        tail += 1
    yield Passage(within.start, within.other_start, head)
    inner = Gap(within.start + head, within.end - tail, within.other_start + head, within.other_end - tail)
    if depth and min(inner.end - inner.start, inner.other_end - inner.other_start) >= _LENGTH:
        yield from _between(one, other, inner, depth)
    yield Passage(inner.end, inner.other_end, tail)


def _between(one: Sequence[str], other: Sequence[str], within: Gap, depth: int) -> Iterator[Passage]:
    anchors = _anchors(one, other, within)
    place, other_place = within.start, within.other_start
    for start, other_start in anchors:
        if start < place or other_start < other_place:
            continue  # it overlaps the passage before
        if start > place or other_start > other_place:
            yield from _grown(one, other, Gap(place, start, other_place, other_start), depth - 1)
        yield Passage(start, other_start, 1)
        place, other_place = start + 1, other_start + 1
    if anchors:
        yield from _grown(one, other, Gap(place, within.end, other_place, within.other_end), depth - 1)


def _joined(passages: Iterator[Passage]) -> Iterator[Passage]:
    last: Passage | None = None
    for passage in passages:
        if last and (last.end, last.other_end) == (passage.start, passage.other_start):
            last = Passage(last.start, last.other_start, last.length + passage.length)
            continue
        if last:
            yield last
        last = passage
    if last:
        yield last


def _anchors(one: Sequence[str], other: Sequence[str], within: Gap) -> list[tuple[int, int]]:
    """Where triples begin that stand once on each side: the longest chain that ascends on both."""
    mine = _single(one, within.start, within.end)
    theirs = _single(other, within.other_start, within.other_end)
    pairs = [(place, theirs[triple]) for triple, place in mine.items() if triple in theirs]
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for number, (_, place) in enumerate(pairs):
        length = bisect_left(tails, place)
        before.append(ends[length - 1] if length else -1)
        tails[length : length + 1] = [place]
        ends[length : length + 1] = [number]
    chain: list[tuple[int, int]] = []
    number = ends[-1] if ends else -1
    while number >= 0:
        chain.append(pairs[number])
        number = before[number]
    return chain[::-1]


def _single(words: Sequence[str], start: int, end: int) -> dict[Triple, int]:
    """Where each triple begins that stands there once, in reading order."""
    part = words[start:end]
    triples: list[Triple] = list(zip(part, part[1:], part[2:], strict=False))
    counts = Counter(triples)
    return {triple: start + place for place, triple in enumerate(triples) if counts[triple] == 1}
