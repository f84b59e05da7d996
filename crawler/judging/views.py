"""An article as rules see it: one folded, squeezed text of all its fields, with the way back."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from functools import cached_property
from itertools import accumulate

from crawler.judging.octets import (
    FIELD_END,
    JOINTS,
    as_text,
    bare_octets,
    fold_in_place,
    of_folded,
    squeezed,
    surplus,
)
from crawler.judging.ruletext import ALL_FIELDS
from crawler.judging.sentences import sentence_starts
from crawler.judging.tree import Place
from storage.folding import Folded, fold
from storage.records import Article, FieldName

OPENING = 900  # characters of the body that belong to the opening

Span = tuple[int, int]


def squeeze(folded: str) -> str:
    """A folded text with one blank for whatever may stand between two syllables of a phrase."""
    text = folded.replace("\n\n", "\x1f ")
    for joint in JOINTS + "\n":
        text = text.replace(joint, " ")
    return re.sub("  +", " ", text)


class View:
    """One article's fields as one text to match in, in octets. Places are those of `octets` unless said."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self._originals = {field: getattr(article, field) or "" for field in ALL_FIELDS}
        self._moved: dict[FieldName, Folded] = {}  # the fields in which folding moved places
        loosened = [self._loosened_field(field) for field in ALL_FIELDS]
        self._lengths = [len(octets) for octets in loosened]
        self._loosened = FIELD_END.join(loosened)
        self.octets = squeezed(self._loosened)

    @cached_property
    def folded(self) -> dict[FieldName, Folded]:
        """Each field folded, with the way back."""
        return {field: self._moved.get(field) or fold(text) for field, text in self._originals.items()}

    @cached_property
    def bare(self) -> bytes:
        """`octets` without marks, place for place."""
        return bare_octets(self.octets)

    @cached_property
    def fields(self) -> dict[FieldName, Span]:
        """Where each field stands."""
        ends = [match.start() for match in re.finditer(FIELD_END, self.octets)]
        starts = [0, *(end + 1 for end in ends)]
        return dict(zip(ALL_FIELDS, zip(starts, [*ends, len(self.octets)], strict=True), strict=True))

    def places(self, place: Place) -> tuple[Span, ...]:
        """The stretches that a place of the rule language means."""
        if place != "opening":
            return (self.fields[place],)
        start, end = self.fields["body"]
        return self.fields["title"], self.fields["lead"], (start, min(end, start + OPENING))

    def syllable(self, place: int) -> int:
        """The number of the syllable that stands there, counted from the article's first."""
        return bisect_right(self._syllable_starts, place)

    def sentence(self, place: int) -> int:
        """The number of the sentence that the place lies in."""
        return bisect_right(self._sentence_starts, place)

    def paragraph(self, place: int) -> int:
        """The number of the paragraph, or field, that the place lies in."""
        return bisect_right(self._paragraph_starts, place)

    def field_at(self, place: int) -> FieldName:
        """The field that the place lies in."""
        return next(field for field, (_, end) in self.fields.items() if place <= end)

    def original(self, span: Span) -> tuple[FieldName, Span]:
        """The field, and where in it, as the article has it, the stretch was cut from."""
        field = self.field_at(span[0])
        base = self._bases[field]
        start, end = self._loosened_place(span[0]) - base, self._loosened_place(span[1] - 1) + 1 - base
        moved = self._moved.get(field)
        return field, moved.span(start, end) if moved else (start, end)

    def place(self, field: FieldName, span: Span) -> Span:
        """Where a stretch of a folded field stands; neither of its ends is a blank."""
        base = self._bases[field]
        return self._squeezed(base + span[0]), self._squeezed(base + span[1] - 1) + 1

    def said(self, span: Span) -> str:
        """The stretch as the article has it."""
        field, (start, end) = self.original(span)
        return self._originals[field][start:end]

    def _loosened_field(self, field: FieldName) -> bytes:
        octets = fold_in_place(self._originals[field])
        if octets is not None:
            return octets
        self._moved[field] = folded = fold(self._originals[field])
        return of_folded(folded.text)

    @cached_property
    def _bases(self) -> dict[FieldName, int]:
        begins = accumulate((length + 1 for length in self._lengths), initial=0)
        return dict(zip(ALL_FIELDS, begins, strict=False))

    @cached_property
    def _surplus(self) -> tuple[list[int], list[int]]:
        """Behind which places blanks were squeezed out, and how many up to there."""
        places, dropped, total = [], [], 0
        for start, end in surplus(self._loosened):
            places.append(start - total)
            total += end - start - 1
            dropped.append(total)
        return places, dropped

    def _loosened_place(self, place: int) -> int:
        places, dropped = self._surplus
        before = bisect_left(places, place)
        return place + dropped[before - 1] if before else place

    def _squeezed(self, loosened: int) -> int:
        """The way back from `_loosened_place`."""
        places, dropped = self._surplus
        before = bisect_right(range(len(places)), loosened, key=lambda at: places[at] + dropped[at] + 1)
        return loosened - dropped[before - 1] if before else loosened

    @cached_property
    def _syllable_starts(self) -> array[int]:
        return array("l", accumulate(map((1).__add__, map(len, self.octets.split(b" "))), initial=0))

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return sentence_starts(as_text(self.octets))

    @cached_property
    def _paragraph_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer(b"[\x1e\x1f]", self.octets))]
