"""One article before the rules: is the tree true, and which places make it so?"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import merge
from operator import itemgetter

from crawler.judging.citing.documents import Document, documents
from crawler.judging.matching import Hits
from crawler.judging.tree import (
    About,
    AllOf,
    AnyOf,
    AtLeast,
    Cites,
    Dated,
    Except,
    Gap,
    In,
    Near,
    Node,
    Not,
    Place,
    Points,
    Target,
    Times,
)
from crawler.judging.views import Span, View, squeeze
from crawler.times import VIETNAM
from storage.folding import fold

Scope = tuple[Span, ...]  # the stretches of the view that are looked at


@dataclass(frozen=True, slots=True)
class Proof:
    """What makes a node true."""

    places: tuple[Span, ...] = ()  # in no order; none for what is true by absence
    absent: tuple[str, ...] = ()  # what a NOT looked for in vain, in the rule language
    excluded: tuple[Span, ...] = ()  # what an EXCEPT set aside
    together: tuple[Span, ...] = ()  # those of the places that prove nothing without others


_NOTHING = Proof()


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A place where a phrase, or phrases near one another, stand."""

    start: int
    end: int
    parts: tuple[Span, ...]  # the phrases themselves


class Trial:
    """The questions a rule asks of one article; phrases already looked for are remembered."""

    def __init__(self, view: View, hits: Hits) -> None:
        self.view = view
        self.hits = hits
        self._targets: dict[Target, list[Occurrence]] = {}
        self._documents: tuple[Document, ...] | None = None  # cited; None: not looked for yet

    def scope(self, places: Sequence[Place]) -> Scope:
        """The stretches that the places name."""
        return tuple(span for place in places for span in self.view.places(place))

    def prove(self, node: Node, scope: Scope) -> Proof | None:
        """What makes the node true; None when it is not."""
        match node:
            case AllOf(parts):
                return self._all(parts, scope)
            case AnyOf(parts):
                return self._at_least(1, parts, scope)
            case AtLeast(count, parts):
                return self._at_least(count, parts, scope)
            case Not(part, written):
                return Proof(absent=(written,)) if self.prove(part, scope) is None else None
            case Points(least, weighted):
                return self._points(least, weighted, scope)
            case Times(count, part):
                occurrences = self.occurrences(part, scope)
                if _disjoint(occurrences) < count:
                    return None
                proof = self._proof(node, occurrences, scope)
                return replace(proof, together=proof.places) if count > 1 else proof
            case In(places, part):
                return self.prove(part, narrowed(scope, self.scope(places)))
            case About():
                return _NOTHING if self._is_about(node) else None
            case Dated():
                return _NOTHING if self._is_dated(node) else None
            case _:
                occurrences = self.occurrences(node, scope)
                return self._proof(node, occurrences, scope) if occurrences else None

    def occurrences(self, node: Node, scope: Scope) -> list[Occurrence]:
        """Where a countable node stands, from first to last."""
        match node:
            case Target():
                found = self._target(node)
                return [one for one in found if _within(one, scope)] if found else found
            case AnyOf(parts):
                return sorted((one for part in parts for one in self.occurrences(part, scope)), key=_by_place)
            case Except(left, right):
                return _untouched(self.occurrences(left, scope), self.occurrences(right, scope))
            case In(places, part):
                return self.occurrences(part, narrowed(scope, self.scope(places)))
            case Near():
                return self._near(node, scope)
            case Cites():
                return [one for one in self._cited(node) if _within(one, scope)]
        raise AssertionError(f"the grammar lets no {type(node).__name__} be counted")

    def times(self, node: Node, scope: Scope) -> int:
        """How often a countable node stands there, occurrences that overlap counted once."""
        return _disjoint(self.occurrences(node, scope))

    def _all(self, parts: Sequence[Node], scope: Scope) -> Proof | None:
        proofs: list[Proof] = []
        for part in parts:
            proof = self.prove(part, scope)
            if proof is None:
                return None
            proofs.append(proof)
        return _jointly(proofs)

    def _at_least(self, count: int, parts: Sequence[Node], scope: Scope) -> Proof | None:
        proofs = [proof for part in parts if (proof := self.prove(part, scope)) is not None]
        if len(proofs) < count:
            return None
        return _together(proofs) if count == 1 else _jointly(proofs)

    def _points(self, least: float, weighted: Sequence[tuple[float, Node]], scope: Scope) -> Proof | None:
        proven = [(weight, self.prove(part, scope)) for weight, part in weighted]
        if sum(weight for weight, proof in proven if proof is not None) < least:
            return None
        counted = [(weight, proof) for weight, proof in proven if proof is not None and weight > 0]
        enough = [proof for weight, proof in counted if weight >= least]
        partly = [proof for weight, proof in counted if weight < least]
        return _together([*enough, *([_jointly(partly)] if partly else [])])

    def _proof(self, node: Node, occurrences: Sequence[Occurrence], scope: Scope) -> Proof:
        places = tuple(span for one in occurrences for span in one.parts)
        together = tuple(span for one in occurrences if len(one.parts) > 1 for span in one.parts)
        return Proof(places, excluded=tuple(self._excluded(node, scope)), together=together)

    def _excluded(self, node: Node, scope: Scope) -> Iterator[Span]:
        """The places that were set aside on the way to the node's occurrences."""
        match node:
            case Except(left, right):
                kept = {_by_place(one) for one in self.occurrences(node, scope)}
                touched = (one for one in self.occurrences(left, scope) if _by_place(one) not in kept)
                yield from (span for one in touched for span in one.parts)
                yield from self._excluded(left, scope)
            case Near(left, right):
                yield from self._excluded(left, scope)
                yield from self._excluded(right, scope)
            case AnyOf(parts):
                yield from (span for part in parts for span in self._excluded(part, scope))
            case Times(_, part):
                yield from self._excluded(part, scope)
            case In(places, part):
                yield from self._excluded(part, narrowed(scope, self.scope(places)))

    def _is_dated(self, node: Dated) -> bool:
        published = self.view.article.published
        if published is None:
            return False
        day = published.at.astimezone(VIETNAM).date()
        return (node.first or day) <= day <= (node.last or day)

    def _is_about(self, node: About) -> bool:
        article = self.view.article
        if node.what == "source":
            return fold(article.source).text in node.names
        section = f" {squeeze(fold(article.section or '').text)} "
        return any(f" {squeeze(name)} " in section for name in node.names)

    # --- occurrences

    def _target(self, target: Target) -> list[Occurrence]:
        found = self._targets.get(target)
        if found is None:
            spans: set[Span] = set()
            if not target.needed.isdisjoint(self.hits):
                spans.update(span for slots, gaps in target.chains for span in self._chain(slots, gaps))
            found = self._targets[target] = [Occurrence(*span, (span,)) for span in sorted(spans)]
        return found

    def _chain(self, slots: Sequence[frozenset[int]], gaps: Sequence[Gap]) -> list[Span]:
        spans = self._slot(slots[0])
        for gap, slot in zip(gaps, slots[1:], strict=True):
            if not spans:
                return []
            spans = self._across(spans, gap, self._slot(slot))
        return spans

    def _slot(self, slot: frozenset[int]) -> list[Span]:
        found = [self.hits[number] for number in self.hits if number in slot]
        return found[0] if len(found) == 1 else list(merge(*found))

    def _across(self, before: list[Span], gap: Gap, after: list[Span]) -> list[Span]:
        """Each of `after`, joined with the nearest of `before` over a gap within a sentence."""
        view = self.view
        before = sorted(before, key=itemgetter(1))
        last_syllables = [view.syllable(end - 1) for _, end in before]
        joined = []
        for start, end in after:
            syllable = view.syllable(start)
            nearest = bisect_right(last_syllables, syllable - 1 - gap.least) - 1
            if nearest < 0 or last_syllables[nearest] < syllable - 1 - gap.most:
                continue
            begun = before[nearest][0]
            if view.sentence(begun) == view.sentence(start):
                joined.append((begun, end))
        return joined

    def _cited(self, node: Cites) -> list[Occurrence]:
        """Where the document is cited; an article is read for citations at most once, and only if asked."""
        if node.needed.isdisjoint(self.hits):
            return []
        view = self.view
        if self._documents is None:
            self._documents = documents(view.article, view.folded)
        found = [
            view.place(field, (start, end))
            for one in self._documents
            if node.wanted.matches(one.citation)
            for field, start, end in one.places
        ]
        return [Occurrence(*span, (span,)) for span in sorted(found)]

    def _near(self, node: Near, scope: Scope) -> list[Occurrence]:
        left = self.occurrences(node.left, scope)
        right = self.occurrences(node.right, scope) if left else []
        if not right:
            return []
        by_end = sorted(right, key=lambda one: one.end)
        neighbours = _Neighbours(right, [one.start for one in right], by_end, [one.end for one in by_end])
        near = self._nearness(node)
        joined = [
            _joined(one, other)
            for one in left
            if (other := neighbours.nearest(one, ordered=node.ordered, near=near)) is not None
        ]
        return sorted(joined, key=_by_place)

    def _nearness(self, node: Near) -> Callable[[Occurrence, Occurrence], bool]:
        view, within = self.view, node.within
        if within == "sentence":
            return lambda first, second: view.sentence(first.start) == view.sentence(second.start)
        if within == "paragraph":
            return lambda first, second: view.paragraph(first.start) == view.paragraph(second.start)
        most = within
        return lambda first, second: (
            view.syllable(second.start) - view.syllable(first.end - 1) - 1 <= most
            and view.field_at(first.start) == view.field_at(second.start)
        )


