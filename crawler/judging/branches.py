"""The parts of a rule that change nothing: branches that are never true, terms that another swallows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from crawler.judging.complaining import Complaint
from crawler.judging.containing import Contained, covers
from crawler.judging.contradicting import Logic
from crawler.judging.placing import Placed, pieces
from crawler.judging.tree import (
    AllOf,
    AnyOf,
    AtLeast,
    Except,
    In,
    Literal,
    Near,
    Node,
    Not,
    Phrase,
    Points,
    Times,
)
from crawler.judging.wording import wording
from storage.folding import bare

MOST_PARTS = 40  # of one OR that are compared two by two, where they are more than phrases


@dataclass(frozen=True, slots=True)
class Settled:
    """A part that has one answer wherever it is asked: false, or of a NOT that forbids nothing, true."""

    node: Node
    answer: bool

    def complaint(self) -> Complaint:
        """What to do about it; the place is the caller's to fill in."""
        trouble = (
            "forbids what the rest of the rule rules out already; strike it out"
            if self.answer
            else "can never be true beside the rest of the rule; mend it or strike it out"
        )
        return Complaint("warning", "", wording(self.node), trouble)


@dataclass(frozen=True, slots=True)
class Idle:
    """A part that could be struck out since another swallows it."""

    node: Node
    by: Node
    same: bool = False  # whether the two say the same

    def complaint(self) -> Complaint:
        """What to do about it; the place is the caller's to fill in."""
        by = wording(self.by)
        trouble = (
            f"says the same as {by}; strike one out"
            if self.same
            else f"changes nothing, since wherever it is true {by} is; strike it out"
        )
        return Complaint("warning", "", wording(self.node), trouble)


def settled(logic: Logic, one: Placed, given: tuple[Placed, ...] = ()) -> Iterator[Settled]:
    """The outermost parts whose answer no article changes, if the `given` are true of it; never the whole."""
    node, scope = one.node, one.scope
    match node:
        case AllOf(parts):
            placed = [Placed(part, scope) for part in parts]
            for number, part in enumerate(placed):
                yield from settled(logic, part, (*given, *placed[:number], *placed[number + 1 :]))
        case AnyOf(parts) | AtLeast(_, parts):
            yield from _settled_of(logic, [Placed(part, scope) for part in parts], given)
        case Points(_, weighted):
            yield from _settled_of(logic, [Placed(part, scope) for _, part in weighted], given)
        case In(places, part):
            yield from settled(logic, Placed(part, scope & pieces(places)), given)
        case Not(part):
            if logic.excludes([Placed(part, scope), *given]):
                yield Settled(node, answer=True)
            else:
                yield from settled(logic, Placed(part, scope), given)
        case Except(left, right):
            for branch in _branches(left):
                if logic.implies(Placed(branch, scope), Placed(right, scope)):
                    yield Settled(branch, answer=False)
            yield from _each_settled(logic, (left, right), scope)
        case Near(left, right):
            yield from _each_settled(logic, (left, right), scope)
        case Times(_, part):
            yield from settled(logic, Placed(part, scope))


def _settled_of(logic: Logic, parts: Sequence[Placed], given: tuple[Placed, ...]) -> Iterator[Settled]:
    for part in parts:
        if logic.excludes([part, *given]):
            yield Settled(part.node, answer=False)
        else:
            yield from settled(logic, part, given)


def _each_settled(logic: Logic, nodes: Sequence[Node], scope: frozenset[str]) -> Iterator[Settled]:
    for node in nodes:
        yield from settled(logic, Placed(node, scope))


def _branches(node: Node) -> Sequence[Node]:
    return node.parts if isinstance(node, AnyOf) else ()


@dataclass(frozen=True, slots=True)
class _Use:
    """What a term is for, which says when another makes it idle."""

    scope: frozenset[str]
    is_measured: bool = False  # where it begins and ends matters, beside NEAR or behind EXCEPT
    is_counted: bool = False  # its occurrences matter, not only whether there is one


