"""What the full-text index is asked before a rule is: an expression that is true of all it can flag."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from crawler.judging.judge import Rule
from crawler.judging.ruletext import ALL_FIELDS
from crawler.judging.tree import (
    AllOf,
    AnyOf,
    AtLeast,
    Except,
    In,
    Literal,
    Near,
    Node,
    Phrase,
    Place,
    Times,
)
from storage.records import FieldName
from storage.search import canonical, canonical_bare, tokens

MOST_PHRASES = 400  # of one expression; a rule of more is sieved by its needed literals alone

Fields = frozenset[FieldName]
_EVERYWHERE: Fields = frozenset(ALL_FIELDS)


def sieve(rules: Iterable[Rule]) -> str | None:
    """An FTS5 expression over storage.search.COLUMNS for all articles that one of the rules may flag.

    None where the index cannot tell. The index knows syllables in their order and nothing of what stands
    between two of them, nothing of capitals, NOT or distance: so it gives too many and never too few.
    """
    return _any([_of_rule(rule) for rule in rules])


def sieve_node(node: Node, places: Sequence[Place] = ALL_FIELDS) -> str | None:
    """The same for a tree that is not bound yet, looked for in these places."""
    return _sieved(node, _fields(places))


def _of_rule(rule: Rule) -> str | None:
    expression = _sieved(rule.widest, _fields(rule.text.fields))
    if expression is not None and expression.count('"') // 2 <= MOST_PHRASES:
        return expression
    return _literals(rule.needed, _fields(rule.text.fields))


def _sieved(node: Node, fields: Fields) -> str | None:
    match node:
        case Phrase(chains):
            return _any(
                [_all([_literals(slot, fields) for slot in chain.slots]) for chain in chains],
            )
        case AllOf(parts):
            return _all([_sieved(part, fields) for part in parts])
        case AnyOf(parts):
            return _any([_sieved(part, fields) for part in parts])
        case AtLeast(count, parts):
            found = [_sieved(part, fields) for part in parts]
            known = [one for one in found if one is not None]
            return None if len(found) - len(known) >= count else _any(known)
        case Near(left, right):
            return _all([_sieved(left, fields), _sieved(right, fields)])
        case Except(left, _):
            return _sieved(left, fields)
        case Times(_, part):
            return _sieved(part, fields)
        case In(places, part):
            # Places that exclude one another can never be: too many is no harm.
            return _sieved(part, fields & _fields(places) or fields)
        case _:
            return None


def _fields(places: Iterable[Place]) -> Fields:
    names = frozenset(field for field in ALL_FIELDS if field in tuple(places))
    return names if names and "opening" not in tuple(places) else _EVERYWHERE


def _literals(literals: Iterable[Literal], fields: Fields) -> str | None:
    return _any([_phrase(literal, fields) for literal in dict.fromkeys(literals)])


def _phrase(literal: Literal, fields: Fields) -> str | None:
    written = tokens(" ".join(literal.syllables))
    if not written:
        return None
    spelt = map(canonical_bare if literal.loose else canonical, written)
    prefix = "bare_" if literal.loose else ""
    columns = " ".join(prefix + field for field in ALL_FIELDS if field in fields)
    return f'{{{columns}}} : "{" ".join(spelt)}"'


def _any(parts: Sequence[str | None]) -> str | None:
    known = list(dict.fromkeys(part for part in parts if part is not None))
    if not known or len(known) < len(set(parts)):
        return None
    return known[0] if len(known) == 1 else f"({' OR '.join(known)})"


def _all(parts: Sequence[str | None]) -> str | None:
    known = list(dict.fromkeys(part for part in parts if part is not None))
    if not known:
        return None
    return known[0] if len(known) == 1 else f"({' AND '.join(known)})"
