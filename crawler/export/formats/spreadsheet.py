"""What a spreadsheet can hold, and what it would run: Excel's limits, told where a text meets them. Pure."""

from __future__ import annotations

import re

MOST_UNITS = 32_767  # UTF-16 units a cell of Excel holds
MOST_ROWS = 1_048_576  # of a sheet of Excel, its header among them
_CUT = "…"  # the last character of what was cut
# Spaces and what is not seen are skipped: some programs trim them before they look for a formula. The wide
# forms are what a Japanese or Chinese Excel takes for the plain ones.
_FORMULA = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠]|[\t\r\n]")


def units(text: str) -> int:
    """The length of a text as Excel counts it, in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def fitting(text: str) -> str:
    """As much of the text as a cell holds; what is cut ends with …, and never within a character."""
    if len(text) <= MOST_UNITS // 2 or (len(text) <= MOST_UNITS and units(text) <= MOST_UNITS):
        return text
    kept = text[: MOST_UNITS - 1].encode("utf-16-le")[: 2 * (MOST_UNITS - 1)]
    return kept.decode("utf-16-le", errors="ignore") + _CUT


def runs(text: str) -> bool:
    """Whether a spreadsheet may take the text of a CSV cell for a formula."""
    return bool(_FORMULA.match(text))


def guarded(text: str) -> str:
    """The text as a spreadsheet takes it for one: with ' before what would run, and LF as line end."""
    plain = text.replace("\r\n", "\n")
    return ("'" if runs(plain) else "") + plain.replace("\r", "\n")


class Cuts:
    """How many cells did not hold their text, and which was the first."""

    def __init__(self) -> None:
        self._cells = 0
        self._first = ""

    def fit(self, text: str, article_id: int, column: str) -> str:
        """`fitting`, counted."""
        kept = fitting(text)
        if kept is not text:
            self._cells += 1
            self._first = self._first or f"{column} of article {article_id}"
        return kept

    def remarks(self, file: str) -> list[str]:
        """A line for people, or none where nothing was cut."""
        if not self._cells:
            return []
        cells = "1 cell was" if self._cells == 1 else f"{self._cells} cells were"
        return [f"{file}: {cells} cut at the {MOST_UNITS} characters Excel holds, first {self._first}"]
