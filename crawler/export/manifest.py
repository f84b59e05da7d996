"""The manifest: how an exported folder came about, so that another person can check it."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from crawler import __version__
from crawler.export.order import ExportOrder
from crawler.export.tally import Tally
from crawler.times import shown
from storage.corpus import store_versions

# The libraries that decide what an article's text is.
_LIBRARIES = ("lxml", "scrapy", "sqlite-utils", "trafilatura")


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """One file of the folder."""

    name: str
    size: int  # bytes
    sha256: str  # hexadecimal


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
        }

    def text(self) -> str:
        """manifest.json itself."""
        return json.dumps(self.told(), ensure_ascii=False, indent=2) + "\n"


def manifest(order: ExportOrder, tally: Tally, written: Iterable[Path], now: datetime) -> Manifest:
    """The manifest of files that are whole; it reads each once more for its hash."""
    return Manifest(
        made_at=now,
        query=order.chosen.told(),
        versions=_versions(),
        counts=tally.total(),
        sources=tally.sources(),
        rules=tally.rules(),
        files=tuple(_hashed(path) for path in written),
    )


def _versions() -> dict[str, str]:
    libraries = {name: version(name) for name in _LIBRARIES}
    return {"diembao": __version__, "python": platform.python_version(), **store_versions(), **libraries}


def _hashed(path: Path) -> ExportedFile:
    with path.open("rb") as file:
        return ExportedFile(path.name, path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())
