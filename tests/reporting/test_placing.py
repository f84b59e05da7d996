"""Where the files go: all of them whole, or none, and nothing that was there is touched."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from crawler.errors import ReportError
from crawler.reporting.placing import destinations, place

BOTH = ("html", "docx")


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_folder_or_a_name_or_one_file_may_be_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert destinations(None, "diem-bao-2026-W47", ("html",)) == {"html": Path("diem-bao-2026-W47.html")}
    assert destinations(tmp_path, "diem-bao-2026-11", ("docx",)) == {
        "docx": tmp_path / "diem-bao-2026-11.docx"
    }
    assert destinations(Path("tuan.47"), "x", BOTH) == {
        "html": Path("tuan.47.html"),
        "docx": Path("tuan.47.docx"),
    }
    assert destinations(Path("a.HTML"), "x", ("html",)) == {"html": Path("a.html")}


def test_an_ending_that_is_not_the_formats_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"ends in \.docx, and the formats are html, docx"):
        destinations(tmp_path / "a.docx", "x", BOTH)


def test_a_file_that_is_there_is_refused_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "a.docx").symlink_to("nowhere")
    with pytest.raises(ReportError, match=r"a\.docx: is there already, and a report overwrites nothing"):
        destinations(tmp_path / "a", "x", BOTH)


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"the folder .*/no does not exist; make it first"):
        destinations(tmp_path / "no/a", "x", BOTH)


def test_both_files_appear_whole(tmp_path: Path) -> None:
    place({tmp_path / "a.html": b"mot", tmp_path / "a.docx": b"hai"})
    assert names(tmp_path) == {"a.html", "a.docx"}
    assert (tmp_path / "a.docx").read_bytes() == b"hai"


def test_a_file_that_appears_meanwhile_is_left_alone_and_the_other_is_taken_back(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"cua toi")
    with pytest.raises(ReportError, match=r"a\.docx: is there already"):
        place({tmp_path / "a.html": b"mot", tmp_path / "a.docx": b"hai"})
    assert names(tmp_path) == {"a.docx"}
    assert (tmp_path / "a.docx").read_bytes() == b"cua toi"


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS])
def test_a_full_or_read_only_disk_is_one_line_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refuse(_: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(ReportError, match=rf"a\.html: {os.strerror(code)}; nothing was written"):
        place({tmp_path / "a.html": b"mot", tmp_path / "a.docx": b"hai"})
    assert names(tmp_path) == set()


def test_a_disk_without_links_gets_its_files_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", refuse)
    place({tmp_path / "a.html": b"mot"})
    assert names(tmp_path) == {"a.html"}
    with pytest.raises(ReportError, match="is there already"):
        place({tmp_path / "a.html": b"hai"})
    assert (tmp_path / "a.html").read_bytes() == b"mot"
