"""The description of a container: linted, and true of the files and commands that it names."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "Containerfile").read_text(encoding="utf-8")
HADOLINT = shutil.which("hadolint", path=str(Path(sys.executable).parent)) or shutil.which("hadolint")


@pytest.mark.skipif(HADOLINT is None, reason="hadolint is not installed here")
def test_the_linter_finds_nothing() -> None:
    assert HADOLINT is not None
    ran = subprocess.run([HADOLINT, str(ROOT / "Containerfile")], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, "")


def copied() -> list[str]:
    """What is copied out of the checkout."""
    lines = re.findall(r"^COPY (?!--from)(.+)$", TEXT, flags=re.MULTILINE)
    return [source for line in lines for source in line.split()[:-1]]


def test_whatever_is_copied_exists_and_nothing_else_is_let_in() -> None:
    let_in = set(
        re.findall(r"^!(.+)$", (ROOT / ".containerignore").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert all((ROOT / source).exists() for source in copied())
    assert {source.partition("/")[0] for source in copied()} == let_in


def test_whatever_is_packaged_is_copied() -> None:
    packages = re.search(
        r"^include = (\[.+\])$", (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert packages is not None
    assert set(re.findall(r'"(\w+)\*"', packages[1])) <= set(copied())


def test_it_runs_as_nobody_in_particular_and_keeps_its_data_outside() -> None:
    last = TEXT[TEXT.rindex("\nFROM ") :]
    assert re.search(r"^USER [1-9]\d*$", last, re.MULTILINE)
    assert "\nVOLUME /data\n" in last
    assert "DIEMBAO_CONFIG=/data/config.toml" in last
