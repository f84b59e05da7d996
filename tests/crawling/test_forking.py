"""Crawls that are forked end, fail and are given up as those that are started by themselves."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.crawling.forking import crawl
from tests.crawling.making import PATIENCE, two_lines
from tests.newsroom import Newsroom

pytestmark = pytest.mark.slow


def test_a_forked_crawl_says_the_same_as_one_that_is_started(tmp_path: Path) -> None:
    with Newsroom(seed=9, articles={"kontumtv": 2}) as room:
        told = [two_lines(tmp_path / name, "kontumtv", room.homes["kontumtv"]) for name in ("a", "b")]
        forked = crawl(told[0].arguments("kontumtv"), PATIENCE)
        started = subprocess.run(
            told[1].command("kontumtv"), capture_output=True, timeout=PATIENCE, check=False
        )
    assert (forked.returncode, forked.stdout, forked.stderr) == (
        started.returncode,
        started.stdout,
        started.stderr,
    )
    assert b'"kept":3' in forked.stdout


def test_its_refusals_and_their_codes_come_through(tmp_path: Path) -> None:
    ended = crawl(two_lines(tmp_path, "bao", "http://127.0.0.1:9").arguments("boa"), PATIENCE)
    assert (ended.returncode, ended.stdout) == (2, b"")
    assert b"there is no source 'boa'; did you mean bao?" in ended.stderr


def test_one_that_takes_too_long_is_killed(tmp_path: Path) -> None:
    with Newsroom(seed=9, articles={"kontumtv": 2}) as room:
        room.fault("kontumtv", "hang")
        place = two_lines(tmp_path, "kontumtv", room.homes["kontumtv"])
        with pytest.raises(subprocess.TimeoutExpired):
            crawl(place.arguments("kontumtv"), 1.0)
