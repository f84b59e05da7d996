"""`search` and `rules test` as they are typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.store import Store
from tests.cli.conftest import Run
from tests.making import article, flag, keep


def test_search_finds_with_marks_and_without_newest_first(run: Run, filled: Path) -> None:
    assert [one["id"] for one in run("search", "tăng lương", "--json").json] == [1, 2, 3, 4]
    assert run("search", "tầng lương", "--exact-marks", "--json").json == []
    assert [one["id"] for one in run("search", "tang luong", "--nl", "--limit", "2").lines] == [1, 2]


def test_search_shows_what_matches_without_marks_behind_the_rest(run: Run, folder: Path) -> None:
    with Store.open(folder / "store.sqlite") as store:
        keep(
            store, [article(1, body="Họ đo ruộng."), article(2, body="Họ đỏ mặt."), article(3, body="Do họ.")]
        )
        keep(store, [article(number, body="Trời mưa.") for number in (4, 5, 6)])
        keep(store, [article(7, body="Trời mửa.")])
    found = run("search", "họ đỏ", "--json").json
    assert [(one["id"], one["exact"]) for one in found] == [(2, True), (1, False)]
    assert [one["id"] for one in run("search", "HỌ ĐỎ", "--exact-marks", "--json").json] == [2]
    assert len(run("search", "trời mưa", "--json").json) == 3, "enough of them match exactly"
    assert [one["id"] for one in run("search", "trời mưa", "--any-marks", "--json").json] == [4, 5, 6, 7]
    assert "without regard to marks" in run("search", "họ đỏ").out


def test_search_lights_up_what_it_found(run: Run, filled: Path) -> None:
    found = run("search", "title:", "đình", "công")
    assert "«đình công»" in found.out
    [hit] = run("search", "title: đình công", "--json", "--limit", "1").json
    [place] = hit["matches"]
    [[start, end]] = place["spans"]
    assert hit["title"][start:end] == "đình công"


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("source:kontumtv", [4]),
        ("NOT đình công", []),
        ("NOT con voi", [1, 2, 3, 4]),
        ("source:baohatinh AND NOT tăng lương", []),
    ],
)
def test_search_without_a_phrase_asks_every_article(
    run: Run, filled: Path, query: str, numbers: list[int]
) -> None:
    assert [one["id"] for one in run("search", query, "--json").json] == numbers


def test_search_is_narrowed_like_cases(run: Run, filled: Path) -> None:
    assert run("search", "tăng lương", "--source", "kontumtv", "--json").json[0]["id"] == 4
    assert run("search", "tăng lương", "--until", "2026-11-22", "--json").json == []


def test_search_is_narrowed_by_decision_and_puts_the_most_relevant_first(run: Run, filled: Path) -> None:
    run("decide", "2", "keep")
    assert [one["id"] for one in run("search", "tăng lương", "--decision", "keep", "--json").json] == [2]
    assert len(run("search", "tăng lương", "--decision", "new", "--json").json) == 2
    assert len(run("search", "tăng lương", "--best", "--json").json) == 4


def test_a_saved_search_is_asked_by_its_name(run: Run, filled: Path) -> None:
    assert run("searches").err.startswith("no search is saved yet")
    assert run("searches", "add", "Lương  thưởng", "tăng", "lương", "--source", "kontumtv").code == 0
    [saved] = run("searches", "--json").json
    assert (saved["name"], saved["query"], saved["filters"]) == (
        "Lương thưởng",
        "tăng lương",
        {"source": "kontumtv"},
    )
    assert "source kontumtv" in run("searches").out
    assert [one["id"] for one in run("search", "--saved", "Lương thưởng", "--json").json] == [4]
    assert run("searches", "add", "Lương thưởng", "x").code == 2, "the name is taken"
    assert run("searches", "rename", "Lương thưởng", "Lương").code == 0
    assert run("search", "--saved", "Lương thưởng").code == 2
    assert run("searches", "remove", "Lương").code == 0
    assert run("searches", "--json").json == []


@pytest.mark.parametrize(
    "line",
    [
        ("search",),
        ("search", "x", "--saved", "y"),
        ("searches", "add", "a/b", "x"),
        ("searches", "add", "a", "(x"),
        ("searches", "add", "a", "x", "--source", "nobody"),
        ("searches", "remove", "nobody"),
    ],
)
def test_a_search_that_cannot_be_is_wrong_usage(run: Run, filled: Path, line: tuple[str, ...]) -> None:
    assert run(*line).code == 2


def test_a_query_that_cannot_be_read_says_where(run: Run, filled: Path) -> None:
    ran = run("search", "(đình công")
    assert ran.code == 2
    assert "the query, line 1, column" in ran.err


def test_rules_test_shows_changes_and_changes_nothing(run: Run, filled: Path) -> None:
    told = run("rules", "test", "dinh_cong", "--edit", "tăng lương AND NOT title:x", "--json").json
    assert (told["flagged_before"], told["flagged_after"], told["newly"], told["gone"]) == (3, 4, 1, 0)
    told = run("rules", "test", "moi", "--edit", "tăng lương", "--json").json
    assert [one["change"] for one in told["changes"]] == ["new"] * 4
    assert "flagged: 3 → 0" in run("rules", "test", "dinh_cong", "--edit", "con voi").out
    assert len(run("cases", "--json").json) == 3


def test_rules_test_of_an_unknown_rule_names_the_nearest(run: Run, filled: Path) -> None:
    ran = run("rules", "test", "dinh_cog")
    assert ran.code == 2
    assert "dinh_cong" in ran.err


def test_rules_explain_tells_term_by_term_why(run: Run, filled: Path) -> None:
    told = run("rules", "explain", "1", "dinh_cong", "--json").json

    assert [one["rule"] for one in told] == ["dinh_cong"]
    assert told[0]["level"] == "primary"
    assert told[0]["terms"]["primary"]["true"] is True
    assert "«" in run("rules", "explain", "1").out
    assert run("rules", "explain", "1", "dinh_cog").code == 2
    assert run("rules", "explain", "99").code == 2


def test_rules_test_without_a_name_tries_the_rules_own_texts(run: Run, filled: Path) -> None:
    ran = run("rules", "test")

    assert ran.code == 0
    assert "texts of" in ran.out
    assert run("rules", "test", "--edit", "x").code == 2


def test_rules_suggest_explains_each_phrase(run: Run, folder: Path) -> None:
    with Store.open(folder / "store.sqlite") as store:
        keep(store, [article(number, body="Đình công vì nợ lương.") for number in range(5)], [flag()])
        keep(store, [article(number, body="Trời nắng.") for number in range(5, 15)])
    told = run("rules", "suggest", "dinh_cong", "--json").json
    assert told["compared"] == {"flagged": 5, "unflagged": 10}
    [one] = told["suggestions"]
    assert one["phrase"] == "vì nợ lương"
    assert (one["for"], one["flagged"], one["unflagged"]) == ("flagged", 5, 0)
    assert "Đình công vì nợ lương." in one["example"]
    ran = run("rules", "suggest", "dinh_cong", "--limit", "1")
    assert ran.out.splitlines()[0] == "vì nợ lương"
    assert "5 of 5 flagged, 0 of 10 unflagged" in ran.out
    assert "0 kept and 0 dropped" in ran.err


def test_rules_suggest_says_when_there_is_too_little(run: Run, filled: Path) -> None:
    ran = run("rules", "suggest", "dinh_cong")
    assert (ran.code, ran.out) == (0, "")
    assert "too little" in ran.err
    assert run("rules", "suggest", "dinh_cog").code == 2
