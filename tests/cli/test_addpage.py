# ruff: noqa: E501 - markup is easier to judge on one line
"""`diembao add-page`: a page and its reading are kept as a test, and nothing corrected is written over."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crawler.cli.expected import Fixture, page_of
from crawler.errors import UsageError
from storage.store import Store
from tests.cli.conftest import Run
from tests.reading.pages import fetched

URL = "https://baohatinh.example.vn/mot-tin-post123.html"
PAGE = (
    "<meta charset=utf-8><title>Tổ tự quản thôn Đông nhận cờ</title><div><h1>Tổ tự quản thôn Đông nhận cờ</h1>"
    "<span>23/11/2026 08:15</span></div><div class='cms-body'><p>(Baohatinh.vn) - Sáng 23/11, tổ tự quản thôn Đông"
    " nhận lá cờ thi đua của xã sau một năm giữ yên xóm làng.</p><p>Bà con mang trống ra đón.</p></div>"
).encode()


@pytest.fixture
def pages(filled: Path) -> Path:
    """A folder for pages beside a configuration and a store, and a saved page."""
    (filled / "saved.html").write_bytes(PAGE)
    (filled / "tests/pages").mkdir(parents=True)
    return filled / "tests/pages"


def test_a_saved_page_is_kept_byte_for_byte_with_its_reading(run: Run, pages: Path) -> None:
    ran = run("add-page", "baohatinh/short-news", "saved.html", "--url", URL)
    assert (ran.code, ran.out) == (
        0,
        "tests/pages/baohatinh/short-news.html\ntests/pages/baohatinh/short-news.json\n",
    ), ran.err
    assert (pages / "baohatinh/short-news.html").read_bytes() == PAGE
    told = json.loads((pages / "baohatinh/short-news.json").read_text(encoding="utf-8"))
    assert (told["url"], told["title"], told["dateline"]) == (
        URL,
        "Tổ tự quản thôn Đông nhận cờ",
        "Baohatinh.vn",
    )
    assert told["body"][-1] == "Bà con mang trống ra đón."
    assert page_of(Fixture(pages, "baohatinh", "short-news")).body == PAGE


def test_the_page_of_a_stored_article_is_kept_by_its_number(run: Run, pages: Path, filled: Path) -> None:
    with Store.open(filled / "store.sqlite") as store:
        page = store.pages.newest(1)
    ran = run("add-page", "generic/stored", "--id", "1")
    assert (ran.code, ran.err.count("\n")) == (0, 1), ran.err
    assert page is not None
    assert (pages / "generic/stored.html").read_bytes() == page.body


def test_what_was_corrected_is_not_written_over_unless_asked_for(run: Run, pages: Path) -> None:
    line = ("add-page", "generic/one", "saved.html", "--url", URL)
    assert run(*line).code == 0
    (pages / "generic/one.json").write_text("corrected")
    ran = run(*line)
    assert (ran.code, "--force" in ran.err) == (2, True)
    assert (pages / "generic/one.json").read_text() == "corrected"
    assert run(*line, "--force").code == 0
    assert (pages / "generic/one.json").read_text() != "corrected"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["baohatin/a", "saved.html"], "did you mean baohatinh?"),
        (["baohatinh", "saved.html"], "no SOURCE/NAME"),
        (["baohatinh/../../a", "saved.html"], "no SOURCE/NAME"),
        (["baohatinh/a"], "say which page"),
        (["baohatinh/a", "saved.html", "--id", "1"], "say which page"),
        (["baohatinh/a", "--id", "99"], "no page of article 99 is kept"),
        (["baohatinh/a", "--id", "1", "--url", URL], "has its own"),
        (["baohatinh/a", "weg.html"], "cannot be read"),
        (["baohatinh/a", "saved.html"], "say by --url"),
        (["baohatinh/a", "saved.html", "--url", URL, "--into", "weg"], "is no folder"),
    ],
)
def test_what_cannot_be_kept_is_told_in_one_line_and_leaves_nothing(
    run: Run, pages: Path, line: list[str], said: str
) -> None:
    ran = run("add-page", *line)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert said in ran.err
    assert list(pages.iterdir()) == []


@pytest.mark.parametrize("written", [None, "{", "[]", '{"url": "https://bao.example/a"}'])
def test_an_expected_reading_that_tells_nothing_is_named(tmp_path: Path, written: str | None) -> None:
    fixture = Fixture(tmp_path, "generic", "one")
    fixture.html.parent.mkdir()
    fixture.html.write_bytes(fetched("<p>").body)
    if written is not None:
        fixture.json.write_text(written)
    with pytest.raises(UsageError, match=r"one\.json"):
        page_of(fixture)
