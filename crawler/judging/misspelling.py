"""Phrases that look mistyped: marks forgotten or on the wrong letter, syllables that Vietnamese has not."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import normalize

from crawler.judging.complaining import Complaint
from crawler.judging.notation import ABBREVIATION
from crawler.syllables import is_syllable
from storage.folding import bare, fold, is_bare, spellings

_NOT_WORDS = re.compile(r"@\w+|(?:…|\.{3}) ?\d+ ?(?:…|\.{3})|[{}\[\]|*=,\"'/\s-]+")
_NOTATION = re.compile(r"[@{}\[\]|*=…]|\.{3}")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_TONE = re.compile(f"[{_TONES}]")
_PARTS = re.compile(r"(qu|gi(?=[aăâeêioôơuư])|[^aăâeêioôơuưy]*)([aăâeêioôơuưy]+)([^aăâeêioôơuưy]*)")
_SHAPED = re.compile("[ăâêôơư]")
_STOPPED = re.compile(".*(?:ch|[cpt])")


@dataclass(frozen=True, slots=True)
class Slip:
    """A phrase, what seems mistyped in it, and what to write."""

    written: str
    trouble: str
    is_hint: bool = False  # as likely meant as not

    def complaint(self, where: str) -> Complaint:
        """The same as lint tells it."""
        return Complaint("hint" if self.is_hint else "warning", where, f'"{self.written}"', self.trouble)


@dataclass(frozen=True, slots=True)
class Words:
    """All syllables that rules and lists are written with."""

    counts: Mapping[str, int]  # folded → in how many phrases
    capitals: frozenset[str]  # abbreviations, folded
    marked: Mapping[str, str]  # phrases without their marks → one that bears them

    def nearest(self, syllable: str) -> str:
        """What was meant, as far as the other phrases tell: a clause, empty where nothing is near."""
        known = [
            one
            for one in self.counts
            if one[:1] == syllable[:1] and one != syllable and is_syllable(one) and not is_toneless(one)
        ]
        alike = [one for one in known if bare(one) == bare(syllable)]
        near = alike or difflib.get_close_matches(syllable, known, n=1, cutoff=0.6)
        return f"; did you mean {near[0]!r}?" if near else ""


def known_words(texts: Iterable[str]) -> Words:
    """The syllables of these phrases, as they are written in rules and lists."""
    counts: Counter[str] = Counter()
    capitals: set[str] = set()
    marked: dict[str, str] = {}
    for text in texts:
        written = syllables(text)
        capitals.update(_folded(one) for one in written if ABBREVIATION.fullmatch(one))
        counts.update({_folded(one) for one in written})
        if not is_bare(text) and not _NOTATION.search(text):
            marked.setdefault(bare(" ".join(_folded(one) for one in written)), text)
    return Words(counts, frozenset(capitals), marked)


def syllables(text: str) -> list[str]:
    """The syllables of a phrase in the order they are written, without gaps, brackets and names of lists."""
    return [one for one in _NOT_WORDS.split(text) if one]


def slips(text: str, words: Words, *, loose: bool) -> Iterator[Slip]:
    """What seems mistyped in one phrase; `loose`: it is read as standing for any marks."""
    written = syllables(text)
    unmarked = _unmarked(text, written, words, loose=loose)
    if unmarked:
        yield unmarked
    for syllable in dict.fromkeys(written):
        if ABBREVIATION.fullmatch(syllable):
            continue
        is_name = syllable[0].isupper()  # Đắk, Krông: names of other languages
        trouble = _trouble(_folded(syllable), words, at_its_word=not loose and not is_name)
        if trouble:
            yield Slip(text, trouble)


def _unmarked(text: str, written: list[str], words: Words, *, loose: bool) -> Slip | None:
    if not is_bare(text) or text.startswith("=") or not any(map(str.islower, written)):
        return None
    marked = words.marked.get(" ".join(_folded(one) for one in written))
    effect = "finds these letters with any marks" if loose else "finds nothing that bears marks"
    if marked is not None:
        return Slip(
            text, f"is written without marks and {effect}, but elsewhere stands {marked!r}; write the marks"
        )
    if loose and words.marked:
        return Slip(
            text, f"is written without marks and {effect}; write ={text!r} if it has none", is_hint=True
        )
    return None


def _trouble(syllable: str, words: Words, *, at_its_word: bool) -> str | None:
    if not syllable.isalpha():
        return None
    if syllable in words.capitals and not is_syllable(syllable):
        return (
            f"{syllable!r} is an abbreviation in small letters, so it is found as a word in any case; "
            f"write {syllable.upper()!r}"
        )
    if not at_its_word or is_bare(syllable):
        return None
    right = tone_placed(syllable)
    if right is not None and right not in spellings(syllable):
        return f"{syllable!r} bears its tone on the wrong letter; write {right!r}"
    if not is_syllable(syllable):
        return f"{syllable!r} is no Vietnamese syllable{words.nearest(syllable)}"
    if is_toneless(syllable):
        return f"{syllable!r} lacks its tone, since it ends in a stop{words.nearest(syllable)}"
    return None


def is_toneless(syllable: str) -> bool:
    """Whether it bears a mark on a vowel but, ending in c, ch, p or t, neither of the tones it needs."""
    letters = normalize("NFD", syllable)
    shaped = _SHAPED.search(normalize("NFC", _TONE.sub("", letters)))
    return bool(shaped and _STOPPED.fullmatch(syllable) and not re.search("[\u0301\u0323]", letters))


@lru_cache(maxsize=8192)
def tone_placed(syllable: str) -> str | None:
    """The folded syllable with its tone on the letter that bears it; None where it has none, or several."""
    letters = normalize("NFD", syllable)
    tones = _TONE.findall(letters)
    found = _PARTS.fullmatch(normalize("NFC", _TONE.sub("", letters)))
    if len(tones) != 1 or not found:
        return None
    onset, vowels, coda = found.groups()
    place = _bearer(vowels, coda)
    return normalize("NFC", onset + vowels[: place + 1] + tones[0] + vowels[place + 1 :] + coda)


def _bearer(vowels: str, coda: str) -> int:
    shaped = [place for place, vowel in enumerate(vowels) if _SHAPED.match(vowel)]
    if shaped:
        return shaped[-1]
    if coda:
        return len(vowels) - 1
    return 1 if len(vowels) == 3 else 0


@lru_cache(maxsize=1 << 14)
def _folded(syllable: str) -> str:
    return fold(syllable).text
