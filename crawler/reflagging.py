"""Judging again: when rules change, the articles they may concern are asked anew; no verdict is touched."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from crawler.crawling.locks import Lock
from crawler.judging import Judge, compile_rules
from crawler.judging.judge import Rule
from crawler.judging.ruletext import RuleText
from crawler.judging.sieving import sieve
from crawler.judging.tree import fingerprint
from crawler.laboratory.judges import Batch, Judges, chunks, judge_some
from storage.cases import CaseQuery
from storage.records import Case, Flag
from storage.store import Store

FEW = 2_000  # articles that are judged before other processes would have begun


@dataclass(frozen=True, slots=True)
class Reflagged:
    """One case whose flags are no longer what they were."""

    case: Case  # as it was
    flags: tuple[Flag, ...]  # as they are now

    @property
    def added(self) -> tuple[str, ...]:
        """Rules that flag it and did not; those by which it only mentions the topic say so."""
        return tuple(sorted(_rules(self.flags) - _rules(self.case.flags)))

    @property
    def removed(self) -> tuple[str, ...]:
        """Rules that flagged it and do not, said alike."""
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


def is_due(store: Store, rules: Sequence[RuleText]) -> tuple[str, ...]:
    """The rules that are new, changed or gone since all stored articles were last judged; empty: none."""
    return changed(store.applied.versions(), compile_rules(rules).rules)


def alone(store: Store) -> Lock:
    """Held by the one reflag that writes into this store."""
    path = store.path.absolute()
    name = f"reflag of {quote(path.name, safe='')}.lock"
    return Lock(path.parent / "locks" / name, f"{path}: another reflag is at this store; wait for its end")


def reflag(
    store: Store,
    rules: Sequence[RuleText],
    now: datetime,
    each: Callable[[int], None] = lambda _: None,
    *,
    everything: bool = False,
) -> Generator[Reflagged, None, None]:
    """Judge the newest revisions and set their flags; the cases whose flags changed.

    Only those are judged that may have other flags than before: whatever the full-text index gives for
    rules that are new or changed, what bears flags of rules that are changed or gone, and what was kept
    meanwhile; all articles if `everything`, or if none were ever judged as a whole.

    Nothing happens but as far as it is iterated; what was yielded is committed. `each` is told how many
    articles more are done. Transactions are short: crawls go on meanwhile. One that was ended halfway
    goes on where it was, as long as the rules are the same. To be held: `alone`.
    """
    judge = compile_rules(rules)
    plan = _planned(store, judge.rules, everything=everything)
    after = store.rereads.position(plan.asked)
    with store.write():
        if not after:
            store.rereads.reached(plan.asked, 0, now)
            if plan.everything:
                store.applied.begin_anew()
        store.applied.withdraw(plan.changed)
    unsettled = store.applied.unsettled()
    numbers = _targets(store, plan, unsettled.articles, after)
    for last, batch in _compared(store, rules, numbers, each):
        with store.write():
            settled = [_settle(store, judge, found, now) for found in batch]
            store.rereads.reached(plan.asked, max(after, last), now)
        yield from (found for found in settled if found is not None)
    with store.write():
        store.applied.settle(_versions(judge.rules), unsettled.upto, now)
        store.rereads.forget(plan.asked)


def compare(
    store: Store,
    rules: Sequence[RuleText],
    each: Callable[[int], None] = lambda _: None,
    *,
    everything: bool = False,
) -> Iterator[Reflagged]:
    """What `reflag` would change; writes nothing."""
    plan = _planned(store, compile_rules(rules).rules, everything=everything)
    numbers = _targets(store, plan, store.applied.unsettled().articles, 0)
    return (found for _, batch in _compared(store, rules, numbers, each) for found in batch)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be judged, and why."""

    rules: tuple[Rule, ...]
    changed: tuple[str, ...]  # names of rules that are new, changed or gone
    everything: bool

    @property
    def asked(self) -> str:
        """The words under which its place is remembered; of rules that are gone no place tells."""
        anew = [rule.text.name for rule in self.rules if rule.text.name in self.changed]
        which = ["everything"] if self.everything else anew
        return "reflag " + fingerprint(*which, *_versions(self.rules).values())


def changed(before: dict[str, str], rules: Sequence[Rule]) -> tuple[str, ...]:
    """The names under which `before`, versions by name, and the rules differ."""
    today = _versions(rules)
    return tuple(sorted(name for name in {*before, *today} if before.get(name) != today.get(name)))


def _planned(store: Store, rules: tuple[Rule, ...], *, everything: bool) -> _Plan:
    before = store.applied.versions()
    return _Plan(rules, changed(before, rules), everything or not before)


def _targets(store: Store, plan: _Plan, unsettled: Iterable[int], after: int) -> Sequence[int]:
    """The numbers of the articles to be judged, ascending; up to `after` only those kept meanwhile."""
    expression = sieve([rule for rule in plan.rules if rule.text.name in plan.changed])
    anew = any(rule.text.name in plan.changed for rule in plan.rules)
    if plan.everything or (anew and expression is None):
        found = store.articles.numbers()
        meanwhile = sorted(number for number in unsettled if number <= after)
        return [*meanwhile, *found[bisect_right(found, after) :]]
    given = store.search.matching(expression) if expression is not None else ()
    others = store.flags.others((rule.text.name, rule.version, rule.text.label) for rule in plan.rules)
    return sorted({*unsettled, *(number for number in {*given, *others} if number > after)})


def _versions(rules: Iterable[Rule]) -> dict[str, str]:
    """Of each rule what all of its flags bear: it changes when one of them would."""
    return {
        rule.text.name: fingerprint(rule.version, rule.text.label, str(rule.text.weight)) for rule in rules
    }


def _compared(
    store: Store, rules: Sequence[RuleText], numbers: Sequence[int], each: Callable[[int], None]
) -> Iterator[tuple[int, list[Reflagged]]]:
    """The changes of one chunk of articles after another, each with the chunk's last number."""
    each(store.cases.count(CaseQuery()) - len(numbers))
    for some, batch in zip(chunks(numbers), _judged(store, rules, numbers), strict=True):
        found = [Reflagged(one.case, one.flags) for one in batch.found]
        each(len(some))
        yield some[-1], found


def _judged(store: Store, rules: Sequence[RuleText], numbers: Sequence[int]) -> Iterator[Batch]:
    if len(numbers) <= FEW:
        judge = compile_rules(rules)
        yield from (judge_some(store, judge, some) for some in chunks(numbers))
    else:
        with Judges(store.path, rules) as judges:
            yield from judges.judged(chunks(numbers))


def _settle(store: Store, judge: Judge, found: Reflagged, now: datetime) -> Reflagged | None:
    """Write the flags of one case; one that a crawl has revised meanwhile is judged by what it says today."""
    current = store.cases.get(found.case.id)
    if current is None:
        return None
    flags = found.flags if current.revision == found.case.revision else judge.flags(current.article)
    store.flags.replace(current.id, flags, now)
    return Reflagged(current, flags)


def _rules(flags: Iterable[Flag]) -> set[str]:
    return {flag.rule if flag.level == "primary" else f"{flag.rule} (mention)" for flag in flags}
