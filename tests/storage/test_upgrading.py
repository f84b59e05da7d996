"""Every schema that was ever released comes up to date with all its rows, and is copied before."""

from __future__ import annotations

import lzma
import shutil
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from storage.backup import check
from storage.cases import CaseQuery
from storage.copying import proven
from storage.errors import StoreBusy, StoreDamaged, StoreError, StoreFull
from storage.migrations import known
from storage.restoring import restore, weigh
from storage.store import Store
from storage.upgrading import KEPT, copies
from tests.storage.old.make import FOLDER, RELEASED
from tests.storage.samples import NOON, article, put

OLDEST, NEWEST = min(RELEASED), max(RELEASED)
# Dies in the middle of the last migration, when everything before it is done but not committed.
_STOPPED = """
import sys, time
from pathlib import Path
from storage.migrations import migrations
from storage.store import Store

def stop(db):
    print("midway", flush=True)
    time.sleep(60)

migrations._migrations[-1].fn = stop
Store.open(Path(sys.argv[1]))
"""

Rows = dict[str, list[tuple[Any, ...]]]


def unpacked(name: str, folder: Path) -> Path:
    path = folder / "store.sqlite"
    path.write_bytes(lzma.decompress((FOLDER / f"{name}.sqlite.xz").read_bytes()))
    return path


