"""Backups are proven, checks find what is wrong, restoring loses nothing."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest

from storage.backup import backup, check
from storage.backupfolder import BackupFolder
from storage.cases import CaseQuery
from storage.errors import (
    NotAStore,
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreMissing,
    StoreReadOnly,
)
from storage.restoring import restore, weigh
from storage.store import Store
from tests.storage.samples import HOUR, NOON, article, fill, flag, put


def articles(path: Path) -> int:
    with Store.open(path, create=False) as store:
        return store.cases.count(CaseQuery())


def test_a_backup_is_one_whole_file_with_everything_counted(store: Store, tmp_path: Path) -> None:
    number = put(store, article(), [flag()])
    store.verdicts.decide(number, "keep", None, NOON)
    made = backup(store.path, tmp_path / "copies" / "monday.sqlite")
    assert made.counts == {
        "links": 1,
        "articles": 1,
        "revisions": 1,
        "pages": 1,
        "flags": 1,
        "verdicts": 1,
        "raised": 0,
        "sampled": 0,
        "runs": 0,
    }
    assert [file.name for file in made.path.parent.iterdir()] == ["monday.sqlite"]
    assert made.size == made.path.stat().st_size
    with Store.open(made.path, create=False) as copy:
        assert copy.cases.get(number) == store.cases.get(number)
        assert copy.pages.newest(number) == store.pages.newest(number)


def test_a_backup_while_others_write_is_of_one_moment(store: Store, tmp_path: Path) -> None:
    fill(store, 50)
    stop = threading.Event()

    def write_on() -> None:
        with Store.open(store.path) as other:
            number = 1000
            while not stop.is_set():
                number += 1
                put(other, article(number, f"khac{number}"))

    writing = threading.Thread(target=write_on)
    writing.start()
    try:
        for n in range(5):
            made = backup(store.path, tmp_path / f"{n}.sqlite")
            assert check(made.path) == ()
            assert made.counts["articles"] == made.counts["pages"] >= 50
    finally:
        stop.set()
        writing.join()


def test_a_backup_never_takes_the_place_of_a_file(store: Store, tmp_path: Path) -> None:
    there = tmp_path / "there.sqlite"
    there.write_text("precious")
    with pytest.raises(StoreError, match="exists already"):
        backup(store.path, there)
    assert there.read_text() == "precious"


def test_a_backup_of_nothing_or_of_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing):
        backup(tmp_path / "none.sqlite", tmp_path / "copy.sqlite")
    (tmp_path / "garbage").write_bytes(b"x" * 5000)
    with pytest.raises(NotAStore):
        backup(tmp_path / "garbage", tmp_path / "copy.sqlite")
    (tmp_path / "empty").touch()
    with pytest.raises(NotAStore, match="is empty"):
        backup(tmp_path / "empty", tmp_path / "copy.sqlite")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["empty", "garbage"]


def test_a_backup_where_nothing_can_be_written_is_refused(store: Store) -> None:
    with pytest.raises(StoreReadOnly, match="cannot be opened"):
        backup(store.path, Path("/proc/copy.sqlite"))


def test_a_copy_that_fails_its_check_is_not_called_a_backup(store: Store, tmp_path: Path) -> None:
    put(store, article())
    store._db.execute("PRAGMA foreign_keys = OFF")
    store._db.execute("UPDATE revisions SET article_id = 99")
    with pytest.raises(StoreDamaged, match="fails its check: row 1 of revisions points at nothing"):
        backup(store.path, tmp_path / "copy.sqlite")
    assert not [file for file in tmp_path.iterdir() if "copy" in file.name]


def test_a_sound_store_has_no_troubles(store: Store) -> None:
    numbers = fill(store, 30, flagged=range(10))
    store.verdicts.decide(numbers[0], "keep", None, NOON)
    store.verdicts.undo(NOON)
    assert check(store.path) == ()


@pytest.mark.parametrize(
    ("damage", "trouble"),
    [
        ("UPDATE articles SET flagged = 1 - flagged", "3 articles whose mark of being flagged is wrong"),
        ("UPDATE articles SET revision = 2", "3 articles without their newest revision"),
        ("UPDATE revisions SET page_id = NULL WHERE id = 1", "1 pages that no revision was read from"),
        ("UPDATE pages SET body = x'00' WHERE id = 2", "page 2 no longer expands to what was fetched"),
        (
            "UPDATE verdicts SET article_id = 2 WHERE decision = 'undo'",
            "1 undos of another article's verdict",
        ),
        ("UPDATE revisions SET page_id = NULL WHERE id = 1", "1 revisions without a page that nobody let go"),
        ("DELETE FROM page_sizes WHERE page_id = 1", "1 pages that the list of their ages lacks"),
        (
            "UPDATE revisions SET page_let_go_at = fetched_at, page_id = NULL WHERE id = 1",
            "1 pages let go that were never counted",
        ),
        ("UPDATE flags SET revision_id = 77", "row 1 of flags points at nothing in revisions"),
        ("DELETE FROM _sqlite_migrations WHERE name LIKE 'm006%'", "its tables are of an older diembao"),
    ],
)
def test_a_check_names_what_is_wrong(store: Store, damage: str, trouble: str) -> None:
    numbers = fill(store, 3, flagged=[1])
    store.verdicts.decide(numbers[0], "keep", None, NOON)
    store.verdicts.undo(NOON)
    store._db.execute("PRAGMA foreign_keys = OFF")
    store._db.execute(damage)
    assert [line for line in check(store.path) if trouble in line]


def test_a_check_of_a_ruin_says_so(store: Store) -> None:
    fill(store, 300)
    store.close()
    content = bytearray(store.path.read_bytes())
    content[4096 * 3 :] = b"\xff" * (len(content) - 4096 * 3)
    store.path.write_bytes(content)
    assert check(store.path)


def test_restoring_puts_the_backup_in_place_and_keeps_the_old_file(store: Store, tmp_path: Path) -> None:
    fill(store, 3)
    made = backup(store.path, tmp_path / "copy.sqlite")
    fill(store, 2, source="sau")
    store.close()
    kept = restore(made.path, store.path, NOON)
    assert kept == store.path.with_name("store.sqlite.before-20261123T050000.000000Z")
    assert (articles(store.path), articles(kept), articles(made.path)) == (3, 5, 3)


def test_restoring_where_nothing_was_keeps_nothing(store: Store, tmp_path: Path) -> None:
    fill(store, 3)
    made = backup(store.path, tmp_path / "copy.sqlite")
    assert restore(made.path, tmp_path / "new" / "store.sqlite", NOON) is None
    assert articles(tmp_path / "new" / "store.sqlite") == 3


def test_a_store_in_use_is_not_replaced(store: Store, tmp_path: Path) -> None:
    fill(store, 3)
    made = backup(store.path, tmp_path / "copy.sqlite")
    fill(store, 1, source="sau")
    with pytest.raises(StoreBusy):
        restore(made.path, store.path, NOON)
    assert len(list(store.articles.each())) == 4
    assert sorted(
        file.name for file in tmp_path.iterdir() if "sqlite" in file.name and "-" not in file.name
    ) == [
        "copy.sqlite",
        "store.sqlite",
    ]


def test_a_ruined_store_is_replaced_and_kept_with_its_log(store: Store, tmp_path: Path) -> None:
    fill(store, 3)
    made = backup(store.path, tmp_path / "copy.sqlite")
    store.close()
    store.path.write_bytes(b"ruin")
    store.path.with_name("store.sqlite-wal").write_bytes(b"log")
    assert "is no SQLite database" in (weigh(made.path, store.path).trouble or "")
    kept = restore(made.path, store.path, NOON + HOUR)
    assert kept
    assert kept.read_bytes() == b"ruin"
    assert kept.with_name(kept.name + "-wal").read_bytes() == b"log"
    assert articles(store.path) == 3


def test_a_backup_that_is_none_replaces_nothing(store: Store, tmp_path: Path) -> None:
    fill(store, 3)
    store.close()
    (tmp_path / "copy.sqlite").write_bytes(b"x" * 5000)
    with pytest.raises(NotAStore):
        restore(tmp_path / "copy.sqlite", store.path, NOON)
    assert articles(store.path) == 3


def test_what_a_killed_backup_left_is_swept_by_the_next(store: Store, tmp_path: Path) -> None:
    fill(store, 3)
    folder = tmp_path / "safe"
    folder.mkdir()
    for name in (".store-20260101T000000Z.sqlite.part", ".store-20260101T000000Z.sqlite.part-journal"):
        (folder / name).write_text("half")
    (folder / ".other-20260101T000000Z.sqlite.part").write_text("of another store, perhaps at work")
    made, thrown = BackupFolder(folder, store.path, keep=1).add(NOON)
    assert thrown == ()
    assert sorted(file.name for file in folder.iterdir()) == [
        ".other-20260101T000000Z.sqlite.part",
        "store-20261123T050000Z.sqlite",
    ]
    assert made.counts["articles"] == 3


def test_a_backup_that_fails_throws_no_older_one_away(store: Store, tmp_path: Path) -> None:
    fill(store, 3)
    folder = BackupFolder(tmp_path / "safe", store.path, keep=1)
    folder.add(NOON)
    store._db.execute("PRAGMA foreign_keys = OFF")
    store._db.execute("UPDATE revisions SET article_id = 99 WHERE id = 1")
    with pytest.raises(StoreDamaged, match="fails its check") as caught:
        folder.add(NOON + HOUR)
    assert "store-20261123T060000Z.sqlite: the copy fails" in str(caught.value)
    assert [file.name for file in folder.made()] == ["store-20261123T050000Z.sqlite"]
    assert len(list(folder.folder.iterdir())) == 1


def test_a_full_disk_is_told_before_anything_is_copied(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store, 3)
    usage = shutil._ntuple_diskusage(10**9, 10**9, 1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(StoreFull, match=r"copy\.sqlite: a copy takes .* more than are free") as caught:
        backup(store.path, tmp_path / "copy.sqlite")
    assert ".part" not in str(caught.value)
    assert not [file for file in tmp_path.iterdir() if "copy" in file.name]


def test_a_check_says_how_far_it_is(store: Store) -> None:
    told: list[str] = []
    check(store.path, told.append)
    assert told[0] == "1 of 6: the file, and whether all rows point at others"
    assert told[-1] == "6 of 6: the counts by day"


def test_what_restoring_would_lose_is_told_by_number(store: Store, tmp_path: Path) -> None:
    numbers = fill(store, 3)
    store.verdicts.decide(numbers[0], "keep", None, NOON)
    made = backup(store.path, tmp_path / "copy.sqlite")
    fill(store, 2, source="sau")
    store.verdicts.decide(numbers[1], "drop", None, NOON + HOUR)
    store.verdicts.decide(numbers[0], "later", None, NOON + HOUR)
    store.searches.add("công đoàn", "công đoàn", {}, NOON)
    weighed = weigh(made.path, store.path)
    assert weighed.lost == {"articles": 2, "verdicts": 2, "raised": 0, "sampled": 0, "searches": 1}
    assert weighed.cases == (numbers[1], numbers[0])
    assert (weighed.newest, weighed.older, weighed.trouble) == (NOON, 0, None)
    store.close()
    store.path.write_bytes(b"ruin")
    weighed = weigh(made.path, store.path)
    assert (weighed.now, weighed.then["articles"]) == (None, 3)
    assert weighed.trouble
