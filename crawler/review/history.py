"""What became of an article, in one line of time: what the site, our machines and people did; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Literal

from storage.records import Case, Event, Raise, Revision, Verdict

What = Literal[
    "fetched",
    "changed",
    "reread",
    "gone",
    "back",
    "flagged",
    "unflagged",
    "raised",
    "lowered",
    "decided",
    "undone",
]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened, or several of a kind at one moment."""

    at: datetime
    what: What
    revision: int | None = None  # the text that came of it; None: no new text
    flags: tuple[Event, ...] = ()  # rules that began or stopped matching
    verdict: Verdict | None = None
    raised: Raise | None = None  # by hand


@dataclass(frozen=True, slots=True)
class Past:
    """All that is known of what became of one article."""

    revisions: Sequence[Revision]
    events: Sequence[Event]
    raises: Sequence[Raise] = ()
    verdicts: Sequence[Verdict] = ()


def steps(case: Case, past: Past) -> tuple[Step, ...]:
    """Everything in the order of time; at one moment texts come before flags, and flags before decisions."""
    revisions, events = past.revisions, past.events
    rereads = [event.at for event in events if event.kind == "reread"]
    every = [
        Step(case.first_fetched_at, "fetched", revision=1 if len(revisions) > 1 else None),
        *_texts(revisions, rereads),
        *(
            Step(event.at, "gone" if event.kind == "gone" else "back")
            for event in events
            if event.kind in {"gone", "back"}
        ),
        *_flags(events),
        *_raises(past.raises),
        *(
            Step(one.at, "undone" if one.decision == "undo" else "decided", verdict=one)
            for one in past.verdicts
        ),
    ]
    return tuple(sorted(every, key=lambda step: step.at))


def _texts(revisions: Sequence[Revision], rereads: Sequence[datetime]) -> Iterator[Step]:
    """Every later text. Of one page two texts can only come from reading it twice."""
    twice = [after.number for before, after in pairwise(revisions) if before.fetched_at == after.fetched_at]
    # Those that were read before it was noted when have the moment of their page.
    moments = dict(zip(reversed(twice), reversed(rereads), strict=False))
    for one in revisions[1:]:
        what: What = "reread" if one.number in twice else "changed"
        yield Step(moments.get(one.number, one.fetched_at), what, revision=one.number)


def _flags(events: Sequence[Event]) -> Iterator[Step]:
    together: dict[tuple[datetime, What], list[Event]] = {}
    for event in events:
        if event.kind == "flagged" or event.kind == "unflagged":
            together.setdefault((event.at, event.kind), []).append(event)
    for (at, what), found in together.items():
        yield Step(at, what, flags=tuple(found))


def _raises(raises: Sequence[Raise]) -> Iterator[Step]:
    for one in raises:
        yield Step(one.at, "raised", raised=one)
        if one.lowered_at is not None:
            yield Step(one.lowered_at, "lowered", raised=one)
