"""What stands in a text wherever a document is cited: a quick search for it spares reading citations."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.judging.citing.keys import Wanted
from crawler.judging.citing.kinds import BY_CODE, KINDS, SETTLED_BY_WORD, Kind

# Kinds whose symbols may bear a year between number and kind, and the years they may bear.
_WITH_YEARS = frozenset({"NQ", "NQLT", "QĐ", "CT", "NĐ", "TT", "TTLT", "PL", "L", "?"})
_YEARS = range(1985, 2050)
_SHORT = {"NQ": "nq", "KL": "kl", "NĐ": "nđ"}  # abbreviations that stand for the word: "NQ 12"


def signs(wanted: Wanted) -> frozenset[tuple[str, ...]]:
    """Folded syllables, of which one sequence stands, joints being blanks, in every citation of it."""
    return frozenset(_signs(wanted))


def _signs(wanted: Wanted) -> Iterator[tuple[str, ...]]:
    kinds = [BY_CODE[wanted.kind]] if wanted.kind in BY_CODE else list(KINDS)
    for number in _written(wanted.number):
        yield from (("số", number), ("số:", number), (f"số{number}",), (f"số:{number}",))
        for kind in kinds:
            yield from ((*word.split(), number) for word in (*kind.words, *_short(kind)))
            yield from ((number, symbol) for symbol in _symbols(kind))
        if wanted.year is not None or wanted.kind in _WITH_YEARS:
            yield from ((number, str(year)) for year in ([wanted.year] if wanted.year else _YEARS))


def _written(number: int) -> set[str]:
    return {str(number), f"{number:02}", f"{number:03}"}


def _short(kind: Kind) -> tuple[str, ...]:
    return (_SHORT[kind.code],) if kind.code in _SHORT else ()


def _symbols(kind: Kind) -> tuple[str, ...]:
    """Of the kind, and of the kind that a word before the symbol makes it."""
    others = [BY_CODE[symbol] for symbol, word in SETTLED_BY_WORD if word == kind.code]
    return tuple(symbol for one in (kind, *others) for symbol in one.symbols)
