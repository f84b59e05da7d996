# ruff: noqa: E501 - markup is easier to judge on one line
"""`diembao doctor`: how a page is read and why so, and what it says of things that are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run

STORY = "Sáng 23/11, tổ tự quản thôn Đông nhận lá cờ thi đua của xã sau một năm giữ yên xóm làng."
PAGE = (
    '<title>Tổ tự quản thôn Đông nhận cờ</title><meta property="article:published_time" content="2031-01-01T08:00:00+07:00">'
    "<div><h1>Tổ tự quản thôn Đông nhận cờ</h1><span>23/11/2025 08:15</span></div>"
    f"<div class='cms-body'><p>(Baohatinh.vn) - {STORY}</p><p>{STORY.replace('Sáng', 'Chiều')} Bà con mang trống ra đón.</p>"
    "<div class='box-related'><a href='/a'>Một đầu đề khác của báo hôm nay</a></div><p>Xem thêm: một bài khác</p>"
    "<p>Ngọc Ánh – Minh Trung</p></div>"
)


@pytest.fixture
def page(folder: Path) -> Path:
    path = folder / "page.html"
    path.write_text(PAGE, encoding="utf-8")
    return path


def test_every_cut_has_its_reason(run: Run, page: Path) -> None:
    ran = run("doctor", str(page), "--url", "https://bao.example/tin-1.html", "--json")
    assert ran.code == 0, ran.err
    assert {cut["text"]: cut["reason"] for cut in ran.json["cuts"]} == {
        "Một đầu đề khác của báo hôm nay": "called furniture",
        "Xem thêm: một bài khác": "a phrase of the site",
        "Ngọc Ánh – Minh Trung": "names who wrote it, at its end",
        "(Baohatinh.vn) - ": "dateline",
    }


def test_a_date_that_is_not_believed_is_told_with_the_reason(run: Run, page: Path) -> None:
    told = run("doctor", str(page), "--json").json
    refused = [one for one in told["offers"]["published"] if one["unused"] == "in the future"]
    assert [one["layer"] for one in refused] == ["meta"]
    assert (told["published_at"], told["published_from"]) == ("2025-11-23T08:15:00+07:00", "text")


def test_the_table_names_the_layer_the_system_and_the_time_it_took(run: Run, page: Path) -> None:
    out = run("doctor", str(page)).out
    assert "system: epi (by cms-body)" in out
    assert "encoding: utf-8" in out
    assert " ms, of which " in out
    assert "used" in out


def test_reading_for_the_doctor_gives_what_reading_gives(run: Run, page: Path) -> None:
    read, told = run("read", str(page)).json, run("doctor", str(page), "--json").json
    del read["fetched_at"]
    assert {key: told[key] for key in read} == read


def test_a_page_that_is_no_article_is_ill(run: Run, folder: Path) -> None:
    (folder / "leer.html").write_text("<title>404 Not Found</title><p>Không tìm thấy trang", encoding="utf-8")
    ran = run("doctor", "leer.html", "--json")
    assert (ran.code, ran.json["healthy"], ran.json["complaints"]) == (4, False, ["no article: error-page"])


def test_selectors_that_find_nothing_are_told(run: Run, page: Path) -> None:
    config = page.parent / "config.toml"
    config.write_text(config.read_text() + '[sources.baohatinh.selectors]\nbody = ["div.weg"]\n')
    ran = run("doctor", str(page), "--source", "baohatinh")
    assert ran.code == 4
    assert "the selectors of body find nothing (div.weg); the epi layer read it" in ran.out


@pytest.mark.parametrize("option", ["--url=https://bao.example/tin-1.html", "--source=baohatinh"])
def test_what_is_for_a_page_is_refused_for_a_source(run: Run, folder: Path, option: str) -> None:
    ran = run("doctor", "baohatinh", option)
    assert ran.code == 2
    assert "baohatinh is a source" in ran.err


@pytest.mark.parametrize(
    ("target", "said"), [("baohatinhh", "did you mean baohatinh?"), ("weg.html", "no file that is there")]
)
def test_what_is_neither_page_nor_source_is_told_in_one_line(
    run: Run, folder: Path, target: str, said: str
) -> None:
    ran = run("doctor", target)
    assert ran.code == 2
    assert said in ran.err
