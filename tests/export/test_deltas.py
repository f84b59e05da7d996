"""Exports under one name tell what was added, changed and withdrawn, lose nothing, repeat nothing unsaid."""

from __future__ import annotations

import csv
import errno
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crawler.errors import ExportError
from crawler.export import ExportOrder, Filter, Manifest, Options, Series, export
from crawler.export import exporting as module
from storage.errors import ExportedMeanwhile
from storage.exports import Exports
from storage.store import Store
from tests.making import NOON, article, flag, keep
from tests.storage.samples import HOUR

Export = Callable[..., Manifest]
KEPT = Filter(decision="keep")


@pytest.fixture
def make(store: Store, tmp_path: Path) -> Export:
    """Export into a folder of that name, as `tuần` unless said otherwise."""

    def made(name: str, chosen: Filter = KEPT, *, series: str | None = "tuần") -> Manifest:
        named = Series(series) if series else None
        return export(store, ExportOrder(tmp_path / name, ("jsonl", "csv"), chosen, series=named), NOON)

    return made


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def changes(folder: Path) -> list[tuple[str, int, list[str], list[str]]]:
    told = lines(folder / "changes.jsonl")
    return [(one["change"], one["id"], one["what"], one["reasons"]) for one in told]


def test_the_first_is_full_and_each_next_tells_only_what_changed(
    store: Store, tmp_path: Path, make: Export
) -> None:
    first = make("một")
    assert [one["id"] for one in lines(tmp_path / "một/articles.jsonl")] == [1]
    assert changes(tmp_path / "một") == [("added", 1, [], [])]
    assert first.series is not None
    assert (first.previous, first.series["only_changes"]) == (None, False)
    store.verdicts.decide(2, "keep", None, NOON + HOUR)
    store.verdicts.decide(1, "keep", "giữ, gấp", NOON + HOUR)
    second = make("hai")
    assert [one["id"] for one in lines(tmp_path / "hai/articles.jsonl")] == [2, 1]
    assert changes(tmp_path / "hai") == [("added", 2, [], []), ("changed", 1, ["verdict"], [])]
    text = (tmp_path / "một/manifest.json").read_bytes()
    assert second.previous == hashlib.sha256(text).hexdigest()
    assert second.counts["matching"] == 2
    store.verdicts.decide(2, "drop", None, NOON + HOUR)
    third = make("ba")
    assert lines(tmp_path / "ba/articles.jsonl") == []
    assert changes(tmp_path / "ba") == [("withdrawn", 2, [], ["decision"])]
    assert lines(tmp_path / "ba/changes.jsonl")[0]["now"] == {"decision": "drop"}
    assert (third.counts["articles"], third.counts["matching"]) == (0, 1)
    store.verdicts.decide(2, "keep", None, NOON + HOUR)
    make("bốn")
    assert changes(tmp_path / "bốn") == [("added", 2, [], [])]


def test_nothing_changed_is_a_whole_folder_that_says_so(tmp_path: Path, make: Export) -> None:
    make("một")
    made = make("hai")
    assert made.series is not None
    assert [made.series[kind] for kind in ("added", "changed", "withdrawn")] == [0, 0, 0]
    assert (tmp_path / "hai/articles.jsonl").read_bytes() == b""
    assert (tmp_path / "hai/changes.jsonl").read_bytes() == b""
    assert made.counts["matching"] == 1


def test_what_changed_is_told_part_by_part(store: Store, tmp_path: Path, make: Export) -> None:
    everything = Filter()
    make("một", everything)
    told = article(4, "kontumtv")
    store.links.mark(told.source, told.key, "gone", "http-404", None, NOON + HOUR)
    number = {one.key: each for each, one in store.articles.each()}
    store.flags.replace(number[article(3).key], [flag("luong")], NOON + HOUR)
    keep(store, [replace(article(2), section="Kinh tế")], [flag(), flag("luong")])
    make("hai", everything)
    what = {one["key"]: one["what"] for one in lines(tmp_path / "hai/changes.jsonl")}
    assert what == {told.key: ["gone"], article(3).key: ["flags"], article(2).key: ["text"]}


