"""`jsonl`, `jsonl.gz`: one case a line, as every command prints it."""

from __future__ import annotations

import contextlib
import gzip
import io
from collections.abc import Sequence
from typing import cast

import msgspec

from crawler.export.formats.plainfile import BUFFER, PlainFile
from crawler.export.formats.seam import Place, Tallied, Told

_LEVEL = 6  # of zlib; 9 takes twice the time for two hundredths


class JsonLines(PlainFile):
    """One case a line, UTF-8, Vietnamese unescaped."""

    def __init__(self, place: Place) -> None:
        self._file = (place.folder / "articles.jsonl").open("wb", buffering=BUFFER)
        self._encode = msgspec.json.Encoder().encode

    def add(self, case: Told) -> None:
        """Write one line."""
        self._file.write(self._encode(case) + b"\n")


class GzippedJsonLines(JsonLines):
    """The same, gzipped; the header bears neither name nor time, so that it tells nothing of its making."""

    def __init__(self, place: Place) -> None:
        self._raw = (place.folder / "articles.jsonl.gz").open("wb")
        zipped = gzip.GzipFile(filename="", mode="wb", compresslevel=_LEVEL, fileobj=self._raw, mtime=0)
        self._file = io.BufferedWriter(cast(io.RawIOBase, zipped), BUFFER)
        self._encode = msgspec.json.Encoder().encode

    def finish(self, tally: Tallied) -> Sequence[str]:
        """Write the trailer too: before it the file is broken off for every reader."""
        self._file.close()
        self._raw.flush()
        return ()

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)
        with contextlib.suppress(OSError):
            self._raw.close()
