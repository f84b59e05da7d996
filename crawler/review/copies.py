"""The copies of a case: how they are listed, and which of them follow a decision on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crawler.review import views, wording
from crawler.review.wording import Refused, Trouble
from storage.records import Case, Copy, Decision, Verdict
from storage.store import Store

MOST_LISTED = 30  # copies on an article's page
MOST_IN_ROW = 3  # copies in a row of the queue
MOST_FOLLOWING = 100  # copies that one decision is written for

Seen = tuple[int, int]  # a copy's number, and the verdict that stood when it was shown; 0: none


@dataclass(frozen=True, slots=True)
class Told:
    """The story of one case as a page shows it."""

    copies: tuple[Copy, ...]  # in the order they were published
    following: tuple[Copy, ...]  # those that one decision may be written for together with the case
    together: tuple[Copy, ...]  # those that were decided in one with the case

    @property
    def seen(self) -> str:
        """What `following` looked like, for a form."""
        return stated(self.following)

    @property
    def seen_together(self) -> str:
        """The same of `together`."""
        return stated(self.together)


def told_of(store: Store, cases: Sequence[Case]) -> dict[int, Told]:
    """The stories of these cases by the case's number; a case without copies has none."""
    numbers = sorted({number for case in cases for number in case.story})
    copies = store.stories.told(numbers) if numbers else {}
    return {case.id: _told(case, [copies[one] for one in case.story]) for case in cases if case.story}


def _told(case: Case, copies: Iterable[Copy]) -> Told:
    ordered = tuple(sorted(copies, key=lambda copy: (_at(copy), copy.id)))
    return Told(ordered, following(case, ordered), together(case.verdict, ordered))


def following(case: Case, copies: Iterable[Copy]) -> tuple[Copy, ...]:
    """The copies that stand where the case does: flagged and undecided like it, or decided alike.

    What somebody decided otherwise is left to be decided by itself.
    """
    decision = case.verdict.decision if case.verdict else None
    alike = [copy for copy in copies if copy.decision == decision and (copy.flagged or copy.decision)]
    return tuple(alike[:MOST_FOLLOWING])


def together(verdict: Verdict | None, copies: Iterable[Copy]) -> tuple[Copy, ...]:
    """The copies that were decided in the same moment, which is by the same press of a button."""
    if verdict is None:
        return ()
    return tuple(
        copy for copy in copies if (copy.decided_at, copy.decision) == (verdict.at, verdict.decision)
    )


def stated(copies: Iterable[Copy]) -> str:
    """`12:0,15:7`: which copies were shown, each with the verdict that stood."""
    return ",".join(f"{copy.id}:{copy.verdict_id or 0}" for copy in copies)


def seen_of(fields: Mapping[str, str]) -> tuple[Seen, ...]:
    """The copies that a form is sent for; Refused (400) where they cannot be read."""
    if not fields.get("copies"):
        return ()
    found = [_seen(one) for one in fields.get("copies_seen", "").split(",") if one]
    if len(found) > MOST_FOLLOWING:
        raise Refused(Trouble.BAD_FORM, wording.ODD_COPIES)
    return tuple(dict(found).items())


def _seen(text: str) -> Seen:
    numbers = text.split(":")
    if len(numbers) != 2 or not all(one.isascii() and one.isdecimal() and len(one) <= 19 for one in numbers):
        raise Refused(Trouble.BAD_FORM, wording.ODD_COPIES)
    number, verdict = map(int, numbers)
    if not 0 < number <= views.GREATEST_ID or verdict > views.GREATEST_ID:
        raise Refused(Trouble.BAD_FORM, wording.ODD_COPIES)
    return number, verdict


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision is written as."""

    decision: Decision
    note: str | None
    at: datetime
    by: str | None  # who decided; None: nobody said


def decide_copies(store: Store, seen: Iterable[Seen], decided: Decided) -> int:
    """Write the decision for copies whose standing verdict was seen, within a write; how many were not."""
    missed = 0
    for number, verdict in seen:
        case = store.cases.get(number)
        if case is None or (case.verdict.id if case.verdict else 0) != verdict:
            missed += 1
        else:
            store.verdicts.decide(number, decided.decision, decided.note, decided.at, decided.by)
    return missed


def undo_copies(store: Store, seen: Iterable[Seen], now: datetime, by: str | None) -> int:
    """Take back the verdicts of copies that still stand, within a write; how many do not."""
    missed = 0
    for number, verdict in seen:
        case = store.cases.get(number)
        if case is None or case.verdict is None or case.verdict.id != verdict:
            missed += 1
        else:
            store.verdicts.undo(now, number, by)
    return missed


def _at(copy: Copy) -> datetime:
    return copy.published.at if copy.published else copy.first_fetched_at
