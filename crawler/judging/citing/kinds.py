"""The kinds of normative documents: their names in texts, their abbreviations in symbols, our codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Trust = Literal["noun", "verb", "symbol"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of document."""

    code: str  # as keys have it
    words: tuple[str, ...]  # folded
    symbols: tuple[str, ...]  # folded, as symbols have it; the first is the usual one
    trust: Trust  # what a number alone behind the word proves, when no "số" stands between
    organ: str | None = None  # the only one that issues them


# "noun": a number behind the word is the document's; "verb": the word is a verb, too ("kết luận 5 vấn đề"),
# so that it must be a name by its capital; "symbol": numbers behind it are counts ("kế hoạch 5 năm"), so that
# "số" or a symbol must stand.
KINDS: tuple[Kind, ...] = (
    Kind("NQLT", ("nghị quyết liên tịch",), ("nqlt",), "noun"),
    Kind("NQ", ("nghị quyết",), ("nq",), "noun"),
    Kind("CT", ("chỉ thị",), ("ct",), "verb"),
    Kind("KL", ("kết luận",), ("kl",), "verb"),
    Kind("QĐ", ("quyết định",), ("qđ",), "symbol"),
    Kind("QĐi", ("quy định", "qui định"), ("qđi",), "symbol"),
    Kind("QC", ("quy chế", "qui chế"), ("qc", "qcph"), "symbol"),
    Kind("CTr", ("chương trình",), ("ctr", "cth", "cthđ", "ctrhđ", "ctph", "ctrph"), "symbol"),
    Kind("KH", ("kế hoạch",), ("kh", "khph", "khlt"), "symbol"),
    Kind("TTLT", ("thông tư liên tịch",), ("ttlt",), "noun"),
    Kind("TT", ("thông tư", "thông tri"), ("tt",), "noun"),
    Kind("TB", ("thông báo",), ("tb",), "symbol"),
    Kind("HD", ("hướng dẫn",), ("hd",), "symbol"),
    Kind("NĐ", ("nghị định",), ("nđ",), "noun", "CP"),
    Kind("L", ("bộ luật", "luật"), ("l",), "symbol"),
    Kind("PL", ("pháp lệnh",), ("pl",), "symbol"),
    Kind("ĐA", ("đề án",), ("đa",), "symbol"),
    Kind("CĐ", ("công điện",), ("cđ",), "symbol"),
    Kind("CV", ("công văn", "văn bản"), ("cv",), "symbol"),
)
BY_CODE = {kind.code: kind for kind in KINDS}
BY_WORD = {word: kind for kind in KINDS for word in kind.words}
BY_SYMBOL = {symbol: kind for kind in KINDS for symbol in kind.symbols if symbol != "l"}

# Words that may stand between the name of the kind and the number: "quy chế phối hợp số 426".
BETWEEN = ("phối hợp", "liên tịch", "liên ngành", "hành động", "thực hiện", "triển khai")
# A symbol's abbreviation may be that of another kind which the word before it settles.
SETTLED_BY_WORD = {("QĐ", "QĐi"), ("CT", "CTr"), ("TT", "TTLT"), ("NQ", "NQLT")}


def settled(symbol: Kind, word: Kind | None) -> Kind:
    """The kind that a symbol and the word before it mean together: "Quy định 205-QĐ/TW" is no decision."""
    return word if word and (symbol.code, word.code) in SETTLED_BY_WORD else symbol
