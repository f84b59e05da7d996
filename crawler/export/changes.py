"""What changed since the last export under a name, article by article; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Literal

import msgspec

from crawler.export.order import ExportOrder, Filter
from crawler.times import shown
from storage.cases import state_of
from storage.records import Case, is_about

Kind = Literal["added", "changed", "withdrawn"]

# What of a case is told apart, and the keys that it is made of; "text" is all the others.
_PARTS: Mapping[str, tuple[str, ...]] = {
    "flags": ("flags",),
    "verdict": ("verdict",),
    "raised": ("raised",),
    "gone": ("gone_at",),
    "cited": ("documents", "figures"),
    "story": ("story",),
    "matches": ("exact", "matches"),
}
PARTS = ("text", *_PARTS)
_APART = frozenset(key for keys in _PARTS.values() for key in keys)
_SIZE = 8  # bytes of the digest of one part
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Change:
    """One article that is not as the last export told it."""

    kind: Kind
    case: Case | None  # None: it was not stored yet, as of the moment that was asked for
    id: int
    what: tuple[str, ...] = ()  # of a changed one: the PARTS that changed
    reasons: tuple[str, ...] = ()  # of a withdrawn one: what does not hold any more
    now: Mapping[str, Any] | None = None  # … and what is true instead

    def told(self) -> dict[str, Any]:
        """As a line of changes.jsonl."""
        article = self.case.article if self.case else None
        return {
            "change": self.kind,
            "id": self.id,
            "key": article.key if article else None,
            "source": article.source if article else None,
            "title": article.title if article else None,
            "url": article.url if article else None,
            "what": list(self.what),
            "reasons": list(self.reasons),
            "now": dict(self.now or {}),
        }


def digest(told: Mapping[str, Any]) -> bytes:
    """Of a case as it is exported, part by part."""
    parts = [{key: value for key, value in told.items() if key not in _APART}]
    parts += [{key: told.get(key) for key in keys} for keys in _PARTS.values()]
    return b"".join(blake2b(_encode(part), digest_size=_SIZE).digest() for part in parts)


def differing(before: bytes, after: bytes) -> tuple[str, ...]:
    """The parts by which two digests differ; all of them where they were made otherwise."""
    if len(before) != len(after):
        return PARTS
    places = range(0, len(after), _SIZE)
    return tuple(
        name
        for name, at in zip(PARTS, places, strict=True)
        if before[at : at + _SIZE] != after[at : at + _SIZE]
    )


def withdrawn(number: int, case: Case | None, order: ExportOrder, *, anew: bool) -> Change:
    """Why an article is not asked for any more; `anew`: the last export asked otherwise."""
    otherwise = ("asked-otherwise",) if anew else ()
    if case is None:
        return Change("withdrawn", None, number, reasons=(*otherwise, "not-stored"))
    unmet = dict(_unmet(order.chosen, case))
    reasons = tuple(unmet) or (("text",) if order.searched else ())
    return Change("withdrawn", case, number, reasons=(*otherwise, *reasons), now=unmet)


def _unmet(chosen: Filter, case: Case) -> Iterator[tuple[str, Any]]:
    """Each thing that is asked for and not so: its name, and how it is."""
    decision = case.verdict.decision if case.verdict else None
    if chosen.source not in (None, case.article.source):
        yield "source", case.article.source
    if chosen.gone is not None and (case.gone_at is not None) is not chosen.gone:
        yield "gone", shown(case.gone_at) if case.gone_at else None
    if chosen.decision not in (None, decision):
        yield "decision", decision
    if chosen.state not in (None, state_of(case)):
        yield "state", state_of(case)
    if not _flagged_so(chosen, case):
        yield (
            "flags",
            sorted({flag.rule for flag in case.flags if chosen.mentions or flag.level == "primary"}),
        )
    if not _dated_so(chosen, case):
        yield "date", shown(case.article.published.at if case.article.published else case.first_fetched_at)


def _flagged_so(chosen: Filter, case: Case) -> bool:
    counted = [flag for flag in case.flags if chosen.mentions or flag.level == "primary"]
    if chosen.rule is not None:
        raised = case.raised is not None and case.raised.rule == chosen.rule
        return raised or any(flag.rule == chosen.rule for flag in counted)
    if chosen.flagged is None:
        return True
    flagged = bool(case.flags) if chosen.mentions else is_about(case.flags) or case.raised is not None
    return flagged is chosen.flagged


def _dated_so(chosen: Filter, case: Case) -> bool:
    at = case.article.published.at if case.article.published else case.first_fetched_at
    return not (chosen.since and at < chosen.since) and not (chosen.before and at >= chosen.before)
