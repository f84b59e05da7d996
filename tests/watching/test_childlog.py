"""A crawl's log is kept short, and is no reason for a crawl not to start."""

from __future__ import annotations

from pathlib import Path

from crawler.watching.childlog import MOST_BYTES, ChildLog
from tests.watching.making import NOW


def test_a_full_disk_keeps_no_crawl_from_starting(tmp_path: Path) -> None:
    (tmp_path / "bao.log").symlink_to("/dev/full")
    ChildLog.begun(tmp_path / "bao.log", "bao", NOW).close()


def test_a_log_that_cannot_be_kept_is_cut_short_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "bao.log"
    path.write_bytes(b"x" * (MOST_BYTES + 1))
    path.with_name("bao.log.1").mkdir()  # cannot be written, as on a full disk
    log = ChildLog.begun(path, "bao", NOW)
    log.close()
    assert path.read_text(encoding="utf-8").endswith("crawl of bao\n")
    assert path.stat().st_size < 100


def test_a_log_that_somebody_moved_away_is_no_trouble(tmp_path: Path) -> None:
    path = tmp_path / "bao.log"
    log = ChildLog.begun(path, "bao", NOW)
    log.file.write(b"x" * (MOST_BYTES + 1))
    path.rename(tmp_path / "moved")
    log.trim()
    assert log.last_line() is None
    log.close()
