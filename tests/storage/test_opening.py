"""Opening: our own stores only, old ones brought up to date, everything else named and left alone."""

from __future__ import annotations

import os
import sqlite3
import stat
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage.connection import Connection, patiently, told
from storage.errors import (
    NewerStore,
    NotAStore,
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreMissing,
    StoreReadOnly,
)
from storage.migrations import known, migrations
from storage.provenance import APPLICATION_ID, unapplied
from storage.records import RunReport
from storage.store import Store
from tests.storage.samples import NOON, article, fill, put


def test_a_new_store_is_made_with_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "data" / "deep" / "store.sqlite"
    with Store.open(path) as store:
        assert store.path == path
        put(store, article())
    with Store.open(path, create=False) as store:
        assert store.cases.get(1)


def test_every_connection_is_set_as_writers_need_it(store: Store) -> None:
    pragmas = ["journal_mode", "synchronous", "foreign_keys", "busy_timeout", "application_id"]
    assert [store._db.value(f"PRAGMA {name}") for name in pragmas] == ["wal", 1, 1, 30_000, APPLICATION_ID]


def test_a_store_that_must_exist_is_not_made(path: Path) -> None:
    with pytest.raises(StoreMissing, match="there is no store yet"):
        Store.open(path, create=False)
    assert not path.exists()


def test_a_folder_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(NotAStore, match="is a folder"):
        Store.open(tmp_path)


@pytest.mark.parametrize(
    "content",
    [b"not a database", b"SQLite format 3\0" + b"\xff" * 4096, os.urandom(9000)],
    ids=["words", "a header alone", "noise"],
)
def test_a_file_of_garbage_is_no_store_and_stays_as_it_is(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(StoreError, match=str(path)) as caught:
        Store.open(path)
    assert isinstance(caught.value, NotAStore | StoreDamaged)
    assert path.read_bytes() == content


def test_another_programs_database_is_no_store_and_stays_as_it_is(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE bookmarks (url TEXT)")
    before = path.read_bytes()
    with pytest.raises(NotAStore, match="another program's database"):
        Store.open(path)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_an_empty_file_becomes_a_store(path: Path) -> None:
    path.touch()
    with Store.open(path) as store:
        put(store, article())
        assert store.cases.get(1) is not None


def test_a_newer_store_is_refused_and_stays_as_it_is(store: Store, path: Path) -> None:
    store._db.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
        " VALUES ('diembao', 'm999_future', '2030')"
    )
    with pytest.raises(NewerStore, match="newer diembao; upgrade this one"):
        Store.open(path)
    assert store._db.value("SELECT count(*) FROM _sqlite_migrations") == len(known()) + 1


@pytest.mark.parametrize("last", sorted(known())[1:])
def test_a_store_of_any_age_is_brought_up_to_date(path: Path, last: str) -> None:
    with closing(sqlite3.connect(path)) as db:
        migrations.apply(Database(db), stop_before=last)
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    with Store.open(path) as store:
        assert not unapplied(store._db)
        put(store, article())


def test_many_opening_an_old_store_at_once_migrate_it_once(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        migrations.apply(Database(db), stop_before="m002_pages")
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")

    def begin(number: int) -> int:
        with Store.open(path) as store:
            return store.runs.begin(f"bao{number}", number, NOON)

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(begin, range(8))) == list(range(1, 9))


def test_a_migration_that_breaks_leaves_the_store_as_it_was(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(db: Database) -> None:
        raise sqlite3.IntegrityError("a migration broke")

    with closing(sqlite3.connect(path)) as db:
        migrations.apply(Database(db), stop_before="m004_flags")
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    last = migrations._migrations[-1]
    monkeypatch.setattr(last, "fn", stop)
    with pytest.raises(sqlite3.IntegrityError):
        Store.open(path)
    with closing(Connection.open(path)) as connection:
        assert "m004_flags" in unapplied(connection)
    monkeypatch.undo()
    Store.open(path).close()


def test_a_writer_waits_for_another_and_then_says_who_is_in_the_way(store: Store, path: Path) -> None:
    with Store.open(path, patience=0.05) as other:
        with store.write(), pytest.raises(StoreBusy, match="another process keeps the store locked"):
            other.runs.begin("a", 1, NOON)
        assert other.runs.begin("a", 1, NOON) == 1


def test_readers_do_not_wait_for_a_writer(store: Store, path: Path) -> None:
    fill(store, 3)
    with Store.open(path, patience=0) as other, store.write():
        fill(store, 2, source="khac")
        assert len(list(other.articles.each())) == 3


def test_a_full_disk_is_named_and_leaves_what_was_kept(store: Store) -> None:
    fill(store, 3)
    room = store._db.value("PRAGMA page_count") + 5
    store._db.value(f"PRAGMA max_page_count = {room}")
    with pytest.raises(StoreFull, match="no room left"):
        fill(store, 500, source="khac")
    assert len(list(store.articles.each())) == 3
    store._db.value("PRAGMA max_page_count = 1000000")
    assert len(fill(store, 500, source="khac")) == 500


def test_a_folder_that_cannot_be_made_is_named() -> None:
    with pytest.raises(StoreReadOnly, match="folder cannot be made"):
        Store.open(Path("/proc/diembao/store.sqlite"))


def test_a_path_where_no_file_can_be_made_is_named() -> None:
    with pytest.raises(StoreReadOnly, match="cannot be opened"):
        Store.open(Path("/proc/store.sqlite"))


@contextmanager
def somebody_else() -> Iterator[None]:
    """Root may write everywhere, so that the tests of rights run as nobody where they begin as root."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("file_mode", [0o444, 0o644])
def test_a_store_without_the_right_to_write_is_named(file_mode: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, path = Path(name), Path(name) / "store.sqlite"
        Store.open(path).close()
        path.chmod(file_mode)
        folder.chmod(0o555)
        try:
            with (
                somebody_else(),
                pytest.raises(StoreReadOnly, match=r"check the rights|check that its folder"),
            ):
                open_and_write(path)
        finally:
            folder.chmod(stat.S_IRWXU)


def open_and_write(path: Path) -> None:
    with Store.open(path) as store:
        store.runs.end(store.runs.begin("a", 1, NOON), RunReport("done"), NOON)


def test_a_store_with_a_torn_page_is_named(store: Store, path: Path) -> None:
    fill(store, 300)
    store.close()
    content = bytearray(path.read_bytes())
    for start in range(2 * 4096, len(content), 4096):
        content[start : start + 200] = b"\xff" * 200
    path.write_bytes(content)
    with pytest.raises(StoreDamaged, match="restore a backup"), Store.open(path) as torn:
        list(torn.articles.each())


def test_a_busy_store_is_asked_again_until_patience_ends(path: Path) -> None:
    """SQLite does not wait by itself while a write-ahead log is being set up."""
    answers = [StoreBusy(path, "busy"), StoreBusy(path, "busy"), None]

    def ask() -> str:
        if error := answers.pop(0):
            raise error
        return "done"

    assert patiently(ask, 30) == "done"
    answers = [StoreBusy(path, "busy"), None]
    with pytest.raises(StoreBusy):
        patiently(ask, 0)


def test_no_room_for_the_index_of_the_log_is_no_room_on_the_disk(tmp_path: Path) -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
    assert isinstance(told(tmp_path, error), StoreFull)
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_READ
    assert not isinstance(told(tmp_path, error), StoreFull)
