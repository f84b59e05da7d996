"""The formats by name: what is asked for with --format, and the file that each makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from crawler.errors import UsageError
from crawler.export.formats.seam import Finished, Place, Writer


@dataclass(frozen=True, slots=True)
class Extra:
    """What has to be installed beside the program for a format."""

    name: str  # of the extra: pip install 'diembao[NAME]'
    module: str  # that it brings


@dataclass(frozen=True, slots=True)
class Format:
    """One form of the corpus; its library is imported only where it is asked for."""

    name: str
    files: tuple[str, ...]  # below the folder; a folder of its own ends with /
    maker: str  # module:callable below crawler.export.formats, Place → Writer
    extra: Extra | None = None

    def make(self, place: Place) -> Writer:
        """A writer that makes the file below the place's folder."""
        writer: Writer = _loaded(self.maker)(place)
        return writer


@dataclass(frozen=True, slots=True)
class Description:
    """A file about the files of the other formats, written when they are whole."""

    name: str
    file: str
    maker: str  # module:callable below crawler.export.formats, Finished → None

    def describe(self, finished: Finished) -> None:
        """Write it below the folder."""
        _loaded(self.maker)(finished)


_FORMATS = (
    Format("jsonl", ("articles.jsonl",), "jsonlines:JsonLines"),
    Format("jsonl.gz", ("articles.jsonl.gz",), "jsonlines:GzippedJsonLines"),
    Format("csv", ("articles.csv",), "csvfile:csv_of"),
    Format("xlsx", ("articles.xlsx",), "xlsx:Xlsx"),
    Format("sqlite", ("corpus.sqlite", "metadata.json"), "sqlitefile:SqliteFile"),
    Format("parquet", ("articles.parquet",), "parquet:Parquet", Extra("parquet", "pyarrow")),
    Format("text", ("text/",), "plaintext:PlainText"),
    Format("tei", ("tei/",), "tei:Tei"),
    Format("warc", ("pages.warc.gz",), "warc:Warc"),
    Format("atom", ("articles.atom",), "atomfeed:AtomFile"),
)
FORMATS: Mapping[str, Format] = {one.name: one for one in _FORMATS}
_DESCRIPTIONS = (
    Description("frictionless", "datapackage.json", "datapackage:describe"),
    Description("croissant", "croissant.json", "croissant:describe"),
)
DESCRIPTIONS: Mapping[str, Description] = {one.name: one for one in _DESCRIPTIONS}


def formats_of(text: str) -> tuple[str, ...]:
    """`jsonl,csv` as names of formats and descriptions, each once.

    UsageError names an unknown one and the nearest, and what has to be installed for one.
    """
    named = [part.strip().lower() for part in text.split(",") if part.strip()]
    known = [*FORMATS, *DESCRIPTIONS]
    if not named:
        raise UsageError(f"name at least one format: {', '.join(known)}")
    for name in named:
        if name not in known:
            raise UsageError.unknown("export format", name, known)
        _check_installed(name)
    if all(name in DESCRIPTIONS for name in named):
        verb = "describes" if len(named) == 1 else "describe"
        raise UsageError(f"{' and '.join(named)} only {verb} the files of other formats; name one, too")
    return tuple(dict.fromkeys(named))


def _check_installed(name: str) -> None:
    extra = FORMATS[name].extra if name in FORMATS else None
    if extra and find_spec(extra.module) is None:
        raise UsageError(
            f"format {name} needs {extra.module}, which is not installed: pip install 'diembao[{extra.name}]'"
        )


def _loaded(maker: str) -> Callable[[Any], Any]:
    module, _, name = maker.partition(":")
    made: Callable[[Any], Any] = getattr(import_module(f"crawler.export.formats.{module}"), name)
    return made
