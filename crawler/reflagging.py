"""Judging again: when rules change, every stored article is asked anew; no verdict is touched."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from crawler.judging import Judge
from storage.cases import CaseQuery
from storage.records import Case, Flag
from storage.store import Store

_BATCH = 500  # cases whose changes make one transaction


@dataclass(frozen=True, slots=True)
class Reflagged:
    """One case whose flags are no longer what they were."""

    case: Case  # as it was
    flags: tuple[Flag, ...]  # as they are now

    @property
    def added(self) -> tuple[str, ...]:
        """Rules that flag it and did not."""
        return tuple(sorted(_rules(self.flags) - _rules(self.case.flags)))

    @property
    def removed(self) -> tuple[str, ...]:
        """Rules that flagged it and do not."""
        return tuple(sorted(_rules(self.case.flags) - _rules(self.flags)))

    def told(self) -> dict[str, Any]:
        """As `reflag --json` shows it."""
        article = self.case.article
        return {
            "id": self.case.id,
            "source": article.source,
            "title": article.title,
            "added": list(self.added),
            "removed": list(self.removed),
        }


def reflag(
    store: Store, judge: Judge, now: datetime, each: Callable[[], None] = lambda: None
) -> Iterator[Reflagged]:
    """Judge the newest revision of every article and set its flags; the cases whose flags changed.

    Nothing happens but as far as it is iterated; what was yielded is committed. `each` is called once a case.
    """
    for batch in _batches(compare(store, judge, each)):
        with store.write():
            settled = [_settle(store, judge, found, now) for found in batch]
        yield from (found for found in settled if found is not None)


def compare(store: Store, judge: Judge, each: Callable[[], None] = lambda: None) -> Iterator[Reflagged]:
    """What `reflag` would change; writes nothing."""
    for case in store.cases.find(CaseQuery(newest_first=False)):
        flags = judge.flags(case.article)
        if flags != case.flags:
            yield Reflagged(case, flags)
        each()


def _settle(store: Store, judge: Judge, found: Reflagged, now: datetime) -> Reflagged | None:
    """Write the flags of one case; one that a crawl has revised meanwhile is judged by what it says today."""
    current = store.cases.get(found.case.id)
    if current is None:
        return None
    flags = found.flags if current.revision == found.case.revision else judge.flags(current.article)
    store.flags.replace(current.id, flags, now)
    return Reflagged(current, flags)


def _rules(flags: Iterable[Flag]) -> set[str]:
    return {flag.rule for flag in flags}


def _batches(found: Iterator[Reflagged]) -> Iterator[list[Reflagged]]:
    while batch := list(islice(found, _BATCH)):
        yield batch
