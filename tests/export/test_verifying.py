"""A check of an export names all that is not as its manifest says, and is led nowhere by a hostile one."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crawler.errors import ExportError
from crawler.export import ExportOrder, Series, export, verifying
from crawler.export.verifying import verify
from storage.store import Store
from tests.making import NOON


@pytest.fixture
def made(store: Store, tmp_path: Path) -> Path:
    """An export of four files: articles.csv, articles.jsonl, corpus.sqlite and metadata.json."""
    out = tmp_path / "out"
    export(store, ExportOrder(out, ("jsonl", "csv", "sqlite")), NOON)
    return out


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """A folder of one file, with the least that a manifest says."""
    out = tmp_path / "out"
    out.mkdir()
    (out / "a.txt").write_text("một", encoding="utf-8")
    digest = hashlib.sha256("một".encode()).hexdigest()
    told = {"files": [{"name": "a.txt", "bytes": 5, "sha256": digest}]}
    (out / "manifest.json").write_text(json.dumps(told), encoding="utf-8")
    assert verify(out).wrong == ()
    return out


def wrong(folder: Path) -> list[tuple[str, str]]:
    return [(one.kind, one.name) for one in verify(folder).wrong]


def rewrite(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    change(told)
    (folder / "manifest.json").write_text(json.dumps(told), encoding="utf-8")


def test_an_export_is_as_its_manifest_says(made: Path) -> None:
    found = verify(made)
    assert (found.wrong, found.files, found.previous, found.chain) == ((), 4, None, ())


def test_everything_that_differs_is_named(made: Path) -> None:
    (made / "articles.csv").write_bytes((made / "articles.csv").read_bytes().replace(b"1", b"2", 1))
    with (made / "articles.jsonl").open("ab") as file:
        file.write(b"\n")
    (made / "corpus.sqlite").unlink()
    (made / "mới").mkdir()
    (made / "mới/của tôi.txt").write_text("thêm")
    assert wrong(made) == [
        ("changed", "articles.csv"),
        ("changed", "articles.jsonl"),
        ("missing", "corpus.sqlite"),
        ("extra", "mới/của tôi.txt"),
    ]


def test_links_are_not_followed_and_odd_files_not_read(made: Path, tmp_path: Path) -> None:
    outside = tmp_path / "bên ngoài"
    outside.mkdir()
    (made / "articles.csv").rename(outside / "articles.csv")
    (made / "articles.csv").symlink_to(outside / "articles.csv")
    (made / "ra ngoài").symlink_to(outside)
    (made / "articles.jsonl").unlink()
    os.mkfifo(made / "articles.jsonl")
    assert wrong(made) == [("link", "articles.csv"), ("odd", "articles.jsonl"), ("link", "ra ngoài")]


@pytest.mark.parametrize(
    "name",
    ["../store.sqlite", "/etc/passwd", "a/../../b", "./a", "a//b", "", "..", "a\\b", "a\0b", "manifest.json"],
)
def test_a_name_that_leads_outside_is_refused(plain: Path, name: str) -> None:
    rewrite(plain, lambda told: told["files"].append({"name": name, "bytes": 1, "sha256": "0" * 64}))
    with pytest.raises(ExportError, match="which is no file of this folder"):
        verify(plain)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is no manifest of an export"),
        ("{}", "missing required field `files`"),
        ("[]", "is no manifest of an export"),
        ('{"files": 3}', "is no manifest of an export"),
        ('{"files": [{"name": "a"}]}', "missing required field `bytes`"),
        ('{"files": [{"name": "a", "bytes": -1, "sha256": "' + "0" * 64 + '"}]}', "no size and SHA-256"),
        ('{"files": [{"name": "a", "bytes": 1, "sha256": "abc"}]}', "no size and SHA-256"),
        ('{"files": [{"name": "a", "bytes": 1e400, "sha256": ""}]}', "is no manifest of an export"),
        ("[" * 100_000, "is no manifest of an export"),
        ('{"files": [], "x": "\\ud800"}', "is no manifest of an export"),
        ("\x00\xff", "is no manifest of an export"),
    ],
)
def test_what_is_no_manifest_is_said_in_one_line(plain: Path, text: str, said: str) -> None:
    (plain / "manifest.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(ExportError, match=said) as caught:
        verify(plain)
    assert "\n" not in str(caught.value)


def test_a_name_twice_is_refused(plain: Path) -> None:
    rewrite(plain, lambda told: told["files"].append(told["files"][0]))
    with pytest.raises(ExportError, match=r"names 'a\.txt' twice"):
        verify(plain)


def test_a_manifest_that_is_huge_a_link_or_not_there_is_not_read(
    plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "MOST", 100)
    with pytest.raises(ExportError, match="larger than"):
        verify(plain)
    (plain / "manifest.json").rename(tmp_path / "manifest.json")
    with pytest.raises(ExportError, match=r"has no manifest\.json"):
        verify(plain)
    (plain / "manifest.json").symlink_to(tmp_path / "manifest.json")
    with pytest.raises(ExportError, match="it is a link"):
        verify(plain)
    with pytest.raises(ExportError, match="is no folder"):
        verify(tmp_path / "không có")


def test_the_exports_before_are_found_beside_it(store: Store, tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        export(store, ExportOrder(tmp_path / name, ("jsonl",), series=Series("tuần")), NOON)
        store.verdicts.decide(3, "keep", name, NOON)
    found = verify(tmp_path / "c")
    assert found.chain == (tmp_path / "b", tmp_path / "a")
    assert verify(tmp_path / "c", tmp_path / "b").wrong == ()
    [one] = verify(tmp_path / "c", tmp_path / "a").wrong
    assert (one.kind, one.name) == ("chain", "manifest.json")
    [one] = verify(tmp_path / "a", tmp_path / "b").wrong
    assert one.detail.startswith("follows no export")
    (tmp_path / "b").rename(tmp_path.parent / "xa")
    apart = verify(tmp_path / "c")
    assert (apart.chain, apart.wrong, apart.previous == found.previous) == ((), (), True)
