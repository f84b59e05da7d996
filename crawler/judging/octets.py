"""Folded text in an alphabet of single bytes, place for place: it is searched many times faster than text."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator, Mapping

from storage.folding import ALIKE, BARE_OF, INVISIBLE, is_inside

FIELD_END, PARAGRAPH_END = b"\x1e", b"\x1f"  # stand for no character; folding makes blanks of these two
_ANY_LETTER, _ANY_SIGN = 0x1C, 0x1D  # what all letters and signs beside the alphabet become
_JOINT = b"\x1b"  # what may stand between two syllables; a blank once the text is squeezed

JOINTS = ",-\"'/"  # beside blanks and line ends, what may stand between two syllables of a phrase
_ODD = "ðÐƣƢ\t\u00a0–—“”‘’«»…•·°²½₫"
_LETTERS = "".join(BARE_OF) + "".join(BARE_OF).upper()
_HOLES = [*range(1, 10), *range(11, 0x1B), *range(127, 256)]  # octets that are no sign of ASCII

_CHAR_OF = {0: "\0", 10: "\n", **{code: chr(code) for code in range(32, 127)}}
_CHAR_OF |= dict(zip(_HOLES, _LETTERS + _ODD, strict=False))
_OCTET_OF = {char: octet for octet, char in _CHAR_OF.items()}
_TO_OCTETS = codecs.charmap_build("".join(_CHAR_OF.get(octet, "\ufffe") for octet in range(256)))

_SURPLUS = re.compile(rb"[ \x1b]{2,}")
_TIGHT = re.compile(rb"\x1b(?! )").search  # a joint that no blank follows: taken out, it would glue
_DOUBLED = re.compile(b"  ").search  # a third quicker than `in`
_SHOWN = {_JOINT[0]: " ", FIELD_END[0]: "\x1e", PARAGRAPH_END[0]: "\x1f", _ANY_LETTER: "ø", _ANY_SIGN: "¤"}
_FROM_OCTETS = "".join((_CHAR_OF | _SHOWN).get(octet, "\ufffe") for octet in range(256))


def _folded(char: str) -> str:
    """Small and plain, as phrases are."""
    return ALIKE.get(char.lower(), char.lower())


def _octet(char: str) -> int:
    folded = _folded(char)
    if folded in JOINTS:
        return _JOINT[0]
    known = _OCTET_OF.get(folded)
    return known if known is not None else _ANY_LETTER if is_inside(folded) else _ANY_SIGN


def _table(meant: Mapping[int, int]) -> bytes:
    return bytes(meant.get(octet, octet) for octet in range(256))


_FOLD = _table({octet: _octet(char) for octet, char in _CHAR_OF.items()})
_BARE = _table({_OCTET_OF[char]: _OCTET_OF[plain] for char, plain in BARE_OF.items()})

INSIDE = tuple(is_inside(char) for char in _FROM_OCTETS)  # per octet: a syllable goes on with it


def fold_in_place(text: str) -> bytes | None:
    """A text of a page, folded, as long as before; None where folding moves places (see `fold`)."""
    if not text:
        return b""
    try:
        return _parted(codecs.charmap_encode(text, _IN_PLACE, _TO_OCTETS)[0])
    except _PlacesMove:
        return None


def of_folded(text: str) -> bytes:
    """What `fold` made of a text, as octets."""
    return _parted(codecs.charmap_encode(text, _AS_THEY_ARE, _TO_OCTETS)[0])


def squeezed(octets: bytes) -> bytes:
    """One blank for whatever may stand between two syllables."""
    if not _TIGHT(octets):  # as nearly all are, and dropping joints is quicker than joining what they part
        octets = octets.translate(None, _JOINT)
    elif _JOINT in octets:
        first, *rest = octets.split(_JOINT)
        octets = b" ".join([first, *[part.lstrip(b" ") for part in rest]])
    while _DOUBLED(octets):
        octets = b" ".join(octets.split(b"  "))  # quicker than replace, which counts first
    return octets


def surplus(octets: bytes) -> Iterator[tuple[int, int]]:
    """The stretches of more than one octet that `squeezed` makes one blank of."""
    return (match.span() for match in _SURPLUS.finditer(octets))


def is_exact(octets: bytes) -> bool:
    """Whether every octet stands for one letter or sign alone."""
    return _ANY_LETTER not in octets and _ANY_SIGN not in octets


def bare_octets(octets: bytes) -> bytes:
    """The same without any mark."""
    return octets.translate(_BARE)


def as_text(octets: bytes) -> str:
    """Something to look for sentences in, place for place: letters beside the alphabet are any letter."""
    return codecs.charmap_decode(octets, "strict", _FROM_OCTETS)[0]


def _parted(octets: bytes) -> bytes:
    octets = octets.translate(_FOLD)
    if b"\n" in octets:
        octets = octets.replace(b"\n\n", PARAGRAPH_END + b" ").replace(b"\n", b" ")
    return octets


class _PlacesMove(Exception):
    """A character that composes with its neighbours, vanishes, or folds to more than one."""


def _in_place(error: UnicodeError) -> tuple[bytes, int]:
    assert isinstance(error, UnicodeEncodeError)
    met = error.object[error.start : error.end]
    if not all(map(_keeps_its_place, met)):
        raise _PlacesMove
    return bytes(map(_octet, met)), error.end


def _as_they_are(error: UnicodeError) -> tuple[bytes, int]:
    assert isinstance(error, UnicodeEncodeError)
    return bytes(map(_octet, error.object[error.start : error.end])), error.end


def _keeps_its_place(char: str) -> bool:
    lone = unicodedata.category(char)[0] != "M" and not "\u1100" <= char <= "\u11ff"  # nor Korean parts
    canonical = char not in INVISIBLE and unicodedata.is_normalized("NFC", char)
    return lone and canonical and len(char.lower()) == 1


_IN_PLACE, _AS_THEY_ARE = "diembao-in-place", "diembao-as-they-are"
codecs.register_error(_IN_PLACE, _in_place)
codecs.register_error(_AS_THEY_ARE, _as_they_are)
