"""The formats together: the same cases in each, chosen by filters, asked for by name."""

from __future__ import annotations

import csv
import json
import sqlite3
from pathlib import Path
from typing import Any

import click
import pytest

from crawler.casejson import case_json
from crawler.cli.exporting import export as command
from crawler.errors import UsageError
from crawler.export import DESCRIPTIONS, FORMATS, ExportOrder, Filter, Series, export, formats_of
from crawler.export.formats.columns import COLUMNS
from storage.store import Store
from tests.making import NOON, article, flag, keep

HOSTILE = 'Giá "vàng", bạc; =1+1\r\ndòng hai\rdòng ba\n\nđoạn hai\tcột “ngoặc”\u2028 🏭'


def exported(store: Store, out: Path, name: str, chosen: Filter = Filter()) -> Path:  # noqa: B008 frozen
    export(store, ExportOrder(out, (name,), chosen, named=True), NOON)
    return next(path for path in out.iterdir() if path.name != "manifest.json")


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n")[:-1]]


def test_jsonl_is_the_contract_one_case_a_line_oldest_first(store: Store, tmp_path: Path) -> None:
    told = lines(exported(store, tmp_path / "out", "jsonl"))
    assert [one["id"] for one in told] == [5, 4, 3, 2, 1]
    case = store.cases.get(1)
    assert case is not None
    assert told[-1] == case_json(case, named=True)


def test_jsonl_leaves_vietnamese_unescaped(store: Store, tmp_path: Path) -> None:
    assert "đình công" in exported(store, tmp_path / "out", "jsonl").read_text(encoding="utf-8")


def test_csv_is_read_back_whole_by_any_reader_of_rfc_4180(store: Store, tmp_path: Path) -> None:
    keep(store, [article(6, body=HOSTILE)], [flag()])
    path = exported(store, tmp_path / "out", "csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    assert list(rows[0]) == list(COLUMNS)
    by_id = {row["id"]: row for row in rows}
    assert by_id["6"]["body"] == HOSTILE
    assert by_id["1"]["authors"] == "Lê Thị An; Trần Bình"
    assert (by_id["1"]["decision"], by_id["1"]["note"]) == ("keep", 'gọi "anh Ba", hỏi lại')
    assert by_id["1"]["rules"] == "dinh_cong; luong"
    assert by_id["4"]["rules"] == by_id["4"]["decision"] == by_id["4"]["gone_at"] == ""
    assert path.read_bytes().startswith(b"id,key,")
    assert path.read_bytes().split(b"\r\n")[0] == ",".join(COLUMNS).encode()


def test_sqlite_is_a_database_that_any_tool_opens(store: Store, tmp_path: Path) -> None:
    path = exported(store, tmp_path / "out", "sqlite")
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        row = db.execute(
            "SELECT title, authors, decision, note, published_at FROM articles WHERE id = 1"
        ).fetchone()
        flags = db.execute(
            "SELECT article_id, rule, spans FROM flags WHERE article_id <= 1 ORDER BY id"
        ).fetchall()
        counts = db.execute("SELECT source, count(*) FROM articles GROUP BY source ORDER BY 1").fetchall()
    db.close()
    told = article(1)
    spans = json.dumps([list(span) for span in flag().spans])
    assert row == (
        told.title,
        '["Lê Thị An", "Trần Bình"]',
        "keep",
        'gọi "anh Ba", hỏi lại',
        "2026-11-23T11:00:00+07:00",
    )
    assert flags == [(1, "dinh_cong", spans), (1, "luong", spans)]
    assert counts == [("baohatinh", 3), ("kontumtv", 2)]


def test_all_formats_hold_the_same_cases(store: Store, tmp_path: Path) -> None:
    out = tmp_path / "out"
    export(store, ExportOrder(out, ("jsonl", "csv", "sqlite")), NOON)
    told = [one["id"] for one in lines(out / "articles.jsonl")]
    with (out / "articles.csv").open(encoding="utf-8", newline="") as file:
        assert [int(row["id"]) for row in csv.DictReader(file)] == told
    with sqlite3.connect(out / "corpus.sqlite") as db:
        assert sorted(told) == [row[0] for row in db.execute("SELECT id FROM articles ORDER BY id")]
    db.close()


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (Filter(flagged=True), {1, 2, 3}),
        (Filter(flagged=False), {4, 5}),
        (Filter(rule="luong"), {1, 2, 3}),
        (Filter(source="kontumtv"), {4, 5}),
        (Filter(decision="keep"), {1}),
        (Filter(since=article(2).published.at), {1, 2}),  # type: ignore[union-attr]  # ours has a date
        (Filter(before=article(2).published.at), {3, 4, 5}),  # type: ignore[union-attr]
        (Filter(source="kontumtv", flagged=True), set()),
    ],
)
def test_a_filter_chooses(store: Store, tmp_path: Path, chosen: Filter, expected: set[int]) -> None:
    assert {one["id"] for one in lines(exported(store, tmp_path / "out", "jsonl", chosen))} == expected


def test_formats_are_named_once_each_in_any_spelling() -> None:
    assert formats_of(" CSV, jsonl,csv") == ("csv", "jsonl")


@pytest.mark.parametrize(
    ("text", "said"),
    [("jsonlines", "did you mean jsonl?"), ("pdf", "known: atom, croissant, csv"), (" , ", "at least one")],
)
def test_an_unknown_format_is_answered_with_the_known_ones(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said.replace("?", r"\?")):
        formats_of(text)


@pytest.mark.parametrize("named", [False, True])
def test_who_decided_and_what_people_noted_is_told_only_on_request(
    store: Store, tmp_path: Path, named: bool
) -> None:
    store.verdicts.decide(3, "keep", "gọi lại", NOON, "Nguyễn Thị Lan")
    store.raised.put(4, "luong", "lẽ ra phải có", NOON)
    formats = ("jsonl", "csv", "sqlite", "text", "tei", "atom", "frictionless", "croissant")
    export(store, ExportOrder(tmp_path / "out", formats, named=named, series=Series("riêng")), NOON)
    files = {path.name: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    told_in = {
        secret: {name for name, text in files.items() if secret.encode() in text}
        for secret in ("Nguyễn Thị Lan", "gọi lại", "lẽ ra phải có")
    }
    if named:
        assert told_in["Nguyễn Thị Lan"] & told_in["gọi lại"] >= {"articles.jsonl", "articles.csv"}
        assert "articles.jsonl" in told_in["lẽ ra phải có"]
    else:
        assert set().union(*told_in.values()) == set()
    assert "manifest.json" not in set().union(*told_in.values())
    by_id = {told["id"]: told for told in lines(tmp_path / "out" / "articles.jsonl")}
    assert by_id[4]["raised"].keys() == {"rule", "note", "at"}
    assert by_id[3]["verdict"].keys() >= {"decision", "note", "at"}


def test_the_help_names_every_format() -> None:
    option = next(one for one in command.params if one.name == "formats")
    assert isinstance(option, click.Option)
    named = set((option.help or "").replace(",", " ").replace(";", " ").removesuffix(".").split())
    assert {*FORMATS, *DESCRIPTIONS} <= named
