"""What a rule means once it is read: phrases, and how they must stand together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Literal as OneOf

from crawler.judging.citing.keys import Wanted
from storage.records import FieldName

Distance = int | OneOf["sentence", "paragraph"]  # syllables between, or standing in the same
Place = FieldName | OneOf["opening"]  # opening: title, lead, and the first characters of the body


@dataclass(frozen=True, slots=True)
class Gap:
    """So many syllables, whatever they are."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Literal:
    """Syllables that follow one another, folded."""

    syllables: tuple[str, ...]
    capitals: tuple[int, ...] = ()  # which of them are abbreviations, and stand in capitals
    loose: bool = False  # written without marks, so that any will do


@dataclass(frozen=True, slots=True)
class Chain:
    """Literals in order with gaps between: one of each slot, `gaps[i]` after slot i."""

    slots: tuple[tuple[Literal, ...], ...]
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase with all its variants; it stands where one of its chains stands."""

    chains: tuple[Chain, ...]
    written: str = field(default="", compare=False)  # as the rule has it


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """Phrases of which any will do, as one judge looks for them: by its numbers for literals."""

    chains: tuple[tuple[tuple[frozenset[int], ...], tuple[Gap, ...]], ...]  # slots and the gaps between
    needed: frozenset[int]  # one of these stands wherever the phrase does


@dataclass(frozen=True, slots=True)
class AllOf:
    """True when every part is."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True when one part is."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """True when its part is not; it proves nothing by itself."""

    part: Node
    written: str = field(default="", compare=False)  # its part in the rule language, once it is bound


@dataclass(frozen=True, slots=True)
class Near:
    """Each occurrence of the left with the nearest of the right, when that is near enough."""

    left: Node
    right: Node
    within: Distance
    ordered: bool  # the left one first


@dataclass(frozen=True, slots=True)
class Except:
    """The occurrences of the left that no occurrence of the right touches."""

    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class AtLeast:
    """True when so many of the different parts are."""

    count: int
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Points:
    """True when the weights of the parts that are true come to so much."""

    least: float
    parts: tuple[tuple[float, Node], ...]


@dataclass(frozen=True, slots=True)
class Times:
    """True when the part occurs so often, occurrences that overlap counted once."""

    count: int
    part: Node


@dataclass(frozen=True, slots=True)
class In:
    """The part, looked for in some places only."""

    places: tuple[Place, ...]
    part: Node


@dataclass(frozen=True, slots=True)
class About:
    """The article's source is one of these, or its section names one; proves nothing by itself."""

    what: OneOf["source", "section"]
    names: tuple[str, ...]  # folded


@dataclass(frozen=True, slots=True)
class Dated:
    """The article was published on one of these days, as Vietnam counts them; proves nothing by itself."""

    first: date | None  # None: however early
    last: date | None  # None: however late


@dataclass(frozen=True, slots=True)
class Cites:
    """The places where the article cites a document."""

    wanted: Wanted
    written: str = field(default="", compare=False)  # as the rule has it
    needed: frozenset[int] = frozenset()  # one of these literals stands wherever it is cited; set by binding


Node = (
    Phrase
    | Target
    | AllOf
    | AnyOf
    | Not
    | Near
    | Except
    | AtLeast
    | Points
    | Times
    | In
    | About
    | Dated
    | Cites
)


def fingerprint(*parts: object) -> str:
    """Sixteen hex digits that change exactly when the meaning of the parts does."""
    return hashlib.sha256("\n".join(map(canonical, parts)).encode()).hexdigest()[:16]


def canonical(part: object) -> str:
    """A node, or a value beside it, written in one way only: neither blanks, quotes nor list names matter."""
    match part:
        case Phrase(chains):
            return "phrase" + _canonical_all(chains)
        case Chain(slots, gaps):
            return "chain" + _canonical_all(slots) + _canonical_all(gaps)
        case Literal(syllables, capitals, loose):
            return f"{' '.join(syllables)}|{capitals}|{loose}"
        case tuple():
            return _canonical_all(part)
        case Cites(wanted):
            return f"cites({wanted!r})"
        case (
            AllOf()
            | AnyOf()
            | Not()
            | Near()
            | Except()
            | AtLeast()
            | Points()
            | Times()
            | In()
            | About()
            | Gap()
        ):
            name = type(part).__name__.lower()
            return name + _canonical_all(
                tuple(getattr(part, one.name) for one in fields(part) if one.compare)
            )
        case Dated(first, last):
            return f"dated({first},{last})"
        case _:
            return repr(part)


def _canonical_all(parts: tuple[object, ...]) -> str:
    return "(" + ",".join(map(canonical, parts)) + ")"


def walk(node: Node) -> Iterator[Node]:
    """The node and all within it, outermost first."""
    yield node
    match node:
        case AllOf(parts) | AnyOf(parts) | AtLeast(_, parts):
            within = parts
        case Points(_, weighted):
            within = tuple(part for _, part in weighted)
        case Near(left, right) | Except(left, right):
            within = left, right
        case Not(part) | Times(_, part) | In(_, part):
            within = (part,)
        case _:
            within = ()
    for part in within:
        yield from walk(part)
