"""`text`: a plain text an article and a table about them, for AntConc and Sketch Engine."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from typing import Any

from crawler.export.formats.characters import Characters, fitting, lines, one_line, stem
from crawler.export.formats.columns import COLUMNS
from crawler.export.formats.plainfile import BUFFER, PlainFile
from crawler.export.formats.seam import Place, Tallied, Told

_TEXTS = ("title", "lead", "body", "images", "captions", "quotes", "figures", "note")
ABOUT_TEXTS = tuple(column for name, column in COLUMNS.items() if name not in _TEXTS[1:])


class PlainText(PlainFile):
    """text/corpus/ with a file an article, and text/metadata.csv."""

    def __init__(self, place: Place) -> None:
        self._folder = place.folder / "text" / "corpus"
        self._folder.mkdir(parents=True)
        self._characters = Characters()
        self._file = (place.folder / "text" / "metadata.csv").open(
            "w", encoding="utf-8", newline="", buffering=BUFFER
        )
        self._rows = csv.writer(self._file)
        self._rows.writerow(["file", *(column.name for column in ABOUT_TEXTS)])

    def add(self, case: Told) -> None:
        """Write one text and one row."""
        name = f"{stem(case)}.txt"
        fields = [self._characters.fit(case[key] or "", case["id"]) for key in ("title", "lead", "body")]
        (self._folder / name).write_text(_text(*fields), encoding="utf-8", newline="\n")
        self._rows.writerow([name, *(_cell(column.read(case)) for column in ABOUT_TEXTS)])

    def finish(self, tally: Tallied) -> Sequence[str]:
        """Push the table out; what was replaced."""
        super().finish(tally)
        return self._characters.remarks("text/corpus")


def _text(title: str, lead: str, body: str) -> str:
    parts = (one_line(title), lines(lead).strip(), lines(body).strip())
    return "\n\n".join(part for part in parts if part) + "\n"


def _cell(value: Any) -> Any:
    return one_line(fitting(value)) if isinstance(value, str) else value
