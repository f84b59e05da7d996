"""Which stored articles a rule's suggestions are drawn from, and the suggestions with their examples."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

from crawler.judging.binding import literals
from crawler.judging.judge import Rule
from crawler.judging.sentences import quote_bounds
from crawler.laboratory.judges import chunks
from crawler.laboratory.ngrams import Known, Run, Vocabulary, article_counts, sentences, written
from crawler.laboratory.suggesting import LEAST, Sizes, Telling, suggestions
from storage.records import Article
from storage.store import Store

ENOUGH = 20  # verdicts of each kind; with fewer, flagged articles are compared with others
MOST = 3_000  # articles of a side; of more, so many are drawn by chance
_SEED = 20261123  # so that the same store gives the same suggestions

Kind = Literal["verdicts", "flags"]
_SIDES: Mapping[Kind, tuple[str, str]] = {"verdicts": ("kept", "dropped"), "flags": ("flagged", "unflagged")}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A phrase to think about, and why."""

    phrase: str  # as the example writes it, small
    telling: Telling
    speaks_for: str
    article: int  # number of the example's
    example: str  # a sentence that it stands in

    def told(self, names: tuple[str, str]) -> dict[str, Any]:
        """As `rules suggest --json` shows it; `names` are those of the two sides."""
        first, second = names
        told = self.telling
        counted = {first: told.first, second: told.second}
        statistic = {"log_odds": round(told.log_odds, 3), "z": round(told.z, 3)}
        example = {"id": self.article, "example": self.example}
        return {"phrase": self.phrase, "for": self.speaks_for, **counted, **statistic, **example}


class Comparison:
    """Articles that a rule flags by what people decided; where they decided little, beside all others."""

    def __init__(self, store: Store, rule: Rule) -> None:
        self._store = store
        self._rule = rule
        self.decided = (0, 0)  # kept and dropped articles that the rule flags
        self.kind, sides = self._sides()
        self._numbers = (_some(sides[0]), _some(sides[1]))
        self.sizes = Sizes(*map(len, self._numbers))

    @property
    def names(self) -> tuple[str, str]:
        """What the two sides are called."""
        return _SIDES[self.kind]

    @property
    def is_possible(self) -> bool:
        """Whether there is enough on both sides to tell anything."""
        return min(self.sizes.first, self.sizes.second) >= LEAST

    def suggestions(self, limit: int | None) -> list[Suggestion]:
        """At most so many phrases, the surest first; those for the second side only where people decided."""
        vocabulary = Vocabulary(Known(self._literals()))
        sides = tuple([vocabulary.document(one) for _, one in self._articles(side)] for side in self._numbers)
        counts = article_counts((sides[0], sides[1]), vocabulary.syllables(), LEAST)
        found = suggestions(counts, self.sizes, both=self.kind == "verdicts")
        return self._shown(list(islice(found, limit)))

    def _sides(self) -> tuple[Kind, tuple[Iterable[int], Iterable[int]]]:
        name = self._rule.text.name
        levels = self._store.flags.levels(name)
        flagged = {number for number, level in levels.items() if level == "primary"}
        decided = self._store.verdicts.decided()
        kept = [one for one in flagged if decided.get(one) == "keep"]
        dropped = [one for one in flagged if decided.get(one) == "drop"]
        self.decided = (len(kept), len(dropped))
        if min(self.decided) >= ENOUGH:
            return "verdicts", (kept, dropped)
        return "flags", (flagged, self._others(levels))

    def _others(self, flagged: Collection[int]) -> list[int]:
        every = self._store.articles.numbers()
        drawn = random.Random(_SEED).sample(every, min(len(every), MOST + len(flagged)))
        return [one for one in drawn if one not in flagged][:MOST]

    def _literals(self) -> Iterator[Any]:
        return literals(self._rule.widest)

    def _articles(self, numbers: Sequence[int]) -> Iterator[tuple[int, Article]]:
        for some in chunks(numbers):
            yield from sorted(self._store.articles.judged(some), reverse=True)

    def _shown(self, found: Sequence[Telling]) -> list[Suggestion]:
        examples: dict[Run, tuple[str, int, str]] = {}
        for first, numbers in zip((True, False), self._numbers, strict=True):
            examples |= self._examples(numbers, {one.run for one in found if one.for_first is first})
        return [
            Suggestion(examples[one.run][0], one, self.names[not one.for_first], *examples[one.run][1:])
            for one in found
        ]

    def _examples(self, numbers: Sequence[int], wanted: set[Run]) -> dict[Run, tuple[str, int, str]]:
        """Each run as it is written, where, and the sentence."""
        found: dict[Run, tuple[str, int, str]] = {}
        articles = self._articles(numbers)
        while wanted and (one := next(articles, None)) is not None:
            number, article = one
            for sentence in sentences(article):
                for run, phrase in written(sentence, tuple(wanted)):
                    found[run] = (phrase, number, _cut(sentence.strip()))
                    wanted.remove(run)
        return found


def _some(numbers: Iterable[int]) -> list[int]:
    """The newest kept first, so that examples are new."""
    every = sorted(numbers)
    return sorted(random.Random(_SEED).sample(every, min(len(every), MOST)), reverse=True)


def _cut(sentence: str) -> str:
    start, end = quote_bounds(sentence, 0, 1)
    return sentence[start:end]
