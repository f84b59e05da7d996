"""The log file stays short, whole and alive, whoever else writes or moves it and however full the disk is."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.watching.logfile import Bounds, LogFile

LINE = "một dòng nhật ký dài vừa phải"


def _record(text: str) -> logging.LogRecord:
    return logging.LogRecord("a", logging.INFO, "p", 1, text, (), None)


def _lines(folder: Path) -> list[str]:
    return [line for path in folder.glob("d.log*") for line in path.read_text(encoding="utf-8").splitlines()]


def test_it_is_turned_over_at_its_bound_and_so_many_old_ones_are_kept(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "logs" / "d.log", Bounds(200, 2))
    for number in range(50):
        log.emit(_record(f"{LINE} {number}"))
    log.close()
    files = sorted(path.name for path in (tmp_path / "logs").iterdir())
    assert files == ["d.log", "d.log.1", "d.log.2"]
    assert all(path.stat().st_size < 300 for path in (tmp_path / "logs").iterdir())
    newest = (tmp_path / "logs" / "d.log").read_text(encoding="utf-8").splitlines()[-1]
    assert newest == f"{LINE} 49"


def test_nothing_old_is_kept_if_none_is_wanted(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "d.log", Bounds(100, 0))
    for number in range(20):
        log.emit(_record(f"{LINE} {number}"))
    log.close()
    assert [path.name for path in tmp_path.iterdir()] == ["d.log"]


def test_a_file_that_logrotate_moved_away_or_removed_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "d.log"
    log = LogFile(path, Bounds(10_000, 2))
    log.emit(_record("trước"))
    path.rename(tmp_path / "moved")
    log.emit(_record("sau"))
    assert (tmp_path / "moved").read_text(encoding="utf-8") == "trước\n"
    assert path.read_text(encoding="utf-8") == "sau\n"
    path.unlink()
    log.emit(_record("nữa"))
    assert path.read_text(encoding="utf-8") == "nữa\n"
    log.close()


def test_a_full_disk_sends_the_line_to_stderr_and_raises_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "d.log").symlink_to("/dev/full")
    log = LogFile(tmp_path / "d.log", Bounds(10_000, 2))
    log.emit(_record(LINE))
    log.close()
    assert capsys.readouterr().err == f"{LINE}\n"


def test_a_folder_that_is_gone_and_cannot_be_made_ends_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "logs"
    log = LogFile(folder / "d.log", Bounds(10_000, 2))
    (folder / "d.log").unlink()
    folder.rmdir()
    folder.write_text("a file where the folder was", encoding="utf-8")
    log.emit(_record(LINE))
    log.close()
    assert LINE in capsys.readouterr().err


WRITER = """
import logging, sys
from pathlib import Path
from crawler.watching.logfile import Bounds, LogFile
log = LogFile(Path(sys.argv[1]), Bounds(20_000, 40))
for number in range(400):
    log.emit(logging.LogRecord("a", 20, "p", 1, f"{sys.argv[2]} {number:04} " + "x" * 80, (), None))
"""


def test_several_processes_lose_no_line_and_tear_none(tmp_path: Path) -> None:
    started = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path / "d.log"), name]) for name in "abc"
    ]
    assert [one.wait(60) for one in started] == [0, 0, 0]
    told = sorted(line.rsplit(" ", 1)[0] for line in _lines(tmp_path))
    assert told == sorted(f"{name} {number:04}" for name in "abc" for number in range(400))
    assert len(list(tmp_path.iterdir())) > 3


def test_a_file_that_another_process_has_just_moved_aside_is_not_moved_twice(tmp_path: Path) -> None:
    ours, theirs = (LogFile(tmp_path / "d.log", Bounds(50, 5)) for _ in range(2))
    for _ in range(3):
        theirs.emit(_record(LINE))  # too long after two, and moved aside by the third
    ours._turn()  # saw it too long before that, and waited for the lock
    assert sorted(path.name for path in tmp_path.iterdir()) == ["d.log", "d.log.1"]
    for log in (ours, theirs):
        log.close()


def test_a_message_that_cannot_be_formed_ends_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = LogFile(tmp_path / "d.log", Bounds(10_000, 2))
    log.handle(logging.LogRecord("a", logging.INFO, "p", 1, "%d", ("x",), None))
    log.handle(_record(LINE))
    log.close()
    assert _lines(tmp_path) == [LINE]
    assert "TypeError" in capsys.readouterr().err
