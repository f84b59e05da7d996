"""articles.parquet, read by pyarrow: typed, nested, in bounded row groups."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from crawler.errors import UsageError
from crawler.export.formats import formats_of, known, parquet
from crawler.export.formats.parquet import SCHEMA
from tests.export.formats.writing import BIG, bare, hostile, told, written


def rows(folder: Path) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = pq.read_table(folder / "articles.parquet").to_pylist()
    return read


def test_every_key_of_the_contract_is_a_column() -> None:
    assert SCHEMA.names == list(told())
    for name in ("flags", "documents", "figures", "images", "verdict", "raised"):
        one = told()[name]
        kind = SCHEMA.field(name).type
        nested, one = (kind.value_type, one[0]) if isinstance(one, list) else (kind, one)
        assert {field.name for field in nested} == set(one), name
    mention = SCHEMA.field("documents").type.value_type.field("mentions").type.value_type
    assert {field.name for field in mention} == set(told()["documents"][0]["mentions"][0])


def test_what_is_read_back_is_what_was_told(tmp_path: Path) -> None:
    written("parquet", [told(), bare(), hostile()], tmp_path / "out")
    first, second, third = rows(tmp_path / "out")
    assert first["published_at"] == datetime.fromisoformat(told()["published_at"])
    assert first["published_at"].utcoffset() == timedelta(hours=7)
    assert first["flags"][0]["spans"] == [{"start": 37, "end": 46}]
    assert first["documents"][0]["mentions"][0]["span"] == {"start": 0, "end": 4}
    assert (first["figures"][0]["value"], first["story"]) == (300.0, [7, 8])
    assert first["verdict"]["note"] == told()["verdict"]["note"]
    assert second["verdict"] is second["raised"] is second["published_at"] is second["lead"] is None
    assert second["flags"] == []
    assert (third["body"], third["tags"]) == (hostile()["body"], hostile()["tags"])


def test_moments_of_any_year_are_told(tmp_path: Path) -> None:
    written("parquet", [told(published_at="0001-01-01T07:00:00+07:00")], tmp_path / "out")
    assert pq.read_table(tmp_path / "out/articles.parquet")["published_at"][0].value == -62135596800_000_000


def test_a_row_group_is_bounded_by_rows_and_by_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "MOST_ROWS", 3)
    small = told(body="")
    written("parquet", [told(body=BIG), small, told(body=BIG), *[small] * 4], tmp_path / "out")
    read = pq.ParquetFile(tmp_path / "out/articles.parquet").metadata
    assert [read.row_group(number).num_rows for number in range(read.num_row_groups)] == [1, 2, 3, 1]


def test_without_its_library_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "find_spec", lambda module: None)
    with pytest.raises(UsageError, match=r"parquet needs pyarrow, .*: pip install 'diembao\[parquet\]'"):
        formats_of("parquet")
    assert formats_of("csv") == ("csv",)
