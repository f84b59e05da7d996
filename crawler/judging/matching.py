"""All phrases of all rules found in one pass over an article."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate

from ahocorasick_rs import BytesAhoCorasick

from crawler.judging.octets import INSIDE, is_exact, of_folded
from crawler.judging.tree import Literal
from crawler.judging.views import Span, View, squeeze
from storage.folding import all_spellings, bare, fold

WINDOW = 1 << 18  # characters searched at a time, so that a huge text needs no huge list of hits
MOST_HITS = 2_000  # occurrences of one literal that are looked at in one article

Hits = Mapping[int, list[Span]]  # number of a literal → where it stands


class Matcher:
    """All literals, found in every spelling, at syllable boundaries, abbreviations in capitals only."""

    def __init__(self, numbers: Mapping[Literal, int]) -> None:
        self._exact = _Automaton({one: number for one, number in numbers.items() if not one.loose})
        self._loose = _Automaton({one: number for one, number in numbers.items() if one.loose})

    def hits(self, view: View) -> Hits:
        """Every literal that occurs, with its occurrences from first to last."""
        found: dict[int, list[Span]] = {}
        self._exact.find(view, view.octets, found)
        if self._loose:
            self._loose.find(view, view.bare, found)
        return found


@dataclass(frozen=True, slots=True)
class _Meant:
    """What an octet pattern stands for."""

    number: int
    literal: Literal
    spelling: str | None  # to be compared with the text, where the alphabet of octets lacks some letter


class _Automaton:
    def __init__(self, numbers: Mapping[Literal, int]) -> None:
        meant: dict[bytes, list[_Meant]] = {}
        for literal, number in numbers.items():
            for spelling in all_spellings(literal.syllables):
                octets = of_folded(spelling)
                compared = None if is_exact(octets) else spelling
                meant.setdefault(octets, []).append(_Meant(number, literal, compared))
        self._meant = list(meant.values())
        self._longest = max(map(len, meant), default=0)
        self._search = BytesAhoCorasick(list(meant)).find_matches_as_indexes if meant else None

    def __bool__(self) -> bool:
        return self._search is not None

    def find(self, view: View, octets: bytes, found: dict[int, list[Span]]) -> None:
        """Adds to `found` what stands in `octets`, a form of the view's own."""
        if self._search is None:
            return
        for base in range(0, len(octets), WINDOW):
            window = octets[base : base + WINDOW + self._longest] if len(octets) > WINDOW else octets
            for pattern, start, end in self._search(window, overlapping=True):
                span = base + start, base + end
                if start < WINDOW and _is_whole(octets, span):
                    self._record(view, pattern, span, found)

    def _record(self, view: View, pattern: int, span: Span, found: dict[int, list[Span]]) -> None:
        for meant in self._meant[pattern]:
            if not _stands(view, meant, span):
                continue
            spans = found.setdefault(meant.number, [])
            if len(spans) < MOST_HITS:
                spans.append(span)


def _is_whole(octets: bytes, span: Span) -> bool:
    """Whether the stretch begins and ends where syllables do."""
    start, end = span
    begins = start == 0 or not INSIDE[octets[start - 1]]
    return begins and (end == len(octets) or not INSIDE[octets[end]])


def _stands(view: View, meant: _Meant, span: Span) -> bool:
    literal = meant.literal
    if meant.spelling is not None:
        said = squeeze(fold(view.said(span)).text)
        if (bare(said) if literal.loose else said) != meant.spelling:
            return False
    return not literal.capitals or _capitals_stand(view, literal, span)


def _capitals_stand(view: View, literal: Literal, span: Span) -> bool:
    starts = list(accumulate((len(syllable) + 1 for syllable in literal.syllables), initial=span[0]))
    return all(view.said((starts[place], starts[place + 1] - 1)).isupper() for place in literal.capitals)
