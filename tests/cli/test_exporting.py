"""`diembao export` as a person types it: what is chosen, what is wrong with it, and what a check prints."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.config import load
from crawler.config.fingerprint import fingerprint
from crawler.times import shown, utc_now
from storage.store import Store
from tests.cli.conftest import CONFIG, Run
from tests.making import NOON


def ids(out: Path) -> list[int]:
    lines = (out / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["id"] for line in lines]


def manifest(out: Path) -> Any:
    return json.loads((out / "manifest.json").read_text(encoding="utf-8"))


def test_a_query_chooses_as_search_does(run: Run, filled: Path) -> None:
    ran = run("export", "đình", "công", "AND", "source:baohatinh", "--out", "ra", "--exact-marks")
    assert (ran.code, ran.err) == (0, "ra: 3 articles in articles.jsonl\n")
    assert ids(filled / "ra") == [3, 2, 1]
    query = manifest(filled / "ra")["query"]
    assert (query["text"], query["marks"]) == ("đình công AND source:baohatinh", "exact")


def test_a_saved_search_is_exported_by_name_and_narrowed_down(run: Run, filled: Path) -> None:
    run("searches", "add", "Đình công", "đình công", "--rule", "dinh_cong")
    run("decide", "2", "keep")
    assert run("export", "--search", "Đình công", "--out", "một").code == 0
    assert ids(filled / "một") == [3, 2, 1]
    told = manifest(filled / "một")
    assert (told["query"]["saved"], told["query"]["rule"]) == ("Đình công", "dinh_cong")
    run("export", "--saved", "Đình công", "--decision", "keep", "--out", "hai")
    assert ids(filled / "hai") == [2]


def test_since_last_goes_by_the_name_of_the_saved_search(run: Run, filled: Path) -> None:
    run("searches", "add", "Đình công", "đình công")
    run("searches", "add", "giữ", "source:baohatinh", "--decision", "keep")
    ran = run("export", "--search", "giữ", "--since", "last", "--out", "một")
    assert ran.err == (
        "một: 0 articles in articles.jsonl, changes.csv, changes.jsonl; the first export as 'giữ'\n"
    )
    run("decide", "2", "keep")
    ran = run("export", "--search", "giữ", "--since", "last", "--out", "hai")
    assert ran.err.startswith(
        "hai: 1 articles in articles.jsonl, changes.csv, changes.jsonl; 1 added, 0 changed"
    )
    ran = run("export", "--search", "giữ", "--since", "last", "--decision", "drop", "--out", "ba")
    assert "asked otherwise" in ran.err
    assert manifest(filled / "ba")["series"]["asked_otherwise"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["(đình công"], "the query, line 1, column 11: "),
        (["--search", "Đinh công"], "there is no saved search 'Đinh công'; did you mean Đình công?"),
        (["đình công", "--search", "Đình công"], "not both"),
        (["--since", "last"], "--since last of which export? Name it with --as NAME"),
        (["--since", "last", "--as", "a/b"], "a name bears no slashes"),
        (["--since", "lasst"], "'lasst' is no day"),
        (["--rule", "dinh_cogn"], "there is no rule 'dinh_cogn'; did you mean dinh_cong?"),
        (["--source", "baohatin"], "did you mean baohatinh?"),
        (["--as-of", "hôm qua"], "'hôm qua' is no moment; write it like 2026-11-23 or 2026-11-23T18:30"),
        (["--as-of", "2999-01-01"], "--as-of is not over yet"),
        (["--state", "new", "--decision", "changed"], "ask for two states"),
        (["--any-marks"], "are about words"),
        (["a" * 1001], "the query has 1001 characters; 1000 are the most"),
        (["--search", "tuần", "--until", "2026-11-01"], "contradicts what was saved as 'tuần'"),
        (["--previous", "x"], "--previous goes with --verify"),
        (["--verify", "x"], "--verify writes nothing"),
        (["--since", "2026-11-23", "--until", "2026-11-01"], "--since is later than --until"),
    ],
)
def test_what_cannot_be_exported_is_said_in_one_line(
    run: Run, filled: Path, line: list[str], said: str
) -> None:
    run("searches", "add", "Đình công", "đình công")
    run("searches", "add", "tuần", "đình công", "--since", "2026-11-23")
    ran = run("export", "--out", "ra", *line)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert said in ran.err
    assert not (filled / "ra").exists()


def test_nothing_found_is_no_failure(run: Run, filled: Path) -> None:
    ran = run("export", "rồng bay", "--out", "ra")
    assert (ran.code, ran.err) == (0, "ra: 0 articles in articles.jsonl\n")


def test_what_killed_exports_to_other_places_left_is_told(run: Run, filled: Path) -> None:
    (filled / ".tuần 47.abcd1234.part").mkdir()
    ran = run("export", "--out", "ra")
    assert ran.code == 0
    assert ".tuần 47.abcd1234.part: was left by an export that was killed; remove it\n" in ran.err


def test_as_of_a_day_is_as_of_its_end(run: Run, filled: Path) -> None:
    with Store.open(filled / "store.sqlite") as store:
        store.verdicts.decide(1, "keep", None, NOON + timedelta(hours=11))
        store.verdicts.decide(2, "keep", None, NOON + timedelta(hours=13))
    for moment, expected in (("23/11/2026", [1]), ("2026-11-24T01:00", [2, 1]), ("2026-11-23T22:59:59", [])):
        out = f"ra {expected}"
        assert run("export", "--as-of", moment, "--decision", "keep", "--out", out).code == 0, moment
        assert ids(filled / out) == expected
    assert manifest(filled / "ra [1]")["as_of"] == "2026-11-23T23:59:59.999999+07:00"


def test_a_check_names_what_is_wrong_one_a_line(run: Run, filled: Path) -> None:
    run("export", "--format", "csv,jsonl", "--out", "ra")
    ran = run("export", "--verify", "ra")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.startswith("ra: 2 files are as the manifest says, whose SHA-256 is ")
    assert run("export", "--verify", "ra", "--json").json["ok"]
    (filled / "ra/articles.csv").unlink()
    (filled / "ra/\x1b[31mlạ").write_text("")
    ran = run("export", "--verify", "ra")
    assert (ran.code, ran.out) == (
        1,
        "extra: �[31mlạ is not in the manifest\nmissing: articles.csv is not there\n",
    )
    assert ran.err.count("\n") == 1
    told = run("export", "--verify", "ra", "--json").json
    assert [one["kind"] for one in told["wrong"]] == ["extra", "missing"]
    assert run("export", "--verify", "không").code == 1


def test_the_hash_of_the_configuration_follows_what_decides_and_nothing_else(run: Run, filled: Path) -> None:
    run("export", "--out", "ra")
    before = fingerprint(load(filled / "config.toml"))
    assert manifest(filled / "ra")["config"] == before
    for more, same in (
        ("[review]\nport = 9000\n", True),
        ("[crawl]\ndelay = 9.0\n", False),
        ("[lists]\na = ['b']\n", False),
    ):
        (filled / "config.toml").write_text(CONFIG + more, encoding="utf-8")
        assert (fingerprint(load(filled / "config.toml")) == before) is same, more


def test_a_moment_without_a_zone_is_one_in_vietnam(run: Run, filled: Path) -> None:
    assert run("export", "--as-of", "23/11/2026 12:00:30", "--out", "a").code == 0
    assert manifest(filled / "a")["query"]["as_of"] == "2026-11-23T12:00:30+07:00"
    assert run("export", "--as-of", "2026-11-23T05:00:30+00:00", "--out", "b").code == 0
    assert manifest(filled / "b")["query"]["as_of"] == "2026-11-23T12:00:30+07:00"
    assert run("export", "--as-of", shown(utc_now() - timedelta(minutes=1)), "--out", "c").code == 0


def test_names_are_listed_and_forgotten_and_the_next_export_is_full(run: Run, filled: Path) -> None:
    ran = run("exports")
    assert (ran.code, ran.out, "no export has a name yet" in ran.err) == (0, "", True)
    run("export", "--as", "tuần", "--out", "một")
    [told] = run("exports", "--json").json
    assert (told["name"], told["articles"], told["folder"]) == ("tuần", 4, str(filled / "một"))
    assert told["manifest"] == run("export", "--verify", "một", "--json").json["manifest"]
    assert "tuần" in run("exports").out
    ran = run("exports", "forget", "tuan")
    assert (ran.code, "no export is remembered as 'tuan'" in ran.err) == (2, True)
    assert run("exports", "forget", "tuần").code == 0
    assert run("exports", "--json").json == []
    run("export", "--as", "tuần", "--since", "last", "--out", "hai")
    assert manifest(filled / "hai")["previous"] is None
    assert ids(filled / "hai") == ids(filled / "một")


def test_a_store_restored_from_before_the_last_export_says_so_once(run: Run, filled: Path) -> None:
    weekly = ["export", "--as", "tuần", "--since", "last", "--decision", "keep", "--out"]
    run("decide", "1", "keep")
    run(*weekly, "một")
    run("db", "backup", "b.sqlite")
    run("decide", "2", "keep")
    run(*weekly, "hai")
    later = run("export", "--verify", "hai", "--json").json["manifest"]
    assert run("db", "restore", "b.sqlite", "--yes").code == 0
    ran = run(*weekly, "ba")
    assert "restored from a backup older than the last export as 'tuần'" in ran.err
    assert "is a later export under that name" not in ran.err
    told = manifest(filled / "ba")
    assert told["series"]["maybe_told"] == [later]
    assert told["previous"] == run("export", "--verify", "một", "--json").json["manifest"]
    assert any("go on from there" in remark for remark in told["remarks"])
    assert manifest_after(run, filled, weekly)["series"]["maybe_told"] == []


def manifest_after(run: Run, folder: Path, weekly: list[str]) -> Any:
    run(*weekly, "sau")
    return manifest(folder / "sau")


def test_a_store_that_was_put_back_by_hand_is_told_of_folders_it_does_not_know(
    run: Run, filled: Path
) -> None:
    weekly = ["export", "--as", "tuần", "--since", "last", "--out"]
    run(*weekly, "một")
    run("db", "backup", "b.sqlite")
    run("decide", "2", "keep")
    run(*weekly, "hai")
    for ending in ("-wal", "-shm"):
        (filled / f"store.sqlite{ending}").unlink(missing_ok=True)
    (filled / "b.sqlite").replace(filled / "store.sqlite")
    assert f"{filled / 'hai'}: is a later export under that name" in run(*weekly, "ba").err
    (filled / "hai").rename(filled.parent / "moved")
    assert "later export" not in run(*weekly, "bốn").err
