"""Which documents the citations of one article mean: what is left out at one place may stand at another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from crawler.judging.citing.known import BEFORE, BEHIND, BY_NUMBER, Known
from crawler.judging.citing.tails import Raw
from storage.records import Resolution

_MOST_COMPARED = 20  # full forms of one number that a short form is compared with

# When each Central Committee was elected.
_TERMS = (
    ("VI", "1986-12-15"),
    ("VII", "1991-06-24"),
    ("VIII", "1996-06-28"),
    ("IX", "2001-04-19"),
    ("X", "2006-04-18"),
    ("XI", "2011-01-12"),
    ("XII", "2016-01-20"),
    ("XIII", "2021-01-25"),
    ("XIV", "2026-01-19"),
)
SURENESS: dict[Resolution, float] = {
    "symbol+date": 1.0,
    "term": 0.95,
    "carried": 0.9,
    "known": 0.85,
    "symbol": 0.6,
    "issuer": 0.5,
    "unresolved": 0.3,
}


@dataclass(frozen=True, slots=True)
class Placed:
    """A citation with the text that its places count in, and where it stands in the whole article."""

    raw: Raw
    field: int  # 0 title, 1 lead, 2 body
    place: int  # in all fields, one behind the other


@dataclass(frozen=True, slots=True)
class Resolved:
    """A citation with what could be found out."""

    placed: Placed
    raw: Raw
    how: Resolution


def resolve(found: Sequence[Placed], whole: str, published: date | None) -> list[Resolved]:
    """What each citation means, in their order; `whole` are all fields folded, one behind the other.

    In this order: its own organ and date; organ and term; the full form elsewhere in the article, the one
    before it rather than the one behind; a document we know, by the subject named around it; else as it is.
    """
    owned = [_of_itself(one, published) for one in found]
    for _ in range(2):  # what its subject tells is carried on, too
        owned = _carry(
            owned, giving=_is_full, wanting=lambda raw: raw.organ is not None and not _is_full(raw)
        )
        owned = _carry(owned, giving=_has_organ, wanting=lambda raw: not _has_organ(raw))
        owned = [_told_by_subject(one, whole, published) for one in owned]
    return owned


def term_of(dated: str) -> str | None:
    """The Central Committee in office on an ISO date; None before the sixth, or for a year of two terms."""
    last = dated if len(dated) > 4 else f"{dated}-12-31"
    first = dated if len(dated) > 4 else f"{dated}-01-01"
    for (term, begun), (_, ended) in pairwise([*_TERMS, ("", "9999-12-31")]):
        if begun <= first and last < ended:
            return term
    return None


def _is_full(raw: Raw) -> bool:
    return raw.kind != "?" and raw.organ is not None and (raw.dated is not None or raw.year is not None)


def _has_organ(raw: Raw) -> bool:
    return raw.kind != "?" and raw.organ is not None


def _of_itself(one: Placed, published: date | None) -> Resolved:
    raw = one.raw
    if _is_full(raw) or (raw.dated and len(raw.dated) > 4):
        known = _only([other for other in _candidates(raw, published) if other.dated[:4] == _year(raw)])
        sure = known is not None or _is_full(raw)
        return Resolved(one, _as(raw, known) if known else raw, "symbol+date" if sure else "unresolved")
    if raw.organ and raw.term:
        known = _only([other for other in _candidates(raw, published) if other.term == raw.term])
        return Resolved(one, _as(raw, known) if known else raw, "term")
    return Resolved(
        one, raw, "symbol" if raw.symbol and raw.organ else "issuer" if raw.organ else "unresolved"
    )


def _candidates(raw: Raw, published: date | None) -> list[Known]:
    """Documents we know that it may be: nothing it tells speaks against them, and they were out by then."""
    return [
        one
        for one in BY_NUMBER.get((raw.kind, raw.number), ())
        if raw.organ in (None, one.organ)
        and raw.body in (None, one.body)
        and raw.term in (None, one.term)
        and (raw.dated is None or one.dated.startswith(raw.dated))
        and (raw.year is None or one.dated.startswith(str(raw.year)))
        and (published is None or one.dated <= published.isoformat())
    ]


def _only(known: Sequence[Known]) -> Known | None:
    return known[0] if len(known) == 1 else None


def _year(raw: Raw) -> str:
    return str(raw.year or (raw.dated or "")[:4])


def _as(raw: Raw, known: Known) -> Raw:
    """The citation with what we know of its document; 521/2005/QĐ-TTg and 521/QĐ-TTg of 2005 are one."""
    return replace(raw, year=None, organ=known.organ, dated=known.dated, term=raw.term or known.term)


def _told_by_subject(one: Resolved, whole: str, published: date | None) -> Resolved:
    raw = one.raw
    if _is_full(raw):
        return one
    around = whole[max(0, one.placed.place - BEFORE) : one.placed.place + BEHIND]
    meant = [
        known
        for known in _candidates(raw, published)
        if known.subject is not None
        and (raw.organ is not None or not known.named_organ)
        and known.subject.search(around)
    ]
    known = _only(meant)
    return replace(one, raw=_as(raw, known), how="known") if known else one


# --- carrying over from other places of the article


def _carry(
    found: Sequence[Resolved], *, giving: Callable[[Raw], bool], wanting: Callable[[Raw], bool]
) -> list[Resolved]:
    full = _by_number([one for one in found if giving(one.raw)])
    return [_carried(one, full) if wanting(one.raw) else one for one in found]


def _by_number(full: Sequence[Resolved]) -> dict[tuple[str, int], list[Resolved]]:
    found: dict[tuple[str, int], list[Resolved]] = {}
    for one in full:
        found.setdefault((one.raw.kind, one.raw.number), []).append(one)
    return found


def _carried(one: Resolved, full: dict[tuple[str, int], list[Resolved]]) -> Resolved:
    kinds = ("L", "NQ", "PL") if one.raw.kind == "?" else (one.raw.kind,)
    others = [other for kind in kinds for other in full.get((kind, one.raw.number), ())]
    ahead = [other for other in others if other.placed.place < one.placed.place][-_MOST_COMPARED:]
    for other in reversed(ahead):
        if _agree(one.raw, other.raw):
            return _filled(one, other)
    behind = [other for other in others if other.placed.place > one.placed.place][:_MOST_COMPARED]
    fitting = [other for other in behind if _agree(one.raw, other.raw)]
    same = {(other.raw.organ, other.raw.dated, other.raw.year) for other in fitting}
    return _filled(one, fitting[0]) if len(same) == 1 else one


def _agree(raw: Raw, other: Raw) -> bool:
    """Whether nothing that one of them tells speaks against the other."""
    pairs = (
        (raw.organ, other.organ),
        (raw.body, other.body),
        (raw.province, other.province),
        (raw.term, other.term or (term_of(other.dated) if other.dated else None)),
        (_year(raw) or None, _year(other) or None),
    )
    return raw.below <= other.below and all(a is None or b is None or a == b for a, b in pairs)


def _filled(one: Resolved, other: Resolved) -> Resolved:
    full = other.raw
    raw = replace(
        one.raw,
        kind=full.kind,
        organ=full.organ,
        year=full.year,
        dated=full.dated,
        term=one.raw.term or full.term,
        province=one.raw.province or full.province,
        below=full.below,
    )
    return replace(one, raw=raw, how="carried")
