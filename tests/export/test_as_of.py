"""An export as of a moment is the export that was made then, byte for byte."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.export import ExportOrder, Filter, Manifest, Searched, export
from crawler.searching import ask
from storage import seeking
from storage.store import Store
from tests.making import NOON
from tests.storage.samples import HOUR, MINUTE, article, flag, kept, put
from tests.storage.test_past import History

ORDERS = (
    ExportOrder(Path(), ("jsonl",), named=True),
    ExportOrder(Path(), ("jsonl",), Filter(flagged=True)),
    ExportOrder(Path(), ("jsonl",), Filter(state="changed", source="baogio")),
    ExportOrder(Path(), ("jsonl",), searched=Searched("bờ", ask("bờ", {}), "any")),
)


@pytest.fixture
def store(tmp_path: Path) -> Any:
    """An empty store."""
    with Store.open(tmp_path / "store.sqlite") as opened:
        yield opened


def articles(store: Store, order: ExportOrder, out: Path) -> list[dict[str, Any]]:
    """What is exported; `story` is that of today, see docs/export.md."""
    made(store, order, out)
    lines = (out / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    return [{**json.loads(line), "story": None} for line in lines]


def made(store: Store, order: ExportOrder, out: Path) -> Manifest:
    return export(store, replace(order, out=out), NOON)


@pytest.mark.parametrize("seed", [101, 102])
def test_the_moment_that_a_manifest_tells_gives_the_same_articles_whenever_it_is_asked_for(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    if seed == 102:  # the index gives more than is put in order at once
        monkeypatch.setattr(seeking, "MOST_KNOWN", 2)
        monkeypatch.setattr(seeking, "_SHORTEST", 2)
    history = History(store, seed)
    then: dict[datetime, list[list[dict[str, Any]]]] = {}
    for step in range(60):
        history.step()
        if step % 12 == 11:
            as_of = made(store, ORDERS[0], tmp_path / f"as of {step}").as_of
            assert as_of is not None
            then[as_of] = [
                articles(store, order, tmp_path / f"live {step} {place}")
                for place, order in enumerate(ORDERS)
            ]
        history.now += timedelta(seconds=1)
    for place, at in enumerate(then):
        for number, order in enumerate(ORDERS):
            out = tmp_path / f"then {place} {number}"
            assert articles(store, replace(order, as_of=at), out) == then[at][number], (at, order)


def test_every_file_as_of_a_moment_is_the_one_made_then(store: Store, tmp_path: Path) -> None:
    put(store, article(1), [flag()])
    order = ExportOrder(tmp_path / "a", ("jsonl", "csv", "sqlite", "tei"))
    then = export(store, order, NOON + HOUR)
    put(store, article(2), [flag()], NOON + HOUR)
    store.verdicts.decide(1, "keep", None, NOON + HOUR)
    now = export(store, replace(order, out=tmp_path / "b", as_of=then.as_of), NOON + 2 * HOUR)
    assert now.files == then.files


def test_words_are_sought_in_the_text_of_that_time(store: Store, tmp_path: Path) -> None:
    put(store, replace(article(1), body="Bão vào bờ trong đêm."))
    changed = replace(article(1), body="Gió đã yên, thuyền ra khơi từ sớm, chợ họp đông như mọi ngày.")
    store.keep([kept(changed, [], NOON + HOUR)], NOON + HOUR)
    order = ExportOrder(Path(), ("jsonl",), searched=Searched("bão", ask("bão", {}), "exact"))
    assert articles(store, order, tmp_path / "nay") == []
    [then] = articles(store, replace(order, as_of=NOON + MINUTE), tmp_path / "xưa")
    assert (then["revision"], then["matches"][0]["quote"]) == (1, "Bão vào bờ trong đêm.")


def test_where_the_past_is_not_recorded_that_far_back_it_is_said(store: Store, tmp_path: Path) -> None:
    put(store, article(1), [flag()])
    with store.write():
        store._db.execute("INSERT INTO history VALUES ('2026-11-24T05:00:00.000000+00:00')")
    order = ExportOrder(tmp_path / "a", ("jsonl",), as_of=NOON + HOUR)
    made = export(store, order, NOON + 48 * HOUR)
    assert made.told()["recorded_since"] == "2026-11-24T12:00:00+07:00"
    assert [remark[:40] for remark in made.remarks] == ["the past is recorded since 2026-11-24T12"]
    later = replace(order, out=tmp_path / "b", as_of=NOON + 30 * HOUR)
    assert export(store, later, NOON + 48 * HOUR).remarks == ()