@dataclass(frozen=True, slots=True)
class _Neighbours:
    """Occurrences sorted both ways, to find the nearest before and behind a place."""

    by_start: list[Occurrence]
    starts: list[int]
    by_end: list[Occurrence]
    ends: list[int]

    def nearest(
        self, one: Occurrence, *, ordered: bool, near: Callable[[Occurrence, Occurrence], bool]
    ) -> Occurrence | None:
        """The closer of the next and the last one, of those that are near; only the next when ordered."""
        following = bisect_left(self.starts, one.end)
        behind = self.by_start[following] if following < len(self.starts) else None
        if behind is not None and not near(one, behind):
            behind = None
        preceding = bisect_right(self.ends, one.start) - 1
        ahead = self.by_end[preceding] if preceding >= 0 and not ordered else None
        if ahead is None or not near(ahead, one):
            return behind
        return ahead if behind is None or one.start - ahead.end < behind.start - one.end else behind


def _by_place(one: Occurrence) -> Span:
    return one.start, one.end


def _joined(one: Occurrence, other: Occurrence) -> Occurrence:
    return Occurrence(min(one.start, other.start), max(one.end, other.end), (*one.parts, *other.parts))


def _together(proofs: Sequence[Proof]) -> Proof:
    if len(proofs) == 1:
        return proofs[0]
    return Proof(
        tuple(span for proof in proofs for span in proof.places),
        tuple(dict.fromkeys(text for proof in proofs for text in proof.absent)),
        tuple(span for proof in proofs for span in proof.excluded),
        _only_together(proofs),
    )


