"""Reading again: what the store gives for it, how far it has come, and what it leaves as it was."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage.records import Dating, FoundLink, Stored
from storage.rereads import Wanted
from storage.retention import Policy
from storage.store import Store
from tests.storage.samples import HOUR, NOON, SOURCE, article, fill, flag, found, kept, page, put

ALL = Wanted([SOURCE])


def test_an_article_comes_with_everything_that_reading_it_again_needs(store: Store) -> None:
    told = Dating(NOON - HOUR, "second", "feed")
    store.links.offer(SOURCE, [replace(found(), dated=told)], NOON)
    store.keep([replace(kept(article(), [flag()]), layers={"body": "selector"})], NOON)
    assert list(store.rereads.each(ALL)) == [
        Stored(1, 1, article(), {"body": "selector"}, (flag(),), told, page(article()))
    ]


def test_articles_come_by_number_of_the_sources_and_days_asked_for(store: Store) -> None:
    fill(store, 70)
    other = put(store, article(1, "khac"))
    numbers = [one.id for one in store.rereads.each(ALL)]
    assert numbers == sorted(numbers)
    assert len(numbers) == store.rereads.count(ALL) == 70
    assert [one.id for one in store.rereads.each(Wanted(["khac"]))] == [other]
    late = Wanted([SOURCE, "khac"], NOON - 3 * HOUR)
    assert [one.article.key for one in store.rereads.each(late)] == [
        *(f"{SOURCE}:{n}" for n in (1, 2, 3)),
        "khac:1",
    ]
    assert [one.id for one in store.rereads.each(ALL, after=68)] == [69, 70]
    assert store.rereads.count(ALL, after=68) == 2


def test_articles_kept_meanwhile_are_left_out_and_changed_ones_come_as_they_are(store: Store) -> None:
    fill(store, 40)
    seen = []
    for one in store.rereads.each(ALL):
        seen.append(one)
        if one.id == 1:
            put(store, article(99))
            store.keep([kept(replace(article(40), title="Mới"), at=NOON + HOUR)], NOON)
    assert len(seen) == 40
    assert (seen[-1].article.title, seen[-1].revision) == ("Mới", 2)


def test_a_damaged_page_costs_only_itself(store: Store) -> None:
    fill(store, 2)
    store._db.execute("UPDATE pages SET body = x'00' WHERE id = 1")
    assert [one.page is None for one in store.rereads.each(ALL)] == [True, False]


def test_the_position_is_of_the_words_it_was_asked_in(store: Store) -> None:
    assert store.rereads.position("a") == 0
    store.rereads.reached("a", 5, NOON)
    store.rereads.reached("a", 9, NOON)
    assert (store.rereads.position("a"), store.rereads.position("b")) == (9, 0)
    store.rereads.reached("b", 2, NOON)
    assert (store.rereads.position("a"), store.rereads.position("b")) == (0, 2)
    store.rereads.finished()
    assert store.rereads.position("b") == 0


def test_reading_again_changes_no_word_of_when_the_site_changed_the_text(store: Store) -> None:
    number = put(store, article(), [flag()])
    store.verdicts.decide(number, "keep", None, NOON)
    again = replace(kept(replace(article(), body="Đọc kỹ hơn."), [flag()]), page=page(article()))
    store.keep([again], NOON + HOUR)
    case = store.cases.get(number)
    assert case is not None
    assert (case.revision, case.changed_at, case.article.body) == (2, None, "Đọc kỹ hơn.")
    assert case.verdict is not None
    assert store.rereads.revision(number) == 2
    assert store.rereads.revision(99) is None


@pytest.mark.parametrize("body", ["Đoạn một.\n\nĐoạn hai.", "Đã sửa."])
def test_the_newest_word_on_layers_stands_and_none_at_all_takes_nothing_away(store: Store, body: str) -> None:
    store.links.offer(SOURCE, [FoundLink(f"{SOURCE}:1", "https://a.vn/1", "feed", "/rss")], NOON)
    store.keep([replace(kept(article()), layers={"title": "meta"})], NOON)
    said = replace(kept(replace(article(), body=body), at=NOON + HOUR), layers={"title": "selector"})
    store.keep([said], NOON + HOUR)
    assert store.articles.revisions(1)[-1].layers == {"title": "selector"}
    store.keep([replace(said, layers={})], NOON + HOUR)
    assert store.articles.revisions(1)[-1].layers == {"title": "selector"}


def test_an_article_whose_page_was_let_go_says_when(store: Store) -> None:
    put(store, article(), now=NOON)
    list(store.retention.let_go(Policy(HOUR), NOON + 2 * HOUR))
    [stored] = store.rereads.each(Wanted([SOURCE]))
    assert (stored.page, stored.page_let_go_at) == (None, NOON + 2 * HOUR)
