"""Vietnamese seen alike however it was typed: folded views whose every place leads back to the given text."""

from __future__ import annotations

import codecs
import re
import unicodedata
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

_BLANKS = "\t\v\f\r\x1c\x1d\x1e\x1f\x85\u00a0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_DOUBLE_QUOTES = "\u00ab\u00bb\u201c\u201d\u201e\u201f\u2033\u2036\uff02"
_SINGLE_QUOTES = "`\u00b4\u2018\u2019\u201a\u201b\u2032\u2035\u2039\u203a\uff07"

# Looked at after lower(), so capitals are covered. ð and ƣ stand for đ and ư on pages of some old systems.
ALIKE: dict[str, str] = {
    "\u00f0": "đ",
    "\u01a3": "ư",
    "ς": "σ",  # lower() chooses between the two by what follows; a span cut out must fold the same
    "\uff0c": ",",
    **dict.fromkeys(_BLANKS, " "),
    **dict.fromkeys(_DASHES, "-"),
    **dict.fromkeys(_DOUBLE_QUOTES, '"'),
    **dict.fromkeys(_SINGLE_QUOTES, "'"),
}
_COMMON = "\u00a0–“”’‘"  # looked for one by one, which is quicker; the rest by one search
_RARE = re.compile("[" + re.escape("".join(char for char in ALIKE if char not in _COMMON)) + "]")
INVISIBLE = "\u00ad\u034f\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"

_MARK_OF_TONE = "\u0300\u0301\u0303\u0309\u0323"
_PLAIN = "aăâeêioôơuưy"
_TONED = {
    (vowel, tone): unicodedata.normalize("NFC", vowel + tone) for vowel in _PLAIN for tone in _MARK_OF_TONE
}
BARE_OF = {
    letter: unicodedata.normalize("NFD", letter)[0]
    for letter in [*_TONED.values(), *(vowel for vowel in _PLAIN if not vowel.isascii())]
}
BARE_OF["đ"] = "d"
_BARE = str.maketrans(BARE_OF | {letter.upper(): plain.upper() for letter, plain in BARE_OF.items()})

# An alphabet of single bytes in which marks are dropped ten times faster than by str.translate.
_ALPHABET = "".join(map(chr, range(128))) + "".join(letter for letter in BARE_OF) + "…•·°²³×½₫€©®"
_TO_OCTETS = codecs.charmap_build(_ALPHABET.ljust(256, "\ufffe"))
_FROM_OCTETS = _ALPHABET.translate(_BARE)

_PLACES = {  # hòa and hoà, khỏe and khoẻ, thủy and thuỷ: the tone of an open oa, oe, uy has two places
    _TONED[first, tone] + second: first + _TONED[second, tone]
    for first, second in ("oa", "oe", "uy")
    for tone in _MARK_OF_TONE
}
_OTHER_PLACE = _PLACES | {new: old for old, new in _PLACES.items()}
_OTHER_LETTER = {"i": "y", "y": "i"} | {
    _TONED[letter, tone]: _TONED[other, tone] for letter, other in ("iy", "yi") for tone in _MARK_OF_TONE
}
# kỹ and kĩ, lý and lí, quý and quí: after these alone do i and y write the same sound
_EITHER_LETTER = re.compile(f"(?:[hklmst]|qu)[{''.join(_OTHER_LETTER)}]")


@dataclass(frozen=True, slots=True)
class Folded:
    """A text as it is matched; `span` leads from its places back to those of the given text."""

    text: str
    begins: array[int] | None = None  # per character, where its source begins; None: at the same place
    ends: array[int] | None = None  # per character, where its source ends; None: one further

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the non-empty `text[start:end]` stands in the given text."""
        if self.begins is None or self.ends is None:
            return start, end
        return self.begins[start], self.ends[end - 1]


def fold(text: str) -> Folded:
    """Lower case, Ð as đ, every blank, dash and quote as the plain one; folding twice changes nothing.

    Character for character wherever the text is NFC and holds nothing invisible (all that is stored);
    otherwise composed and cleaned, with the places kept.
    """
    lowered = text.lower()
    if len(lowered) != len(text) or not _is_canonical(text):
        return _fold_with_places(text)
    folded = _alike(lowered)
    # A few capitals, and ƣ, compose with no tone where the letter they are folded to does.
    return Folded(folded) if unicodedata.is_normalized("NFC", folded) else _fold_with_places(text)


def bare(folded: str) -> str:
    """The same text without any mark, letter for letter: đ as d, ệ as e."""
    try:
        octets, _ = codecs.charmap_encode(folded, "strict", _TO_OCTETS)
    except UnicodeEncodeError:  # a letter or sign that is rare in Vietnamese
        return folded.translate(_BARE)
    return codecs.charmap_decode(octets, "strict", _FROM_OCTETS)[0]


def is_bare(text: str) -> bool:
    """Whether nothing in it bears a Vietnamese mark."""
    return text.translate(_BARE) == text


def is_inside(char: str) -> bool:
    """Whether a syllable goes on with it: a letter, a digit, or a mark that composed with none."""
    return char.isalnum() or "\u0300" <= char <= "\u036f"


def spellings(syllable: str) -> tuple[str, ...]:
    """Every accepted way to write a folded syllable, its own first: ủy and uỷ, kỹ and kĩ, quý and quí."""
    found = [syllable]
    if syllable[-2:] in _OTHER_PLACE and syllable[-3:-2] != "q":
        found.append(syllable[:-2] + _OTHER_PLACE[syllable[-2:]])
    if _EITHER_LETTER.fullmatch(syllable):
        found.append(syllable[:-1] + _OTHER_LETTER[syllable[-1]])
    return tuple(found)


def all_spellings(syllables: tuple[str, ...]) -> Iterator[str]:
    """Every accepted way to write a phrase of folded syllables, one blank between two."""
    return map(" ".join, product(*map(spellings, syllables)))


def _is_canonical(text: str) -> bool:
    if text.isascii():
        return True
    return not any(char in text for char in INVISIBLE) and unicodedata.is_normalized("NFC", text)


def _alike(lowered: str) -> str:
    for char in _COMMON:
        if char in lowered:
            lowered = lowered.replace(char, ALIKE[char])
    return _RARE.sub(lambda found: ALIKE[found[0]], lowered)


def _fold_with_places(text: str) -> Folded:
    begins, ends, parts = array("l"), array("l"), []
    for start, end, cluster in _clusters(text):
        lowered = unicodedata.normalize("NFC", cluster).lower()
        folded = unicodedata.normalize("NFC", _alike(lowered))
        parts.append(folded)
        begins.extend([start] * len(folded))
        ends.extend([end] * len(folded))
    return Folded("".join(parts), begins, ends)


def _clusters(text: str) -> Iterator[tuple[int, int, str]]:
    """Every visible character with the marks that follow it, and where the two stand."""
    start, end, cluster = 0, 0, ""
    for place, char in enumerate(text):
        if char in INVISIBLE:
            continue
        if cluster and unicodedata.combining(char):
            cluster += char
        else:
            if cluster:
                yield start, end, cluster
            start, cluster = place, char
        end = place + 1
    if cluster:
        yield start, end, cluster
