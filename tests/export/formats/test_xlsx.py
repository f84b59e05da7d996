"""articles.xlsx, read by openpyxl."""

from __future__ import annotations

import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from crawler.export.formats.columns import COLUMNS
from crawler.export.formats.sheet import excel_moment
from crawler.export.formats.xlsx import Xlsx
from tests.export.formats.writing import BIG, HOSTILE, bare, bytes_below, hostile, told, written


def book(folder: Path) -> Any:
    return openpyxl.load_workbook(folder / "articles.xlsx")


def rows(book: Any, sheet: str) -> list[dict[str, Any]]:
    header, *others = book[sheet].iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in others]


def test_it_holds_articles_flags_sources_and_what_it_is_about(tmp_path: Path) -> None:
    assert written("xlsx", [told(), bare()], tmp_path / "out") == []
    read = book(tmp_path / "out")
    assert read.sheetnames == ["articles", "flags", "sources", "about"]
    first, second = rows(read, "articles")
    assert list(first) == list(COLUMNS)
    assert (first["id"], first["title"], first["rules"]) == (1, told()["title"], "dinh_cong; luong")
    assert second["lead"] is second["published_at"] is None
    assert [flag["quote"] for flag in rows(read, "flags")] == [told()["flags"][0]["quote"]] * 2
    assert rows(read, "sources") == [
        {"source": "baohatinh", "home": "https://baohatinh.example.vn/", "province": "ha-tinh",
         "articles": 2, "flagged": 1, "decided": 1}
    ]  # fmt: skip
    about = {(row["what"], row["of"]): row["is"] for row in rows(read, "about")}
    assert about["as of", None] == "2026-11-23T12:00:00+07:00"
    assert about["rule", "dinh_cong, version v1"] == 1
    assert about["times", None].startswith("Vietnam's, UTC+07:00")


def test_moments_are_dates_of_vietnams_clock(tmp_path: Path) -> None:
    written("xlsx", [told()], tmp_path / "out")
    cell = book(tmp_path / "out")["articles"].cell(2, list(COLUMNS).index("published_at") + 1)
    assert cell.value == datetime(2026, 11, 23, 11)  # noqa: DTZ001  Excel knows no zones
    assert cell.is_date


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+07:00", "1899-12-31T00:00:00+07:00"])
def test_a_moment_before_excels_time_stays_a_text(tmp_path: Path, text: str) -> None:
    assert excel_moment(text) is None
    written("xlsx", [told(published_at=text)], tmp_path / "out")
    assert rows(book(tmp_path / "out"), "articles")[0]["published_at"] == text


def test_hostile_texts_are_texts(tmp_path: Path) -> None:
    written("xlsx", [hostile()], tmp_path / "out")
    articles = book(tmp_path / "out")["articles"]
    cells = {name: articles.cell(2, number + 1) for number, name in enumerate(COLUMNS)}
    assert {cell.data_type for cell in cells.values()} <= {"s", "n", "d"}
    assert articles._hyperlinks == []
    kept = HOSTILE.replace("\r\n", "\n").replace("\r", "\n")
    assert openpyxl.utils.escape.unescape(cells["title"].value) == kept
    assert cells["title"].quotePrefix
    assert not cells["key"].quotePrefix


def test_long_texts_are_cut_and_counted(tmp_path: Path) -> None:
    remarks = written("xlsx", [told(body=BIG)], tmp_path / "out")
    read = book(tmp_path / "out")
    assert len(rows(read, "articles")[0]["body"]) == 32_767
    said = "sheet articles: 1 cell was cut at the 32767 characters Excel holds, first body of article 1"
    assert remarks == [f"articles.xlsx: {said}"]
    assert {"what": "remark", "of": None, "is": said} in rows(read, "about")


def test_more_rows_than_a_sheet_holds_go_on_in_a_further_sheet(tmp_path: Path) -> None:
    class Small(Xlsx):
        most_rows = 3

    remarks = written("xlsx", [told(number) for number in range(1, 4)], tmp_path / "out", make=Small)
    read = book(tmp_path / "out")
    assert read.sheetnames[:5] == ["articles", "flags", "flags 2", "articles 2", "flags 3"]
    assert [row["id"] for row in rows(read, "articles") + rows(read, "articles 2")] == [1, 2, 3]
    assert remarks[0] == "articles.xlsx: sheet articles: Excel holds 3 rows, so it goes on in articles 2"


def test_headers_stay_in_sight_and_filter(tmp_path: Path) -> None:
    written("xlsx", [told(), bare()], tmp_path / "out")
    articles = book(tmp_path / "out")["articles"]
    assert articles.freeze_panes == "A2"
    assert articles.auto_filter.ref.startswith("A1:")
    assert articles.auto_filter.ref.endswith("3")


def test_its_parts_bear_no_moment_but_that_of_the_store(tmp_path: Path) -> None:
    written("xlsx", [told()], tmp_path / "out")
    assert list(bytes_below(tmp_path / "out")) == ["articles.xlsx"]
    with zipfile.ZipFile(tmp_path / "out/articles.xlsx") as parts:
        assert {part.date_time[0] for part in parts.infolist()} == {1980}
        core = parts.read("docProps/core.xml")
    assert core.count(b"2026-11-23T05:00:00Z") == 2
