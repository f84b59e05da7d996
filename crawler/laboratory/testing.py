"""A rule tried on everything stored: what it would newly flag, what no longer, what people said of it."""

from __future__ import annotations

import random
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from crawler.judging.judge import Judge, compile_rule
from crawler.judging.ruletext import RuleText
from crawler.judging.sieving import sieve
from crawler.laboratory.judges import Batch, Judges, chunks, judge_some
from storage.records import Case, Decision
from storage.store import Store

SAMPLE = 2_000  # articles that the index ruled out, judged all the same
FIRST = 100  # candidates judged before other processes are started: the first answer
_SEED = 20261123  # so that the same store gives the same sample


@dataclass(frozen=True, slots=True)
class Change:
    """One article that the rule would flag and does not, or does and would not."""

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
    """What a trial of a rule counted."""

    articles: int = 0  # stored
    candidates: int = 0  # that the full-text index gives
    flagged_before: int = 0
    flagged_after: int = 0
    newly: int = 0
    gone: int = 0
    before: Decided = field(default_factory=Decided)
    after: Decided = field(default_factory=Decided)
    sampled: int = 0  # articles that the index ruled out and that were judged all the same
    missed: int = 0  # of those: flagged, which must not be

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
        self._rule = compile_rule(text)
        self.tally = Tally()

    def changes(self) -> Iterator[Change]:
        """Every change, those from the newest kept articles first; the tally is whole at the end."""
        expression = sieve([self._rule])
        every = self._store.articles.numbers()
        found = every if expression is None else self._store.search.matching(expression)
        flagged = self._store.flags.numbers(self._text.name)
        decided = self._store.verdicts.decided()
        self.tally.articles, self.tally.candidates = len(every), len(found)
        self._count_before(flagged, decided)
        newest = found[::-1]
        for batch in self._judged(newest):
            yield from self._of_batch(batch)
        ruled_out = sorted(flagged.difference(found), reverse=True)
        for some in chunks(ruled_out):
            yield from (self._gone(case) for case in self._store.cases.some(some))
        self._sample(every, found)

    def _count_before(self, flagged: set[int], decided: dict[int, Decision]) -> None:
        self.tally.flagged_before = len(flagged)
        for number in flagged & decided.keys():
            self.tally.before.count(decided[number])

    def _judged(self, numbers: Sequence[int]) -> Iterator[Batch]:
        yield judge_some(self._store, Judge([self._rule]), numbers[:FIRST])
        if len(numbers) > FIRST:
            with Judges(self._store.path, [self._text]) as judges:
                yield from judges.judged(chunks(numbers[FIRST:]))

    def _of_batch(self, batch: Batch) -> Iterator[Change]:
        for one in batch.found:
            before = any(flag.rule == self._text.name for flag in one.case.flags)
            if one.flags:
                self.tally.flagged_after += 1
                self.tally.after.count(_decision(one.case))
            if one.flags and not before:
                self.tally.newly += 1
                quote = one.flags[0].quote
                yield Change(one.case.id, one.case.article.title, True, quote, _decision(one.case))
            elif before and not one.flags:
                yield self._gone(one.case)

    def _gone(self, case: Case) -> Change:
        self.tally.gone += 1
        quote = next((flag.quote for flag in case.flags if flag.rule == self._text.name), "")
        return Change(case.id, case.article.title, False, quote, _decision(case))

    def _sample(self, every: array[int], found: array[int]) -> None:
        """Judge some of what the index ruled out: the proof, on a sample, that it misses nothing."""
        given = set(found)
        chance = random.Random(_SEED)
        drawn = chance.sample(every, min(len(every), 2 * SAMPLE))
        others = [number for number in drawn if number not in given][:SAMPLE]
        for some in chunks(others):
            batch = judge_some(self._store, Judge([self._rule]), some)
            self.tally.sampled += batch.count
            self.tally.missed += sum(bool(one.flags) for one in batch.found)


def _decision(case: Case) -> Decision | None:
    verdict = case.verdict
    return verdict.decision if verdict is not None and verdict.decision != "undo" else None
