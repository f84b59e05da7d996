"""`frictionless`: datapackage.json, which tells programs what the files and the columns of the tables are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from crawler.export.formats.columns import COLUMNS, Column, Kind
from crawler.export.formats.filetypes import encoding, media_type, single, tables
from crawler.export.formats.plaintext import ABOUT_TEXTS
from crawler.export.formats.seam import ExportedFile, Finished
from crawler.times import shown

FILE = "datapackage.json"
_TYPES: Mapping[Kind, Mapping[str, str]] = {
    "text": {"type": "string"},
    "address": {"type": "string"},
    "number": {"type": "integer"},
    "moment": {"type": "datetime", "format": "%Y-%m-%dT%H:%M:%S%z"},
}
_FILE_COLUMN = {
    "name": "file",
    "type": "string",
    "description": "the text's name in corpus/",
    "constraints": {"required": True, "unique": True},
}


def describe(finished: Finished) -> None:
    """Write datapackage.json below the folder."""
    told = json.dumps(package(finished), ensure_ascii=False, indent=2)
    (finished.folder / FILE).write_text(told + "\n", encoding="utf-8")


def package(finished: Finished) -> dict[str, Any]:
    """The descriptor, after the Data Package specification of frictionlessdata.io."""
    about = finished.about
    sources = {name: about.watched.sources.get(name) for name in finished.tally.sources()}
    return {
        "profile": "data-package",
        "name": "diembao",
        "title": "diembao",
        "description": f"Articles of Vietnamese papers as of {shown(about.as_of)}",
        "created": shown(about.as_of),
        "sources": [
            {"title": name, "path": known.home} if known else {"title": name}
            for name, known in sources.items()
        ],
        "resources": [_resource(finished, file) for file in single(finished)],
    }


def _resource(finished: Finished, file: ExportedFile) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": re.sub("[^a-z0-9]+", "-", file.name.lower()).strip("-"),
        "path": file.name,
        "mediatype": media_type(file.name),
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
    }
    if file in tables(finished):
        schema = {"fields": fields(COLUMNS.values()), "primaryKey": ["id"], "missingValues": [""]}
        return told | {
            "profile": "tabular-data-resource",
            "encoding": encoding(finished, file),
            "schema": schema,
        }
    if file.name == "text/metadata.csv":
        schema = {"fields": [_FILE_COLUMN, *fields(ABOUT_TEXTS)], "primaryKey": ["id"], "missingValues": [""]}
        return told | {"profile": "tabular-data-resource", "encoding": "utf-8", "schema": schema}
    return told | {"profile": "data-resource", "type": "file"}


def fields(columns: Iterable[Column]) -> list[dict[str, Any]]:
    """Columns after the Table Schema specification."""
    return [_field(column) for column in columns]


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True} if column.given else {}
    if column.one_of:
        constraints["enum"] = list(column.one_of)
    told = {"name": column.name, **_TYPES[column.kind], "description": column.meaning}
    return told | ({"constraints": constraints} if constraints else {})
