"""Whether a word is spelt as Vietnamese syllables are: what tells mangled letters from foreign words."""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import normalize

_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_ONSETS = "ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnpqrstvx]"
_OPEN = (
    "oai|oay|oao|oeo|uya|uyu|uây|uêu|uôi|ươi|ươu|iêu|yêu|uai|uay"
    "|ai|ao|au|ay|âu|ây|eo|êu|ia|iu|oi|ôi|ơi|ua|ui|uơ|ưa|ưi|ưu"
)
_CLOSED = "uyê|iê|yê|oa|oă|oe|oo|uâ|uê|uô|uy|ươ|[aăâeêioôơuưy]"
_SYLLABLE = re.compile(f"(?:{_ONSETS})?(?:(?:{_OPEN})|(?:{_CLOSED})(?:ch|ng|nh|[cmnpt])?)")
_LONGEST = 7  # letters: nghiêng


@lru_cache(maxsize=8192)
def is_syllable(word: str) -> bool:
    """Whether this one word may be a Vietnamese syllable, with one tone at most; capitals do not matter."""
    if len(word) > _LONGEST:
        return False
    letters = normalize("NFD", word.lower())
    toneless = _TONES.sub("", letters)
    if len(letters) - len(toneless) > 1:
        return False
    return bool(_SYLLABLE.fullmatch(normalize("NFC", toneless)))
