"""`csv`: one case a row."""

from __future__ import annotations

import csv

from crawler.export.formats.columns import COLUMNS
from crawler.export.formats.plainfile import BUFFER, PlainFile
from crawler.export.formats.seam import Place, Told


class Csv(PlainFile):
    """RFC 4180 in UTF-8 without a byte order mark, one row a case; lists are joined.

    Cells stand as they are: a spreadsheet would take one that opens with =, +, - or @ for a formula.
    """

    def __init__(self, place: Place) -> None:
        self._file = (place.folder / "articles.csv").open("w", encoding="utf-8", newline="", buffering=BUFFER)
        self._writer = csv.writer(self._file)
        self._writer.writerow(COLUMNS)

    def add(self, case: Told) -> None:
        """Write one row."""
        self._writer.writerow([read(case) for read in COLUMNS.values()])
