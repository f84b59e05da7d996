"""articles.csv: for programs as it is, for Excel harmless."""

from __future__ import annotations

import csv
from pathlib import Path

from crawler.export.formats import Options
from crawler.export.formats.columns import COLUMNS
from crawler.export.formats.csvfile import ExcelCsv
from tests.export.formats.writing import HOSTILE, Given, bare, bytes_below, hostile, told, written

EXCEL = Given(Options(excel=True))


def rows(path: Path) -> list[dict[str, str]]:
    csv.field_size_limit(20_000_000)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def test_for_programs_every_cell_stands_as_it_is(tmp_path: Path) -> None:
    assert written("csv", [hostile(), bare()], tmp_path / "out") == []
    first, second = rows(tmp_path / "out/articles.csv")
    assert first["title"] == HOSTILE
    assert second["lead"] == second["published_at"] == second["rules"] == ""


def test_for_excel_it_has_a_mark_and_crlf(tmp_path: Path) -> None:
    written("csv", [told()], tmp_path / "out", EXCEL)
    content = (tmp_path / "out/articles.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfid,key,")
    assert content.endswith(b"\r\n")
    assert rows(tmp_path / "out/articles.csv")[0]["title"] == told()["title"]


def test_for_excel_nothing_runs(tmp_path: Path) -> None:
    remarks = written("csv", [hostile(), told(4, title="－1")], tmp_path / "out", EXCEL)
    for row in rows(tmp_path / "out/articles.csv"):
        assert not any(cell.lstrip()[:1] in set("=+-@＝＋－＠") for cell in row.values() if cell)
        assert not any("\r" in cell for cell in row.values())
    assert remarks == [
        "articles.csv: 8 cells open like a formula and bear a ' before them, first in article 3"
    ]


def test_for_excel_long_texts_are_cut_and_counted(tmp_path: Path) -> None:
    remarks = written("csv", [told(9, body="ơ" * 40_000), told(10)], tmp_path / "out", EXCEL)
    assert len(rows(tmp_path / "out/articles.csv")[0]["body"]) == 32_767
    assert remarks == [
        "articles.csv: 1 cell was cut at the 32767 characters Excel holds, first body of article 9"
    ]


def test_for_excel_more_rows_than_a_sheet_holds_go_on_in_a_further_file(tmp_path: Path) -> None:
    class Small(ExcelCsv):
        most_rows = 3

    remarks = written("csv", [told(number) for number in range(1, 6)], tmp_path / "out", EXCEL, Small)
    assert sorted(bytes_below(tmp_path / "out")) == ["articles-2.csv", "articles-3.csv", "articles.csv"]
    assert [row["id"] for row in rows(tmp_path / "out/articles.csv")] == ["1", "2"]
    assert [row["id"] for row in rows(tmp_path / "out/articles-3.csv")] == ["5"]
    assert list(rows(tmp_path / "out/articles-2.csv")[0]) == list(COLUMNS)
    assert remarks == ["articles.csv: Excel holds 3 rows, so it goes on in articles-2.csv … articles-3.csv"]
