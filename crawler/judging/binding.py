"""Rules made ready for the judge that asks them: phrases that share literals share the search for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crawler.judging.citing.keys import Wanted
from crawler.judging.citing.signs import signs
from crawler.judging.tree import (
    About,
    AllOf,
    AnyOf,
    AtLeast,
    Chain,
    Cites,
    Dated,
    Except,
    Gap,
    In,
    Literal,
    Near,
    Node,
    Not,
    Phrase,
    Points,
    Target,
    Times,
)
from crawler.judging.wording import wording

Needed = frozenset[Literal]


class Binder:
    """Gives every literal its number, and equal phrases the same target."""

    def __init__(self) -> None:
        self.numbers: dict[Literal, int] = {}
        self._targets: dict[tuple[Phrase, ...], Target] = {}

    def bind(self, node: Node) -> Node:
        """The same tree with targets for its phrases."""
        match node:
            case Phrase():
                return self._target((node,))
            case AnyOf(parts):
                phrases = tuple(part for part in parts if isinstance(part, Phrase))
                others = tuple(self.bind(part) for part in parts if not isinstance(part, Phrase))
                found = ((self._target(phrases),) if phrases else ()) + others
                return found[0] if len(found) == 1 else AnyOf(found)
            case AllOf(parts):
                return AllOf(tuple(map(self.bind, parts)))
            case AtLeast(count, parts):
                return AtLeast(count, tuple(map(self.bind, parts)))
            case Near(left, right, within, ordered):
                return Near(self.bind(left), self.bind(right), within, ordered)
            case Except(left, right):
                return Except(self.bind(left), self.bind(right))
            case Not(part):
                return Not(self.bind(part), wording(part))
            case Points(least, parts):
                return Points(least, tuple((weight, self.bind(part)) for weight, part in parts))
            case Times(count, part):
                return Times(count, self.bind(part))
            case In(places, part):
                return In(places, self.bind(part))
            case Cites(wanted, written):
                return Cites(wanted, written, self.numbered(_signs(wanted)))
            case About() | Dated() | Target():
                return node

    def numbered(self, literals: Needed) -> frozenset[int]:
        """The numbers of the literals."""
        return frozenset(self.numbers.setdefault(literal, len(self.numbers)) for literal in literals)

    def _target(self, phrases: tuple[Phrase, ...]) -> Target:
        found = self._targets.get(phrases)
        if found is None:
            found = self._targets[phrases] = self._made(
                [chain for phrase in phrases for chain in phrase.chains]
            )
        return found

    def _made(self, chains: Sequence[Chain]) -> Target:
        """Chains of a single slot are one slot together; the others stay apart."""
        bound = [
            (tuple(self.numbered(frozenset(slot)) for slot in chain.slots), chain.gaps) for chain in chains
        ]
        together = frozenset(number for slots, _ in bound if len(slots) == 1 for number in slots[0])
        none: tuple[Gap, ...] = ()
        apart = [(slots, gaps) for slots, gaps in bound if len(slots) > 1]
        needed = self.numbered(frozenset().union(*map(_rarest_slot, chains)))
        return Target(((((together,), none),) if together else ()) + tuple(apart), needed)


def literals(node: Node) -> Iterator[Literal]:
    """Every literal in a tree that is not bound yet, those that must not stand included."""
    match node:
        case Phrase(chains):
            yield from (literal for chain in chains for slot in chain.slots for literal in slot)
        case AllOf(parts) | AnyOf(parts) | AtLeast(_, parts):
            for part in parts:
                yield from literals(part)
        case Near(left, right) | Except(left, right):
            yield from literals(left)
            yield from literals(right)
        case Points(_, parts):
            yield from (literal for _, part in parts for literal in literals(part))
        case Not(part) | Times(_, part) | In(_, part):
            yield from literals(part)
        case Cites(wanted):
            yield from _signs(wanted)
        case About() | Dated() | Target():
            pass


def needed(node: Node) -> Needed | None:
    """Literals of which one must occur for the node to be true; None where it can be true without any."""
    match node:
        case Phrase(chains):
            return frozenset().union(*map(_rarest_slot, chains))
        case AllOf(parts):
            return _rarest([needed(part) for part in parts])
        case AnyOf(parts):
            return _of_some(1, [needed(part) for part in parts])
        case AtLeast(count, parts):
            return _of_some(count, [needed(part) for part in parts])
        case Points(least, parts):
            return _of_points(least, [(weight, needed(part)) for weight, part in parts if weight > 0])
        case Near(left, right):
            return _rarest([needed(left), needed(right)])
        case Except(left, _):
            return needed(left)
        case Times(_, part) | In(_, part):
            return needed(part)
        case Cites(wanted):
            return _signs(wanted)
        case Not() | About() | Dated() | Target():
            return None


def _signs(wanted: Wanted) -> Needed:
    return frozenset(map(Literal, signs(wanted)))


def _of_some(count: int, needs: Sequence[Needed | None]) -> Needed | None:
    known = [need for need in needs if need is not None]
    return None if len(needs) - len(known) >= count else frozenset().union(*known)


def _of_points(least: float, needs: Sequence[tuple[float, Needed | None]]) -> Needed | None:
    for_nothing = sum(weight for weight, need in needs if need is None)
    if for_nothing >= least:
        return None
    return frozenset().union(*(need for _, need in needs if need is not None))


def _rarest_slot(chain: Chain) -> Needed:
    return _rarest([frozenset(slot) for slot in chain.slots]) or frozenset()


def _rarest(needs: Sequence[Needed | None]) -> Needed | None:
    """The one least likely to occur, as far as length tells."""
    return max((need for need in needs if need is not None), key=_rarity, default=None)


def _rarity(need: Needed) -> tuple[int, int]:
    return min((sum(map(len, literal.syllables)) for literal in need), default=0), -len(need)
