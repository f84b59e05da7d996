"""The part of the ledger that is put aside: written once, its look-back by an index of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.aside import _SINCE, PutAside
from storage.records import FoundIn, FoundLink
from storage.store import Store

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
DAY = timedelta(days=1)


def found(number: int, place: FoundIn = "listing") -> FoundLink:
    return FoundLink(f"bao:/{number}", f"https://bao.vn/{number}", place, "https://bao.vn/")


def menu(number: int) -> PutAside:
    return PutAside(found(number), "refused", "menu-address")


def test_the_look_back_reads_no_other_rows(tmp_path: Path) -> None:
    with Store.open(tmp_path / "a.sqlite") as store:
        plan = [row[3] for row in store._db.rows(f"EXPLAIN QUERY PLAN {_SINCE}", ["bao", "x"])]
    assert len(plan) == 1
    assert "USING INDEX links_aside" in plan[0]


def test_a_link_still_shown_is_touched_once_a_day(tmp_path: Path) -> None:
    with Store.open(tmp_path / "a.sqlite") as store:
        for hours in (0, 1, 23):
            store.aside.put("bao", [menu(1)], NOW + timedelta(hours=hours))
        assert store.aside.known("bao", ["bao:/1"]) == {"bao:/1": NOW}
        store.aside.put("bao", [menu(1)], NOW + 2 * DAY)
        assert store.aside.known("bao", ["bao:/1"]) == {"bao:/1": NOW + 2 * DAY}
        assert store.aside.since("bao", NOW - DAY) == (("menu-address", "https://bao.vn/1"),)
        assert store.aside.since("bao", NOW + DAY) == ()  # first seen before


def test_what_was_fetched_stays_what_it_is(tmp_path: Path) -> None:
    with Store.open(tmp_path / "a.sqlite") as store:
        store.links.offer("bao", [found(1, "feed")], NOW)
        store.links.mark("bao", "bao:/1", "gone", "http-410", None, NOW)
        store.aside.put("bao", [menu(1)], NOW + 3 * DAY)
        assert store.links.counts("bao") == {"gone": 1}


@pytest.mark.parametrize("reason", ["menu-address", "calendar"])
def test_links_are_listed_by_their_reason(reason: str, tmp_path: Path) -> None:
    with Store.open(tmp_path / "a.sqlite") as store:
        batch = [menu(1), PutAside(found(2), "refused", "calendar"), menu(3)]
        store.aside.put("bao", batch, NOW)
        numbers = [link.url[-1] for link in store.aside.of_reason("bao", reason, 9)]
    assert numbers == (["3", "1"] if reason == "menu-address" else ["2"])
