"""`diembao reread` as a command: what it prints, what it leaves, and that it survives being killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.cli.worddiff import word_diff
from storage.store import Store
from tests.cli.conftest import Run
from tests.templates import begin
from tests.test_rereading import SECOND, crawled, page
from tests.waiting import wait_until

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
CONFIG = """
[store]
path = "store.sqlite"
[sources.bao]
home = "https://bao.example.vn"
[sources.bao.selectors]
title = ["h1"]
body = [".story"]
[rules.luong]
label = "Lương"
any = ["tăng lương"]
"""


@pytest.fixture
def stored(folder: Path) -> Path:
    """Three articles of which only the opening was read."""
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    with Store.open(folder / "store.sqlite") as store:
        crawled(store, [page(number) for number in (1, 2, 3)])
        store._db.execute("UPDATE pages SET status = 404 WHERE id = 3")
    return folder


def revisions(folder: Path) -> list[int]:
    with Store.open(folder / "store.sqlite") as store:
        return [len(store.articles.revisions(number)) for number, _ in store.articles.each()]


def test_a_dry_run_shows_a_table_and_changes_nothing(run: Run, stored: Path) -> None:
    ran = run("reread", "--dry-run")
    head, row, *more = ran.out.splitlines()
    counts = dict(zip(head.split(), row.split(), strict=True))
    assert counts == {
        "source": "bao", "read": "3", "title": "0", "lead": "0", "body": "2", "author": "0", "date": "0",
        "flags": "2", "refused": "1", "shorter": "0", "unread": "0",
    }  # fmt: skip
    assert more[0].startswith("bao body 1: «…")
    assert more[-1] == "1 left as they are (refused today: http-404): 3"
    assert (ran.code, ran.err) == (0, "3 read, 2 would say something else\n")
    assert revisions(stored) == [1, 1, 1]


def test_it_does_what_it_showed_and_then_has_nothing_left_to_do(run: Run, stored: Path) -> None:
    assert run("reread", "--source", "bao").err == "3 read, 2 say something else\n"
    assert revisions(stored) == [2, 2, 1]
    assert SECOND in run("show", "1").out.replace("«", "").replace("»", "")
    assert run("reread").err == "3 read, 0 say something else\n"
    assert revisions(stored) == [2, 2, 1]


def test_a_diff_shows_what_comes_and_what_goes_word_by_word(run: Run, stored: Path) -> None:
    told = run("reread", "--dry-run", "--diff").out
    body = told[told.index("1 body: …") : told.index("1 flags: ")]
    assert " ".join(body.split()).endswith("{+ " + SECOND + "+}")
    assert "[-" not in body


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("một hai ba", "một bốn ba", "một [-hai-] {+bốn+} ba"),
        ("một", "", "[-một-]"),
        ("a b c d e f g h i j k l x", "a b c d e f g h i j k l y", "… g h i j k l [-x-] {+y+}"),
        ("một\n\nhai", "một\n\nba \x1b[2J", "một\n\n[-hai-] {+ba �[2J+}"),
    ],
)
def test_a_word_diff_is_of_words_and_harmless(before: str, after: str, told: str) -> None:
    assert word_diff(before, after).replace("\n\n ", "\n\n") == told


def test_json_tells_every_article_that_is_not_as_it_was(run: Run, stored: Path) -> None:
    told = run("reread", "--dry-run", "--nl").lines
    assert [(one["id"], one["outcome"], one["reason"]) for one in told] == [
        (1, "changed", None),
        (2, "changed", None),
        (3, "refused", "http-404"),
    ]
    assert told[0]["changes"]["body"][1].endswith(SECOND)


def test_days_and_sources_narrow_it_down_and_unknown_ones_are_named(run: Run, stored: Path) -> None:
    assert run("reread", "--since", "2030-01-01").err == "0 read, 0 say something else\n"
    ran = run("reread", "--source", "ba")
    assert (ran.code, "did you mean bao?" in ran.err) == (2, True)


def test_show_tells_the_layers_when_asked_for_more(run: Run, stored: Path) -> None:
    assert "layers" not in run("show", "1").out
    run("reread")
    assert "layers: title selector, body selector" in run("show", "1", "-v").out


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)]
)
def test_one_that_is_ended_goes_on_where_it_was(folder: Path, number: int, code: int) -> None:
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    begin(
        folder / "store.sqlite", "400 pages", lambda store: crawled(store, [page(n) for n in range(1, 401)])
    )
    begun = subprocess.Popen([sys.executable, "-m", "crawler", "reread"], stderr=subprocess.PIPE, env=_env())

    def kept() -> int:
        with Store.open(folder / "store.sqlite") as store:
            return int(store._db.value("SELECT coalesce(max(position), 0) FROM rereads"))

    wait_until(lambda: kept() > 0, 60, "the first batch is kept")
    begun.send_signal(number)
    _, said = begun.communicate(timeout=60)
    assert begun.returncode == code
    assert b"Traceback" not in said
    done = kept()
    assert 0 < done < 400
    ended = subprocess.run(
        [sys.executable, "-m", "crawler", "reread"], capture_output=True, text=True, env=_env(), check=True
    )
    assert f"goes on after article {done}, {400 - done} to read" in ended.stderr
    assert set(revisions(folder)) == {2}


def _env() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT)}
