"""Phrases that tell two sides of articles apart: a plain statistic, explained with every phrase."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from crawler.laboratory.ngrams import Run

PRIOR = 10.0  # articles that the prior counts for
SURE = 1.96  # standard errors: what chance alone gives once in twenty
LEAST = 3  # articles of its own side that a phrase must stand in


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many articles are on each side."""

    first: int
    second: int


@dataclass(frozen=True, slots=True)
class Telling:
    """One phrase, and how it tells the first side from the second."""

    run: Run
    first: int  # articles of the first side that it stands in
    second: int
    log_odds: float  # natural; above 0: it speaks for the first side
    z: float  # the same in standard errors

    @property
    def for_first(self) -> bool:
        """Whether it speaks for the first side."""
        return self.z > 0


def telling(run: Run, counts: tuple[int, int], sizes: Sizes) -> Telling:
    """The log-odds of standing in an article, first side against second, and its z-score.

    Log-odds ratio with an informative Dirichlet prior (Monroe, Colaresi and Quinn, "Fightin' Words", 2008),
    over articles rather than occurrences, so that one long article counts once: for a phrase or its absence
    the prior is PRIOR articles, parted as both sides together part. The variance is the sum of one over each
    of the four counts.
    """
    first, second = counts
    share = (first + second) / (sizes.first + sizes.second)
    # Half an article, where a phrase stands in every one: the logarithm must be finite.
    with_it, without = PRIOR * share, max(PRIOR * (1 - share), 0.5)
    cells = (
        first + with_it,
        sizes.first - first + without,
        second + with_it,
        sizes.second - second + without,
    )
    log_odds = math.log(cells[0] / cells[1]) - math.log(cells[2] / cells[3])
    return Telling(run, first, second, log_odds, log_odds / math.sqrt(sum(1 / cell for cell in cells)))


def suggestions(
    counts: Mapping[Run, tuple[int, int]], sizes: Sizes, *, both: bool = True
) -> Iterator[Telling]:
    """The phrases that tell the sides apart, the surest first; those for the first side alone unless `both`.

    A phrase that contains a better one, is contained in it, or is the same longer phrase cut elsewhere, is
    left out, and so is what has no letter.
    """
    found = [telling(run, some, sizes) for run, some in counts.items() if _has_letters(run)]
    sure = [one for one in found if _is_sure(one) and (both or one.for_first)]
    sure.sort(key=lambda one: (-abs(one.z), -len(one.run), one.run))
    taken = _Taken()
    for one in sure:
        if not taken.knows(one):
            taken.add(one)
            yield one


def _is_sure(one: Telling) -> bool:
    return abs(one.z) >= SURE and (one.first if one.for_first else one.second) >= LEAST


def _has_letters(run: Run) -> bool:
    return any(any(map(str.isalpha, syllable)) for syllable in run)


class _Taken:
    """Phrases that are suggested already, those for each side apart."""

    def __init__(self) -> None:
        self._parts: set[tuple[bool, Run]] = (
            set()
        )  # of phrases that are taken, those of two syllables and more
        self._whole: set[tuple[bool, Run]] = set()

    def knows(self, one: Telling) -> bool:
        side = one.for_first
        return (
            (side, one.run) in self._parts
            or any((side, part) in self._whole for part in _parts(one.run, 1))
            or any((side, part) in self._parts for part in _parts(one.run, 2))
        )

    def add(self, one: Telling) -> None:
        self._whole.add((one.for_first, one.run))
        self._parts.update((one.for_first, part) for part in _parts(one.run, 1))


def _parts(run: Run, least: int) -> Iterable[Run]:
    ends = range(least, len(run) + 1)
    return (run[start : start + length] for length in ends for start in range(len(run) - length + 1))
