"""An exported folder is whole or absent, says how it came about, and is the same for the same content."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crawler import __version__
from crawler.errors import ExportError
from crawler.export import FORMATS as KNOWN
from crawler.export import ExportOrder, Filter, export
from crawler.export.folder import appearing
from crawler.export.formats import Watched, WatchedRule
from storage.errors import StoreError
from storage.store import Store
from tests.making import NOON, article, flag, keep

FORMATS = tuple(KNOWN)


def manifest(out: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    return told


def contents(out: Path) -> dict[str, bytes]:
    return {one.relative_to(out).as_posix(): one.read_bytes() for one in out.rglob("*") if one.is_file()}


def test_the_manifest_says_how_the_folder_came_about(store: Store, tmp_path: Path) -> None:
    chosen = Filter(flagged=True, source="baohatinh", since=NOON.replace(year=2020))
    watched = Watched(rules={"dinh_cong": WatchedRule("Đình công", "v7")})
    order = ExportOrder(tmp_path / "out", FORMATS, chosen, watched=watched, config="ab12")
    made = export(store, order, NOON)
    told = manifest(tmp_path / "out")
    assert told == json.loads(made.text())
    assert told["as_of"] == "2026-11-23T12:00:00+07:00"  # when the newest of it came
    assert told["query"] == {
        "text": None, "marks": None, "saved": None, "flagged": True, "rule": None, "source": "baohatinh",
        "since": "2020-11-23T12:00:00+07:00", "before": None, "decision": None, "state": None, "gone": None,
        "mentions": False, "with_notes": False, "as_of": None,
    }  # fmt: skip
    assert told["versions"]["diembao"] == __version__
    assert {"python", "sqlite", "tables", "trafilatura"} <= set(told["versions"])
    assert told["rules"] == {"dinh_cong": {"v1": 3}, "luong": {"v1": 3}}
    assert (told["rules_in_force"], told["config"]) == ({"dinh_cong": "v7"}, "ab12")
    assert (told["previous"], told["series"], told["found"]) == (None, None, None)


def test_the_manifest_counts_each_source_and_what_that_is_a_part_of(store: Store, tmp_path: Path) -> None:
    export(store, ExportOrder(tmp_path / "out", ("jsonl",), Filter(decision="keep")), NOON)
    told = manifest(tmp_path / "out")
    assert told["sources"] == {
        "baohatinh": {
            "articles": 1, "flagged": 1, "decided": 1, "flagged_decided": 1, "matching": 1,
            "stored": {"articles": 3, "flagged": 3, "decided": 2, "flagged_decided": 2},
        },
        "kontumtv": {
            "articles": 0, "flagged": 0, "decided": 0, "flagged_decided": 0, "matching": 0,
            "stored": {"articles": 2, "flagged": 0, "decided": 0, "flagged_decided": 0},
        },
    }  # fmt: skip
    assert told["counts"] == {
        "articles": 1, "flagged": 1, "decided": 1, "flagged_decided": 1, "matching": 1,
        "stored": {"articles": 5, "flagged": 3, "decided": 2, "flagged_decided": 2},
    }  # fmt: skip


def test_the_manifest_counts_articles_by_rule_version(store: Store, tmp_path: Path) -> None:
    keep(store, [article(9)], [flag(version="v2"), flag(version="v2")])
    export(store, ExportOrder(tmp_path / "out", ("jsonl",)), NOON)
    assert manifest(tmp_path / "out")["rules"]["dinh_cong"] == {"v1": 3, "v2": 1}


def test_the_manifests_hashes_are_those_of_the_files(store: Store, tmp_path: Path) -> None:
    export(store, ExportOrder(tmp_path / "out", FORMATS), NOON)
    files = contents(tmp_path / "out")
    listed = manifest(tmp_path / "out")["files"]
    assert {one["name"] for one in listed} == set(files) - {"manifest.json"}
    for one in listed:
        assert one["sha256"] == hashlib.sha256(files[one["name"]]).hexdigest()
        assert one["bytes"] == len(files[one["name"]])


def test_the_same_content_gives_the_same_bytes(store: Store, tmp_path: Path) -> None:
    export(store, ExportOrder(tmp_path / "a", FORMATS), NOON)
    export(store, ExportOrder(tmp_path / "b", FORMATS), NOON.replace(hour=9))
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_nothing_found_is_still_a_whole_folder(store: Store, tmp_path: Path) -> None:
    export(store, ExportOrder(tmp_path / "out", FORMATS, Filter(rule="chua_co")), NOON)
    counts = manifest(tmp_path / "out")["counts"]
    assert (counts["articles"], counts["matching"], counts["stored"]["articles"]) == (0, 0, 5)
    assert (tmp_path / "out/articles.jsonl").read_bytes() == b""


@pytest.mark.parametrize("kind", ["folder", "empty folder", "file", "dangling link"])
def test_what_is_there_already_is_refused_and_left_alone(store: Store, tmp_path: Path, kind: str) -> None:
    out = tmp_path / "out"
    if kind == "file":
        out.write_text("của tôi")
    elif kind == "dangling link":
        out.symlink_to(tmp_path / "nowhere")
    else:
        out.mkdir()
    if kind == "folder":
        (out / "mine.txt").write_text("của tôi")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(ExportError, match="is there already, and an export overwrites nothing"):
        export(store, ExportOrder(out, FORMATS), NOON)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_folder_that_appears_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with pytest.raises(ExportError, match="is there already"), appearing(out):
        out.mkdir()
    assert list(tmp_path.iterdir()) == [out]
    assert list(out.iterdir()) == []


def test_a_parent_that_does_not_exist_is_named(store: Store, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"the folder .*/no does not exist; make it first"):
        export(store, ExportOrder(tmp_path / "no/out", FORMATS), NOON)


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (OSError(errno.ENOSPC, "x"), "no room left on the disk; nothing was exported"),
        (OSError(errno.EROFS, "x"), "the disk is read-only; nothing was exported"),
    ],
)
def test_trouble_with_the_disk_is_one_line_and_leaves_nothing(
    tmp_path: Path, trouble: OSError, said: str
) -> None:
    out = tmp_path / "out"
    with pytest.raises(ExportError, match=said), appearing(out) as folder:
        _break_off(folder, trouble)
    assert list(tmp_path.iterdir()) == []


def test_a_broken_store_is_not_blamed_on_the_folder(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"kho\.sqlite: is damaged"), appearing(tmp_path / "out"):
        raise StoreError(tmp_path / "kho.sqlite", "is damaged")
    assert list(tmp_path.iterdir()) == []


def test_all_of_it_is_on_the_disk_before_its_name_is(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    before: set[str] = set()
    after: set[str] = set()

    def note(descriptor: int) -> None:
        (after if out.exists() else before).add(Path(f"/proc/self/fd/{descriptor}").readlink().name)

    monkeypatch.setattr(os, "fsync", note)
    export(store, ExportOrder(out, FORMATS), NOON)
    assert {path.name for path in out.iterdir()} < before
    assert any(name.startswith(".out.") for name in before)
    assert after == {tmp_path.name}


def test_ctrl_c_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), appearing(tmp_path / "out") as folder:
        _break_off(folder, KeyboardInterrupt())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("code", "said"), [(errno.EACCES, "no right to write there"), (errno.EROFS, "the disk is read-only")]
)
def test_a_place_that_may_not_be_written_is_named(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, said: str
) -> None:
    def refuse(**_: object) -> str:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(tempfile, "mkdtemp", refuse)  # root may write everywhere
    with pytest.raises(ExportError, match=f"{tmp_path}/out: {said}; name another folder"):
        export(store, ExportOrder(tmp_path / "out", FORMATS), NOON)


_EACH_FORMAT = """
import sys
from datetime import UTC, datetime
from pathlib import Path

