"""What words choose is exported whole, the oldest first, with its proof."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crawler.export import ExportOrder, Filter, Manifest, Searched, export
from crawler.searching import Marks, Wish, ask, each, in_time
from storage.cases import CaseQuery
from storage.records import Dating
from storage.store import Store
from tests.making import NOON, article, flag, keep
from tests.storage.samples import HOUR, kept

WORDS = ("cá", "cà", "gió", "mưa", "to", "nắng.")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """40 articles of few words, a third flagged, some undated."""
    chance = random.Random(3)
    with Store.open(tmp_path_factory.mktemp("choosing") / "s.sqlite") as opened:
        for number in range(40):
            source = chance.choice(("baohatinh", "kontumtv"))
            dated = Dating(NOON - chance.randrange(200) * HOUR, "minute", "meta")
            told = article(number, source, " ".join(chance.choices(WORDS, k=3)))
            told = replace(told, title="tin", lead=None, published=dated if number % 5 else None)
            keep(opened, [told], [flag()] if number % 3 == 0 else [])
        yield opened


@pytest.mark.parametrize("marks", ["few", "any", "exact"])
@pytest.mark.parametrize(
    "query", ["cá", "mưa to", "cá AND gió", "NOT cá", "ca", "gió AND NOT cà", "cá NEAR/1 gio", "cá cà gió"]
)
def test_in_time_are_the_very_hits_of_a_search_the_oldest_first(
    store: Store, query: str, marks: Marks
) -> None:
    asked = ask(query, {})
    for narrowed in (CaseQuery(), CaseQuery(flagged=True, mentions=True), CaseQuery(source="kontumtv")):
        wish = Wish(narrowed, marks)
        found = list(in_time(store, asked, wish))
        assert sorted((hit.case.id, hit.exact, hit.proof) for hit in found) == sorted(
            (hit.case.id, hit.exact, hit.proof) for hit in each(store, asked, wish)
        )
        all_in_order = [case.id for case in store.cases.find(replace(narrowed, newest_first=False))]
        chosen = {hit.case.id for hit in found}
        assert [hit.case.id for hit in found] == [number for number in all_in_order if number in chosen]


def made(store: Store, out: Path, query: str, marks: Marks = "few", chosen: Filter = Filter()) -> Manifest:  # noqa: B008 frozen
    searched = Searched(query, ask(query, {}), marks)
    return export(store, ExportOrder(out, ("jsonl", "csv"), chosen, searched=searched), NOON)


def lines(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "articles.jsonl").read_text(encoding="utf-8").splitlines()]


def test_each_article_bears_what_proves_it_and_the_manifest_says_how_it_was_asked(
    store: Store, tmp_path: Path
) -> None:
    manifest = made(store, tmp_path / "a", "cá", "any", Filter(source="kontumtv", mentions=True))
    found = lines(tmp_path / "a")
    assert found
    assert {one["source"] for one in found} == {"kontumtv"}
    for one in found:
        [match, *_] = one["matches"]
        text = one[match["field"]]
        start, end = match["spans"][0]
        assert text[start:end].lower() == "cá" if one["exact"] else text[start:end].lower() in {"cá", "cà"}
    told = manifest.told()
    assert (told["query"]["text"], told["query"]["marks"], told["query"]["source"]) == (
        "cá",
        "any",
        "kontumtv",
    )
    exact = sum(one["exact"] for one in found)
    assert told["found"] == {"exact": exact, "without_marks": len(found) - exact}
    assert told["counts"]["matching"] == len(found)


def test_words_that_match_nothing_give_an_empty_folder(store: Store, tmp_path: Path) -> None:
    manifest = made(store, tmp_path / "a", "rồng", "exact")
    assert (lines(tmp_path / "a"), manifest.counts["articles"]) == ([], 0)
    assert manifest.counts["stored"]["articles"] == 40


def test_gone_articles_can_be_had_alone_or_left_out(tmp_path: Path) -> None:
    with Store.open(tmp_path / "s.sqlite") as store:
        keep(store, [article(1), article(2)])
        told = article(2)
        store.links.mark(told.source, told.key, "gone", "http-404", None, NOON)
        for gone, expected in ((True, [2]), (False, [1]), (None, [2, 1])):
            out = tmp_path / f"ra {gone}"
            export(store, ExportOrder(out, ("jsonl",), Filter(gone=gone)), NOON)
            assert [one["id"] for one in lines(out)] == expected


def test_a_state_chooses_what_changed_since_its_verdict(tmp_path: Path) -> None:
    with Store.open(tmp_path / "s.sqlite") as store:
        keep(store, [article(1), article(2)], [flag()])
        for number in (1, 2):
            store.verdicts.decide(number, "keep", None, NOON)
        body = "Bản mới hẳn: chủ xưởng đã bỏ trốn, hai nghìn người mất việc, tỉnh họp khẩn trong đêm."
        changed = replace(article(2), body=body)
        store.keep([kept(changed, [flag()], NOON + HOUR)], NOON + HOUR)
        for state, expected in (("changed", [2]), ("kept", [1]), ("new", [])):
            out = tmp_path / state
            export(store, ExportOrder(out, ("jsonl",), Filter(state=state)), NOON)  # type: ignore[arg-type]  # of a literal
            assert [one["id"] for one in lines(out)] == expected
