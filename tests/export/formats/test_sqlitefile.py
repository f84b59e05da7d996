"""corpus.sqlite: sound, searchable with marks and without, told to Datasette."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.export.formats.writing import HOSTILE, bare, hostile, told, written


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    written(
        "sqlite",
        [told(), bare(), hostile(), told(4, source="cu", body="Đắk Lắk đón khách")],
        tmp_path / "out",
    )
    return tmp_path / "out"


@pytest.fixture
def db(folder: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(folder / "corpus.sqlite")) as opened:
        yield opened


def found(db: sqlite3.Connection, words: str) -> list[int]:
    asked = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? ORDER BY 1"
    return [row[0] for row in db.execute(asked, [words])]


def metadata(folder: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))
    return told


def test_it_is_sound(db: sqlite3.Connection) -> None:
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    db.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")


@pytest.mark.parametrize(
    "words", ["Đắk Lắk", "đắk lắk", "dak lak", "DAK LAK", "đón khách", "don khach", '"dak lak"']
)
def test_full_text_finds_with_marks_and_without(db: sqlite3.Connection, words: str) -> None:
    assert found(db, words) == [4]


def test_hostile_texts_are_kept_whole(db: sqlite3.Connection) -> None:
    row = db.execute("SELECT title, lead, body, json_extract(authors, '$[0]') FROM articles WHERE id = 3")
    assert row.fetchone() == (HOSTILE, HOSTILE, f"{HOSTILE}\n\n{HOSTILE}", HOSTILE)


def test_sources_are_those_of_config_and_those_it_has_forgotten(db: sqlite3.Connection) -> None:
    assert db.execute("SELECT * FROM sources").fetchall() == [
        ("baohatinh", "https://baohatinh.example.vn/", "ha-tinh"),
        ("cu", None, None),
    ]


def test_datasette_is_told_of_tables_and_columns_that_are_there(folder: Path, db: sqlite3.Connection) -> None:
    tables = metadata(folder)["databases"]["corpus"]["tables"]
    for table, told_of in tables.items():
        columns = {row[1] for row in db.execute(f"PRAGMA table_xinfo({table})")}
        named = {*told_of.get("columns", {}), *told_of.get("facets", [])}
        named |= {told_of[key] for key in ("sort", "sort_desc", "label_column") if key in told_of}
        assert named <= columns
    assert set(tables) == {"articles", "flags", "documents", "figures", "articles_text", "sources"}
    assert metadata(folder)["description"].endswith("2026-11-23T12:00:00+07:00")
