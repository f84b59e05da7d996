"""The manifest: how an exported folder came about, so that another person can check it."""

from __future__ import annotations

import io
import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

from crawler import __version__
from crawler.export.formats import ExportedFile
from crawler.times import exact
from storage.corpus import store_versions

NAME = "manifest.json"
# The libraries that decide what an article's text is, and those that write files in their own way.
_LIBRARIES = ("lxml", "scrapy", "sqlite-utils", "trafilatura", "warcio", "xlsxwriter", "pyarrow")


@dataclass(frozen=True, slots=True)
class Manifest:
    """All that manifest.json says. No clock is in it: the same cases, asked alike, give the same bytes."""

    as_of: datetime | None  # the moment whose state of the store is told; None: nothing was stored yet
    query: Mapping[str, Any]
    versions: Mapping[str, str]
    config: str | None  # SHA-256 of what of config.toml decides; None: not known
    rules_in_force: Mapping[str, str]  # of config.toml: rule → version
    counts: Mapping[str, Any]  # articles, flagged, decided … and what they are parts of
    sources: Mapping[str, Mapping[str, Any]]  # the same for each source
    rules: Mapping[str, Mapping[str, int]]  # rule → version → articles flagged
    files: tuple[ExportedFile, ...]
    remarks: tuple[str, ...] = ()  # what a format could not hold as it is, or nobody remembers, for people
    found: Mapping[str, int] | None = None  # of words: articles that match them, with marks and without
    recorded_since: datetime | None = None  # None: the past is recorded from the first article on
    previous: str | None = None  # SHA-256 of the last manifest under this name; None: there is none
    series: Mapping[str, Any] | None = field(default=None)  # None: it has no name

    def told(self) -> dict[str, Any]:
        """As manifest.json and `export --json` show it."""
        return {
            "as_of": exact(self.as_of) if self.as_of else None,
            "recorded_since": exact(self.recorded_since) if self.recorded_since else None,
            "query": self.query,
            "found": self.found,
            "versions": self.versions,
            "config": self.config,
            "rules_in_force": self.rules_in_force,
            "counts": self.counts,
            "sources": self.sources,
            "rules": self.rules,
            "previous": self.previous,
            "series": self.series,
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


def versions() -> dict[str, str]:
    """Of the program, of what the store is made with, and of the libraries that make texts and files."""
    libraries = {name: version(name) for name in _LIBRARIES if find_spec(name.replace("-", "_"))}
    return {"diembao": __version__, "python": platform.python_version(), **store_versions(), **libraries}
