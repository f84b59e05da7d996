"""`croissant`: croissant.json, which tells catalogues of data sets what is here (MLCommons Croissant 1.0)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from crawler.export.formats.columns import COLUMNS, Column, Kind
from crawler.export.formats.filetypes import media_type, single, tables
from crawler.export.formats.seam import ExportedFile, Finished
from crawler.times import day_of, shown

FILE = "croissant.json"
_CONTEXT: Mapping[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_TYPES: Mapping[Kind, str] = {
    "text": "sc:Text", "address": "sc:URL", "number": "sc:Integer", "moment": "sc:DateTime"
}  # fmt: skip
_LICENSE = (
    "The texts belong to their papers; the selection and what is told about them is of those who made it."
)


def describe(finished: Finished) -> None:
    """Write croissant.json below the folder."""
    told = json.dumps(dataset(finished), ensure_ascii=False, indent=2)
    (finished.folder / FILE).write_text(told + "\n", encoding="utf-8")


def dataset(finished: Finished) -> dict[str, Any]:
    """The JSON-LD; records are those of articles.csv, where there is one."""
    about = finished.about
    homes = [
        about.watched.sources[name].home for name in finished.tally.sources() if name in about.watched.sources
    ]
    return {
        "@context": dict(_CONTEXT),
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "diembao",
        "description": f"Articles of Vietnamese papers as of {shown(about.as_of)}",
        "citeAs": f"diembao: articles of Vietnamese papers as of {shown(about.as_of)}",
        **({"url": homes[0]} if homes else {}),
        "license": _LICENSE,
        "creator": {"@type": "sc:Organization", "name": "diembao"},
        "datePublished": day_of(about.as_of),
        "version": "1.0.0",
        "inLanguage": "vi",
        "isBasedOn": homes,
        "distribution": [_file(file) for file in single(finished)],
        "recordSet": [_records(file) for file in tables(finished)],
    }


def _file(file: ExportedFile) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": file.name,
        "name": file.name,
        "contentUrl": file.name,
        "contentSize": f"{file.size} B",
        "encodingFormat": media_type(file.name),
        "sha256": file.sha256,
    }


def _records(file: ExportedFile) -> dict[str, Any]:
    name = file.name.removesuffix(".csv")
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": "One row an article, in its newest text",
        "key": {"@id": f"{name}/id"},
        "field": [_field(name, file, column) for column in COLUMNS.values()],
    }


def _field(records: str, file: ExportedFile, column: Column) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{records}/{column.name}",
        "name": column.name,
        "description": column.meaning,
        "dataType": _TYPES[column.kind],
        "source": {"fileObject": {"@id": file.name}, "extract": {"column": column.name}},
    }