def rows(path: Path, like: Rows | None = None) -> Rows:
    """Every row of every table that is no index, in the columns that `like` has."""
    with closing(sqlite3.connect(path)) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        tables = [name for name in names if not name.startswith(("search_", "sqlite_", "_sqlite"))]
        found: Rows = {}
        for table in sorted(set(tables) - {"search"} if like is None else set(like)):
            columns = (
                like[table][0] if like else [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
            )
            told = ", ".join(f'"{column}"' for column in columns)
            found[table] = [tuple(columns), *sorted(db.execute(f"SELECT {told} FROM {table}"), key=repr)]
    return found


def test_every_released_schema_is_stored() -> None:
    assert sorted(RELEASED) == sorted(path.name.partition(".")[0] for path in FOLDER.glob("*.xz"))


@pytest.mark.parametrize("name", RELEASED)
def test_a_released_schema_comes_up_to_date_with_all_its_rows(name: str, tmp_path: Path) -> None:
    path = unpacked(name, tmp_path)
    before = rows(path)
    assert len(before["articles"]) == 1 + 7
    with Store.open(path) as store:
        case = store.cases.get(1)
        assert case
        assert case.verdict
        assert (case.verdict.decision, case.verdict.note) == ("keep", "Đúng chủ đề: tự quản")
        assert [flag.quote for flag in case.flags] == ["Tổ tự quản"]
        assert next(verdict.decision for verdict in store.verdicts.history(2)) == "drop"
        assert store.cases.count(CaseQuery(state="later")) == 1
        page = store.pages.newest(2)
        assert page
        assert "sửa hẳn" in page.body.decode()
    after = rows(path, before)
    lost = {table: set(told) - set(after[table]) for table, told in before.items()}
    assert {table: gone for table, gone in lost.items() if gone} == {}
    assert check(path) == ()
    [copy] = copies(path)
    assert rows(copy) == before
    with Store.open(path) as store:
        put(store, article(99))


def test_what_is_up_to_date_or_empty_is_not_copied(tmp_path: Path) -> None:
    path = unpacked(NEWEST, tmp_path)
    Store.open(path).close()
    Store.open(path).close()
    Store.open(tmp_path / "new.sqlite").close()
    assert len(copies(path)) == 1
    assert copies(tmp_path / "new.sqlite") == []


def test_the_copy_is_told_and_bears_the_newest_migration(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = unpacked(OLDEST, tmp_path)
    Store.open(path).close()
    [copy] = copies(path)
    newest = max(known()).partition("_")[0]
    assert copy.name.startswith(f"store.before-{newest}-20")
    assert [line for line in caplog.messages if "of an older diembao" in line and str(path) in line]
    assert [line for line in caplog.messages if str(copy) in line and "checked" in line]


def test_without_a_copy_if_so_asked(tmp_path: Path) -> None:
    path = unpacked(OLDEST, tmp_path)
    Store.open(path, backup=False).close()
    assert copies(path) == []
    assert check(path) == ()


def test_several_that_open_an_old_store_at_once_make_one_copy(tmp_path: Path) -> None:
    path = unpacked(OLDEST, tmp_path)
    with ThreadPoolExecutor(4) as threads:
        for opened in threads.map(lambda _: Store.open(path).close(), range(4)):
            assert opened is None
    assert len(copies(path)) == 1


def test_only_the_newest_copies_stay(tmp_path: Path) -> None:
    path = unpacked(OLDEST, tmp_path)
    for day in range(5):
        shutil.copy(path, tmp_path / f"store.before-m008-2026010{day}T000000Z.sqlite")
    (tmp_path / "store.before-m008-of-mine.sqlite").touch()
    Store.open(path).close()
    assert len(copies(path)) == KEPT
    assert copies(path)[0].name == "store.before-m008-20260103T000000Z.sqlite"
    assert (tmp_path / "store.before-m008-of-mine.sqlite").exists()


def test_without_room_for_a_copy_nothing_is_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = unpacked(OLDEST, tmp_path)
    before = rows(path)
    usage = shutil._ntuple_diskusage(10**9, 10**9, 1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(StoreFull, match=r"make room, or .* `diembao db migrate --no-backup`"):
        Store.open(path)
    monkeypatch.undo()
    assert rows(path) == before
    assert copies(path) == []


def test_a_copy_that_fails_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    path = unpacked(OLDEST, tmp_path)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE revisions SET article_id = 99 WHERE id = 1")
    before = rows(path)
    with pytest.raises(StoreDamaged, match="copy before the upgrade failed") as caught:
        Store.open(path)
    assert "points at nothing" in str(caught.value)
    assert rows(path) == before
    assert sorted(file.name for file in tmp_path.iterdir() if "before" in file.name) == []


@pytest.mark.slow
def test_an_upgrade_that_is_killed_leaves_the_old_store_and_its_copy(tmp_path: Path) -> None:
    path = unpacked(OLDEST, tmp_path)
    before = rows(path)
    half = tmp_path / ".store.before-m099-20260101T000000Z.sqlite.part"
    half.write_bytes(b"killed earlier")
    killed = subprocess.Popen([sys.executable, "-c", _STOPPED, str(path)], stdout=subprocess.PIPE, text=True)
    assert killed.stdout
    assert killed.stdout.readline() == "midway\n"
    with pytest.raises(StoreBusy):
        Store.open(path, patience=0)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert rows(path) == before
    [copy] = copies(path)
    assert proven(copy)["articles"] == 7
    assert not half.exists()
    with Store.open(path) as store:
        assert store.cases.get(1)
    assert check(path) == ()


def test_restoring_an_older_backup_brings_it_up_to_date(tmp_path: Path) -> None:
    old = unpacked(OLDEST, tmp_path)
    backup = old.rename(tmp_path / "backup.sqlite")
    path = tmp_path / "store.sqlite"
    with Store.open(path) as store:
        put(store, article())
    told = weigh(backup, path)
    assert told.older == len(known()) - 6
    assert (told.then["articles"], told.now and told.now["articles"]) == (7, 1)
    assert (told.lost["articles"], told.lost["verdicts"]) == (0, 0)
    before = backup.read_bytes()
    assert restore(backup, path, NOON)
    assert check(path) == ()
    assert copies(path) == []
    assert backup.read_bytes() == before


def test_a_newer_backup_replaces_nothing(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    with Store.open(path) as store:
        put(store, article())
        store._db.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " VALUES ('diembao', 'm999_future', '2030')"
        )
    backup = path.rename(tmp_path / "backup.sqlite")
    with pytest.raises(StoreError, match="newer diembao"):
        restore(backup, path, NOON)
    assert not path.exists()
