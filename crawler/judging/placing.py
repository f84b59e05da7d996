"""Where the parts of a rule are looked for: scopes as sets of pieces of an article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawler.judging.tree import AllOf, AnyOf, Except, In, Near, Node, Not, Place

# The pieces of an article that scopes are made of: the body's are its opening and the rest.
Scope = frozenset[str]
_PIECES: dict[Place, Scope] = {
    "title": frozenset({"title"}),
    "lead": frozenset({"lead"}),
    "body": frozenset({"begun", "rest"}),
    "opening": frozenset({"title", "lead", "begun"}),
}


def pieces(places: Sequence[Place]) -> Scope:
    """The scope that the places name together."""
    return frozenset().union(*(_PIECES[place] for place in places))


@dataclass(frozen=True, slots=True)
class Placed:
    """A node, and where it is looked for."""

    node: Node
    scope: Scope


def conjuncts(one: Placed) -> Iterator[Placed]:
    """The node taken apart where all of its parts must be true."""
    match one.node:
        case AllOf(parts):
            for part in parts:
                yield from conjuncts(Placed(part, one.scope))
        case In(places, part):
            yield from conjuncts(Placed(part, one.scope & pieces(places)))
        case Not(AnyOf(parts)):
            for part in parts:
                yield from conjuncts(Placed(Not(part), one.scope))
        case Not(Not(part)):
            yield from conjuncts(Placed(part, one.scope))
        case Not(In(places, part)):
            yield from conjuncts(Placed(Not(part), one.scope & pieces(places)))
        case _:
            yield one


def reach(one: Placed) -> Scope:
    """Where the occurrences of a countable node can stand."""
    match one.node:
        case In(places, part):
            return reach(Placed(part, one.scope & pieces(places)))
        case AnyOf(parts):
            return frozenset().union(*(reach(Placed(part, one.scope)) for part in parts))
        case Near(left, right):
            return reach(Placed(left, one.scope)) & reach(Placed(right, one.scope))
        case Except(left, _):
            return reach(Placed(left, one.scope))
        case _:
            return one.scope


def fields_of(scope: Scope) -> frozenset[str]:
    """The fields that the pieces belong to."""
    return frozenset("body" if piece in ("begun", "rest") else piece for piece in scope)
