"""A rule tried on everything stored: what it would newly flag, what no longer, what people said of it."""

from __future__ import annotations

import random
import sys
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crawler.judging.judge import Judge, compile_rule
from crawler.judging.ruletext import RuleText
from crawler.judging.sieving import sieve
from crawler.laboratory.judges import Judges, Levels, chunks, level_some
from storage.records import Decision, Level
from storage.store import Store

SAMPLE = 2_000  # articles that the index ruled out, judged all the same
FEW = 2_000  # candidates that are judged before other processes would have begun
_SEED = 20261123  # so that the same store gives the same sample

_Changed = tuple[int, bool]  # an article's number, and whether it is newly flagged


@dataclass(frozen=True, slots=True)
class Change:
    """One article that the rule would put into the queue and does not, or does and would not."""

    id: int
    title: str
    newly: bool
    quote: str  # the sentence that proves it, or proved it
    decision: Decision | None  # of the verdict that stands

    def told(self) -> dict[str, Any]:
        """As `rules test --json` shows it."""
        change = "new" if self.newly else "gone"
        decided = {"id": self.id, "change": change, "decision": self.decision}
        return {**decided, "title": self.title, "quote": self.quote}


@dataclass(slots=True)
class Decided:
    """How people decided on what is flagged."""

    kept: int = 0
    dropped: int = 0

    def count(self, decision: Decision | None) -> None:
        """One more article."""
        self.kept += decision == "keep"
        self.dropped += decision == "drop"

    @property
    def precision(self) -> float | None:
        """The part that was kept; None where nothing was decided."""
        decided = self.kept + self.dropped
        return self.kept / decided if decided else None

    def told(self) -> dict[str, Any]:
        """As JSON."""
        return {"kept": self.kept, "dropped": self.dropped, "precision": self.precision}


@dataclass(slots=True)
class Tally:
    """What a trial of a rule counted. Flagged is what the rule is about; mentions are counted apart."""

    articles: int = 0  # stored
    candidates: int = 0  # that the full-text index gives
    flagged_before: int = 0
    flagged_after: int = 0
    newly: int = 0
    gone: int = 0
    mentions_before: int = 0
    mentions_after: int = 0
    before: Decided = field(default_factory=Decided)
    after: Decided = field(default_factory=Decided)
    sampled: int = 0  # articles that the index ruled out and that were judged all the same
    missed: int = 0  # of those: flagged or mentioned, which must not be

    def told(self) -> dict[str, Any]:
        """As JSON."""
        counted = {name: getattr(self, name) for name in self.__slots__ if name not in ("before", "after")}
        return {**counted, "before": self.before.told(), "after": self.after.told()}


class Experiment:
    """One rule as it is written now, against the flags that are stored under its name."""

    def __init__(self, store: Store, text: RuleText) -> None:
        """RuleError where the rule cannot be read."""
        self._store = store
        self._text = text
        self._judge = Judge([compile_rule(text)])
        self._before: dict[int, Level] = {}
        self._decided: dict[int, Decision] = {}
        self.tally = Tally()

    def changes(self, most: int | None = None) -> Iterator[Change]:
        """Changes, those from the newest kept articles first, at most so many; the tally counts all of them.

        The tally is whole once the iterator is at its end.
        """
        self._count_before()
        expression = sieve(self._judge.rules)
        every = self._store.articles.numbers() if expression is None else None
        found = every if every is not None else self._store.search.matching(str(expression))
        self.tally.candidates = len(found)
        left = sys.maxsize if most is None else most
        for changed in self._changed(found[::-1]):
            yield from self._explained(changed[:left])
            left -= len(changed[:left])
        self._sample(every if every is not None else self._store.articles.numbers(), found)

    def _count_before(self) -> None:
        self._before = self._store.flags.levels(self._text.name)
        self._decided = self._store.verdicts.decided()
        for number, level in self._before.items():
            if level == "primary":
                self.tally.flagged_before += 1
                self.tally.before.count(self._decided.get(number))
            else:
                self.tally.mentions_before += 1

    def _changed(self, numbers: array[int]) -> Iterator[list[_Changed]]:
        """What changed among the candidates, and then among flagged articles that are none."""
        for some, answer in self._answers(numbers):
            yield self._compared(some, dict(answer.found))
        ruled_out = sorted(self._before.keys() - set(numbers), reverse=True)
        for some in chunks(ruled_out):
            yield self._compared(some, {})

    def _answers(self, numbers: array[int]) -> Iterator[tuple[Sequence[int], Levels]]:
        first, rest = numbers[:FEW], numbers[FEW:]
        for some in chunks(first):
            yield some, level_some(self._store, self._judge, some)
        if rest:
            with Judges(self._store.path, [self._text]) as judges:
                yield from zip(chunks(rest), judges.levels(chunks(rest)), strict=True)

    def _compared(self, numbers: Sequence[int], levels: Mapping[int, Level]) -> list[_Changed]:
        changed = []
        for number in numbers:
            level, decision = levels.get(number), self._decided.get(number)
            if level == "primary":
                self.tally.flagged_after += 1
                self.tally.after.count(decision)
            self.tally.mentions_after += level == "mention"
            if (level == "primary") != (self._before.get(number) == "primary"):
                changed.append((number, level == "primary"))
        self.tally.newly += sum(newly for _, newly in changed)
        self.tally.gone += sum(not newly for _, newly in changed)
        return changed

    def _explained(self, changed: Sequence[_Changed]) -> Iterator[Change]:
        for some in chunks(changed):
            numbers = [number for number, _ in some]
            articles = dict(self._store.articles.judged(numbers))
            stored = self._store.flags.of_newest(numbers)
            for number, newly in some:
                flags = self._judge.flags(articles[number]) if newly else stored.get(number, ())
                quote = next((flag.quote for flag in flags if flag.rule == self._text.name), "")
                yield Change(number, articles[number].title, newly, quote, self._decided.get(number))

    def _sample(self, every: array[int], found: array[int]) -> None:
        """Judge some of what the index ruled out: the proof, on a sample, that it misses nothing."""
        self.tally.articles = len(every)
        given = set(found)
        chance = random.Random(_SEED)
        drawn = chance.sample(every, min(len(every), 2 * SAMPLE))
        others = [number for number in drawn if number not in given][:SAMPLE]
        for some in chunks(others):
            answer = level_some(self._store, self._judge, some)
            self.tally.sampled += answer.count
            self.tally.missed += len(answer.found)
