"""The full-text index is never behind what is stored, whatever wrote it."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

from storage.backup import backup, check
from storage.cases import CaseQuery
from storage.restoring import restore
from storage.search import columns
from storage.seeking import Sought
from storage.store import Store
from tests.making import NOON, article, keep


def found(store: Store, expression: str) -> list[int]:
    return list(store.search.matching(expression))


def test_what_is_kept_is_found_as_written_and_without_marks(store: Store) -> None:
    keep(store, [article(1, body="Đảng uỷ xã KỸ-LƯỠNG.")])
    assert found(store, 'body : "đảng uỷ"') == [1]
    assert found(store, 'bare_body : "dang uy"') == [1]
    assert found(store, 'bare_body : "ki luong"') == [1]
    assert found(store, 'body : "dang uy"') == []


def test_a_revised_article_is_found_by_its_newest_words_alone(store: Store) -> None:
    keep(store, [article(1, body="Bản cũ nói về cá.")])
    keep(store, [article(1, body="Bản mới nói về tôm.")])
    assert found(store, 'body : "về cá"') == []
    assert found(store, 'body : "về tôm"') == [1]
    assert check(store.path) == ()


def test_what_fails_to_be_kept_is_not_indexed(store: Store) -> None:
    try:
        with store.write():
            keep(store, [article(1)])
            raise ZeroDivisionError
    except ZeroDivisionError:
        pass
    assert found(store, 'body : "công"') == []


def test_an_old_store_gets_its_index_with_the_tables(store: Store) -> None:
    keep(store, [article(1), article(2)])
    store.close()
    with sqlite3.connect(store.path) as raw:
        raw.execute("DROP TABLE search")
        raw.execute("DELETE FROM _sqlite_migrations WHERE name = 'm014_search'")
    with Store.open(store.path) as opened:
        assert found(opened, 'body : "đòi tăng lương"') == [1, 2]
    assert check(store.path) == ()


def test_a_check_names_what_the_index_lacks_or_has_otherwise(store: Store) -> None:
    keep(store, [article(1), article(2)])
    with sqlite3.connect(store.path) as raw:
        raw.execute("UPDATE revisions SET body = 'khác' WHERE article_id = 1")
    assert check(store.path) == ("article 1 is not in the full-text index as it is stored",)
    with sqlite3.connect(store.path) as raw:
        raw.execute("DELETE FROM search_docsize WHERE id = 2")
    assert "1 articles that the full-text index lacks" in check(store.path)


def test_a_backup_brings_the_index_back(store: Store, tmp_path: Path) -> None:
    keep(store, [article(1)])
    store.close()
    backup(store.path, tmp_path / "copy.sqlite")
    restore(tmp_path / "copy.sqlite", store.path, NOON)
    with Store.open(store.path) as opened:
        assert found(opened, 'body : "tăng lương"') == [1]


def test_the_newest_published_come_first_and_all_without_numbers(store: Store) -> None:
    keep(store, [article(3), article(1), article(2)])
    for expression in (None, "body : tăng"):
        [stretch] = store.search.seek(Sought(expression, CaseQuery())).stretches()
        assert list(stretch.numbers) == [2, 3, 1]


def test_whoever_changes_what_is_indexed_must_rebuild_the_index_of_old_stores() -> None:
    text = "Hoà thuận, ỦY ban 44-KL/TW; kỹ “quý” Ðảng ƣu_tiên … v.v. THUÝ nghe\u0301 9.000đ"
    told = hashlib.sha256("\n".join(columns(text, None, text * 2)).encode()).hexdigest()[:16]
    assert told == "c9f9c59f8da32cea", "append a migration that calls `rebuild`, then renew this"
