"""Whether two articles print one text: a sketch to find copies by, and the comparison that decides. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b
from itertools import islice
from operator import add

from storage.folding import INVISIBLE, bare, fold, spellings
from storage.passages import Gap, gaps, shared
from storage.records import Article

# Of sketch and comparison. Whoever raises it appends a migration that empties sketches, bands, copies and
# stories, since what an older version put there cannot be found again; `reflag` then fills them anew.
VERSION = 1
FEWEST = 40  # shingles of a text that is compared by them; a shorter one is a copy only if it is equal

_LEAST_HELD = 0.78  # of the shorter text's shingles that the longer one has too
_MOST_OWN = 80  # of the shorter text's shingles that the longer one lacks: whoever adds more tells more
_LEAST_SHARE = 0.4  # the shorter text's shingles by the longer one's; below it is a part of something else
_LEAST_FACTS = 0.85  # of the shorter text's numbers, and of its names, that the longer one has too …
_FEW_FACTS = 1  # … or all but so many
_SYLLABLES_A_SLIP = 240  # shared, for each figure that one of the copies may tell otherwise
_MOST_SLIPS = 2
_LONGEST_SLIP = 12  # syllables; what is longer is another passage, not the same one with other facts
_FEWEST_EQUAL = 8  # syllables of a short text that is worth comparing

_LONGEST = 20_000  # syllables that are looked at
_BINS, _ROWS = 32, 2
_MASK = (1 << 60) - 1
_BAND_MASK = (1 << 48) - 1
_TOKEN = re.compile(r"\d++(?:[.,:/–-]\d++)*+(?![^\W\d_])|[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_DIGITS = re.compile(r"\d+")
_NUMERALS = frozenset(
    {"một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười", "mươi"}
    | {"trăm", "nghìn", "ngàn", "vạn", "triệu", "tỷ", "tỉ"}
)
_CALENDAR = frozenset({"ngày", "mùng", "mồng", "thứ", "tháng", "tuần", "quý", "kỳ", "số"})
_OPENS = frozenset('.!?…:;\n•-–“"”»(')  # before a word that is written large wherever it comes from


@dataclass(frozen=True)
class Text:
    """An article as it is compared: its lead and body by syllables and numbers, worked out as it is asked."""

    article: Article

    @cached_property
    def places(self) -> list[re.Match[str]]:
        return list(islice(_TOKEN.finditer(self.text), _LONGEST))

    @cached_property
    def text(self) -> str:
        return _INVISIBLE.sub("", "\n\n".join((self.article.lead or "", self.article.body)))

    @cached_property
    def syllables(self) -> list[str]:
        return _TOKEN.findall(self.text)[:_LONGEST]

    @cached_property
    def words(self) -> list[str]:
        return list(map(_word, self.syllables))

    @cached_property
    def shingles(self) -> frozenset[int]:
        if len(self.syllables) < 3:
            return frozenset()
        first, second, third = zip(*map(_hashes, self.syllables), strict=True)
        return frozenset(map(add, map(add, first, second[1:]), third[2:]))

    @cached_property
    def title(self) -> list[str]:
        return list(map(_word, _TOKEN.findall(_INVISIBLE.sub("", self.article.title))))

    @property
    def whole(self) -> int:
        """The sketch of a short text."""
        return _hash(" ".join([*self.title, "|", *self.words])) & _BAND_MASK

    def names(self, start: int, end: int) -> frozenset[str]:
        """The words written large that do not merely open a sentence, without marks."""
        return frozenset(
            _plain(self.syllables[place])
            for place in range(start, end)
            if self.syllables[place][0].isupper() and not self._opens(place)
        )

    def _opens(self, place: int) -> bool:
        start = self.places[place].start()
        before = self.text[max(start - 3, 0) : start].rstrip(" ")
        return not before or before[-1] in _OPENS


def sketch(text: Text) -> tuple[int, ...]:
    """What copies of an article's text share some of: 16 numbers below 2**48, one for a short text, or none.

    MinHash by one permutation in 32 bins, in bands of two: of texts that share half of their shingles, 99 in
    100 share a band.
    """
    if len(text.shingles) < FEWEST:
        return (text.whole,) if len(text.syllables) >= _FEWEST_EQUAL else ()
    least = {one % _BINS: one for one in sorted(text.shingles, reverse=True)}
    row = [least[next(one for one in _order(place) if one in least)] for place in range(_BINS)]
    return tuple(
        _hash(f"{start}:{row[start]}:{row[start + 1]}") & _BAND_MASK for start in range(0, _BINS, _ROWS)
    )


def alike(one: Text, other: Text) -> bool:
    """Whether one is a copy of the other: whole, retitled, cut, framed or lightly edited. Symmetric.

    Nearly all of the shorter text must stand in the longer one, and what both tell must be told of the same
    days, figures and names: the weather of two days shares its frame, not its facts.
    """
    first, second = sorted((one, other), key=lambda text: (len(text.shingles), text.text))
    if len(first.shingles) < FEWEST:
        return _equal(first, second)
    common = len(first.shingles & second.shingles)
    own = len(first.shingles) - common
    if own > min(_MOST_OWN, (1 - _LEAST_HELD) * len(first.shingles)):
        return False
    if len(first.shingles) < _LEAST_SHARE * len(second.shingles):
        return False
    return _same_facts(first, second) and not _is_series(first, second, common)


@lru_cache(1 << 16)
def _word(syllable: str) -> str:
    """One spelling for all that are accepted: hoà and hòa, kỹ and kĩ."""
    return min(spellings(fold(syllable).text))


@lru_cache(1 << 16)
def _plain(syllable: str) -> str:
    """Without marks, which papers correct, but with capitals, by which names are told."""
    return bare(unicodedata.normalize("NFC", syllable))


@lru_cache(1 << 16)
def _hashes(syllable: str) -> tuple[int, int, int]:
    """A syllable as the first, second and third of a shingle; their sum is the shingle's hash."""
    digest = blake2b(_word(syllable).encode(), digest_size=24).digest()
    first, second, third = (int.from_bytes(digest[at : at + 8], "big") & _MASK for at in (0, 8, 16))
    return first, second, third


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


