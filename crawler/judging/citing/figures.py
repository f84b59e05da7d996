"""The figures an article tells: a number, and what it counts. Dates, ages and names are none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawler.judging.citing.counted import (
    ABOUT,
    COUNTING,
    HEAD,
    JOINED,
    KEPT,
    MEASURED,
    ORDINAL,
    PEOPLE,
    SCALES,
    STOPS,
)
from crawler.judging.citing.documents import Document, Fields, as_folded, documents
from crawler.judging.ruletext import ALL_FIELDS
from storage.folding import fold
from storage.records import Article, FieldName, Figure

MOST_NUMBERS = 20_000  # of one field that are looked at
MOST_FIGURES = 1_000  # of one field
_LONGEST = 8  # syllables of what is counted
_FARTHEST = 120  # characters of what is counted

# A number as far as it may go; what is not one of the forms below is a date, a telephone number, a score …
_RUN = re.compile(r"[0-9](?:[0-9.,/:-]*[0-9])?")
_WHOLE = re.compile(r"\d{1,3}(?:\.\d{3})+|\d{1,6}")
_FRACTION = re.compile(r"(?:\d{1,3}(?:\.\d{3})*|\d{1,6}),\d{1,3}")
_SHARE = re.compile(r"(\d{1,3}(?:\.\d{3})*|\d{1,6})/(\d{1,3}(?:\.\d{3})*|\d{1,6})")
_YEAR = re.compile(r"(?:19|20)\d\d")
_BEFORE = re.compile(r"[^\W\d_]+")
_SCALE = re.compile(" (" + "|".join(SCALES) + r")(?!\w)")
_ABOUT = re.compile(r"(?<!\w)(" + "|".join(ABOUT) + r") \Z")
_SYLLABLE = re.compile(r"( |, )?([^\W_]+)")
_JOINED = re.compile("|".join(map(re.escape, JOINED)))
_NO_NAMES = re.compile(r"(?:công|an|đảng|đoàn|nhân|dân)(?!\w)")
_KEPT = re.compile("(?:" + "|".join(KEPT) + r")(?!\w)")


def cited_figures(article: Article) -> tuple[Figure, ...]:
    """The figures of title, lead and body, in reading order; spans are code points of the field.

    "1.234 lượt" is 1234, "98,5%" is 98.5 per cent, "70/85 xã" is 70 of 85, "2,5 triệu lượt" is 2500000.
    Linear in the length of the text.
    """
    fields = {field: fold(getattr(article, field) or "") for field in ALL_FIELDS}
    return figures(article, fields, documents(article, fields))


def figures(article: Article, fields: Fields, cited: Sequence[Document]) -> tuple[Figure, ...]:
    """The same, of fields that are folded and whose citations are known: their numbers count nothing."""
    return tuple(
        figure
        for field in ALL_FIELDS
        for figure in _of_field(article, field, fields, [place for one in cited for place in one.places])
    )


@dataclass(frozen=True, slots=True)
class _Number:
    value: float
    whole: float | None = None
    fraction: bool = False


def _of_field(
    article: Article, field: FieldName, fields: Fields, cited: Sequence[tuple[FieldName, int, int]]
) -> Iterator[Figure]:
    folded = fields[field]
    original: str = getattr(article, field) or ""
    cased = as_folded(original, folded)
    taken = sorted((start, end) for name, start, end in cited if name == field)
    reached, found, skip = 0, 0, 0
    for count, run in enumerate(_RUN.finditer(folded.text)):
        if count == MOST_NUMBERS or found == MOST_FIGURES:
            return
        while skip < len(taken) and taken[skip][1] <= run.start():
            skip += 1
        within = skip < len(taken) and taken[skip][0] < run.end()
        if within or run.start() < reached:
            continue
        read = _Reading(folded.text, cased, run).read()
        if read is None:
            continue
        found, reached = found + 1, read.end
        start, end = folded.span(read.start, read.end)
        counted = ""
        if read.counted[0] < read.counted[1]:
            first, last = folded.span(*read.counted)
            counted = " ".join(original[first:last].split())
        number = read.number
        yield Figure(field, start, end, number.value, number.whole, read.unit, counted, read.about)


@dataclass(frozen=True, slots=True)
class _Read:
    """A figure in the folded text."""

    start: int
    end: int
    number: _Number
    unit: str | None
    counted: tuple[int, int]
    about: str | None


class _Reading:
    """One number, and what stands around it."""

    def __init__(self, text: str, cased: str, run: re.Match[str]) -> None:
        self.text = text
        self.cased = cased
        self.run = run

    def read(self) -> _Read | None:
        """The figure; None if the number counts nothing for sure."""
        start, end = self.run.span()
        number = _number(self.run[0])
        if number is None or self._is_part(start, end):
            return None
        if self.text[end : end + 1] == "%" or self.text[end : end + 2] == " %":
            return self._share(number, self.text.index("%", end) + 1)
        if self._is_ordinal(start) or (_YEAR.fullmatch(self.run[0]) and number.whole is None):
            return None
        scale = _SCALE.match(self.text, end)
        if scale:
            number = _Number(round(number.value * SCALES[scale[1]], 6), None, number.fraction)
            end = scale.end()
        return self._counting(number, end, scaled=scale is not None)

    def _counting(self, number: _Number, end: int, *, scaled: bool) -> _Read | None:
        head = HEAD.match(self.text, end + 1) if self.text[end : end + 1] == " " else None
        if head is None or (number.fraction and not scaled and head[0] not in MEASURED):
            return None
        if number.whole is not None and number.whole <= 12 and (head[0] in PEOPLE or self._has_day_before()):
            return None
        last = self._phrase_end(head)
        return self._figure(number, None, (head.start(), last))

    def _share(self, number: _Number, end: int) -> _Read:
        head = HEAD.match(self.text, end + 1) if self.text[end : end + 1] == " " else None
        return self._figure(number, "%", (head.start(), self._phrase_end(head)) if head else (end, end))

    def _figure(self, number: _Number, unit: str | None, counted: tuple[int, int]) -> _Read:
        start = self.run.start()
        about = _ABOUT.search(self.text[max(0, start - 16) : start])
        begin = start - (len(about[0]) if about else 0)
        return _Read(begin, counted[1], number, unit, counted, about[1] if about else None)

    def _is_part(self, start: int, end: int) -> bool:
        """Whether letters or signs make it a part of something else: "A12", "5-7", "+84", "30a"."""
        before, after = self.text[start - 1 : start], self.text[end : end + 1]
        return before.isalnum() or before in set("./,-–_@+#$") or after.isalnum() or after in set("/_@-")

    def _is_ordinal(self, start: int) -> bool:
        before = self.text[max(0, start - 24) : start].rstrip(" ")
        if before.endswith(COUNTING):
            return False
        words = _BEFORE.findall(before)
        return bool(words) and before.endswith(words[-1]) and words[-1] in ORDINAL

    def _has_day_before(self) -> bool:
        before = self.text[max(0, self.run.start() - 24) : self.run.start()]
        return any(word in before for word in ("ngày", "từ ", "đến ", "trước ", "sau ", "dịp", "hội", "lễ"))

    def _phrase_end(self, head: re.Match[str]) -> int:
        """Where what is counted ends: at a sign, or a word that goes on with the sentence, or soon."""
        place, syllables = head.end(), head[0].count(" ") + 1
        joined = _JOINED.match(self.text, head.start())
        if joined and joined.end() > place:
            place, syllables = joined.end(), joined[0].count(" ") + 1
        while syllables < _LONGEST and place - head.start() < _FARTHEST:
            joined = _JOINED.match(self.text, place + 1)
            kept = _KEPT.match(self.text, place + 1)
            if self.text[place : place + 1] == " " and (joined or kept):
                place = (joined or kept).end()  # type: ignore[union-attr]  # one of the two matched
                syllables += 2
                continue
            syllable = _SYLLABLE.match(self.text, place)
            if syllable is None or syllable[1] != " " or self._stops(syllable):
                break
            place, syllables = syllable.end(), syllables + 1
        return place

    def _stops(self, syllable: re.Match[str]) -> bool:
        """Whether the phrase ends before it: names, numbers and verbs say which and what for, not what."""
        written = self.cased[syllable.start(2) : syllable.end(2)]
        is_name = written.istitle() and not _NO_NAMES.match(self.text, syllable.start(2))
        return is_name or syllable[2] in STOPS or written[0].isdigit()


def _number(written: str) -> _Number | None:
    """A number as Vietnam writes it; None for what is written otherwise."""
    if _WHOLE.fullmatch(written):
        return _Number(_whole(written)) if _is_plain(written) else None
    if _FRACTION.fullmatch(written):
        whole, _, fraction = written.partition(",")
        return _Number(float(f"{whole.replace('.', '')}.{fraction}"), None, True)
    share = _SHARE.fullmatch(written)
    if share and 0 < _whole(share[1]) <= _whole(share[2]):
        return _Number(_whole(share[1]), _whole(share[2]))
    return None


def _is_plain(written: str) -> bool:
    """Counts below ten are padded to two digits at most: 05, never 0912."""
    return not written.startswith("0") or len(written) <= 2


def _whole(written: str) -> float:
    return float(written.replace(".", ""))
