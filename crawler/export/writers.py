"""One writer a format: given case after case as the JSON of the contract, it makes one file."""

from __future__ import annotations

import contextlib
import csv
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Protocol, Self

import msgspec

from storage.corpus import CorpusFile

Told = Mapping[str, Any]
_BUFFER = 1 << 20  # bytes


class Writer(Protocol):
    """What the export loop knows of a format."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def add(self, case: Told) -> None:
        """Write one case."""

    def finish(self) -> None:
        """Make the file whole; it is closed by leaving the `with`."""


class _OneFile:
    """A plain file that is pushed out by `finish`."""

    _file: IO[Any]

    def finish(self) -> None:
        """Push the last bytes out."""
        self._file.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):  # pushed out already, or thrown away because that failed
            self._file.close()


class JsonLines(_OneFile):
    """One case a line, UTF-8, Vietnamese unescaped."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb", buffering=_BUFFER)
        self._encode = msgspec.json.Encoder().encode

    def add(self, case: Told) -> None:
        """Write one line."""
        self._file.write(self._encode(case) + b"\n")


class Csv(_OneFile):
    """RFC 4180 in UTF-8 without a byte order mark, one row a case; lists are joined.

    Cells stand as they are: a spreadsheet would take one that opens with =, +, - or @ for a formula.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8", newline="", buffering=_BUFFER)
        self._writer = csv.writer(self._file)
        self._writer.writerow(COLUMNS)

    def add(self, case: Told) -> None:
        """Write one row."""
        self._writer.writerow([read(case) for read in COLUMNS.values()])


def _joined(parts: Iterable[str], by: str) -> str:
    return by.join(dict.fromkeys(parts))


def _plain(key: str) -> Callable[[Told], Any]:
    return lambda case: case[key]


def _of_flags(key: str, by: str) -> Callable[[Told], str]:
    return lambda case: _joined((flag[key] for flag in case["flags"]), by)


def _of_verdict(key: str) -> Callable[[Told], Any]:
    return lambda case: case["verdict"] and case["verdict"].get(key)


def _of_raise(key: str) -> Callable[[Told], Any]:
    return lambda case: case["raised"] and case["raised"][key]


# Column → what stands in it; docs/export.md explains each.
COLUMNS: Mapping[str, Callable[[Told], Any]] = {
    "id": _plain("id"),
    "key": _plain("key"),
    "source": _plain("source"),
    "url": _plain("url"),
    "title": _plain("title"),
    "lead": _plain("lead"),
    "body": _plain("body"),
    "authors": lambda case: _joined(case["authors"], "; "),
    "section": _plain("section"),
    "tags": lambda case: _joined(case["tags"], "; "),
    "published_at": _plain("published_at"),
    "published_precision": _plain("published_precision"),
    "published_from": _plain("published_from"),
    "updated_at": _plain("updated_at"),
    "images": lambda case: _joined((image["url"] for image in case["images"]), "\n"),
    "captions": lambda case: _joined(
        (image["caption"] for image in case["images"] if image["caption"]), "\n"
    ),
    "found_in": _plain("found_in"),
    "fetched_at": _plain("fetched_at"),
    "revision": _plain("revision"),
    "changed_at": _plain("changed_at"),
    "gone_at": _plain("gone_at"),
    "rules": _of_flags("rule", "; "),
    "labels": _of_flags("label", "; "),
    "rule_versions": _of_flags("version", "; "),
    "quotes": _of_flags("quote", "\n"),
    "documents": lambda case: _joined((one["key"] for one in case["documents"]), "; "),
    "figures": lambda case: _joined((one["text"] for one in case["figures"]), "\n"),
    "decision": _of_verdict("decision"),
    "note": _of_verdict("note"),
    "decided_at": _of_verdict("at"),
    "decided_by": _of_verdict("by"),
    "raised_at": _of_raise("at"),
    "raised_rule": _of_raise("rule"),
}

WRITERS: Mapping[str, tuple[str, Callable[[Path], Writer]]] = {
    "jsonl": ("articles.jsonl", JsonLines),
    "csv": ("articles.csv", Csv),
    "sqlite": ("corpus.sqlite", CorpusFile),
}
