"""text/: one text an article under a safe name, and a table that names each."""

from __future__ import annotations

import csv
import re
import unicodedata
from pathlib import Path

import pytest

from crawler.export.formats.characters import stem
from tests.export.formats.writing import bare, bytes_below, hostile, told, written


def test_a_text_is_title_lead_and_paragraphs(tmp_path: Path) -> None:
    written("text", [told(), bare()], tmp_path / "out")
    first = (tmp_path / "out/text/corpus/2026-11-23_baohatinh_0000001.txt").read_text(encoding="utf-8")
    case = told()
    assert first == f"{case['title']}\n\n{case['lead']}\n\n{case['body']}\n"
    second = (tmp_path / "out/text/corpus/undated_baohatinh_0000002.txt").read_text(encoding="utf-8")
    assert second == f"{bare()['title']}\n\n{bare()['body']}\n"


def test_the_table_has_a_row_for_each_text(tmp_path: Path) -> None:
    written("text", [told(), bare(), hostile()], tmp_path / "out")
    with (tmp_path / "out/text/metadata.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    texts = {path.name for path in (tmp_path / "out/text/corpus").iterdir()}
    assert {row["file"] for row in rows} == texts
    assert (rows[0]["source"], rows[0]["rules"]) == ("baohatinh", "dinh_cong; luong")
    assert "body" not in rows[0]
    assert not any("\n" in cell for row in rows for cell in row.values())


def test_hostile_texts_are_nfc_without_controls_and_told(tmp_path: Path) -> None:
    remarks = written(
        "text", [hostile(), told(4, title=unicodedata.normalize("NFD", "Đình công"))], tmp_path / "out"
    )
    texts = [
        content.decode() for name, content in bytes_below(tmp_path / "out").items() if name.endswith("txt")
    ]
    for text in texts:
        assert unicodedata.is_normalized("NFC", text)
        assert not re.search("[\x00-\x08\x0b-\x1f\ufffe\uffff\r\u2028\u0085]", text)
    assert sum(text.count("\ufffd") for text in texts) == 20  # 5 in each of 4 fields
    assert remarks == ["text/corpus: 20 control characters stand as U+FFFD there, first in article 3"]
    assert any("đảo" in text and "]]>" in text for text in texts)


@pytest.mark.parametrize(
    ("source", "safe"),
    [("baohatinh", "baohatinh"), ("../../etc", "etc"), ("Báo/Hà\\Tĩnh", "b-o-h-t-nh"), ("", "source"),
     ("..", "source"), ("a" * 300, "a" * 60), ("con_gan.vn", "con-gan-vn")],
)  # fmt: skip
def test_names_hold_no_foreign_text(source: str, safe: str) -> None:
    assert stem(told(7, source=source)) == f"2026-11-23_{safe}_0000007"
    assert stem(told(7, published_at="0001-01-01T00:00:00+07:00")).startswith("0001-01-01_")
