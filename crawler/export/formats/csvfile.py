"""`csv`: one case a row, for programs; with --excel for a double click in Excel."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from crawler.export.formats.columns import COLUMNS, READERS
from crawler.export.formats.plainfile import BUFFER, PlainFile
from crawler.export.formats.seam import Place, Tallied, Told
from crawler.export.formats.spreadsheet import MOST_ROWS, Cuts, guarded, runs

FILE = "articles.csv"


class Csv(PlainFile):
    """RFC 4180 in UTF-8 without a byte order mark, one row a case; lists are joined.

    Cells stand as they are: a spreadsheet would take one that opens with =, +, - or @ for a formula.
    """

    def __init__(self, place: Place) -> None:
        self._file = (place.folder / FILE).open("w", encoding="utf-8", newline="", buffering=BUFFER)
        self._writer = csv.writer(self._file)
        self._writer.writerow(COLUMNS)

    def add(self, case: Told) -> None:
        """Write one row."""
        self._writer.writerow([read(case) for read in READERS])


class ExcelCsv(PlainFile):
    """The same with a byte order mark, no cell that runs or is too long, a further file beyond a sheet."""

    most_rows = MOST_ROWS

    def __init__(self, place: Place) -> None:
        self._folder = place.folder
        self._cuts = Cuts()
        self._guarded = 0
        self._first_guarded = 0
        self._files = 0
        self._begin()

    def add(self, case: Told) -> None:
        """Write one row, in a further file where this one is full."""
        if self._rows == self.most_rows:
            self._file.close()
            self._begin()
        self._writer.writerow(
            [self._cell(column.read(case), name, case["id"]) for name, column in COLUMNS.items()]
        )
        self._rows += 1

    def finish(self, tally: Tallied) -> Sequence[str]:
        """Push the last bytes out; what was cut, guarded or continued."""
        super().finish(tally)
        remarks = self._cuts.remarks(FILE)
        if self._guarded:
            cells = "1 cell opens" if self._guarded == 1 else f"{self._guarded} cells open"
            guard = "bears a ' before it" if self._guarded == 1 else "bear a ' before them"
            remarks.append(
                f"{FILE}: {cells} like a formula and {guard}, first in article {self._first_guarded}"
            )
        if self._files > 1:
            remarks.append(
                f"{FILE}: Excel holds {self.most_rows} rows, so it goes on in {_name(2)}"
                + (f" … {_name(self._files)}" if self._files > 2 else "")
            )
        return remarks

    def _begin(self) -> None:
        self._files += 1
        path = self._folder / _name(self._files)
        self._file = path.open("w", encoding="utf-8-sig", newline="", buffering=BUFFER)
        self._writer = csv.writer(self._file)
        self._writer.writerow(COLUMNS)
        self._rows = 1

    def _cell(self, value: Any, column: str, article_id: int) -> Any:
        if not isinstance(value, str):
            return value
        if runs(value):
            self._guarded += 1
            self._first_guarded = self._first_guarded or article_id
        return self._cuts.fit(guarded(value), article_id, column)


def csv_of(place: Place) -> Csv | ExcelCsv:
    """As the options want it."""
    return ExcelCsv(place) if place.options.excel else Csv(place)


def _name(number: int) -> str:
    path = Path(FILE)
    return FILE if number == 1 else f"{path.stem}-{number}{path.suffix}"
