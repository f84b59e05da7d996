"""What holds for every format: the same bytes for the same cases, hostile text, no case at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.export.formats import FORMATS
from storage.records import Page
from tests.export.formats.writing import Given, bare, bytes_below, hostile, told, written
from tests.making import NOON


def page(article_id: int) -> list[Page]:
    return [Page(f"https://x.vn/{article_id}", 200, (("Content-Type", "text/html"),), NOON, b"<html></html>")]


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_cases_give_the_same_bytes(tmp_path: Path, name: str) -> None:
    for folder in ("a", "b"):
        written(name, [told(), bare(), hostile()], tmp_path / folder, Given(pages=page))
    assert bytes_below(tmp_path / "a") == bytes_below(tmp_path / "b") != {}


@pytest.mark.parametrize("name", FORMATS)
def test_an_export_of_nothing_is_a_whole_file_all_the_same(tmp_path: Path, name: str) -> None:
    assert written(name, [], tmp_path / "out") == []
    assert all((tmp_path / "out" / file).exists() for file in FORMATS[name].files)


@pytest.mark.parametrize("name", FORMATS)
def test_only_the_files_that_the_table_tells_are_left(tmp_path: Path, name: str) -> None:
    written(name, [told()], tmp_path / "out", Given(pages=page))
    files = FORMATS[name].files
    for one in bytes_below(tmp_path / "out"):
        assert any(one == file or (file.endswith("/") and one.startswith(file)) for file in files)