def _only_together(proofs: Sequence[Proof]) -> tuple[Span, ...]:
    """The places that no proof has as enough by themselves."""
    if not any(proof.together for proof in proofs):
        return ()
    alone: set[Span] = set()
    for proof in proofs:
        alone |= set(proof.places).difference(proof.together)
    return tuple(span for proof in proofs for span in proof.together if span not in alone)


def _jointly(proofs: Sequence[Proof]) -> Proof:
    """Proofs that are worth nothing one without the others; absences and settings aside need no place."""
    found = _together(proofs)
    placed = sum(1 for proof in proofs if proof.places)
    return found if placed == 1 else replace(found, together=found.places)


def joint(proof: Proof) -> list[Span]:
    """Those of the merged places of a proof no part of which would prove anything by itself."""
    together = set(proof.together)
    alone = [place for place in proof.places if place not in together]
    return [
        (start, end)
        for start, end in merged(proof.places)
        if not any(first < end and start < last for first, last in alone)
    ]


def _within(one: Occurrence, scope: Scope) -> bool:
    return any(start <= one.start and one.end <= end for start, end in scope)


def narrowed(scope: Scope, other: Scope) -> Scope:
    """The stretches that lie in both."""
    pairs = ((max(a, c), min(b, d)) for a, b in scope for c, d in other)
    return tuple((start, end) for start, end in pairs if start < end)


def _disjoint(occurrences: Sequence[Occurrence]) -> int:
    """How many there are when those that overlap an earlier, longer one are not counted."""
    count, reached = 0, -1
    for one in sorted(occurrences, key=lambda one: (one.start, -one.end)):
        if one.start >= reached:
            count, reached = count + 1, one.end
    return count


def _untouched(left: Sequence[Occurrence], right: Sequence[Occurrence]) -> list[Occurrence]:
    covered = merged([(one.start, one.end) for one in right])
    starts = [start for start, _ in covered]
    return [one for one in left if not _touches(one, covered, starts)]


def _touches(one: Occurrence, covered: Sequence[Span], starts: Sequence[int]) -> bool:
    last = bisect_left(starts, one.end) - 1
    return last >= 0 and covered[last][1] > one.start


def merged(spans: Sequence[Span]) -> list[Span]:
    """The same places without overlaps, from first to last."""
    apart: list[Span] = []
    for start, end in sorted(spans):
        if apart and start < apart[-1][1]:
            apart[-1] = apart[-1][0], max(apart[-1][1], end)
        else:
            apart.append((start, end))
    return apart
