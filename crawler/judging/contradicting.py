"""What of a rule can never be true, told from its tree alone: cautiously, so that silence proves nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from crawler.judging.containing import Contained
from crawler.judging.placing import Placed, Scope, conjuncts, fields_of, pieces, reach
from crawler.judging.tree import (
    About,
    AllOf,
    AnyOf,
    AtLeast,
    Chain,
    Dated,
    Except,
    In,
    Near,
    Node,
    Not,
    Phrase,
    Points,
    Times,
)

MOST_STEPS = 50_000  # of one rule; what is not settled by then counts as possible
LOOKUPS = 8  # comparisons that take as long as a step


@dataclass(slots=True)
class Logic:
    """Answers about one rule's nodes, remembered: a yes is certain, a no may mean that it cannot be told."""

    sources: frozenset[str] | None = None  # folded, those the rule is confined to; None: any
    _indexes: dict[int, Contained] = field(default_factory=dict)  # by the id of an OR or a phrase
    _known: dict[tuple[int, Scope, int, Scope], bool] = field(default_factory=dict)
    _never: dict[tuple[int, Scope], bool] = field(default_factory=dict)
    _steps: int = 0

    def is_never(self, one: Placed) -> bool:
        """Whether the node is true of no article."""
        if isinstance(one.node, Not):  # some are made here, and their ids are used again
            return self.is_always(Placed(one.node.part, one.scope))
        key = id(one.node), one.scope
        if key not in self._never:
            self._never[key] = self._is_never(one)
        return self._never[key]

    def _is_never(self, one: Placed) -> bool:
        node, scope = one.node, one.scope
        match node:
            case Phrase():
                return not scope
            case AllOf():
                return self._clash([one])
            case AnyOf(parts):
                return all(self.is_never(Placed(part, scope)) for part in parts)
            case AtLeast(count, parts):
                return sum(not self.is_never(Placed(part, scope)) for part in parts) < count
            case Points(least, parts):
                return self._most_points(parts, scope) < least
            case Near(left, right):
                return self._is_never_near(Placed(left, scope), Placed(right, scope))
            case Except(left, right):
                return self.is_never(Placed(left, scope)) or self.implies(
                    Placed(left, scope), Placed(right, scope)
                )
            case Times(_, part):
                return self.is_never(Placed(part, scope))
            case In(places, part):
                return self.is_never(Placed(part, scope & pieces(places)))
            case About("source", names):
                return self.sources is not None and self.sources.isdisjoint(names)
            case _:
                return False

    def is_always(self, one: Placed) -> bool:
        """Whether the node is true of every article."""
        node, scope = one.node, one.scope
        match node:
            case Not(part):
                return self.is_never(Placed(part, scope))
            case AllOf(parts):
                return all(self.is_always(Placed(part, scope)) for part in parts)
            case In(places, part):
                return self.is_always(Placed(part, scope & pieces(places)))
            case AnyOf(parts):
                placed = [Placed(part, scope) for part in parts]
                denied = [Placed(part.part, scope) for part in parts if isinstance(part, Not)]
                return any(map(self.is_always, placed)) or any(
                    self.implies(no, yes) for no in denied for yes in placed
                )
            case _:
                return False

    def implies(self, given: Placed, wanted: Placed) -> bool:
        """Whether the second is true wherever the first is, and stands within its occurrences."""
        key = id(given.node), given.scope, id(wanted.node), wanted.scope
        if key not in self._known:
            self._steps += 1
            if self._steps > MOST_STEPS:
                return False
            self._known[key] = self._follows(given, wanted)
        return self._known[key]

    def excludes(self, given: Sequence[Placed]) -> bool:
        """Whether these cannot all be true of one article."""
        return any(map(self.is_never, given)) or self._clash(given)

    # --- steps

    def _clash(self, given: Sequence[Placed]) -> bool:
        facts = [fact for one in given for fact in conjuncts(one)]
        if any(not isinstance(fact.node, AllOf) and self.is_never(fact) for fact in facts):
            return True
        if _dates_clash(facts) or self._sources_clash(facts):
            return True
        denied = [Placed(fact.node.part, fact.scope) for fact in facts if isinstance(fact.node, Not)]
        held = [fact for fact in facts if not isinstance(fact.node, Not)]
        self._steps += len(held) * len(denied) // LOOKUPS
        return self._steps <= MOST_STEPS and any(self._all_imply(held, no) for no in denied)

    def _all_imply(self, held: Sequence[Placed], wanted: Placed) -> bool:
        """Whether what is wanted follows from these together."""
        node, scope = wanted.node, wanted.scope
        if isinstance(node, In):
            return self._all_imply(held, Placed(node.part, scope & pieces(node.places)))
        if isinstance(node, AllOf):
            return all(self._all_imply(held, Placed(part, scope)) for part in node.parts)
        if isinstance(node, AnyOf) and any(self._all_imply(held, Placed(part, scope)) for part in node.parts):
            return True
        return any(self.implies(one, wanted) for one in held)

    def _sources_clash(self, facts: Sequence[Placed]) -> bool:
        left = self.sources
        for fact in facts:
            if isinstance(fact.node, About) and fact.node.what == "source":
                names = frozenset(fact.node.names)
                left = names if left is None else left & names
        return left is not None and not left

    def _most_points(self, parts: Sequence[tuple[float, Node]], scope: Scope) -> float:
        placed = [(weight, Placed(part, scope)) for weight, part in parts]
        return sum(
            weight
            for weight, one in placed
            if (weight > 0 and not self.is_never(one)) or (weight < 0 and self.is_always(one))
        )

    def _is_never_near(self, left: Placed, right: Placed) -> bool:
        if self.is_never(left) or self.is_never(right):
            return True
        return fields_of(reach(left)).isdisjoint(fields_of(reach(right)))

    def _follows(self, given: Placed, wanted: Placed) -> bool:
        if given.scope == wanted.scope and given.node == wanted.node:
            return True
        return self._by_wanted(given, wanted) or self._by_given(given, wanted)

    def _by_wanted(self, given: Placed, wanted: Placed) -> bool:
        node, scope = wanted.node, wanted.scope
        match node:
            case In(places, part):
                return self.implies(given, Placed(part, scope & pieces(places)))
            case AllOf(parts):
                return all(self.implies(given, Placed(part, scope)) for part in parts)
            case AnyOf(parts):
                return self._implies_some(given, wanted, parts)
            case AtLeast(count, parts):
                return sum(self.implies(given, Placed(part, scope)) for part in parts) >= count
            case Times(1, part):
                return self.implies(given, Placed(part, scope))
            case _:
                return False

    def _implies_some(self, given: Placed, wanted: Placed, parts: Sequence[Node]) -> bool:
        phrases = [part for part in parts if isinstance(part, Phrase)]
        others = [part for part in parts if not isinstance(part, Phrase)]
        if isinstance(given.node, Phrase) and given.scope <= wanted.scope and phrases:
            chains = tuple(chain for phrase in phrases for chain in phrase.chains)
            if self._holds(given.node, wanted.node, chains):
                return True
            return any(self.implies(given, Placed(part, wanted.scope)) for part in others)
        return any(self.implies(given, Placed(part, wanted.scope)) for part in parts)

    def _by_given(self, given: Placed, wanted: Placed) -> bool:
        node, scope = given.node, given.scope
        match node:
            case In(places, part):
                return self.implies(Placed(part, scope & pieces(places)), wanted)
            case AllOf(parts):
                return any(self.implies(Placed(part, scope), wanted) for part in parts)
            case AnyOf(parts):
                return all(self.implies(Placed(part, scope), wanted) for part in parts)
            case AtLeast(count, parts):
                return sum(not self.implies(Placed(part, scope), wanted) for part in parts) < count
            case Points(least, parts):
                others = [w for w, part in parts if w > 0 and not self.implies(Placed(part, scope), wanted)]
                return sum(others) < least
            case Near(left, right):
                return self.implies(Placed(left, scope), wanted) or self.implies(Placed(right, scope), wanted)
            case Except(left, _):
                return self.implies(Placed(left, scope), wanted)
            case Times(count, part):
                return self._times_imply(count, Placed(part, scope), wanted)
            case Not(part):
                return isinstance(wanted.node, Not) and self.implies(
                    Placed(wanted.node.part, wanted.scope), Placed(part, scope)
                )
            case _:
                return self._is_within(given, wanted)

    def _times_imply(self, count: int, part: Placed, wanted: Placed) -> bool:
        node = wanted.node
        same = isinstance(node, Times) and node.part == part.node and wanted.scope == part.scope
        return (same and isinstance(node, Times) and node.count <= count) or self.implies(part, wanted)

    def _is_within(self, given: Placed, wanted: Placed) -> bool:
        match given.node, wanted.node:
            case Phrase() as whole, Phrase(chains):
                return given.scope <= wanted.scope and self._holds(whole, wanted.node, chains)
            case About(what, names), About(other, more):
                return what == other and set(names) <= set(more)
            case Dated() as narrow, Dated() as wide:
                return _is_longer(wide, narrow)
            case _:
                return False

    def _holds(self, whole: Phrase, wanted: Node, chains: tuple[Chain, ...]) -> bool:
        """Whether every occurrence of the phrase holds one of the chains, which are those of `wanted`."""
        index = self._indexes.get(id(wanted))
        if index is None:
            index = self._indexes[id(wanted)] = Contained((Phrase(chains),))
        return bool(index.within(whole))


def _is_longer(wide: Dated, narrow: Dated) -> bool:
    begins = wide.first is None or (narrow.first is not None and wide.first <= narrow.first)
    return begins and (wide.last is None or (narrow.last is not None and narrow.last <= wide.last))


def _dates_clash(facts: Sequence[Placed]) -> bool:
    dated = [fact.node for fact in facts if isinstance(fact.node, Dated)]
    firsts = [one.first for one in dated if one.first is not None]
    lasts = [one.last for one in dated if one.last is not None]
    return bool(firsts and lasts) and max(firsts) > min(lasts)
