"""A table of the xlsx book: rows one after another, over as many sheets as they fill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from crawler.export.formats.spreadsheet import MOST_ROWS, Cuts, runs

_EARLIEST = 1900  # the year in which Excel's dates begin
_WIDEST = 60  # characters
_WIDTHS = {
    "id": 8,
    "article": 8,
    "title": 50,
    "body": _WIDEST,
    "lead": 40,
    "url": 40,
    "quote": _WIDEST,
    "quotes": 40,
}


@dataclass(frozen=True, slots=True)
class Styles:
    """The cell formats of a book."""

    header: Any
    date: Any
    text: Any  # what would become a formula as soon as somebody edits it

    @classmethod
    def of(cls, book: Workbook) -> Styles:
        """Made in the book, which numbers them in this order."""
        return cls(
            header=book.add_format({"bold": True, "bottom": 1}),
            date=book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"}),
            text=book.add_format({"quote_prefix": True}),
        )


@dataclass(frozen=True, slots=True)
class Layout:
    """A table's name and columns, and which of them are moments."""

    name: str
    columns: tuple[str, ...]
    moments: frozenset[str] = frozenset()


class Table:
    """Rows written straight through to the disk; a full sheet is followed by `NAME 2`."""

    def __init__(self, book: Workbook, layout: Layout, styles: Styles, most_rows: int = MOST_ROWS) -> None:
        self._book, self._layout, self._styles = book, layout, styles
        self._most_rows = most_rows
        self._cuts = Cuts()
        self._sheets = 0
        self._sheet = self._begin()

    def add(self, article_id: int, values: Sequence[Any]) -> None:
        """Write one row; what belongs to no article has the number 0."""
        if self._row == self._most_rows:
            self._end()
            self._sheet = self._begin()
        for column, value in enumerate(values):
            if value is not None and value != "":
                self._write(column, value, article_id)
        self._row += 1

    def finish(self) -> list[str]:
        """End the last sheet; what was cut or continued."""
        self._end()
        remarks = self._cuts.remarks(f"sheet {self._layout.name}")
        if self._sheets > 1:
            others = f"{self._layout.name} 2" + (f" to {self._sheets}" if self._sheets > 2 else "")
            remarks.append(
                f"sheet {self._layout.name}: Excel holds {self._most_rows} rows, so it goes on in {others}"
            )
        return remarks

    def _begin(self) -> Worksheet:
        self._sheets += 1
        name = self._layout.name
        sheet = self._book.add_worksheet(name if self._sheets == 1 else f"{name} {self._sheets}")
        sheet.freeze_panes(1, 0)
        for number, column in enumerate(self._layout.columns):
            sheet.set_column(
                number, number, _WIDTHS.get(column, 20 if column in self._layout.moments else 16)
            )
            sheet.write_string(0, number, column, self._styles.header)
        self._row = 1
        return sheet

    def _end(self) -> None:
        self._sheet.autofilter(0, 0, self._row - 1, len(self._layout.columns) - 1)

    def _write(self, column: int, value: Any, article_id: int) -> None:
        name = self._layout.columns[column]
        if not isinstance(value, str):
            self._sheet.write_number(self._row, column, value)
            return
        moment = excel_moment(value) if name in self._layout.moments else None
        if moment:
            self._sheet.write_datetime(self._row, column, moment, self._styles.date)
            return
        text = self._cuts.fit(value.replace("\r\n", "\n").replace("\r", "\n"), article_id, name)
        self._sheet.write_string(self._row, column, text, self._styles.text if runs(text) else None)


def excel_moment(text: str) -> datetime | None:
    """A moment of the contract as Excel has them: of Vietnam's clock, without a zone; None before 1900."""
    moment = datetime.fromisoformat(text).replace(tzinfo=None)
    return moment if moment.year >= _EARLIEST else None
