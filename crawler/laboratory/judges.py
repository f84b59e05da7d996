"""Judging processes: stored articles by their numbers, judged on every core, in bounded memory."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from crawler.judging import Judge, compile_rules
from crawler.judging.ruletext import RuleText
from storage.records import Case, Flag, Level
from storage.store import Store

CHUNK = 250  # articles handed to a process at a time
_AHEAD = 4  # chunks that wait for each process

Answer = TypeVar("Answer")
One = TypeVar("One")


@dataclass(frozen=True, slots=True)
class Judged:
    """One stored article whose flags are not what the rules would have."""

    case: Case  # as it is stored
    flags: tuple[Flag, ...]  # as the rules would have it


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of some articles."""

    count: int  # judged
    found: tuple[Judged, ...]  # those with other flags than are stored


@dataclass(frozen=True, slots=True)
class Levels:
    """The same without proofs, and whatever is stored."""

    count: int  # judged
    found: tuple[tuple[int, Level], ...]  # the articles that one rule at least flags, with the highest level


class Judges:
    """A process a core; each opens the store for itself and never writes."""

    def __init__(self, path: Path, rules: Sequence[RuleText], size: int | None = None) -> None:
        self.size = size or len(os.sched_getaffinity(0))
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["crawler.laboratory.judges"])
        self._pool = ProcessPoolExecutor(self.size, context, _begin, (path, tuple(rules)))

    def judged(self, numbers: Iterable[Sequence[int]]) -> Iterator[Batch]:
        """Each of the lists of numbers, in their order."""
        return self._answers(_judge, numbers)

    def levels(self, numbers: Iterable[Sequence[int]]) -> Iterator[Levels]:
        """The same, quicker: of proofs nothing but the level."""
        return self._answers(_level, numbers)

    def _answers(
        self, ask: Callable[[Sequence[int]], Answer], numbers: Iterable[Sequence[int]]
    ) -> Iterator[Answer]:
        waiting: deque[Future[Answer]] = deque()
        for some in numbers:
            waiting.append(self._pool.submit(ask, some))
            if len(waiting) >= _AHEAD * self.size:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)


def judge_some(store: Store, judge: Judge, numbers: Sequence[int]) -> Batch:
    """The same in this process."""
    stored = store.flags.of_newest(numbers)
    judged = [(number, judge.flags(article)) for number, article in store.articles.judged(numbers)]
    others = {number: flags for number, flags in judged if flags != stored.get(number, ())}
    cases = store.cases.some(sorted(others))
    return Batch(len(judged), tuple(Judged(case, others[case.id]) for case in cases))


def level_some(store: Store, judge: Judge, numbers: Sequence[int]) -> Levels:
    """`Judges.levels` in this process."""
    judged = [(number, judge.levels(article)) for number, article in store.articles.judged(numbers)]
    return Levels(len(judged), tuple((number, _highest(found)) for number, found in judged if found))


def _highest(found: Mapping[str, Level]) -> Level:
    return "primary" if "primary" in found.values() else "mention"


def chunks(numbers: Sequence[One], size: int = CHUNK) -> Iterator[Sequence[One]]:
    """The numbers, or whatever else, some at a time."""
    return (numbers[start : start + size] for start in range(0, len(numbers), size))


_here: list[tuple[Store, Judge]] = []  # of a judging process: its store and its judge


def _begin(path: Path, rules: Sequence[RuleText]) -> None:
    _here.append((Store.open(path, create=False), compile_rules(rules)))


def _judge(numbers: Sequence[int]) -> Batch:
    [(store, judge)] = _here
    return judge_some(store, judge, numbers)


def _level(numbers: Sequence[int]) -> Levels:
    [(store, judge)] = _here
    return level_some(store, judge, numbers)
