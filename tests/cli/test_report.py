"""`diembao report`: two files and a line, or one line that says what to mend and no file."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.times import utc_now
from storage.records import RunReport
from storage.store import Store
from tests.cli.conftest import Run
from tests.making import NOON, TITLE

SINCE = ["--since", "2026-11-20", "--until", "2026-11-23"]


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {
        "config.toml",
        "store.sqlite",
        "store.sqlite-wal",
        "store.sqlite-shm",
        "locks",
    }


@pytest.fixture
def decided(filled: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The store of three flagged articles on the days of SINCE, the first kept; today is a day later."""
    with Store.open(filled / "store.sqlite") as store:
        store.verdicts.decide(1, "keep", "đọc kỹ", NOON, "Lan")
    monkeypatch.setattr("crawler.cli.reporting.utc_now", lambda: NOON.replace(day=25))
    return filled


def test_a_report_is_an_html_file_and_a_docx(decided: Path, run: Run) -> None:
    ran = run("report", *SINCE)
    assert (ran.code, ran.out) == (0, "")
    assert "1 of 1 articles in full, " in ran.err
    assert names(decided) == {
        "diem-bao-2026-11-20_2026-11-23.html",
        "diem-bao-2026-11-20_2026-11-23.docx",
    }
    told = (decided / "diem-bao-2026-11-20_2026-11-23.html").read_text(encoding="utf-8")
    assert TITLE in told
    assert "đọc kỹ" not in told


def test_a_week_without_a_number_is_the_last_one_over(decided: Path, run: Run) -> None:
    assert run("report", "--week", "--format", "html", "-q").code == 0
    assert run("report", "--week", "48", "--format", "html", "-q").code == 0
    assert run("report", "--month", "11/2026", "--format", "html", "-q").code == 0
    assert names(decided) == {f"diem-bao-{stem}.html" for stem in ("2026-W47", "2026-W48", "2026-11")}


def test_the_same_again_gives_the_same_bytes(decided: Path, run: Run) -> None:
    for name in ("a", "b"):
        assert run("report", *SINCE, "--out", name, "-q").code == 0
    for ending in ("html", "docx"):
        assert (decided / f"a.{ending}").read_bytes() == (decided / f"b.{ending}").read_bytes()


