"""Where a text cites documents: does a kind stand before a number, or a symbol behind it?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from crawler.judging.citing.kinds import BETWEEN, BY_SYMBOL, BY_WORD, Kind, settled
from crawler.judging.citing.organs import code, is_organ
from crawler.judging.citing.tails import Raw, Tail

MOST_NUMBERS = 20_000  # of one field that are looked at
MOST_MENTIONS = 1_000  # of one field
_LOOK_BACK = 48  # characters; the longest name of a kind with "phối hợp số" before its number

_NAME = 150  # characters; about the longest name of a law
_OF_ASSEMBLY = re.compile(r"(?<!\w)(luật|nghị quyết|pháp lệnh)(?!\w)")
_SENTENCE_END = re.compile(r"[.!?;\n]")

_NUMBER = re.compile(r"[0-9]+")
_W = r"[ \n]{0,2}"  # what may stand between two words; two line ends part paragraphs
_WORDS = "|".join(re.escape(word).replace(r"\ ", " +") for word in sorted(BY_WORD, key=len, reverse=True))
_BEFORE = re.compile(
    rf"(?<!\w)(?P<word>{_WORDS}|nq|kl|nđ)(?: +(?P<between>{'|'.join(BETWEEN)})){{0,2}}"
    rf"(?P<so>[ \n:(]{{1,4}}số:?)?{_W}\Z"
)
_TOKEN = r"(?:t\.ư|[^\W\d_]{1,12}\d{0,2})"
# The last syllable before the number, for all but a few numbers the end of the matter.
_ENDINGS = frozenset(
    {words.split()[-1] for words in (*BY_WORD, *BETWEEN)} | {"nq", "kl", "nđ", "số", "số:", "(số", "(số:"}
)
_SYMBOL = re.compile(
    r"(?: ?/ ?(?P<year>(?:19|20)\d\d)(?!\d))?"
    rf"(?: ?[-/] ?| )(?P<first>{_TOKEN})(?P<rest>(?:(?:-| ?/ ?){_TOKEN}){{0,4}})(?![^\W_])"
)
_YEAR = re.compile(r" ?/ ?((?:19|20)\d\d)(?![\d/-])")
_GOES_ON = re.compile(r"[^\W_]|[.,:]\d| ?[/%]| ?-+ ?\d")  # then the number is part of something else

# What goes on behind a citation that ends with its number; anything else may be what the number counts.
_FOLLOWS = re.compile(
    rf"{_W}(?:[.;:!?…\"')\]-]|,|\Z|\n|(?:và|của|về|đã|được|trên|trong|tại|này|nêu|là|có|cũng|với|để|cho|theo|"
    r"quy định|ngày|khi|từ|đến|sẽ|vào|thì|mà|do|ban hành|như|nhằm|gắn|phải|đang|hay|hoặc|chưa|không|ra|"
    r"đi vào|thay thế|sửa đổi|hướng dẫn)(?!\w))"
)


def mentions(folded: str, original: str) -> Iterator[Raw]:
    """Every citation in a folded text, in reading order; `original` is that text before its case was lost.

    Linear in the length of the text: what is looked at around each number is bounded.
    """
    reached, found = 0, 0
    for count, number in enumerate(_NUMBER.finditer(folded)):
        if count == MOST_NUMBERS or found == MOST_MENTIONS:
            return
        if number.start() < reached or number.end() - number.start() > 5:
            continue
        raw = _Reading(folded, original, number.start(), number.end()).raw()
        if raw is not None:
            reached, found = raw.end, found + 1
            yield raw


class _Reading:
    """One number of a text, and what stands around it."""

    def __init__(self, folded: str, original: str, start: int, end: int) -> None:
        self.folded = folded
        self.original = original
        self.start = start
        self.end = end
        self.numbered = False  # "số" stands before it

    def raw(self) -> Raw | None:
        """The citation whose number it is; None if it is none."""
        if not self._begins():
            return None
        word = self._before()
        self.numbered = word is not None and word["so"] is not None
        symbol = _SYMBOL.match(self.folded, self.end)
        found = self._by_symbol(symbol, word) if symbol and (word or _is_telling(symbol)) else None
        if found is None and word:
            found = self._by_word(word)
        return found and self._tail().after(found)

    def _begins(self) -> bool:
        """Whether a number begins here, which a lost blank may have glued to its "số"."""
        if self.folded[self.start] == "0" and self.end - self.start > 3:
            return False
        return not self.folded[max(0, self.start - 1) : self.start].isalnum() or self._glued()

    def _before(self) -> re.Match[str] | None:
        syllable = self.folded[max(0, self.start - 10) : self.start].split()[-1:]
        if not syllable or not (syllable[0] in _ENDINGS or syllable[0].endswith("số")):
            return None
        return _BEFORE.search(self.folded[max(0, self.start - _LOOK_BACK) : self.start])

    def _begin(self, word: re.Match[str] | None) -> int:
        return max(0, self.start - _LOOK_BACK) + word.start() if word else self.start

    def _kind(self, word: re.Match[str] | None) -> Kind | None:
        if word is None:
            return None
        name = " ".join(word["word"].split())
        kind = BY_WORD.get(name) or BY_SYMBOL[name]
        joint = {"NQ": "NQLT", "TT": "TTLT"}.get(kind.code) if word["between"] == "liên tịch" else None
        return next((one for one in BY_WORD.values() if one.code == joint), kind)

    # --- with a symbol: 44-KL/TW, 40/2024/NĐ-CP, 521/QĐ-TTg, 30/2023/QH15

    def _by_symbol(self, symbol: re.Match[str], word: re.Match[str] | None) -> Raw | None:
        tokens = [symbol["first"], *re.findall(_TOKEN, symbol["rest"])]
        year = int(symbol["year"]) if symbol["year"] else None
        typed = next((at for at, token in enumerate(tokens[:2]) if token in BY_SYMBOL), None)
        if word is None and not self._stands_alone():
            return None
        if typed is None:
            return self._untyped(symbol, tokens, word, year)
        organs = tokens[:typed] + tokens[typed + 1 :]
        if not self._is_symbol(symbol, organs, word):
            return None
        kind = settled(BY_SYMBOL[tokens[typed]], self._kind(word))
        begin = self._begin(word) if word and kind is self._kind(word) else self.start
        raw = Raw(begin, symbol.end(), kind.code, self._number, year, symbol=True)
        return replace(raw, organ=_organ(organs, joint=kind.code.endswith("LT")))

    def _stands_alone(self) -> bool:
        before = self.folded[max(0, self.start - 2) : self.start]
        return (
            self._glued()
            or not before
            or not (before[-1].isalnum() or before[-1] in "./-,_@+")
            or before in (", ", "- ")
        )

    def _glued(self) -> bool:
        before = self.folded[max(0, self.start - 3) : self.start]
        return before[-2:] == "số" and not before[:-2].isalnum()

    def _is_symbol(self, symbol: re.Match[str], organs: list[str], word: re.Match[str] | None) -> bool:
        """Whether it is more than letters behind a number; with no known organ a name must stand before."""
        blank = self.folded[self.end : symbol.start("first")] == " "
        if organs and len(organs[0]) < 2:
            return False
        if organs and is_organ(organs[0]):
            return True
        if not organs and not word:  # "44-KL" by itself
            return not blank and symbol["first"] in ("kl", "nq") and self._is_upper(symbol)
        if word is None:
            return not blank and bool(symbol["year"] or (self._is_upper(symbol) and "/" in symbol[0]))
        return not blank or self._is_upper(symbol)

    def _is_upper(self, symbol: re.Match[str]) -> bool:
        return (
            self.original[symbol.start("first") : symbol.end()].replace("g", "G").replace("r", "R").isupper()
        )

    def _untyped(
        self, symbol: re.Match[str], tokens: list[str], word: re.Match[str] | None, year: int | None
    ) -> Raw | None:
        """Symbols that bear the organ alone: 30/2023/QH15, 16/HĐBT, 4763/UBND-NC."""
        first = symbol["first"]
        slash = "/" in self.folded[self.end : symbol.start("first")]
        if not slash or not is_organ(first):
            return None
        assembly = re.fullmatch(r"(?:ubtv)?qh\d\d", first) is not None and year is not None
        if word is None and not assembly:
            return None
        kind = self._kind(word)
        named = kind.code if kind else self._named_before()
        end = symbol.end() if all(map(_is_unit, tokens[1:])) else symbol.end("first")
        raw = Raw(self._begin(word), end, named, self._number, year, symbol=True)
        return replace(raw, organ=code(first))

    def _named_before(self) -> str:
        """The kind by the name before it, "Luật Đất đai (số 31/2024/QH15)"; "?" where none stands there."""
        before = self.folded[max(0, self.start - _NAME) : self.start]
        last = _SENTENCE_END.split(before)[-1]
        named = _OF_ASSEMBLY.findall(last)
        return BY_WORD[named[-1]].code if named else "?"

    # --- by its name and number alone: Kết luận số 44, Nghị định 77/2010

    def _by_word(self, word: re.Match[str]) -> Raw | None:
        kind = self._kind(word)
        assert kind is not None
        year = _YEAR.match(self.folded, self.end)
        end = year.end() if year else self.end
        if _GOES_ON.match(self.folded, end) or (len(word["word"]) == 2 and not self._is_capital(word, 2)):
            return None
        raw = Raw(self._begin(word), end, kind.code, self._number, int(year[1]) if year else None)
        raw = replace(raw, organ=kind.organ)
        return raw if year or self._is_cited(raw, kind, word) else None

    def _is_cited(self, raw: Raw, kind: Kind, word: re.Match[str]) -> bool:
        """Whether the number is the document's, and counts nothing: "kết luận 5 vấn đề", "kế hoạch 3 năm"."""
        tailed = self._tail().after(raw)
        told = tailed.dated or tailed.organ != raw.organ or (tailed.term and word["so"])
        if tailed.term and not word["so"] and tailed.body in (None, "Ban Chấp hành") and not tailed.dated:
            return False  # "Nghị quyết 4 khóa XII" is of a plenum, whose number that is
        if tailed.body == "Ban Chấp hành" and not word["so"] and not tailed.dated:
            return False
        capital = self._is_capital(word, 1)
        if word["so"]:
            return bool(told) or kind.trust == "noun" or capital
        follows = _FOLLOWS.match(self.folded, raw.end) is not None
        if kind.code == "ĐA":
            return capital and follows and self.folded[self.start] == "0"
        if kind.trust == "symbol":
            return bool(told) and capital
        return (bool(told) or follows) and (kind.trust == "noun" or capital)

    def _is_capital(self, word: re.Match[str], letters: int) -> bool:
        begin = self._begin(word)
        return self.original[begin : begin + letters].isupper()

    def _tail(self) -> Tail:
        return Tail(self.folded, self.numbered)

    @property
    def _number(self) -> int:
        return int(self.folded[self.start : self.end])


def _is_telling(symbol: re.Match[str]) -> bool:
    """Whether it can be a symbol with no word before it, at a glance."""
    return symbol["first"] in BY_SYMBOL or "qh" in symbol["first"] or "-" in symbol["rest"]


def _organ(tokens: list[str], *, joint: bool) -> str | None:
    if not tokens:
        return None
    if not joint:
        return code(tokens[0])
    return "-".join(code(token) for token in tokens if is_organ(token)) or code(tokens[0])


def _is_unit(token: str) -> bool:
    return len(token) <= 7
