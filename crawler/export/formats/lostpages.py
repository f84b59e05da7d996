"""pages-missing.csv: the pages that a web archive lacks, since the store let them go, and when it did."""

from __future__ import annotations

import contextlib
import csv
from collections.abc import Sequence
from datetime import datetime
from typing import IO, Any

from crawler.export.formats.seam import Place, Told
from crawler.times import shown

FILE = "pages-missing.csv"
_COLUMNS = ("id", "key", "url", "fetched_at", "let_go_at")


class LostFile:
    """A row for each page; no file where none is missing."""

    def __init__(self, place: Place) -> None:
        self._path = place.folder / FILE
        self._lost = place.lost
        self._file: IO[str] | None = None
        self._rows: Any = None
        self._pages = 0
        self._articles = 0
        self._times: tuple[datetime, datetime] | None = None  # the first and the last let go

    def add(self, case: Told) -> None:
        """The missing pages of one article."""
        lost = tuple(self._lost(case["id"]))
        for page in lost:
            row = (case["id"], case["key"], page.url, shown(page.fetched_at), shown(page.let_go_at))
            self._writer().writerow(row)
            first, last = self._times or (page.let_go_at, page.let_go_at)
            self._times = min(first, page.let_go_at), max(last, page.let_go_at)
        self._pages += len(lost)
        self._articles += bool(lost)

    def finish(self) -> Sequence[str]:
        """Push the last bytes out; a remark where pages are missing."""
        if self._file is None or self._times is None:
            return ()
        self._file.flush()
        first, last = map(shown, self._times)
        when = f"on {first}" if first == last else f"from {first} to {last}"
        return [
            f"{FILE}: names {_some(self._pages, 'page')} of {_some(self._articles, 'article')} that the store"
            f" let go {when}, by [store] keep_pages or most_pages"
        ]

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            with contextlib.suppress(OSError):  # pushed out already, or thrown away because that failed
                self._file.close()

    def _writer(self) -> Any:
        if self._file is None:
            self._file = self._path.open("w", encoding="utf-8", newline="")
            self._rows = csv.writer(self._file)
            self._rows.writerow(_COLUMNS)
        return self._rows


def _some(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
