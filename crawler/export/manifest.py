"""The manifest: how an exported folder came about, so that another person can check it."""

from __future__ import annotations

import io
import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any

from crawler import __version__
from crawler.export.formats import ExportedFile
from crawler.export.order import ExportOrder
from crawler.export.tally import Tally
from crawler.times import shown
from storage.corpus import store_versions

# The libraries that decide what an article's text is.
_LIBRARIES = ("lxml", "scrapy", "sqlite-utils", "trafilatura")


@dataclass(frozen=True, slots=True)
class Manifest:
    """All that manifest.json says; the same cases and versions give the same but for `made_at`."""

    made_at: datetime
    query: Mapping[str, Any]
    versions: Mapping[str, str]
    counts: Mapping[str, int]  # articles, flagged, decided
    sources: Mapping[str, Mapping[str, int]]  # the same for each source
    rules: Mapping[str, Mapping[str, int]]  # rule → version → articles flagged
    files: tuple[ExportedFile, ...]
    remarks: tuple[str, ...] = ()  # what a format could not hold as it is, for people to read

    def told(self) -> dict[str, Any]:
        """As manifest.json and `export --json` show it."""
        return {
            "made_at": shown(self.made_at),
            "query": self.query,
            "versions": self.versions,
            "counts": self.counts,
            "sources": self.sources,
            "rules": self.rules,
            "files": [{"name": file.name, "bytes": file.size, "sha256": file.sha256} for file in self.files],
            "remarks": list(self.remarks),
        }

    def places(self) -> tuple[str, ...]:
        """What stands in the folder itself, a folder in it ending with /."""
        parts = [file.name.partition("/") for file in self.files]
        return tuple(dict.fromkeys(first + slash for first, slash, _ in parts))

    def text(self) -> str:
        """manifest.json itself."""
        pieces = json.JSONEncoder(ensure_ascii=False, indent=2).iterencode(self.told())
        text = io.StringIO()
        text.writelines(pieces)  # json.dumps would hold every piece at once: 100 MB for 100,000 files
        return text.getvalue() + "\n"


def manifest(
    order: ExportOrder, tally: Tally, files: Sequence[ExportedFile], remarks: Sequence[str], now: datetime
) -> Manifest:
    """The manifest of files that are whole."""
    return Manifest(
        made_at=now,
        query=order.chosen.told(),
        versions=versions(),
        counts=tally.total(),
        sources=tally.sources(),
        rules=tally.rules(),
        files=tuple(files),
        remarks=tuple(remarks),
    )


def versions() -> dict[str, str]:
    """Of the program, of what the store is made with, and of the libraries that decide what a text is."""
    libraries = {name: version(name) for name in _LIBRARIES}
    return {"diembao": __version__, "python": platform.python_version(), **store_versions(), **libraries}
