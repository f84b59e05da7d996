"""Which cases stand in a press review: the newest of what is asked for, each text once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from crawler.reporting.facts import Picked
from crawler.reporting.order import Question, ReportOrder
from crawler.searching import Hit, Wish, each
from storage.cases import CaseQuery
from storage.records import Case, Flag
from storage.store import Store

MOST_COPIES = 8  # of one text that are named; more are counted

Proofs = dict[int, tuple[Flag, ...]]


def pick(store: Store, queries: Sequence[CaseQuery], order: ReportOrder, proofs: Proofs) -> Picked:
    """At most `order.most` cases, newest first; what proves the question is added to `proofs`."""
    if order.question is None:
        narrow = [replace(query, one_a_story=True) for query in queries]
        asked = sum(store.cases.count(query) for query in narrow)
        found = [case for query in narrow for case in store.cases.find(replace(query, limit=order.most))]
    else:
        found, asked = _asked(store, queries, order.question, order.most, proofs)
    stories = _first_of_each(found)
    newest = sorted(stories, key=lambda case: (dated(case), case.id), reverse=True)
    # Copies of one text that were decided otherwise count in two queries and stand here once.
    return Picked(tuple(newest[: order.most]), asked - (len(found) - len(stories)))


def without(picked: Picked, others: Picked) -> Picked:
    """What does not print the text of any of the others."""
    told = {_story(case) for case in others.cases}
    left = tuple(case for case in picked.cases if _story(case) not in told)
    return Picked(left, picked.asked - (len(picked.cases) - len(left)))


def copies_of(store: Store, cases: Iterable[Case], *, dropped: bool) -> dict[int, Case]:
    """The other articles of the cases' stories, MOST_COPIES of each, by number; dropped ones if wanted."""
    numbers = sorted({number for case in cases for number in case.story[:MOST_COPIES]})
    found = store.cases.some(numbers) if numbers else []
    return {case.id: case for case in found if dropped or decision(case) != "drop"}


def dated(case: Case) -> datetime:
    """When it was published, or first fetched where nobody says."""
    return case.article.published.at if case.article.published else case.first_fetched_at


def decision(case: Case) -> str | None:
    """What stands decided; None: nothing."""
    return case.verdict.decision if case.verdict and case.verdict.decision != "undo" else None


def _asked(
    store: Store, queries: Sequence[CaseQuery], question: Question, most: int, proofs: Proofs
) -> tuple[list[Case], int]:
    found: list[Case] = []
    count = 0
    for hit in _hits(store, queries, question):
        count += 1
        if len(found) < most:
            found.append(hit.case)
            proofs[hit.case.id] = hit.proof
    return found, count


def _hits(store: Store, queries: Sequence[CaseQuery], question: Question) -> Iterator[Hit]:
    for query in queries:
        yield from each(store, question.asked, Wish(query, question.marks))


def _first_of_each(cases: Iterable[Case]) -> list[Case]:
    """Of the cases that print one text the earliest."""
    stories: dict[int, Case] = {}
    for case in cases:
        known = stories.setdefault(_story(case), case)
        if (dated(case), case.id) < (dated(known), known.id):
            stories[_story(case)] = case
    return list(stories.values())


def _story(case: Case) -> int:
    return min((case.id, *case.story))