def test_the_table_of_changes_says_the_same_as_the_lines(store: Store, tmp_path: Path, make: Export) -> None:
    make("một")
    store.verdicts.decide(1, "drop", None, NOON + HOUR)
    make("hai")
    with (tmp_path / "hai/changes.csv").open(encoding="utf-8", newline="") as file:
        [row] = csv.DictReader(file, strict=True)
    [line] = lines(tmp_path / "hai/changes.jsonl")
    assert (row["change"], row["id"], row["key"], row["title"]) == (
        "withdrawn",
        "1",
        line["key"],
        line["title"],
    )
    assert (row["reasons"], json.loads(row["now"])) == ("decision", {"decision": "drop"})


def test_for_excel_the_table_of_changes_runs_nothing_either(store: Store, tmp_path: Path) -> None:
    keep(store, [replace(article(9), title='=HYPERLINK("http://x.vn")')])
    order = ExportOrder(tmp_path / "a", ("csv",), series=Series("tuần"), options=Options(excel=True))
    export(store, order, NOON)
    text = (tmp_path / "a/changes.csv").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    assert b",\"'=HYPERLINK" in text


def test_names_do_not_disturb_each_other_and_an_export_without_one_is_not_remembered(
    tmp_path: Path, make: Export
) -> None:
    make("một")
    make("khác", series="tháng")
    make("vô danh", series=None)
    make("hai")
    assert changes(tmp_path / "hai") == []
    assert changes(tmp_path / "khác") == [("added", 1, [], [])]


def test_another_question_under_the_same_name_is_told(store: Store, tmp_path: Path, make: Export) -> None:
    make("một")
    made = make("hai", Filter(decision="drop"))
    assert made.series is not None
    assert made.series["asked_otherwise"]
    assert made.series["asked_before"]["decision"] == "keep"
    assert any("asked otherwise" in remark for remark in made.remarks)
    assert changes(tmp_path / "hai") == [
        ("added", 2, [], []),
        ("withdrawn", 1, [], ["asked-otherwise", "decision"]),
    ]
    again = make("ba", Filter(decision="drop"))
    assert again.series is not None
    assert not again.series["asked_otherwise"]


def test_all_of_it_can_be_had_once_more_under_its_name(store: Store, tmp_path: Path, make: Export) -> None:
    make("một")
    store.verdicts.decide(2, "keep", None, NOON + HOUR)
    order = ExportOrder(tmp_path / "hai", ("jsonl",), KEPT, series=Series("tuần", since_last=False))
    made = export(store, order, NOON)
    assert [one["id"] for one in lines(tmp_path / "hai/articles.jsonl")] == [2, 1]
    assert changes(tmp_path / "hai") == [("added", 2, [], [])]
    assert made.series is not None
    assert (made.series["only_changes"], made.previous is None) == (False, False)


def test_deltas_put_together_are_the_whole(store: Store, tmp_path: Path, make: Export) -> None:
    held: dict[int, dict[str, Any]] = {}
    flagged = Filter(flagged=True)
    for step in range(6):
        store.verdicts.decide(1 + step % 3, ("keep", "drop", "later")[step % 3], None, NOON + step * HOUR)
        number = {one.key: each for each, one in store.articles.each()}[article(1 + step % 3).key]
        store.flags.replace(number, [flag()] if step % 2 else [], NOON + step * HOUR)
        keep(store, [article(20 + step)], [flag()] if step % 2 else [])
        make(f"bước {step}", flagged)
        for change in lines(tmp_path / f"bước {step}/changes.jsonl"):
            if change["change"] == "withdrawn":
                del held[change["id"]]
        held |= {one["id"]: one for one in lines(tmp_path / f"bước {step}/articles.jsonl")}
    export(store, ExportOrder(tmp_path / "cả", ("jsonl",), flagged), NOON)
    assert held == {one["id"]: one for one in lines(tmp_path / "cả/articles.jsonl")}