from crawler.errors import ExportError
from crawler.export import ExportOrder, export
from storage.store import Store

with Store.open(Path(sys.argv[1])) as store:
    for name in sys.argv[3:]:
        try:
            export(store, ExportOrder(Path(sys.argv[2]) / name, (name,)), datetime.now(UTC))
        except ExportError as error:
            print(error)
"""


@pytest.mark.slow
def test_a_disk_that_ends_midway_leaves_nothing(store: Store, tmp_path: Path) -> None:
    chance = random.Random(1)  # so that no compression makes it fit
    long = "".join(chr(chance.randrange(0x4E00, 0x9FA5)) for _ in range(100_000))
    keep(store, [replace(article(10, body=long), title=long)])
    into = tmp_path / "into"
    into.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", _EACH_FORMAT, str(store.path), str(into), *FORMATS],
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=_may_write_100_kb,
    )
    lines = done.stdout.splitlines()
    assert [line.partition(": ")[0] for line in lines] == [str(into / name) for name in FORMATS]
    assert [line for line in lines if not line.endswith("; nothing was exported")] == []
    assert done.stderr == ""
    assert list(into.iterdir()) == []


def _break_off(folder: Path, trouble: BaseException) -> None:
    (folder / "half").write_text("half")
    raise trouble


def _may_write_100_kb() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))


def test_the_export_is_of_one_moment_while_the_store_goes_on(store: Store, tmp_path: Path) -> None:
    seen: list[int] = []

    def write_meanwhile() -> None:
        seen.append(1)
        keep(store, [article(100 + len(seen))])

    made = export(store, ExportOrder(tmp_path / "out", ("jsonl",)), NOON, write_meanwhile)
    assert made.counts["articles"] == len(seen) == 5