def test_as_of_its_moment_a_report_is_made_again_whatever_was_decided_since(
    decided: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run("report", *SINCE, "--all", "--out", "a", "--json")
    moment = first.json["as_of"]
    assert f"--as-of {moment} makes the same again" in first.err
    later = NOON.replace(day=26)
    with Store.open(decided / "store.sqlite") as store:
        store.verdicts.decide(1, "drop", None, later)
        store.verdicts.decide(2, "keep", None, later)
        store.raised.put(3, None, None, later)
        store.runs.end(store.runs.begin("baohatinh", 1, later), RunReport("done"), later)
    monkeypatch.setattr("crawler.cli.reporting.utc_now", lambda: later)
    assert run("report", *SINCE, "--all", "--out", "b", "-q", "--as-of", moment).code == 0
    assert run("report", *SINCE, "--all", "--out", "c", "-q").code == 0
    for ending in ("html", "docx"):
        told = [(decided / f"{name}.{ending}").read_bytes() for name in "abc"]
        assert told[0] == told[1]
        assert told[1] != told[2]


def test_as_of_a_moment_to_come_is_refused(decided: Path, run: Run) -> None:
    ran = run("report", *SINCE, "--as-of", "2026-11-26")
    assert (ran.code, "--as-of is not over yet" in ran.err) == (2, True)


def test_as_of_long_before_anything_was_stored_a_report_is_empty(decided: Path, run: Run) -> None:
    assert run("report", "--week", "--as-of", "1900-01-20", "--out", "a").code == 0
    assert {"a.html", "a.docx"} <= names(decided)


def test_json_tells_where_the_files_are_and_what_was_left_out(decided: Path, run: Run) -> None:
    told = run("report", *SINCE, "--all", "--limit", "1", "--out", "a", "--json").json
    assert told["files"] == ["a.html", "a.docx"]
    assert told["full"]["told"] == 1
    assert (told["first"], told["last"]) == ("2026-11-20", "2026-11-23")
    assert told["days"] == {"watched": 0, "blind": 0}
    assert told["as_of"] == "2026-11-25T12:00:00+07:00"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ([], "the report of which days?"),
        (["--week", "--month"], "the report of which days?"),
        (["--until", "2026-11-23"], "the report of which days?"),
        (["--week", "60"], "is no week"),
        (["--since", "2027-01-01"], "which is still to come"),
        ([*SINCE, "--format", "pdf"], "there is no report format 'pdf'"),
        ([*SINCE, "--format", ","], "there is no report format ''"),
        ([*SINCE, "--rule", "dinh_cogn"], "did you mean dinh_cong?"),
        ([*SINCE, "--source", "bao"], "there is no source 'bao'"),
        ([*SINCE, "--search", "Chưa có"], "no saved search bears the name"),
        ([*SINCE, "--query", "title:("], "the query, "),
        ([*SINCE, "--query", "a", "--search", "b"], "--query and --search do not go together"),
        ([*SINCE, "--all", "--decision", "keep"], "--all and --decision do not go together"),
        ([*SINCE, "--number", "7"], "are of the office style; add --official"),
        ([*SINCE, "--official", "--signer", "A\x1b[31mB"], "--signer is no line of at most 200 characters"),
        ([*SINCE, "--limit", "0"], "--limit"),
    ],
)
def test_what_cannot_be_is_one_line_and_no_file(decided: Path, run: Run, args: list[str], said: str) -> None:
    ran = run("report", *args)
    assert ran.code == 2
    assert said in ran.err
    assert ran.err.count("\n") == 1
    assert names(decided) == set()


def test_a_file_that_is_there_is_left_alone(decided: Path, run: Run) -> None:
    (decided / "a.docx").write_text("của tôi", encoding="utf-8")
    ran = run("report", *SINCE, "--out", "a")
    assert ran.code == 1
    assert "a.docx: is there already, and a report overwrites nothing" in ran.err
    assert names(decided) == {"a.docx"}


def test_a_saved_search_narrows_with_its_own_filters(decided: Path, run: Run) -> None:
    with Store.open(decided / "store.sqlite") as store:
        store.searches.add("Hòa", 'title:"Đông Hòa"', {"source": "kontumtv"}, utc_now())
    assert (
        run("report", *SINCE, "--search", "Hòa", "--all", "--out", "a", "--json").json["full"]["asked"] == 1
    )


def test_a_saved_searchs_decision_holds_unless_another_is_asked_for(decided: Path, run: Run) -> None:
    with Store.open(decided / "store.sqlite") as store:
        store.searches.add("Bỏ", "title:công", {"decision": "drop"}, utc_now())
    asked = [*SINCE, "--search", "Bỏ", "--format", "html", "--json"]
    assert run("report", *asked, "--out", "a").json["full"]["asked"] == 0
    assert run("report", *asked, "--decision", "keep", "--out", "b").json["full"]["asked"] == 1


def test_the_office_style_takes_names_from_the_configuration_and_from_options(
    decided: Path, run: Run
) -> None:
    with (decided / "config.toml").open("a", encoding="utf-8") as config:
        config.write('[report]\norgan = "Phòng A"\nplace = "Hà Tĩnh"\n')
    ran = run("report", *SINCE, "--official", "--number", "3", "--place", "Kon  Tum", "--out", "a")
    assert ran.code == 0
    told = (decided / "a.html").read_text(encoding="utf-8")
    assert "Phòng A" in told
    assert "Số: 03/BC" in told
    assert "Kon Tum, ngày" in told
