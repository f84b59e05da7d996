"""Two articles side by side: paragraph beside paragraph, with what stands in one of them alone; pure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from storage.folding import fold, spellings
from storage.passages import Passage, gaps, shared
from storage.records import Article

MOST_WORDS = 3_000  # of each article that are compared and shown …
MOST_CHARACTERS = 20_000  # … and in all …
MOST_PARAGRAPHS = 150  # … in so many

_FEW, _WIDE = 3, 12  # words
_WORD = re.compile(r"\d++(?:[.,:/–-]\d++)*+|[^\W\d_]+[\u0300-\u036f]*|\S")
_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a paragraph."""

    text: str  # foreign, not escaped
    apart: bool  # it stands in this article alone


Paragraph = tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """Two paragraphs that tell the same, or one that has none beside it."""

    one: Paragraph | None
    other: Paragraph | None

    @property
    def same(self) -> bool:
        """Whether both say the same, but for spelling and blanks."""
        both = self.one is not None and self.other is not None
        return both and not any(stretch.apart for stretch in (*(self.one or ()), *(self.other or ())))


@dataclass(frozen=True, slots=True)
class Difference:
    """All that two articles say, side by side."""

    title: Side
    sides: tuple[Side, ...]
    syllables: tuple[int, int]  # compared, and numbers; no signs
    apart: tuple[int, int]  # of these, in one article alone
    cut: bool  # one is longer than what is compared


def difference(one: Article, other: Article) -> Difference:
    """The titles, leads and bodies of two articles, compared by words as they fold."""
    first, second = _read(_paragraphs(one)), _read(_paragraphs(other))
    passages = _telling(shared(first.words, second.words), (len(first.words), len(second.words)))
    beside = _beside(first, second, passages)
    lit = _lit(first, passages, own=True), _lit(second, passages, own=False)
    return Difference(
        title=_title(one.title, other.title),
        sides=tuple(Side(_at(lit[0], mine), _at(lit[1], theirs)) for mine, theirs in beside),
        syllables=(_counted(first.words), _counted(second.words)),
        apart=tuple(map(_apart, lit)),  # type: ignore[arg-type]  # of two, two
        cut=first.cut or second.cut,
    )


@dataclass(frozen=True, slots=True)
class _Read:
    """A text as it is compared."""

    paragraphs: tuple[str, ...]
    words: list[str]  # folded
    places: list[tuple[int, int, int]]  # of each word: its paragraph, and where it stands in it
    cut: bool


def _paragraphs(article: Article) -> list[str]:
    whole = "\n\n".join((article.lead or "", article.body))
    return [paragraph for paragraph in _BLANK_LINE.split(whole.strip()) if paragraph]


def _read(paragraphs: Sequence[str]) -> _Read:
    """The beginning that is compared; what is behind it is left out."""
    words: list[str] = []
    places: list[tuple[int, int, int]] = []
    shown: list[str] = []
    left = MOST_CHARACTERS
    for number, whole in enumerate(paragraphs[:MOST_PARAGRAPHS]):
        paragraph = whole[:left]
        left -= len(paragraph)
        found = list(_WORD.finditer(paragraph))
        if len(words) + len(found) > MOST_WORDS:
            found = found[: MOST_WORDS - len(words)]
            paragraph = paragraph[: found[-1].end()] if found else ""
        words += [_key(match[0]) for match in found]
        places += [(number, *match.span()) for match in found]
        shown.append(paragraph)
        if len(words) >= MOST_WORDS or not left:
            break
    return _Read(tuple(shown), words, places, len("".join(shown)) < len("".join(paragraphs)))


def _key(word: str) -> str:
    return min(spellings(fold(word).text))


def _telling(passages: Sequence[Passage], lengths: tuple[int, int]) -> list[Passage]:
    """Those that are no coincidence: one or two words beside a long gap, like a full stop, say nothing."""
    edges = {
        place
        for gap in gaps(passages, lengths)
        if max(gap.end - gap.start, gap.other_end - gap.other_start) > _WIDE
        for place in ((gap.start, gap.other_start), (gap.end, gap.other_end))
    }
    return [
        passage
        for passage in passages
        if passage.length >= _FEW
        or not {(passage.start, passage.other_start), (passage.end, passage.other_end)} & edges
    ]


def _counted(words: Sequence[str]) -> int:
    return sum(word[0].isalnum() for word in words)


def _apart(paragraphs: Sequence[Paragraph]) -> int:
    alone = [stretch.text for paragraph in paragraphs for stretch in paragraph if stretch.apart]
    return sum(_counted(_WORD.findall(text)) for text in alone)


def _title(one: str, other: str) -> Side:
    first, second = _read([one]), _read([other])
    passages = shared(first.words, second.words)
    return Side(_lit(first, passages, own=True)[0], _lit(second, passages, own=False)[0])


def _at(paragraphs: Sequence[Paragraph], number: int | None) -> Paragraph | None:
    return None if number is None else paragraphs[number]


def _lit(read: _Read, passages: Sequence[Passage], *, own: bool) -> list[Paragraph]:
    """The paragraphs, cut where words begin and end that stand in no passage."""
    apart = [True] * len(read.words)
    for passage in passages:
        start = passage.start if own else passage.other_start
        apart[start : start + passage.length] = [False] * passage.length
    found: list[Paragraph] = [(Stretch(text, False),) for text in read.paragraphs]
    words = list(zip(read.places, apart, strict=True))
    for number, some in groupby(words, key=lambda word: word[0][0]):
        spans = [(start, end, alone) for (_, start, end), alone in some]
        found[number] = tuple(_stretches(read.paragraphs[number], spans))
    return found


def _stretches(text: str, spans: Sequence[tuple[int, int, bool]]) -> Iterator[Stretch]:
    """A blank between two words belongs to the lit ones only if both are."""
    place = 0
    for alone, some in groupby(spans, key=lambda span: span[2]):
        run = list(some)
        if alone:
            if run[0][0] > place:
                yield Stretch(text[place : run[0][0]], False)
            yield Stretch(text[run[0][0] : run[-1][1]], True)
            place = run[-1][1]
    if place < len(text):
        yield Stretch(text[place:], False)


def _beside(
    first: _Read, second: _Read, passages: Sequence[Passage]
) -> Iterator[tuple[int | None, int | None]]:
    """The numbers of paragraphs that stand side by side, in the order of both; None: nothing beside it."""
    one, other = 0, 0
    for mine, theirs in [*_pairs(first, second, passages), (len(first.paragraphs), len(second.paragraphs))]:
        yield from ((number, None) for number in range(one, mine))
        yield from ((None, number) for number in range(other, theirs))
        if mine < len(first.paragraphs):
            yield mine, theirs
        one, other = mine + 1, theirs + 1


def _pairs(first: _Read, second: _Read, passages: Sequence[Passage]) -> list[tuple[int, int]]:
    """Each paragraph with the one that it shares most words with, none of them crossing another pair."""
    common: Counter[tuple[int, int]] = Counter()
    for passage in passages:
        for step in range(passage.length):
            mine, theirs = first.places[passage.start + step], second.places[passage.other_start + step]
            common[mine[0], theirs[0]] += 1
    chosen: list[tuple[int, int]] = []
    for pair, _ in sorted(common.items(), key=lambda one: (-one[1], one[0])):
        at = bisect_left(chosen, pair)
        before = chosen[at - 1] if at else (-1, -1)
        after = chosen[at] if at < len(chosen) else (pair[0] + 1, pair[1] + 1)
        if before[0] < pair[0] < after[0] and before[1] < pair[1] < after[1]:
            chosen.insert(at, pair)
    return chosen
