"""datapackage.json, checked by frictionless; croissant.json, by what the specification asks for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import frictionless
import pytest

from crawler.errors import UsageError
from crawler.export.formats import Options, formats_of
from crawler.export.formats.columns import COLUMNS
from tests.export.formats.writing import Given, bare, described, hostile, told

ALL = ("csv", "jsonl", "text", "sqlite", "atom", "tei")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    described(ALL, [told(), bare(), hostile()], tmp_path, Given())
    return tmp_path


def package(folder: Path) -> frictionless.Package:
    return frictionless.Package(str(folder / "datapackage.json"))


def rows(folder: Path) -> list[Any]:
    table = package(folder).get_resource("articles-csv")
    assert isinstance(table, frictionless.resources.TableResource)
    return table.read_rows()


def croissant(folder: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((folder / "croissant.json").read_text(encoding="utf-8"))
    return read


def test_frictionless_finds_every_file_and_cell_as_described(folder: Path) -> None:
    report = package(folder).validate()
    assert report.valid, report.flatten(["type", "message"])
    assert {task.name: task.type for task in report.tasks} == {
        "articles-atom": "file", "articles-csv": "table", "articles-jsonl": "file", "corpus-sqlite": "file",
        "metadata-json": "file", "text-metadata-csv": "table",
    }  # fmt: skip
    first, second, third = rows(folder)
    assert [row["id"] for row in (first, second, third)] == [1, 2, 3]
    assert first["published_at"].isoformat() == told()["published_at"]
    assert second["published_at"] is None


@pytest.mark.parametrize(
    ("before", "after", "error"),
    [("keep", "kept", "constraint-error"), (",1,", ",x,", "type-error")],
)
def test_frictionless_sees_what_is_not_as_described(
    folder: Path, before: str, after: str, error: str
) -> None:
    path = folder / "articles.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(before, after, 1), encoding="utf-8", newline="")
    told_of = package(folder).validate().flatten(["type"])
    assert [error] in told_of
    assert ["hash-count"] in told_of


def test_a_table_for_excel_is_read_all_the_same(tmp_path: Path) -> None:
    described(["csv"], [told(), hostile()], tmp_path, Given(Options(excel=True)))
    report = package(tmp_path).validate()
    assert report.valid, report.flatten(["type", "message"])
    assert rows(tmp_path)[0]["id"] == 1


def test_croissant_has_what_the_specification_requires(folder: Path) -> None:
    read = croissant(folder)
    assert {
        "@context",
        "@type",
        "conformsTo",
        "name",
        "description",
        "license",
        "url",
        "creator",
        "datePublished",
    } <= set(read)
    assert (read["@type"], read["conformsTo"]) == ("sc:Dataset", "http://mlcommons.org/croissant/1.0")
    assert read["datePublished"] == "2026-11-23"
    for file in read["distribution"]:
        assert {"@id", "name", "contentUrl", "encodingFormat", "sha256"} <= set(file)
        assert (folder / file["contentUrl"]).is_file()
    terms = {
        key.partition(":")[0] for key in json.dumps(read).split('"') if key.startswith(("sc:", "cr:", "dct:"))
    }
    assert terms <= set(read["@context"])


def test_croissants_records_are_the_columns_of_the_table(folder: Path) -> None:
    (records,) = croissant(folder)["recordSet"]
    assert [field["name"] for field in records["field"]] == list(COLUMNS)
    assert {field["source"]["fileObject"]["@id"] for field in records["field"]} == {"articles.csv"}
    assert {field["source"]["extract"]["column"] for field in records["field"]} == set(COLUMNS)
    assert {field["dataType"] for field in records["field"]} == {
        "sc:Text",
        "sc:URL",
        "sc:Integer",
        "sc:DateTime",
    }
    ids = [field["@id"] for field in records["field"]]
    assert len(set(ids)) == len(ids)
    assert records["key"]["@id"] in ids


def test_without_a_table_files_are_described_all_the_same(tmp_path: Path) -> None:
    described(["jsonl", "tei"], [told()], tmp_path, Given())
    assert croissant(tmp_path)["recordSet"] == []
    assert [file["@id"] for file in croissant(tmp_path)["distribution"]] == ["articles.jsonl"]
    assert package(tmp_path).validate().valid


def test_a_description_needs_something_to_describe() -> None:
    with pytest.raises(UsageError, match="frictionless and croissant only describe"):
        formats_of("frictionless,croissant")
    assert formats_of("frictionless,csv") == ("frictionless", "csv")
