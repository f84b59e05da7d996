"""`jsonl`: one case a line, as every command prints it."""

from __future__ import annotations

import msgspec

from crawler.export.formats.plainfile import BUFFER, PlainFile
from crawler.export.formats.seam import Place, Told


class JsonLines(PlainFile):
    """One case a line, UTF-8, Vietnamese unescaped."""

    def __init__(self, place: Place) -> None:
        self._file = (place.folder / "articles.jsonl").open("wb", buffering=BUFFER)
        self._encode = msgspec.json.Encoder().encode

    def add(self, case: Told) -> None:
        """Write one line."""
        self._file.write(self._encode(case) + b"\n")
