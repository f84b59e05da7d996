"""The commands around the cases: export, reflag, config, sources, store, reading a file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crawler import reflagging
from crawler.config import load
from storage.store import Store
from tests.cli.conftest import CONFIG, Run
from tests.making import BODY

ROOT = Path(__file__).parents[2]
_MORE = "Công đoàn đã có mặt để lắng nghe và ghi lại từng kiến nghị của người lao động."
_PARAGRAPHS = "".join(f"<p>{paragraph} {_MORE}</p>" for paragraph in BODY.split("\n\n") * 3)
PAGE = f"""<!doctype html><html lang="vi"><head><meta charset="utf-8">
<title>Đình công ở khu công nghiệp</title>
<link rel="canonical" href="https://baohatinh.example.vn/dinh-cong-o-khu-cong-nghiep-17.html"></head><body>
<article><h1>Đình công ở khu công nghiệp</h1><div class="body">{_PARAGRAPHS}</div></article></body></html>"""


def test_export_writes_what_was_chosen_and_says_so(run: Run, filled: Path) -> None:
    run("decide", "1", "keep")
    ran = run("export", "--format", "csv,jsonl", "--out", "ra", "--flagged", "--source", "baohatinh")
    assert (ran.code, ran.out, ran.err) == (0, "", "ra: 3 articles in articles.csv, articles.jsonl\n")
    assert {path.name for path in (filled / "ra").iterdir()} == {
        "articles.csv",
        "articles.jsonl",
        "manifest.json",
    }
    run("export", "--out", "giu", "--decision", "keep")
    lines = (filled / "giu/articles.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == [1]


def test_the_manifests_before_is_the_midnight_after_until(run: Run, filled: Path) -> None:
    told = run("export", "--out", "ra", "--until", "2026-11-23", "--json").json
    assert told["query"]["before"] == "2026-11-24T00:00:00+07:00"
    assert told["counts"]["articles"] == 4
    assert told == json.loads((filled / "ra/manifest.json").read_text(encoding="utf-8"))


def test_an_export_over_something_fails_and_leaves_it(run: Run, filled: Path) -> None:
    (filled / "ra").mkdir()
    ran = run("export", "--out", "ra")
    assert ran.code == 1
    assert ran.err.endswith("ra: is there already, and an export overwrites nothing; name a new folder\n")
    assert list((filled / "ra").iterdir()) == []


def test_a_rule_that_config_has_forgotten_can_be_exported_while_its_flags_stay(
    run: Run, filled: Path
) -> None:
    (filled / "config.toml").write_text(CONFIG.replace("[rules.dinh_cong]", "[rules.khac]"), encoding="utf-8")
    assert run("export", "--out", "ra", "--rule", "dinh_cong", "--json").json["counts"]["articles"] == 3


def test_reflag_shows_first_and_then_changes(run: Run, filled: Path) -> None:
    run("decide", "1", "keep")
    new_rules = CONFIG.replace('any = ["đình công"]', 'any = ["xưởng"]').replace("dinh_cong", "xuong")
    (filled / "config.toml").write_text(new_rules, encoding="utf-8")
    shown = run("reflag", "--dry-run", "--json").json
    assert {one["id"]: (one["added"], one["removed"]) for one in shown} == {
        1: (["xuong"], ["dinh_cong"]),
        2: (["xuong"], ["dinh_cong"]),
        3: (["xuong"], ["dinh_cong"]),
        4: (["xuong"], []),
    }
    assert run("cases", "--nl").lines[0]["flags"][0]["rule"] == "dinh_cong"
    ran = run("reflag")
    assert "1 are newly flagged, 0 no longer flagged, 3 otherwise changed" in ran.err
    assert len(ran.out.splitlines()) == 4
    told = {one["id"]: one for one in run("cases", "--nl").lines}
    assert {flag["rule"] for one in told.values() for flag in one["flags"]} == {"xuong"}
    assert told[1]["verdict"]["decision"] == "keep"
    assert run("reflag", "--json").json == []


def test_reflag_tells_a_change_before_it_knows_the_next(
    run: Run, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    compare = reflagging.compare

    def watched(*args: Any, **kwargs: Any) -> Iterator[reflagging.Reflagged]:
        for one in compare(*args, **kwargs):
            order.append("known")
            yield one

    monkeypatch.setattr(reflagging, "compare", watched)
    monkeypatch.setattr("crawler.cli.reflagging.above_bar", lambda _: order.append("told"))
    (filled / "config.toml").write_text(CONFIG.replace("dinh_cong", "khac"), encoding="utf-8")
    run("reflag", "--dry-run")
    assert len(order) > 2
    assert order == ["known", "told"] * (len(order) // 2)


def test_a_reflag_whose_reader_leaves_is_finished_all_the_same(run: Run, filled: Path) -> None:
    (filled / "config.toml").write_text(CONFIG.replace("dinh_cong", "khac"), encoding="utf-8")
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([sys.executable, "-m", "crawler", "reflag"], stdout=writer, env=env, check=False)
    os.close(writer)
    assert done.returncode == 0
    with Store.open(filled / "store.sqlite") as store:
        assert reflagging.is_due(store, load(filled / "config.toml").rules) == ()


def test_config_show_tells_every_value_with_its_origin(run: Run, folder: Path) -> None:
    told = {one["key"]: one for one in run("config", "show", "--json", "--db", "k.sqlite").json}
    assert told["crawl.delay"] == {"key": "crawl.delay", "value": 1.0, "from": "default"}
    assert told["sources.kontumtv.enabled"]["from"] == "config.toml"
    assert told["store.path"] == {"key": "store.path", "value": f"{folder}/k.sqlite", "from": "--db"}


def test_config_show_narrows_down_by_table(run: Run, folder: Path) -> None:
    lines = run("config", "show", "review").out.splitlines()
    assert lines[:2] == ['review.host = "127.0.0.1"  # default', "review.port = 8765  # default"]
    assert all(line.startswith("review.") for line in lines)
    assert [one["key"] for one in run("config", "show", "crawl.delay", "--json").json] == ["crawl.delay"]


def test_sources_lists_what_is_watched(run: Run, folder: Path) -> None:
    told = run("sources", "--json").json
    assert [(one["source"], one["enabled"]) for one in told] == [("baohatinh", True), ("kontumtv", False)]
    lines = run("sources").out.splitlines()
    assert lines[0].split() == ["source", "enabled", "every", "at", "least", "home"]
    assert lines[2].split() == ["kontumtv", "no", "auto", "–", "https://kontumtv.example.vn/"]


def test_status_of_sources_never_crawled_is_no_illness(run: Run, filled: Path) -> None:
    ran = run("status", "--json")
    assert ran.code == 0
    assert {one["source"]: one["last_run"] for one in ran.json} == {"baohatinh": None, "kontumtv": None}
    assert "baohatinh" in run("status").out


def test_a_backup_restores_what_was_there(run: Run, filled: Path) -> None:
    assert run("db", "backup", "b.sqlite", "--json").json["rows"]["articles"] == 4
    run("decide", "1", "drop")
    ran = run("db", "restore", "b.sqlite", "--yes")
    assert ran.code == 0
    assert "the old file is" in ran.err
    assert run("show", "1", "--json").json["verdict"] is None
    assert run("db", "check").err.endswith("sound\n")


def test_a_damaged_store_is_told_by_check(run: Run, filled: Path) -> None:
    path = filled / "store.sqlite"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    ran = run("db", "check", "--json")
    assert ran.code == 1
    assert (ran.json["sound"], bool(ran.json["troubles"])) == (False, True)


def test_migrate_makes_no_store(run: Run, filled: Path) -> None:
    assert run("db", "migrate").code == 0
    (filled / "store.sqlite").unlink()
    assert run("db", "migrate").code == 1


def test_read_prints_a_saved_page_as_the_contracts_article(run: Run, folder: Path) -> None:
    (folder / "trang.html").write_text(PAGE, encoding="utf-8")
    told = run("read", "trang.html").json
    assert told["title"] == "Đình công ở khu công nghiệp"
    assert (told["source"], told["kind"], told["refused"]) == ("baohatinh", "short", None)
    assert told["url"] == "https://baohatinh.example.vn/dinh-cong-o-khu-cong-nghiep-17.html"
    assert "hơn 300 công nhân ngừng việc" in told["body"]
    with_store_only = {"found_in", "fetched_at", "revision", "changed_at", "gone_at"}
    assert with_store_only <= set(told)
    assert not {"id", "flags", "verdict"} & set(told)


def test_read_takes_the_address_and_the_source_it_is_told(run: Run, folder: Path) -> None:
    (folder / "trang.html").write_text(PAGE, encoding="utf-8")
    url = "https://kontumtv.example.vn/tin-tuc/a/b"
    assert run("read", "trang.html", "--url", url).json["source"] == "kontumtv"
    assert run("read", "trang.html", "--source", "kontumtv").json["key"].startswith("kontumtv:")


@pytest.mark.parametrize("body", [b"", b"\x00" * 500, "không có gì".encode()])
def test_a_page_that_is_no_article_says_why(run: Run, folder: Path, body: bytes) -> None:
    (folder / "trang.html").write_bytes(body)
    ran = run("read", "trang.html")
    assert ran.code == 0
    assert ran.json["refused"]
    assert ran.json["title"] is None


def test_an_address_on_this_machine_is_not_read(run: Run, folder: Path) -> None:
    ran = run("read", "http://127.0.0.1:9/a.html")
    assert ran.code == 1
    assert ran.err == "diembao: http://127.0.0.1:9/a.html: a private address\n"
