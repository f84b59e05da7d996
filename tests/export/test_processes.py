"""Exports in processes of their own: what is left when they are ended, and what they see of what goes on."""

from __future__ import annotations

import hashlib
import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.export import ExportOrder, Filter, Series, export
from storage.store import Store
from tests.making import NOON, article, flag, keep

# The real command, which says so and waits: after its first case, or before a call.
_WAITING = """
import sys
from pathlib import Path
from crawler.cli.main import main
from crawler.export import exporting
from storage.exports import Exports

def wait():
    print("waiting", flush=True)
    sys.stdin.readline()

def before(call):
    def waiting(*given):
        wait()
        return call(*given)
    return waiting

def after_first(chosen):
    def waiting(*given):
        for number, case in enumerate(chosen(*given)):
            yield case
            if number == 0:
                wait()
    return waiting

place = sys.argv.pop(1)
if place == "case":
    exporting.chosen = after_first(exporting.chosen)
elif place == "rename":
    Path.rename = before(Path.rename)
else:
    Exports.finish = before(Exports.finish)
sys.exit(main())
"""


@contextmanager
def exporting(folder: Path, arguments: Sequence[str], at: str = "case") -> Iterator[subprocess.Popen[str]]:
    """`diembao export` in that folder, held there."""
    with subprocess.Popen(
        [sys.executable, "-c", _WAITING, at, "export", "--db", "store.sqlite", *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder,
    ) as child:  # fmt: skip
        assert child.stdout is not None
        said = child.stdout.readline()
        assert said == "waiting\n", child.communicate()
        yield child
        child.kill()


@pytest.fixture
def folder(store: Store, tmp_path: Path) -> Path:
    """With a store of five articles and a configuration."""
    (tmp_path / "config.toml").write_text("", encoding="utf-8")
    return store.path.parent


def test_however_it_is_ended_no_half_folder_is_left_or_the_next_takes_it_away(
    store: Store, folder: Path
) -> None:
    before = {path.name for path in folder.iterdir()}
    for number, code in ((signal.SIGTERM, 143), (signal.SIGINT, 130)):
        with exporting(folder, ["--out", "ra"]) as child:
            child.send_signal(number)
            assert child.wait() == code
        assert {path.name for path in folder.iterdir()} == before
    with exporting(folder, ["--out", "ra"]) as child:
        [hidden] = folder.glob(".ra.*.part")
        export(store, ExportOrder(folder / "ra.b", ("jsonl",)), NOON)
        child.kill()
        child.wait()
    assert not (folder / "ra").exists()
    assert hidden.exists()
    export(store, ExportOrder(folder / "ra", ("jsonl",)), NOON)
    assert {path.name for path in folder.iterdir()} == before | {"ra", "ra.b"}


def test_what_a_living_export_writes_is_not_taken_away_by_another(store: Store, folder: Path) -> None:
    with exporting(folder, ["--out", "ra"]) as child:
        export(store, ExportOrder(folder / "ra", ("jsonl",)), NOON)
        assert len(list(folder.glob(".ra.*.part"))) == 1
        _, said = child.communicate("\n")
        assert (child.returncode, "is there already" in said) == (1, True)


@pytest.mark.parametrize(("place", "again"), [("rename", True), ("finish", False)])
def test_killed_about_its_appearing_a_change_is_told_once_or_it_is_said(
    store: Store, folder: Path, place: str, again: bool
) -> None:
    order = ExportOrder(folder / "một", ("jsonl",), Filter(decision="keep"), series=Series("tuần"))
    export(store, order, NOON)
    store.verdicts.decide(2, "keep", None, NOON)
    arguments = ["--out", "hai", "--decision", "keep", "--as", "tuần", "--since", "last"]
    with exporting(folder, arguments, place) as child:
        child.kill()
        child.wait()
    assert (folder / "hai").exists() is not again
    made = export(store, replace(order, out=folder / "ba"), NOON)
    assert made.series is not None
    assert (made.series["added"], len(made.series["maybe_told"])) == (again, again)
    assert any("broken off" in remark for remark in made.remarks) is again
    before = (folder / ("một" if again else "hai") / "manifest.json").read_bytes()
    assert made.previous == hashlib.sha256(before).hexdigest()
    assert export(store, replace(order, out=folder / "bốn"), NOON).remarks == ()


def test_all_files_are_of_one_moment_while_another_process_keeps_and_decides(
    store: Store, folder: Path
) -> None:
    with exporting(folder, ["--out", "ra", "--format", "jsonl,csv,sqlite", "--as", "tuần"]) as child:
        keep(store, [article(50), article(1, body="Bản mới.")], [flag()])
        store.verdicts.decide(3, "keep", None, NOON)
        _, said = child.communicate("\n")
        assert child.returncode == 0, said
    lines = (folder / "ra/articles.jsonl").read_text(encoding="utf-8").splitlines()
    told = {one["id"]: one for one in map(json.loads, lines)}
    with sqlite3.connect(folder / "ra/corpus.sqlite") as db:
        rows = dict(db.execute("SELECT id, decision FROM articles"))
    db.close()
    assert rows == {1: "keep", 2: "drop", 3: None, 4: None, 5: None}
    assert {number: (one["verdict"] or {}).get("decision") for number, one in told.items()} == rows
    assert {one["revision"] for one in told.values()} == {1}
    manifest = json.loads((folder / "ra/manifest.json").read_text(encoding="utf-8"))
    assert (manifest["counts"]["stored"]["articles"], manifest["counts"]["decided"]) == (5, 2)
    made = subprocess.run(
        [sys.executable, "-m", "crawler", "export", "--db", "store.sqlite", "--out", "sau", "--since", "last",
         "--as", "tuần"],
        cwd=folder, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert "1 added, 2 changed, 0 withdrawn" in made.stderr
