"""Judging processes: stored articles by their numbers, judged on every core, in bounded memory."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from crawler.judging import Judge, compile_rules
from crawler.judging.ruletext import RuleText
from storage.records import Case, Flag
from storage.store import Store

CHUNK = 250  # articles handed to a process at a time
_AHEAD = 4  # chunks that wait for each process


@dataclass(frozen=True, slots=True)
class Judged:
    """One stored article that has flags, or would have."""

    case: Case  # as it is stored
    flags: tuple[Flag, ...]  # as the rules would have it


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of some articles."""

    count: int  # judged
    found: tuple[Judged, ...]  # those with flags of either kind


class Judges:
    """A process a core; each opens the store for itself and never writes."""

    def __init__(self, path: Path, rules: Sequence[RuleText], size: int | None = None) -> None:
        self.size = size or len(os.sched_getaffinity(0))
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["crawler.laboratory.judges"])
        self._pool = ProcessPoolExecutor(self.size, context, _begin, (path, tuple(rules)))

    def judged(self, numbers: Iterable[Sequence[int]]) -> Iterator[Batch]:
        """Each of the lists of numbers, in their order."""
        waiting: deque[Future[Batch]] = deque()
        for some in numbers:
            waiting.append(self._pool.submit(_judge, some))
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
    cases = store.cases.some(numbers)
    judged = (Judged(case, judge.flags(case.article)) for case in cases)
    return Batch(len(cases), tuple(one for one in judged if one.flags or one.case.flags))


def chunks(numbers: Sequence[int], size: int = CHUNK) -> Iterator[Sequence[int]]:
    """The numbers, some at a time."""
    return (numbers[start : start + size] for start in range(0, len(numbers), size))


_here: list[tuple[Store, Judge]] = []  # of a judging process: its store and its judge


def _begin(path: Path, rules: Sequence[RuleText]) -> None:
    _here.append((Store.open(path, create=False), compile_rules(rules)))


def _judge(numbers: Sequence[int]) -> Batch:
    [(store, judge)] = _here
    return judge_some(store, judge, numbers)
