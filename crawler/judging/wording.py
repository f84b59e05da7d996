"""A tree written back in the rule language, for people to read: in proofs, explanations and complaints."""

from __future__ import annotations

from collections.abc import Iterable

from crawler.judging.tree import (
    About,
    AllOf,
    AnyOf,
    AtLeast,
    Cites,
    Dated,
    Except,
    In,
    Near,
    Node,
    Not,
    Phrase,
    Points,
    Target,
    Times,
)


def wording(node: Node) -> str:
    """The node as a person could have written it; phrases and lists by the names they were written with."""
    match node:
        case Phrase(_, written):
            return written if written.startswith("@") and " " not in written else _quoted(written)
        case AllOf(parts):
            return " AND ".join(map(_grouped, parts))
        case AnyOf(parts):
            return " OR ".join(map(_grouped, parts))
        case Not(part):
            return f"NOT {_grouped(part)}"
        case Near(left, right, within, ordered):
            return f"{_grouped(left)} {'ONEAR' if ordered else 'NEAR'}/{within} {_grouped(right)}"
        case Except(left, right):
            return f"{_grouped(left)} EXCEPT {_grouped(right)}"
        case AtLeast(count, parts):
            return f"{count} OF ({_listed(map(wording, parts))})"
        case Points(least, weighted):
            return (
                f"{least:g} POINTS ({_listed(f'{_grouped(part)}^{weight:g}' for weight, part in weighted)})"
            )
        case Times(count, part):
            return f"{count} TIMES {_grouped(part)}"
        case In(places, part):
            return "".join(f"{place}:" for place in places) + _grouped(part)
        case About(what, names):
            return f"{what}:({' OR '.join(map(_quoted, names))})"
        case Dated(first, last):
            return f"date:{first or ''}..{last or ''}"
        case Cites(_, written):
            return f"cites:{_quoted(written)}"
        case Target():
            raise AssertionError("what is bound has lost its words")


def _grouped(node: Node) -> str:
    single = isinstance(node, Phrase | In | Times | AtLeast | Points | About | Dated | Cites)
    return wording(node) if single else f"({wording(node)})"


def _listed(parts: Iterable[str]) -> str:
    return ", ".join(parts)


def _quoted(written: str) -> str:
    return f'="{written[1:]}"' if written.startswith("=") else f'"{written}"'