def test_a_folder_that_could_not_appear_loses_no_change(store: Store, tmp_path: Path, make: Export) -> None:
    make("một")
    store.verdicts.decide(2, "keep", None, NOON + HOUR)
    (tmp_path / "hai").mkdir()
    with pytest.raises(ExportError, match="is there already"):
        make("hai")
    made = make("ba")
    assert changes(tmp_path / "ba") == [("added", 2, [], [])]
    assert made.series is not None
    assert made.series["maybe_told"] == []


def test_a_folder_that_is_refused_at_the_last_moment_loses_no_change_either(
    store: Store, tmp_path: Path, make: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    make("một")
    store.verdicts.decide(2, "keep", None, NOON + HOUR)

    def refuse(*_: Any) -> None:
        raise OSError(errno.EROFS, "x")

    with monkeypatch.context() as broken:
        broken.setattr(Path, "rename", refuse)
        with pytest.raises(ExportError, match="read-only"):
            make("hai")
    made = make("ba")
    assert changes(tmp_path / "ba") == [("added", 2, [], [])]
    assert (made.series or {})["maybe_told"] == []


def test_a_change_told_into_a_folder_that_was_moved_away_is_told_again_and_said_so_until_it_is_done(
    store: Store, tmp_path: Path, make: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    make("một")
    store.verdicts.decide(2, "keep", None, NOON + HOUR)
    with monkeypatch.context() as broken:
        broken.setattr(module._Export, "_settle", lambda *_: None)
        make("hai")
    (tmp_path / "hai").rename(tmp_path / "đã gửi")
    (tmp_path / "ba").mkdir()
    with pytest.raises(ExportError):
        make("ba")
    made = make("bốn")
    assert made.series is not None
    assert made.series["maybe_told"] == [_manifest_hash(tmp_path / "đã gửi")]
    assert changes(tmp_path / "bốn") == [("added", 2, [], [])]


def test_two_at_once_under_one_name_do_not_both_count(store: Store, tmp_path: Path, make: Export) -> None:
    make("một")
    order = ExportOrder(tmp_path / "chậm", ("jsonl",), Filter(), series=Series("tuần"))
    calls: list[int] = []

    def meanwhile() -> None:
        if not calls:
            calls.append(1)
            with Store.open(store.path) as other:
                export(other, replace(order, out=tmp_path / "nhanh"), NOON)

    with pytest.raises(ExportedMeanwhile, match="ask again"):
        export(store, order, NOON, meanwhile)
    assert not (tmp_path / "chậm").exists()
    assert store.exports.last("tuần") is not None
    make("sau", Filter())
    assert changes(tmp_path / "sau") == []


def test_what_counts_no_longer_is_forgotten(store: Store, make: Export) -> None:
    for step in range(4):
        store.verdicts.decide(1 + step % 2, ("drop", "keep")[step // 2], None, NOON + HOUR)
        make(f"bước {step}")
    rows = store._db.rows("SELECT article_id, digest IS NULL FROM exported")
    assert sorted(tuple(row) for row in rows) == [(1, 0), (2, 0)]


def _manifest_hash(folder: Path) -> str:
    return hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()


def test_a_name_that_is_forgotten_while_an_export_appears_stays_forgotten(
    store: Store, make: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish = Exports.finish

    def forgotten(exports: Exports, number: int) -> None:
        exports.forget("tuần")
        finish(exports, number)

    make("một")
    monkeypatch.setattr(Exports, "finish", forgotten)
    make("hai")
    monkeypatch.undo()
    assert store.exports.all() == ()
    third = make("ba")
    assert (third.previous, third.counts["articles"]) == (None, 1)
    [(one, articles)] = store.exports.all()
    assert (one.name, articles) == ("tuần", 1)
