"""What an upkeep is told in, and what of it somebody should look at."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from crawler.config import Config, Crawl, Review
from crawler.errors import StoreError
from crawler.tending import roomy, said, tend, trouble_of
from storage.records import LetGo
from storage.retention import Policy
from storage.store import Store
from storage.upkeep import Log, Room, Tended
from tests.storage.samples import NOON

TENDED = Tended(
    let_go=(LetGo("bao", NOON, "age", 120, 3_400_000, NOON),),
    pages=5_000_000,
    pruned={"hosts": 2, "robots": 0},
    merges=1,
    unfinished=False,
    log=Log(4_000_000, 0, False),
    room=Room(100_000_000, 3_400_000, 0),
)


def test_an_upkeep_is_told_line_by_line() -> None:
    assert list(said(TENDED)) == [
        "bao: 120 pages, 3.4 MB, older than [store] keep_pages, the newest of 2026-11-23",
        "rows that only served the past: 2 of hosts",
        "the log was 4 MB, it is 0 bytes",
        "the store takes 100 MB, of which 3.4 MB are free and used again before it grows",
    ]


def test_what_stood_in_the_way_is_told() -> None:
    held = replace(TENDED, unfinished=True, log=Log(9_000_000, 9_000_000, True))
    lines = list(said(held))
    assert "the full-text index is put together further the next time" in lines
    assert "the log was 9 MB, it is 9 MB, held back by readers" in lines


def test_a_store_with_much_room_is_worth_compacting() -> None:
    assert "`diembao db compact`" in roomy(Room(100, 30, 0))
    assert roomy(Room(100, 0, 0)) == "the store takes 100 bytes"


@pytest.mark.parametrize(
    ("tended", "policy", "trouble"),
    [
        (TENDED, Policy(), None),
        (TENDED, Policy(most=5_000_000), None),
        (TENDED, Policy(most=4_999_999), "those left prove flags or decisions and never go"),
        (replace(TENDED, log=Log(1, 300_000_000, True)), Policy(), "something never ends its reading"),
        (replace(TENDED, log=Log(1, 300_000_000, False)), Policy(), None),
        (replace(TENDED, log=Log(1, 9_000_000, True)), Policy(), None),
    ],
)
def test_trouble_is_what_an_upkeep_cannot_mend(tended: Tended, policy: Policy, trouble: str | None) -> None:
    found = trouble_of(tended, policy)
    assert found is None if trouble is None else found and trouble in found


def test_an_upkeep_that_fails_is_recorded_with_its_trouble(tmp_path: Path) -> None:
    config = Config(Path("config.toml"), tmp_path / "store.sqlite", Crawl(), Review(), {}, ())
    with Store.open(config.store_path) as store:
        store._db.execute("DROP TABLE page_sizes")
        with pytest.raises(StoreError):
            tend(store, config, lambda: NOON)
        assert "page_sizes" in (store.upkeeps.trouble() or "")
