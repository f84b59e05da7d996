"""An article as rules see it: one folded, squeezed text of all its fields, with the way back."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from functools import cached_property
from itertools import accumulate

from crawler.judging.ruletext import ALL_FIELDS
from crawler.judging.sentences import sentence_starts
from crawler.judging.tree import Place
from storage.folding import bare, fold
from storage.records import Article, FieldName

OPENING = 900  # characters of the body that belong to the opening

Span = tuple[int, int]

_FIELD_ENDS = "\x1e"  # folding leaves none of these two in a text
_PARAGRAPH_ENDS = "\x1f "
_JOINTS = ",-\"'/\n"  # what may stand between two syllables of a phrase, beside blanks
_SURPLUS = re.compile("  +")


def squeeze(folded: str) -> str:
    """A folded text with one blank for whatever may stand between two syllables of a phrase."""
    return _collapsed(_loosened(folded))


def _loosened(folded: str) -> str:
    """The same length, with blanks for joints; paragraph ends stay what no phrase crosses."""
    text = folded.replace("\n\n", _PARAGRAPH_ENDS)
    for joint in _JOINTS:
        if joint in text:
            text = text.replace(joint, " ")
    return text


def _collapsed(loosened: str) -> str:
    collapsed = loosened.replace("  ", " ")
    while len(collapsed) < len(loosened):
        loosened, collapsed = collapsed, collapsed.replace("  ", " ")
    return collapsed


def _is_inside(char: str) -> bool:
    """Whether a syllable goes on with it: a letter, a digit, or a mark that composed with none."""
    return char.isalnum() or "\u0300" <= char <= "\u036f"


class View:
    """One article's fields as one text to match in. Places are those of `text` unless said otherwise."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self._originals = {field: getattr(article, field) or "" for field in ALL_FIELDS}
        self._folded = {field: fold(text) for field, text in self._originals.items()}
        self._loosened = _FIELD_ENDS.join(_loosened(folded.text) for folded in self._folded.values())
        self.text = _collapsed(self._loosened)

    @cached_property
    def bare_text(self) -> str:
        """`text` without marks, place for place."""
        return bare(self.text)

    @cached_property
    def fields(self) -> dict[FieldName, Span]:
        """Where each field stands."""
        ends = [match.start() for match in re.finditer(_FIELD_ENDS, self.text)]
        starts = [0, *(end + 1 for end in ends)]
        return dict(zip(ALL_FIELDS, zip(starts, [*ends, len(self.text)], strict=True), strict=True))

    def places(self, place: Place) -> tuple[Span, ...]:
        """The stretches that a place of the rule language means."""
        if place != "opening":
            return (self.fields[place],)
        start, end = self.fields["body"]
        return self.fields["title"], self.fields["lead"], (start, min(end, start + OPENING))

    def is_whole(self, start: int, end: int) -> bool:
        """Whether the stretch begins and ends where syllables do."""
        before, after = self.text[start - 1 : start], self.text[end : end + 1]
        return (before == " " or not _is_inside(before)) and (after == " " or not _is_inside(after))

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
        return field, self._folded[field].span(start, end)

    def is_capital(self, span: Span) -> bool:
        """Whether the article has the stretch in capitals."""
        field, (start, end) = self.original(span)
        return self._originals[field][start:end].isupper()

    @cached_property
    def _bases(self) -> dict[FieldName, int]:
        lengths = [len(folded.text) + 1 for folded in self._folded.values()]
        return dict(zip(ALL_FIELDS, accumulate(lengths, initial=0), strict=False))

    @cached_property
    def _surplus(self) -> tuple[list[int], list[int]]:
        """Behind which places of `text` blanks were squeezed out, and how many up to there."""
        places, dropped, total = [], [], 0
        for match in _SURPLUS.finditer(self._loosened):
            places.append(match.start() - total)
            total += match.end() - match.start() - 1
            dropped.append(total)
        return places, dropped

    def _loosened_place(self, place: int) -> int:
        places, dropped = self._surplus
        before = bisect_left(places, place)
        return place + dropped[before - 1] if before else place

    @cached_property
    def _syllable_starts(self) -> array[int]:
        return array("l", accumulate(map((1).__add__, map(len, self.text.split(" "))), initial=0))

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return sentence_starts(self.text)

    @cached_property
    def _paragraph_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer(f"[{_FIELD_ENDS}{_PARAGRAPH_ENDS[0]}]", self.text))]
