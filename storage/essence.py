"""Whether two texts of an article say the same, or at least allow the same verdict. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from storage.records import Article, Flag

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_WORD = re.compile(r"[\w\u0300-\u036f]+")
_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")
_NEGATIONS = frozenset({"không", "chưa", "chẳng", "chả", "đừng", "bác", "phủ"})
_COUNTER = re.compile(
    r"(?:lượt (?:xem|đọc|thích|chia sẻ)|đã xem|số lần xem|bình luận|views?|likes?|comments?)\b",
    re.IGNORECASE,
)
_POINTER = re.compile(
    r"^\s*(?:[•>»▶►+*]+|[-–]\s*>|(?:xem thêm|đọc thêm|(?:các )?tin (?:liên quan|cùng chuyên mục|khác)"
    r"|bài liên quan|tin mới|mời (?:bạn )?(?:đọc|xem)|có thể bạn quan tâm)\b)",
    re.IGNORECASE,
)
_ENDED = re.compile(r"[.!?…:;,][\"'”’»)\]]*\s*$")
_INVISIBLE = dict.fromkeys([0x200B, 0x2060, 0xFEFF, 0xAD])
_SHORT = 150  # characters of a line that may be another article's headline
_MANY_WORDS = 8  # gone and come, together


def essence(article: Article) -> tuple[str, ...]:
    """What is left without white space, tone placement, view counters and boxes of related stories."""
    lines = _story(article.body.splitlines())
    texts = (article.title, article.lead or "", *article.authors, *lines)
    captions = [image.caption for image in article.images if image.caption]
    return tuple(key for text in (*texts, *captions) if (key := _squeezed(text)))


def is_material(before: Article, after: Article, flagged: tuple[Iterable[Flag], Iterable[Flag]]) -> bool:
    """Whether a verdict on `before` may not hold for `after`: its headline, a number, a negation, the words
    that were flagged, or more than a few words are not what they were. `flagged`: the flags of both."""
    if _words(before.title) != _words(after.title) or _proofs(flagged[0]) != _proofs(flagged[1]):
        return True
    old, new = _whole(before), _whole(after)
    if Counter(_NUMBER.findall(old)) != Counter(_NUMBER.findall(new)):
        return True
    one, other = Counter(_words(old)), Counter(_words(new))
    changed = (one - other) + (other - one)
    negations = {_placed(word) for word in _NEGATIONS}
    many = changed.total() >= _MANY_WORDS or 5 * changed.total() >= (one + other).total() > 0
    return many or any(word in negations for word in changed)


def _whole(article: Article) -> str:
    return "\n".join((article.lead or "", *_story(article.body.splitlines())))


def _story(lines: Iterable[str]) -> list[str]:
    """The lines that are the story's own: two or more headlines in a row are a box of other stories."""
    kept: list[str] = []
    headlines: list[str] = []
    for line in [*(line for line in lines if line.strip() and not _is_aside(line)), ""]:
        if line and len(line) <= _SHORT and not _ENDED.search(line):
            headlines.append(line)
            continue
        kept += headlines if len(headlines) == 1 else []
        headlines = []
        kept += [line] if line else []
    return kept


def _is_aside(line: str) -> bool:
    counts = len(line) < 60 and bool(_COUNTER.search(line)) and bool(re.search(r"\d", line))
    return counts or (len(line) <= _SHORT and bool(_POINTER.search(line)))


def _squeezed(text: str) -> str:
    """The words of a text and its signs, one space between them, each syllable's tone behind its letters."""
    bare = unicodedata.normalize("NFKD", text).translate(_INVISIBLE)
    return " ".join(_WORD.sub(lambda word: _placed(word[0]), bare).split())


def _placed(word: str) -> str:
    """A syllable with its tone at the end, wherever it was written: `hoà` and `hòa` are one."""
    letters = unicodedata.normalize("NFD", word)
    tones = [mark for mark in letters if mark in _TONES]
    return "".join([mark for mark in letters if mark not in _TONES] + sorted(tones))


def _words(text: str) -> list[str]:
    return [_placed(word).lower() for word in _WORD.findall(unicodedata.normalize("NFD", text))]


def _proofs(flags: Iterable[Flag]) -> set[tuple[str, str]]:
    """What shows that the article is about a topic; what it only mentions decides nothing."""
    return {(flag.rule, flag.field) for flag in flags if flag.level == "primary"}
