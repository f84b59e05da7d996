"""Real processes: signals, pipes, and the demo from beginning to end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from storage.store import Store
from tests.making import article, flag, keep
from tests.newsroom import Newsroom

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "crawler"]

pytestmark = pytest.mark.slow


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


def test_the_module_runs_like_the_script() -> None:
    done = subprocess.run([*COMMAND, "--version"], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.startswith("diembao ")


def test_a_reader_that_leaves_early_is_no_failure(filled: Path) -> None:
    with Store.open(filled / "store.sqlite") as store:
        keep(store, [article(number) for number in range(100, 400)], [flag()])
    with subprocess.Popen(
        [*COMMAND, "cases", "--limit", "0", "--nl"],
        **_piped(filled),
    ) as cases:
        assert cases.stdout is not None
        assert cases.stderr is not None
        cases.stdout.readline()
        cases.stdout.close()
        assert cases.stderr.read() == ""
        assert cases.wait(20) == 0


def test_an_output_that_is_full_is_told_in_one_line(filled: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        asked = subprocess.run(
            [*COMMAND, "cases", "--json"],
            cwd=filled,
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert asked.returncode == 1
    assert asked.stderr.startswith("diembao: output: No space left on device\n")
    assert "Traceback" not in asked.stderr


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_review_page_with_its_exit_code(filled: Path, number: int, code: int) -> None:
    with subprocess.Popen(
        [*COMMAND, "review", "--port", "0"],
        **_piped(filled),
    ) as review:
        assert review.stdout is not None
        assert review.stderr is not None
        assert review.stdout.readline().startswith("http://127.0.0.1:")
        review.send_signal(number)
        assert review.wait(20) == code
        assert "Traceback" not in review.stderr.read()


def test_output_is_utf8_whatever_the_locale(filled: Path) -> None:
    plain = environment(LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0", PYTHONIOENCODING="ascii")
    done = subprocess.run([*COMMAND, "cases"], capture_output=True, check=True, cwd=filled, env=plain)
    assert "đình công" in done.stdout.decode()


def test_the_demo_crawls_invented_papers_and_leaves_nothing(tmp_path: Path) -> None:
    line = [*COMMAND, "demo", "--once", "--articles", "40"]
    done = subprocess.run(line, **_piped(tmp_path), check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "[new]" in done.stdout
    assert "«" in done.stdout
    assert "articles kept" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_demo_that_is_ended_leaves_nothing_either(tmp_path: Path, number: int, code: int) -> None:
    with subprocess.Popen([*COMMAND, "demo", "--articles", "20"], **_piped(tmp_path)) as demo:
        assert demo.stdout is not None
        lines = iter(demo.stdout.readline, "")
        assert any(line.startswith("http://127.0.0.1:") for line in lines)
        played = list(psutil.Process(demo.pid).children(recursive=True))
        demo.send_signal(number)
        demo.communicate(timeout=30)
    assert demo.returncode == code
    assert list(tmp_path.iterdir()) == []
    assert played
    assert psutil.wait_procs(played, timeout=10)[1] == []


def test_a_demo_that_is_killed_leaves_no_process(tmp_path: Path) -> None:
    with subprocess.Popen([*COMMAND, "demo", "--articles", "20"], **_piped(tmp_path)) as demo:
        assert demo.stdout is not None
        assert any(line.startswith("http://127.0.0.1:") for line in iter(demo.stdout.readline, ""))
        played = list(psutil.Process(demo.pid).children(recursive=True))
        demo.kill()
        demo.communicate(timeout=30)
    assert played
    assert psutil.wait_procs(played, timeout=10)[1] == []


def test_a_page_is_read_from_its_address_with_one_request_and_robots(tmp_path: Path) -> None:
    with Newsroom(seed=3, articles=30) as room:
        story, home = room.stories("baohatinh")[0], room.home("baohatinh")
        config = f'[crawl]\nallow_private_addresses = true\n[sources.baohatinh]\nhome = "{home}"\n'
        (tmp_path / "config.toml").write_text(config, encoding="utf-8")
        line = [*COMMAND, "read", story.url(home), "--nl"]
        done = subprocess.run(line, **_piped(tmp_path), check=False)
        asked = [request.path for request in room.requests("baohatinh")]
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["title"] == story.title
    assert asked == ["/robots.txt", story.path]
    assert [path.name for path in tmp_path.iterdir()] == ["config.toml"]


def _piped(folder: Path) -> dict[str, Any]:
    """A command in a folder that is also its temporary folder, its output as text."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return {**pipes, "cwd": folder, "env": environment(TMPDIR=str(folder))}
