"""Runs of syllables, and in how many articles of two sides each stands."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from crawler.judging.sentences import sentence_starts
from crawler.judging.tree import Literal
from storage.records import Article
from storage.search import canonical, canonical_bare, tokens

LONGEST = 4  # syllables of a run
_BREAK = 0  # stands for no syllable: no run goes across it
_SHIFT = 32

Document = Sequence[int]  # an article's runs of one length, by number, in their order
Sides = tuple[Sequence[Document], Sequence[Document]]
Run = tuple[str, ...]  # syllables, folded, each in its canonical spelling


def sentences(article: Article) -> Iterator[str]:
    """The sentences of title, lead and body, as they are stored."""
    for text in (article.title, article.lead or "", article.body):
        starts = sentence_starts(text)
        for start, end in pairwise([*starts, len(text)]):
            yield text[start:end]


class Known:
    """Phrases that need no suggestion: a rule's own."""

    def __init__(self, literals: Iterable[Literal]) -> None:
        written = [(literal, tokens(" ".join(literal.syllables))) for literal in literals]
        self._exact = {tuple(map(canonical, some)) for one, some in written if some and not one.loose}
        self._loose = {tuple(map(canonical_bare, some)) for one, some in written if some and one.loose}
        self._lengths = sorted({*map(len, self._exact), *map(len, self._loose)}, reverse=True)

    def length_at(self, syllables: Sequence[str], place: int) -> int:
        """How many syllables of the longest known phrase stand there; 0: none does."""
        for length in self._lengths:
            run = tuple(syllables[place : place + length])
            if len(run) == length and (
                run in self._exact
                or (self._loose and tuple(canonical_bare(one) for one in run) in self._loose)
            ):
                return length
        return 0


class Vocabulary:
    """Syllables by number, and articles as arrays of those."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._numbers: dict[str, int] = {}

    def document(self, article: Article) -> array[int]:
        """The article's syllables, with breaks between sentences and in place of phrases that are known."""
        found = array("q")
        for sentence in sentences(article):
            found.extend(self._numbered([canonical(one) for one in tokens(sentence)]))
            found.append(_BREAK)
        return found

    def syllables(self) -> dict[int, Run]:
        """Each number as the run of one syllable."""
        return {number: (syllable,) for syllable, number in self._numbers.items()}

    def _numbered(self, syllables: Sequence[str]) -> Iterator[int]:
        place = 0
        while place < len(syllables):
            if length := self._known.length_at(syllables, place):
                yield _BREAK
                place += length
            else:
                yield self._numbers.setdefault(syllables[place], len(self._numbers) + 1)
                place += 1


def article_counts(sides: Sides, names: Mapping[int, Run], least: int) -> dict[Run, tuple[int, int]]:
    """In how many articles of each side every run of 1 to LONGEST syllables stands.

    Only those that stand in `least` articles of both sides together. Length by length: a run can be no more
    frequent than its parts, so that what is in memory is bounded by what is frequent.
    """
    found: dict[Run, tuple[int, int]] = {}
    for length in range(1, LONGEST + 1):
        first, second = (_counted(side) for side in sides)
        frequent = [key for key in {**first, **second} if first[key] + second[key] >= least]
        found |= {names[key]: (first[key], second[key]) for key in frequent}
        if length < LONGEST and frequent:
            sides, names = _longer(sides, names, frozenset(frequent))
    return found


def written(sentence: str, runs: Iterable[Run]) -> Iterator[tuple[Run, str]]:
    """Those of the runs that stand in a sentence, each as it is written there, folded."""
    syllables = tokens(sentence)
    spelt = [canonical(one) for one in syllables]
    known = frozenset(spelt)
    for run in runs:
        if known.issuperset(run):
            for place in range(len(spelt) - len(run) + 1):
                if tuple(spelt[place : place + len(run)]) == run:
                    yield run, " ".join(syllables[place : place + len(run)])
                    break


def _counted(documents: Iterable[Document]) -> Counter[int]:
    counts: Counter[int] = Counter()
    for document in documents:
        counts.update(set(document) - {_BREAK})
    return counts


def _longer(
    sides: Sides, names: Mapping[int, Run], frequent: Collection[int]
) -> tuple[Sides, dict[int, Run]]:
    """The same articles as runs of one syllable more, those alone whose two parts are frequent."""
    numbers: dict[int, int] = {}

    def lengthened(document: Document) -> array[int]:
        pairs = (
            first << _SHIFT | second if first in frequent and second in frequent else _BREAK
            for first, second in pairwise(document)
        )
        return array("q", [numbers.setdefault(pair, len(numbers) + 1) if pair else _BREAK for pair in pairs])

    first, second = ([lengthened(one) for one in side] for side in sides)
    mask = (1 << _SHIFT) - 1
    named = {number: (*names[pair >> _SHIFT], names[pair & mask][-1]) for pair, number in numbers.items()}
    return (first, second), named
