"""Listing, showing and deciding cases from the terminal."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.casejson import case_json
from storage.batches import Ordered
from storage.store import Store
from tests.cli.conftest import Run
from tests.making import NOON, TITLE, article, flag, keep


def test_cases_come_newest_first_with_the_quote_lit_up(run: Run, filled: Path) -> None:
    ran = run("cases")
    heads = [line.split()[0] for line in ran.out.splitlines() if "[new]" in line]
    assert heads == ["1", "2", "3"]
    first = ran.out.split("\n\n")[0]
    assert first.splitlines()[0] == "    1  23/11/2026 11:00  baohatinh  [new]  Đình công"
    assert "“Đông Hòa” «đình công» (1)" in first
    assert ran.err == ""


def test_on_a_terminal_the_match_is_coloured_unless_no_color_is_set(
    run: Run, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert "\x1b[1;33mđình công\x1b[0m" in run("cases").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in run("cases").out


def test_unflagged_articles_are_no_cases_to_be_listed(run: Run, filled: Path) -> None:
    assert [one["id"] for one in run("cases", "--nl").lines] == [1, 2, 3]


def test_json_is_one_array_of_the_contracts_articles(run: Run, filled: Path) -> None:
    told = run("cases", "--json").json
    with Store.open(filled / "store.sqlite") as store:
        case = store.cases.get(1)
    assert case is not None
    assert told[0] == case_json(case)
    assert "đình công" in run("cases", "--json").out


def test_nothing_found_is_an_empty_array_and_done(run: Run, filled: Path) -> None:
    ran = run("cases", "--json", "--state", "kept")
    assert (ran.code, ran.json) == (0, [])
    assert run("cases", "--nl", "--state", "kept").out == ""
    assert run("cases", "--state", "kept").err == "no such case\n"


def test_what_is_cut_off_is_said(run: Run, filled: Path) -> None:
    ran = run("cases", "--limit", "2")
    assert ran.err == "2 of 3 shown; --limit 0 shows all\n"
    assert run("-q", "cases", "--limit", "2").err == ""
    assert [one["id"] for one in run("cases", "--limit", "0", "--nl").lines] == [1, 2, 3]


def test_until_includes_its_day(run: Run, filled: Path) -> None:
    assert len(run("cases", "--until", "2026-11-23", "--nl").lines) == 3
    assert len(run("cases", "--until", "22/11/2026", "--nl").lines) == 0
    assert len(run("cases", "--since", "2026-11-23", "--nl").lines) == 3
    assert len(run("cases", "--since", "2026-11-24", "--nl").lines) == 0


def test_a_decision_moves_a_case_and_undo_moves_it_back(run: Run, filled: Path) -> None:
    assert run("decide", "2", "keep", "--note", "gọi lại").err == "case 2: keep\n"
    assert [one["id"] for one in run("cases", "--state", "kept", "--nl").lines] == [2]
    assert [one["id"] for one in run("cases", "--state", "new", "--nl").lines] == [1, 3]
    assert run("undo").err == "case 2: undecided again\n"
    assert [one["id"] for one in run("cases", "--state", "new", "--nl").lines] == [1, 2, 3]
    ran = run("undo")
    assert (ran.code, ran.err) == (0, "nothing is left to take back\n")


def test_undo_goes_back_one_decision_of_the_named_case(run: Run, filled: Path) -> None:
    run("decide", "1", "keep")
    run("decide", "1", "drop")
    run("decide", "2", "later")
    ran = run("undo", "1", "--json")
    assert ran.err == "case 1: keep stands again\n"
    assert ran.json["verdict"]["decision"] == "keep"


def test_a_decision_is_told_as_json(run: Run, filled: Path) -> None:
    told = run("decide", "3", "DROP", "--note", "trùng", "--json").json
    assert (told["id"], told["decision"], told["note"]) == (3, "drop", "trùng")
    assert told["at"].endswith("+07:00")


def test_copies_are_told_and_decided_in_one_and_taken_back_in_one(run: Run, filled: Path) -> None:
    words = " ".join(f"công nhân {number} đình công ở xưởng may." for number in range(100, 130))
    papers = ((5, "baohatinh"), (6, "kontumtv"))
    told = [replace(article(number, source, words), title=TITLE) for number, source in papers]
    with Store.open(filled / "store.sqlite") as store:
        keep(store, told, [flag()])
        first, second = (number for number, one in store.articles.each() if one.body == words)
    assert run("show", str(first), "--json").json["story"] == [second]
    assert f"copies: {second}" in run("show", str(first)).out
    assert f"copies: {first}" in run("cases", "--source", "kontumtv").out
    ran = run("decide", str(first), "keep", "--copies", "--json")
    assert (ran.err, ran.json["copies"]) == (f"case {first}, case {second}: keep\n", [second])
    assert [one["id"] for one in run("cases", "--state", "kept", "--nl").lines] == [first, second]
    ran = run("undo", str(second), "--copies", "--json")
    assert (ran.err, ran.json["copies"]) == (
        f"case {first}: taken back as well\ncase {second}: undecided again\n",
        [first],
    )
    assert run("cases", "--state", "kept", "--nl").lines == []
    run("decide", str(second), "drop")
    assert run("decide", str(first), "keep", "--copies", "--json").json["copies"] == []
    assert run("undo", str(first), "--json").json["copies"] == []


def test_deciding_no_case_with_its_copies_writes_nothing(run: Run, filled: Path) -> None:
    ran = run("decide", "99", "keep", "--copies")
    assert (ran.code, "99" in ran.err) == (2, True)


def test_show_has_the_article_its_flags_revisions_and_verdicts(run: Run, filled: Path) -> None:
    with Store.open(filled / "store.sqlite") as store:
        keep(store, [article(1, body="Bản sửa.\n\nCông nhân vẫn đình công.")])
    run("decide", "1", "keep", "--note", "bản đầu")
    told = run("show", "1").out
    for expected in (
        TITLE,
        "https://baohatinh.example.vn/tin-1-post1.html",
        "23/11/2026 11:00",
        "Lê Thị An, Trần Bình",
    ):
        assert expected in told
    assert "Bản sửa.\n\nCông nhân vẫn đình công." in told
    assert [line.split(":")[0] for line in told.splitlines() if line.startswith("revision")] == [
        "revision 1",
        "revision 2",
    ]
    assert "keep: bản đầu" in told.splitlines()[-1]


def test_show_json_is_the_contracts_article(run: Run, filled: Path) -> None:
    with Store.open(filled / "store.sqlite") as store:
        case = store.cases.get(2)
    assert case is not None
    assert run("show", "2", "--json").json == case_json(case)
    assert run("show", "2", "--nl").lines == [case_json(case)]


def test_no_control_character_of_a_page_reaches_the_terminal(run: Run, filled: Path) -> None:
    with Store.open(filled / "store.sqlite") as store:
        keep(store, [article(7, body="Xóa màn hình \x1b[2J\x9b31m\r và \u202egnort")])
        number = max(case_id for case_id, _ in store.articles.each())
    told = run("show", str(number)).out
    assert "Xóa màn hình �[2J�31m� và �gnort" in told


@pytest.mark.parametrize("command", [("show",), ("undo",)])
@pytest.mark.parametrize("number", ["0", "-1", "99999999999999999999999", "ba"])
def test_what_no_case_can_be_called_is_wrong_usage(
    run: Run, filled: Path, command: tuple[str, ...], number: str
) -> None:
    ran = run(*command, "--", number)
    assert ran.code == 2
    assert len(ran.err.splitlines()) == 1
    assert "unexpected" not in ran.err


def test_a_batch_of_the_page_is_told_of_and_taken_back_as_one(run: Run, filled: Path) -> None:
    with Store.open(filled / "store.sqlite") as store:
        store.batches.decide(Ordered("drop", None, "Lan", 0), [1, 2, 3], NOON)
    assert run("undo").err.splitlines() == [
        "case 3: undecided again",
        "it was decided together with others; `diembao undo --batch 1` takes all back",
    ]
    assert run("undo", "--batch", "1", "--json").json == {"batch": 1, "undone": 2, "left": 1}
    assert run("undo").err == "nothing is left to take back\n"
    assert run("undo", "--batch", "7").code == 2
    assert run("undo", "1", "--batch", "1").code == 2


def test_who_decides_is_kept_and_a_name_nobody_bears_refused(run: Run, filled: Path) -> None:
    assert run("decide", "1", "keep", "--by", " Nguyễn  Lan ", "--json").json["by"] == "Nguyễn Lan"
    assert "keep by Nguyễn Lan" in run("show", "1").out
    assert run("show", "1", "--json").json["verdict"]["by"] == "Nguyễn Lan"
    config = filled / "config.toml"
    config.write_text(config.read_text() + '\n[review]\nreviewers = ["Lan", "Minh"]\n')
    ran = run("decide", "1", "keep", "--by", "Lam")
    assert (ran.code, "did you mean Lan?" in ran.err) == (2, True)


def test_an_unflagged_article_is_raised_and_lowered(run: Run, filled: Path) -> None:
    assert run("raise", "4", "--rule", "dinh_cong", "--note", "lỡ mất").err == "case 4: raised\n"
    told = next(one for one in run("cases", "--state", "new", "--nl").lines if one["id"] == 4)
    assert (told["raised"]["rule"], told["raised"]["note"], told["flags"]) == ("dinh_cong", "lỡ mất", [])
    assert "raised by hand for dinh_cong" in run("cases", "--rule", "dinh_cong").out
    assert "lỡ mất" in run("show", "4").out
    assert run("raise", "4", "--undo").err == "case 4: no longer raised\n"
    assert run("raise", "4", "--undo", "--json").json == {"id": 4, "raised": None}
    assert [one["id"] for one in run("cases", "--nl").lines] == [1, 2, 3]


def test_raising_is_refused_for_unknown_rules_articles_and_crossed_options(run: Run, filled: Path) -> None:
    assert "dinh_cong" in run("raise", "4", "--rule", "dinh_con").err
    assert run("raise", "999").code == 2
    assert run("raise", "4", "--undo", "--note", "x").code == 2
