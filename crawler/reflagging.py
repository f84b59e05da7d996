"""Judging again: when rules change, every stored article is asked anew; no verdict is touched."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawler.judging import Judge, compile_rules
from crawler.judging.ruletext import RuleText
from crawler.judging.tree import fingerprint
from crawler.laboratory.judges import Judges, chunks
from storage.records import Case, Flag
from storage.store import Store


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
    store: Store, rules: Sequence[RuleText], now: datetime, each: Callable[[int], None] = lambda _: None
) -> Generator[Reflagged, None, None]:
    """Judge the newest revision of every article and set its flags; the cases whose flags changed.

    Nothing happens but as far as it is iterated; what was yielded is committed. `each` is told how many
    articles more are judged. Transactions are short: crawls go on meanwhile. One that was ended halfway
    goes on where it was, as long as the rules are the same.
    """
    judge = compile_rules(rules)
    asked = "reflag " + fingerprint(tuple((rule.version, rule.text) for rule in judge.rules))
    after = store.rereads.position(asked)
    for last, batch in _compared(store, rules, after, each):
        with store.write():
            settled = [_settle(store, judge, found, now) for found in batch]
            store.rereads.reached(asked, last, now)
        yield from (found for found in settled if found is not None)
    store.rereads.forget(asked)


def compare(
    store: Store, rules: Sequence[RuleText], each: Callable[[int], None] = lambda _: None
) -> Iterator[Reflagged]:
    """What `reflag` would change; writes nothing."""
    return (found for _, batch in _compared(store, rules, 0, each) for found in batch)


def _compared(
    store: Store, rules: Sequence[RuleText], after: int, each: Callable[[int], None]
) -> Iterator[tuple[int, list[Reflagged]]]:
    """The changes of one chunk of articles after another, each with the chunk's last number; on all cores."""
    numbers = store.articles.numbers()
    numbers = numbers[bisect_right(numbers, after) :]
    each(bisect_right(store.articles.numbers(), after))
    with Judges(store.path, rules) as judges:
        for some, batch in zip(chunks(numbers), judges.judged(chunks(numbers)), strict=True):
            found = [Reflagged(one.case, one.flags) for one in batch.found]
            each(len(some))
            yield some[-1], found


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
