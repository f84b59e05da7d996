"""Whatever goes wrong is one line on stderr and the right exit code."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from crawler.cli import main
from crawler.cli.output import ReaderLeft
from crawler.cli.sources import sources
from crawler.times import utc_now
from storage.errors import StoreFull
from storage.records import FoundLink
from storage.store import Store
from tests.cli.conftest import Run


def one_line(text: str) -> bool:
    return text.startswith("diembao: ") and text.count("\n") == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["casse"], "there is no command 'casse'; did you mean cases?"),
        (["db", "chek"], "there is no command 'chek'; did you mean check?"),
        (["cases", "--stat", "new"], "--state"),
        (["cases", "--state", "nwe"], "there is no state 'nwe'; did you mean new? known:"),
        (["cases", "--limit", "-1"], "--limit"),
        (["cases", "--rule", "dinhcong"], "there is no rule 'dinhcong'; did you mean dinh_cong?"),
        (["cases", "--source", "baohatin"], "there is no source 'baohatin'; did you mean baohatinh?"),
        (["cases", "--since", "hôm qua"], "'hôm qua' is no day; write it like 2026-11-23"),
        (["cases", "--since", "2026-11-24", "--until", "2026-11-23"], "--since is later than --until"),
        (["show", "mười"], "'mười' is not a valid integer"),
        (["show", "99"], "no case bears the number 99; `diembao cases` lists them"),
        (["decide", "99", "keep"], "no case bears the number 99; `diembao cases` lists them"),
        (["decide", "1", "keeep"], "there is no decision 'keeep'; did you mean keep?"),
        (["decide", "1"], "Missing argument"),
        (["export"], "Missing option '--out'"),
        (["export", "--out", "o", "--format", "xls"], "there is no export format 'xls'"),
        (["crawl", "baohatin"], "there is no source 'baohatin'"),
        (["read", "nowhere.html"], "nowhere.html: cannot be read: No such file"),
        (["read", "https://"], "'https://' is no address like"),
        (["read", "x", "--source", "kontum"], "there is no source 'kontum'; did you mean kontumtv?"),
        (["config", "show", "crawl.dealy"], "there is no crawl.dealy"),
        (["--json", "db", "path"], "diembao db path has no data to print as JSON"),
        (["sources", "--config", "none.toml"], "none.toml: no such file"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(run: Run, filled: Path, line: list[str], said: str) -> None:
    (filled / "x").write_text("<p>a</p>")
    ran = run(*line)
    assert said in ran.err
    assert one_line(ran.err)
    assert (ran.code, ran.out) == (2, "")


@pytest.mark.parametrize(
    "line", [["cases"], ["show", "1"], ["undo"], ["reflag"], ["status"], ["export", "--out", "o"]]
)
def test_a_store_that_is_not_there_is_not_made(run: Run, folder: Path, line: list[str]) -> None:
    ran = run(*line)
    assert ran.code == 1
    assert one_line(ran.err)
    assert "there is no store yet" in ran.err
    assert not (folder / "store.sqlite").exists()


def test_a_file_that_is_no_store_is_named(run: Run, folder: Path) -> None:
    (folder / "store.sqlite").write_text("của tôi " * 200)
    ran = run("cases")
    assert (ran.code, one_line(ran.err)) == (1, True)
    assert f"{folder}/store.sqlite" in ran.err


def fail_with(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(sources, "callback", fail)


@pytest.mark.parametrize(
    ("error", "code"),
    [(KeyboardInterrupt(), 130), (click.Abort(), 130), (main.Terminated(143), 143), (ReaderLeft(), 0)],
)
def test_an_end_from_outside_has_its_exit_code_and_says_nothing(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int
) -> None:
    fail_with(monkeypatch, error)
    ran = run("sources")
    assert (ran.code, ran.err) == (code, "")


def test_an_unexpected_error_is_named_and_its_traceback_waits_for_debug(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_with(monkeypatch, ZeroDivisionError("chia cho\nkhông"))
    ran = run("sources")
    assert ran.code == 1
    assert ran.err == (
        "diembao: unexpected ZeroDivisionError: chia cho không; run again with --debug to see where\n"
    )
    told = run("sources", "--debug")
    assert told.code == 1
    assert told.err.startswith("Traceback")
    assert told.err.endswith("diembao: unexpected ZeroDivisionError: chia cho không\n")


def test_an_error_of_ours_shows_its_traceback_only_with_debug(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_with(monkeypatch, StoreFull("kho", "no room left"))
    assert run("sources").err == "diembao: kho: no room left\n"
    assert run("--debug", "sources").err.startswith("Traceback")


def test_a_backfill_of_days_to_come_is_refused(run: Run, filled: Path) -> None:
    ran = run("backfill", "kontumtv", "--since", "2199-01-01")
    assert (ran.code, one_line(ran.err)) == (2, True)
    assert "--since is a day to come" in ran.err


def test_a_reason_for_which_nothing_was_given_up_is_named_with_those_that_are(run: Run, filled: Path) -> None:
    found = FoundLink("kontumtv:1", "https://kontumtv.vn/1", "feed", "https://kontumtv.vn/feed")
    with Store.open(filled / "store.sqlite") as store:
        store.links.offer("kontumtv", [found], utc_now())
        store.links.mark("kontumtv", found.key, "gone", "http-404", None, utc_now())
    ran = run("crawl", "kontumtv", "--retry", "http-40")
    assert ran.code == 2
    assert "there is no reason to try links anew 'http-40'; did you mean http-404? known: " in ran.err
