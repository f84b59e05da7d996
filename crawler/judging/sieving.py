"""What the full-text index is asked before a rule is: an expression that is true of all it can flag."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from crawler.judging.citing.signs import signs
from crawler.judging.judge import Rule
from crawler.judging.ruletext import ALL_FIELDS
from crawler.judging.tree import (
    AllOf,
    AnyOf,
    AtLeast,
    Cites,
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
MOST_PAIRS = 36  # of phrases near each other
_WORDS_PER_SYLLABLE = 4  # between them, which rules count as one
_WORDS_BESIDE = 16

Fields = frozenset[FieldName]
_EVERYWHERE: Fields = frozenset(ALL_FIELDS)


def sieve(rules: Iterable[Rule]) -> str | None:
    """An FTS5 expression over storage.search.COLUMNS for all articles that one of the rules may flag.

    None where the index cannot tell. The index knows syllables in their order and nothing of what stands
    between two of them, nothing of capitals, NOT or distance: so it gives too many and never too few.
    """
    return _any([_of_rule(rule) for rule in rules])


def sieve_node(node: Node, places: Sequence[Place] = ALL_FIELDS) -> str | None:
    """The same for a tree that is not bound yet, looked for in these places; for a person who waits.

    Here the index is asked for distances, too: far wider ones, since to the rules `1.000.000` is one syllable
    and to the index three. What has several times more words than syllables between is passed over.
    """
    return _sieved(node, _fields(places), near=True)


def _of_rule(rule: Rule) -> str | None:
    expression = _sieved(rule.widest, _fields(rule.text.fields))
    if expression is not None and expression.count('"') // 2 <= MOST_PHRASES:
        return expression
    return _literals(rule.needed, _fields(rule.text.fields))


def _sieved(node: Node, fields: Fields, *, near: bool = False) -> str | None:
    match node:
        case Phrase(chains):
            return _any(
                [_all([_literals(slot, fields) for slot in chain.slots]) for chain in chains],
            )
        case AllOf(parts):
            return _all([_sieved(part, fields, near=near) for part in parts])
        case AnyOf(parts):
            return _any([_sieved(part, fields, near=near) for part in parts])
        case AtLeast(count, parts):
            found = [_sieved(part, fields, near=near) for part in parts]
            known = [one for one in found if one is not None]
            return None if len(found) - len(known) >= count else _any(known)
        case Near(left, right, _, _):
            together = _near(node, fields) if near else None
            return together or _all([_sieved(left, fields, near=near), _sieved(right, fields, near=near)])
        case Except(left, _):
            return _sieved(left, fields, near=near)
        case Times(_, part):
            return _sieved(part, fields, near=near)
        case Cites(wanted):
            # Wherever it is cited, a sign of it stands there; in which fields, citing knows better.
            return _literals(map(Literal, sorted(signs(wanted))), _EVERYWHERE)
        case In(places, part):
            # Places that exclude one another can never be: too many is no harm.
            return _sieved(part, fields & _fields(places) or fields, near=near)
        case _:
            return None


def _near(node: Near, fields: Fields) -> str | None:
    """Two plain phrases, or phrases joined by OR, near each other; None for anything else."""
    left, right = _plain(node.left), _plain(node.right)
    if not isinstance(node.within, int) or not 0 < len(left) * len(right) <= MOST_PAIRS:
        return None
    most = _WORDS_PER_SYLLABLE * node.within + _WORDS_BESIDE
    return _any([_pair(one, other, most, fields) for one in left for other in right])


def _plain(node: Node) -> list[Literal]:
    """The literals of which one stands wherever the node does; none where it is not as simple as that."""
    match node:
        case Phrase(chains) if all(len(chain.slots) == 1 for chain in chains):
            return [literal for chain in chains for literal in chain.slots[0]]
        case AnyOf(parts):
            found = [_plain(part) for part in parts]
            return [literal for some in found for literal in some] if all(found) else []
        case _:
            return []


def _pair(one: Literal, other: Literal, most: int, fields: Fields) -> str | None:
    loose = one.loose or other.loose
    spell = canonical_bare if loose else canonical
    written = [" ".join(map(spell, tokens(" ".join(literal.syllables)))) for literal in (one, other)]
    if not all(written):
        return None
    return f'{_columns(fields, loose=loose)} : NEAR("{written[0]}" "{written[1]}", {most})'


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
    return f'{_columns(fields, loose=literal.loose)} : "{" ".join(spelt)}"'


def _columns(fields: Fields, *, loose: bool) -> str:
    prefix = "bare_" if loose else ""
    return f"{{{' '.join(prefix + field for field in ALL_FIELDS if field in fields)}}}"


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