@lru_cache(_BINS)
def _order(place: int) -> tuple[int, ...]:
    """From which bin an empty one borrows: its own first, then all others in an order of its own."""
    return tuple(sorted(range(_BINS), key=lambda other: (other != place, _hash(f"{place}>{other}"))))


def _equal(first: Text, second: Text) -> bool:
    """Short texts: word for word, under one headline, in two papers. One paper's are its daily greeting."""
    long_enough = len(first.words) >= _FEWEST_EQUAL
    apart = first.article.source != second.article.source
    return long_enough and apart and first.words == second.words and first.title == second.title


def _same_facts(first: Text, second: Text) -> bool:
    """Whether the shorter text's numbers and names stand in the longer one."""
    mine, theirs = (Counter(_DIGITS.findall(" ".join(text.words))) for text in (first, second))
    names = {name for name in first.names(0, len(first.words)) if not _is_short(name)}
    unknown = len(names - set(map(_plain, second.syllables)))
    return _few((mine - theirs).total(), mine.total()) and _few(unknown, len(names))


def _few(lacking: int, facts: int) -> bool:
    return lacking <= max(_FEW_FACTS, (1 - _LEAST_FACTS) * facts)


def _is_series(first: Text, second: Text, common: int) -> bool:
    """Whether one frame is told of other days, figures or names."""
    titles = " ".join(first.title), " ".join(second.title)
    if _conflicting(*titles) and _one_frame(first.title, second.title):
        return True
    passages = shared(first.words, second.words)
    apart = gaps(passages, (len(first.words), len(second.words)))
    slips = Counter(_slip(first, second, gap) for gap in apart)
    # A paper mends a figure in the article itself: what it prints anew is another day's.
    few = 0 if first.article.source == second.article.source else common // _SYLLABLES_A_SLIP
    few = min(few, _MOST_SLIPS)
    return slips["date"] > 0 or slips["name"] > 0 or slips["figure"] > few


def _slip(first: Text, second: Text, gap: Gap) -> str:
    """Which fact the two tell otherwise there: "date", "figure", "name", or "" for none."""
    own = gap.end - gap.start, gap.other_end - gap.other_start
    if min(own) == 0 or max(own) > _LONGEST_SLIP:
        return ""
    mine, theirs = first.words[gap.start : gap.end], second.words[gap.other_start : gap.other_end]
    if _conflicting(" ".join(mine), " ".join(theirs)) or _NUMERALS.issuperset((*mine, *theirs)):
        beside = first.words[max(gap.start - 1, 0)], *first.words[gap.end : gap.end + 1]
        dated = "/" in "".join((*mine, *theirs)) or not _CALENDAR.isdisjoint(beside)
        return "date" if dated else "figure"
    names, others = first.names(gap.start, gap.end), second.names(gap.other_start, gap.other_end)
    return "name" if names - others and others - names and not _abbreviated(names, others) else ""


def _conflicting(mine: str, theirs: str) -> bool:
    """Whether both tell numbers, and neither all of the other's."""
    ours, others = (Counter(one.lstrip("0") for one in _DIGITS.findall(text)) for text in (mine, theirs))
    return bool(ours - others) and bool(others - ours)


def _abbreviated(names: frozenset[str], others: frozenset[str]) -> bool:
    """UBND beside Ủy ban nhân dân: one of them in capitals throughout, which is no other name."""
    return any(map(_is_short, names ^ others))


def _is_short(name: str) -> bool:
    return len(name) > 1 and name.isupper()


def _one_frame(title: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two headlines are the same but for some words."""
    shared = (Counter(title) & Counter(other)).total()
    return shared >= 0.6 * max(len(title), len(other))