def swallowed(logic: Logic, one: Placed) -> Iterator[Idle]:
    """The terms of ORs that another term of the same OR makes idle."""
    return _swallowed(logic, one.node, _Use(one.scope))


def _swallowed(logic: Logic, node: Node, use: _Use) -> Iterator[Idle]:
    match node:
        case AnyOf():
            parts = list(_flat(node))
            yield from _in_or(logic, parts, use)
            for part in parts:
                yield from _swallowed(logic, part, use)
        case AllOf(parts) | AtLeast(_, parts):
            for part in parts:
                yield from _swallowed(logic, part, use)
        case Points(_, weighted):
            for _, part in weighted:
                yield from _swallowed(logic, part, use)
        case Not(part):
            yield from _swallowed(logic, part, use)
        case In(places, part):
            yield from _swallowed(logic, part, replace(use, scope=use.scope & pieces(places)))
        case Near(left, right):
            for part in (left, right):
                yield from _swallowed(logic, part, replace(use, is_measured=True))
        case Except(left, right):
            yield from _swallowed(logic, left, replace(use, is_counted=True))
            yield from _swallowed(logic, right, replace(use, is_measured=True))
        case Times(_, part):
            yield from _swallowed(logic, part, replace(use, is_counted=True))


def _flat(node: Node) -> Iterator[Node]:
    if isinstance(node, AnyOf):
        for part in node.parts:
            yield from _flat(part)
    else:
        yield node


def _in_or(logic: Logic, parts: Sequence[Node], use: _Use) -> Iterator[Idle]:
    phrases = [part for part in parts if isinstance(part, Phrase)]
    for idle in idle_phrases(phrases, is_measured=use.is_measured):
        # A longer phrase at the place of several shorter ones is counted once, they are counted each.
        if not use.is_counted or _holds_once(idle.node, idle.by):
            yield idle
    if use.is_measured or use.is_counted or len(phrases) == len(parts) or len(parts) > MOST_PARTS:
        return
    placed = [Placed(part, use.scope) for part in parts]
    for number, one in enumerate(placed):
        for other_number, other in enumerate(placed):
            if number == other_number or (isinstance(one.node, Phrase) and isinstance(other.node, Phrase)):
                continue
            if logic.implies(one, other):
                same = logic.implies(other, one)
                if not same or other_number < number:
                    yield Idle(one.node, other.node, same)
                    break


def idle_phrases(phrases: Sequence[Phrase], *, is_measured: bool = False) -> Iterator[Idle]:
    """Those that another makes idle; where they are measured, only by another on the very same syllables."""
    index = Contained(phrases)
    within = [index.within(phrase) - {number} for number, phrase in enumerate(phrases)]
    for number, phrase in enumerate(phrases):
        for other in sorted(within[number]):
            same = number in within[other]
            if (same and number < other) or (is_measured and not covers(phrases[other], phrase)):
                continue
            yield Idle(phrase, phrases[other], same)
            break


def _holds_once(phrase: Node, other: Node) -> bool:
    """Whether no way of saying `phrase` can hold `other` at two places; False where gaps leave it open."""
    assert isinstance(phrase, Phrase)
    assert isinstance(other, Phrase)
    chains = (*phrase.chains, *other.chains)
    if any(chain.gaps for chain in chains):
        return False
    within = {_bare(literal) for chain in other.chains for slot in chain.slots for literal in slot}
    said = (_bare(literal) for chain in phrase.chains for slot in chain.slots for literal in slot)
    return all(_places(words, within) <= 1 for words in said)


def _places(words: tuple[str, ...], within: set[tuple[str, ...]]) -> int:
    return sum(any(words[start : start + len(one)] == one for one in within) for start in range(len(words)))


def _bare(literal: Literal) -> tuple[str, ...]:
    return tuple(map(bare, literal.syllables))
