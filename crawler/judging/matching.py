"""All phrases of all rules found in one pass over an article."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate

from ahocorasick_rs import AhoCorasick

from crawler.judging.tree import Literal
from crawler.judging.views import Span, View
from storage.folding import all_spellings

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
        self._exact.find(view, view.text, found)
        if self._loose:
            self._loose.find(view, view.bare_text, found)
        return found


class _Automaton:
    def __init__(self, numbers: Mapping[Literal, int]) -> None:
        meant: dict[str, list[tuple[int, Literal]]] = {}
        for literal, number in numbers.items():
            for spelling in all_spellings(literal.syllables):
                meant.setdefault(spelling, []).append((number, literal))
        self._meant = list(meant.values())
        self._longest = max(map(len, meant), default=0)
        self._search = AhoCorasick(list(meant)).find_matches_as_indexes if meant else None

    def __bool__(self) -> bool:
        return self._search is not None

    def find(self, view: View, text: str, found: dict[int, list[Span]]) -> None:
        """Adds to `found` what stands in `text`, a form of the view's own text."""
        if self._search is None:
            return
        for base in range(0, len(text), WINDOW):
            window = text[base : base + WINDOW + self._longest] if len(text) > WINDOW else text
            is_whole = view.is_whole
            for pattern, start, end in self._search(window, overlapping=True):
                if start < WINDOW and is_whole(base + start, base + end):
                    self._record(view, pattern, (base + start, base + end), found)

    def _record(self, view: View, pattern: int, span: Span, found: dict[int, list[Span]]) -> None:
        for number, literal in self._meant[pattern]:
            if literal.capitals and not _capitals_stand(view, literal, span):
                continue
            spans = found.setdefault(number, [])
            if len(spans) < MOST_HITS:
                spans.append(span)


def _capitals_stand(view: View, literal: Literal, span: Span) -> bool:
    starts = list(accumulate((len(syllable) + 1 for syllable in literal.syllables), initial=span[0]))
    return all(view.is_capital((starts[place], starts[place + 1] - 1)) for place in literal.capitals)
