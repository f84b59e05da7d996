"""Vietnamese of before Unicode: texts of the TCVN3 (ABC) and VNI fonts, told by their spelling and converted.

Such fonts drew Vietnamese letters in place of Western ones, so that `Uû ban nh©n d©n` stands in a page
where `Uỷ ban nhân dân` was seen. Nothing is converted that is not spelt as Vietnamese once it is.
Tables: TCVN 5712:1993 (VN3), whose fonts have no toned capitals of their own, and the VNI for Windows layout.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Literal
from unicodedata import normalize

from lxml.html import HtmlElement

from crawler.syllables import is_syllable

Letters = Literal["TCVN3", "VNI"]

_TCVN3_CODES = "µ¶·¸¹ ¨»¼½¾Æ ©ÇÈÉÊË ®ÌÎÏÐÑ ªÒÓÔÕÖ ×ØÜÝÞ ßáâãä «åæçèé ¬êëìíî ïñòóô \xadõö÷øù úûüýþ ¡¢£¤¥¦§"
_TCVN3_LETTERS = "àảãáạ ăằẳẵắặ âầẩẫấậ đèẻẽéẹ êềểễếệ ìỉĩíị òỏõóọ ôồổỗốộ ơờởỡớợ ùủũúụ ưừửữứự ỳỷỹýỵ ĂÂÊÔƠƯĐ"
TCVN3: Mapping[str, str] = dict(
    zip(_TCVN3_CODES.replace(" ", ""), _TCVN3_LETTERS.replace(" ", ""), strict=True)
)

_GRAVE, _ACUTE, _TILDE, _HOOK, _DOT = "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"
_ROUND, _BREVE, _HORN = "\u0302", "\u0306", "\u031b"
_VNI_MARKS = {
    "ø": _GRAVE, "ù": _ACUTE, "õ": _TILDE, "û": _HOOK, "ï": _DOT,
    "â": _ROUND, "à": _ROUND + _GRAVE, "á": _ROUND + _ACUTE, "ã": _ROUND + _TILDE, "å": _ROUND + _HOOK,
    "ä": _ROUND + _DOT,
    "ê": _BREVE, "è": _BREVE + _GRAVE, "é": _BREVE + _ACUTE, "ü": _BREVE + _TILDE, "ú": _BREVE + _HOOK,
    "ë": _BREVE + _DOT,
}  # fmt: skip
_VNI_ALONE = {"ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "ö": "ư", "ô": "ơ"}


def _vni() -> dict[str, str]:
    table = dict(_VNI_ALONE)
    for base, (code, mark) in product("aeouyöô", _VNI_MARKS.items()):
        letter = normalize("NFC", _VNI_ALONE.get(base, base) + mark)
        if len(letter) == 1:
            table[base + code] = letter
    capitals = {
        code: letter.upper()
        for low, letter in table.items()
        for code in {low.upper(), low[0].upper() + low[1:]}
    }
    return {**table, **capitals}


VNI: Mapping[str, str] = _vni()


@dataclass(frozen=True, slots=True)
class _Font:
    """One family of fonts: how its words are found, and what they say."""

    name: Letters
    words: re.Pattern[str]  # words with at least one of its letters
    signs: tuple[str, ...]  # a letter that no such page lacks, and how else it may be written
    said: Callable[[str], str]


def _tcvn3_said(word: str) -> str:
    said = "".join(TCVN3.get(letter, letter) for letter in word)
    plain = [letter for letter in word if letter.isascii()]
    return said.upper() if len(plain) > 1 and all(map(str.isupper, plain)) else said


_VNI_LETTER = re.compile("|".join(sorted(map(re.escape, VNI), key=len, reverse=True)))


def _vni_said(word: str) -> str:
    return _VNI_LETTER.sub(lambda match: VNI[match[0]], word)


def _words(letters: str) -> re.Pattern[str]:
    own = re.escape("".join(sorted(set(letters))))
    return re.compile(f"(?<![A-Za-z])[A-Za-z]*[{own}][A-Za-z{own}]*")


_FONTS = (
    _Font(
        "TCVN3",
        _words("".join(TCVN3)),
        ("µ", "&micro;", "&#181;"),
        _tcvn3_said,
    ),
    _Font(
        "VNI",
        _words("".join(letter for code in VNI for letter in code if not letter.isascii())),
        ("ø", "&oslash;", "&#248;"),
        _vni_said,
    ),
)
_LEAST = 12  # words of its letters before a page is said to be in them
_LEAST_NODE = 3  # … before one of its texts is converted as a whole
_AFTER = 0.85  # share of these words that must be Vietnamese once converted
_BEFORE = 0.4  # share that may be so as they stand
_MOST_WORDS = 3_000
_WORDS = re.compile(r"[^\W\d_]+")
_LEAST_TEXT, _MOST_TEXT = 200, 4_000  # characters that tell
_FEW = 0.12  # share of letters with marks that no Vietnamese text of 150,000 stayed below
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # lxml takes them not back
_ATTRIBUTES = ("content", "alt", "title")


def letters_of(text: str) -> Letters | None:
    """The fonts a text was written for; None for Unicode, whatever its language."""
    found = next((font for font in _FONTS if _is_written_in(font, text, _LEAST)), None)
    return found.name if found else None


def converted(text: str, letters: Letters) -> str:
    """A text of those fonts in Unicode."""
    font = next(font for font in _FONTS if font.name == letters)
    return font.words.sub(lambda match: font.said(match[0]), text)


def mend(root: HtmlElement, markup: str) -> tuple[Letters, ...]:
    """Convert what stands in such fonts in a page, which may be a part of it; the fonts that were met."""
    met = []
    for font in _FONTS:
        may_hold = any(sign in markup for sign in font.signs)
        if may_hold and _is_written_in(font, " ".join(root.itertext()), _LEAST, mixed=True):
            met.append(font.name)
            for element in root.iter():
                _mend_element(element, font)
    return tuple(met)


def _is_written_in(font: _Font, text: str, least: int, *, mixed: bool = False) -> bool:
    """Whether the words that carry the font's letters are Vietnamese in it and are not as they stand.

    Of a mixed page only the words that are not Vietnamese as they stand are asked.
    """
    found = (match[0] for _, match in zip(range(_MOST_WORDS), font.words.finditer(text), strict=False))
    words = [word for word in found if any(map(str.isalpha, word)) or len(word) > 1]
    if mixed:
        words = [word for word in words if not is_syllable(word)]
    after = sum(is_syllable(font.said(word)) for word in words)
    before = sum(map(is_syllable, words))
    return len(words) >= least and after >= _AFTER * len(words) and before <= _BEFORE * len(words)


def _mend_element(element: HtmlElement, font: _Font) -> None:
    if element.text and (element.tag != "script" or "json" in element.get("type", "")):
        element.text = _mended(element.text, font)
    if element.tail:
        element.tail = _mended(element.tail, font)
    for name in _ATTRIBUTES:
        if value := element.get(name):
            element.set(name, _mended(value, font))


def _mended(text: str, font: _Font) -> str:
    """The whole text where it is written in the font; else its words that make sense in it alone."""
    if text.isascii():
        return _UNWRITABLE.sub("", text)
    if _is_written_in(font, text, _LEAST_NODE):
        said = font.words.sub(lambda match: font.said(match[0]), text)
        said = said.upper() if _is_in_capitals(text) else said
    else:
        said = font.words.sub(lambda match: _sensible(match[0], font), text)
    return _UNWRITABLE.sub("", said)


def _is_in_capitals(text: str) -> bool:
    plain = [letter for letter in text if letter.isascii() and letter.isalpha()]
    return len(plain) > 3 and all(map(str.isupper, plain))


def _sensible(word: str, font: _Font) -> str:
    said = font.said(word)
    return said if is_syllable(said) and not is_syllable(word) and len(word) > 1 else word


def lost_letters(text: str) -> bool:
    """Whether a text is spelt as Vietnamese and has hardly any of its letters."""
    told = text[:_MOST_TEXT]
    if len(told.encode("utf-8", "replace")) > (1 + _FEW) * len(told):
        return False
    words = _WORDS.findall(told)
    size = sum(map(len, words))
    marked = sum(not letter.isascii() for word in words for letter in word)
    if size < _LEAST_TEXT or marked >= _FEW * size:
        return False
    return sum(map(is_syllable, words)) >= _AFTER * len(words)
