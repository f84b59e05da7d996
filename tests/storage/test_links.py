"""The ledger: what is to be fetched, once, again, or never."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from storage.errors import NoSuchLink
from storage.links import _OPEN
from storage.records import Dating
from storage.store import Store
from tests.storage.samples import HOUR, MINUTE, NOON, SOURCE, article, found, kept, put


def keys(links: object) -> list[str]:
    assert isinstance(links, tuple)
    return [link.key for link in links]


def test_a_link_is_fetched_until_it_is_kept(store: Store) -> None:
    assert keys(store.links.offer(SOURCE, [found(1), found(2)], NOON)) == ["baogio:1", "baogio:2"]
    store.keep([kept(article(1))], NOON)
    assert keys(store.links.offer(SOURCE, [found(1), found(2)], NOON + HOUR)) == ["baogio:2"]
    assert store.links.counts(SOURCE) == {"kept": 1, "new": 1}


def test_a_link_offered_twice_at_once_is_returned_once(store: Store) -> None:
    assert keys(store.links.offer(SOURCE, [found(1), found(1)], NOON)) == ["baogio:1"]


def test_the_same_key_of_two_sources_is_two_links(store: Store) -> None:
    store.links.offer("one", [found(1)], NOON)
    assert len(store.links.offer("other", [found(1)], NOON)) == 1


def test_a_link_keeps_where_it_was_first_found_and_learns_what_others_tell(store: Store) -> None:
    store.links.offer(SOURCE, [found(1)], NOON)
    told = replace(
        found(1),
        found_in="sitemap",
        found_at="/sitemap.xml",
        dated=Dating(NOON - HOUR, "second", "sitemap"),
        modified_at=NOON,
        lead="Dẫn",
    )
    (link,) = store.links.offer(SOURCE, [told], NOON + HOUR)
    assert (link.found_in, link.found_at, link.first_seen, link.last_seen) == (
        "feed",
        "/rss",
        NOON,
        NOON + HOUR,
    )
    assert (link.dated, link.modified_at, link.lead) == (told.dated, NOON, "Dẫn")


def test_a_failed_link_is_tried_again_when_due_and_not_before(store: Store) -> None:
    store.links.offer(SOURCE, [found()], NOON)
    store.links.mark(SOURCE, "baogio:1", "failed", "http-500", NOON + HOUR, NOON)
    assert store.links.offer(SOURCE, [found()], NOON + HOUR - MINUTE) == ()
    assert store.links.open(SOURCE, NOON + HOUR - MINUTE) == ()
    (link,) = store.links.open(SOURCE, NOON + HOUR)
    assert (link.state, link.reason, link.attempts) == ("failed", "http-500", 1)
    assert store.links.offer(SOURCE, [found()], NOON + HOUR) == (replace(link, last_seen=NOON + HOUR),)


def test_failures_are_counted_and_forgotten_when_kept(store: Store) -> None:
    store.links.offer(SOURCE, [found()], NOON)
    for _ in range(3):
        store.links.mark(SOURCE, "baogio:1", "failed", "timeout", NOON, NOON)
    assert store.links.open(SOURCE, NOON)[0].attempts == 3
    store.keep([kept(article())], NOON)
    store.links.mark(SOURCE, "baogio:1", "failed", "timeout", NOON, NOON)
    assert store.links.open(SOURCE, NOON)[0].attempts == 1


def test_a_kept_link_is_fetched_again_once_its_source_says_it_changed(store: Store) -> None:
    first = replace(found(), modified_at=NOON - HOUR)
    store.links.offer(SOURCE, [first], NOON)
    store.keep([kept(article())], NOON)
    assert store.links.offer(SOURCE, [first, found()], NOON + HOUR) == ()
    changed = replace(first, modified_at=NOON - MINUTE)
    assert keys(store.links.offer(SOURCE, [changed], NOON + HOUR)) == ["baogio:1"]
    store.keep([kept(article(), at=NOON + HOUR)], NOON + HOUR)
    assert store.links.offer(SOURCE, [changed], NOON + 2 * HOUR) == ()


def test_a_change_told_of_a_link_kept_without_one_counts_from_the_fetch(store: Store) -> None:
    put(store, article())
    assert store.links.offer(SOURCE, [replace(found(), modified_at=NOON - HOUR)], NOON + HOUR) == ()
    assert store.links.offer(SOURCE, [replace(found(), modified_at=NOON + MINUTE)], NOON + HOUR)


def test_a_changed_link_that_failed_waits_until_it_is_due(store: Store) -> None:
    put(store, article())
    store.links.mark(SOURCE, "baogio:1", "failed", "http-503", NOON + HOUR, NOON)
    changed = replace(found(), modified_at=NOON + MINUTE)
    assert store.links.offer(SOURCE, [changed], NOON + 2 * MINUTE) == ()
    assert store.links.offer(SOURCE, [changed], NOON + HOUR)


def test_a_refused_reading_is_not_fetched_again_until_its_page_changes(store: Store) -> None:
    store.links.offer(SOURCE, [found()], NOON)
    store.links.mark(SOURCE, "baogio:1", "refused", "empty-body", None, NOON)
    assert store.links.offer(SOURCE, [found()], NOON + HOUR) == ()
    assert store.links.offer(SOURCE, [replace(found(), modified_at=NOON + MINUTE)], NOON + HOUR)


def test_a_link_refused_unseen_is_recorded_and_never_fetched(store: Store) -> None:
    store.links.refuse(SOURCE, [found(1), found(2)], "refused", "skip", NOON)
    store.links.refuse(SOURCE, [found(3)], "foreign", "other-host", NOON)
    assert store.links.open(SOURCE, NOON) == ()
    assert store.links.counts(SOURCE) == {"refused": 2, "foreign": 1}
    assert store.links.reasons(SOURCE) == {"refused: skip": 2, "foreign: other-host": 1}


def test_a_link_refused_unseen_is_fetched_once_the_configuration_offers_it(store: Store) -> None:
    store.links.refuse(SOURCE, [found()], "refused", "skip", NOON)
    (link,) = store.links.offer(SOURCE, [found()], NOON + HOUR)
    assert (link.state, link.reason) == ("new", None)


def test_refusing_does_not_undo_what_was_fetched(store: Store) -> None:
    put(store, article())
    store.links.refuse(SOURCE, [found()], "refused", "skip", NOON)
    assert store.links.counts(SOURCE) == {"kept": 1}


def test_a_second_address_of_a_key_is_not_fetched_while_the_first_is_good(store: Store) -> None:
    store.links.offer(SOURCE, [found()], NOON)
    (link,) = store.links.offer(SOURCE, [replace(found(), url="https://baogio.vn/amp/1")], NOON)
    assert link.url == found().url


def test_a_second_address_takes_the_place_of_one_that_failed_when_it_is_due(store: Store) -> None:
    store.links.offer(SOURCE, [found()], NOON)
    store.links.mark(SOURCE, "baogio:1", "failed", "http-500", NOON + HOUR, NOON)
    second = replace(found(), url="https://baogio.vn/amp/1")
    assert store.links.offer(SOURCE, [second], NOON) == ()
    assert store.links.open(SOURCE, NOON + HOUR)[0].url == second.url


def test_a_second_address_is_tried_where_the_first_is_gone_but_not_for_ever(store: Store) -> None:
    addresses = [found(), replace(found(), url="https://baogio.vn/amp/1")]
    tries = 0
    for day in range(20):
        offered = [link for one in addresses for link in store.links.offer(SOURCE, [one], NOON + day * HOUR)]
        for link in offered[:1]:
            tries += 1
            store.links.mark(SOURCE, link.key, "gone", "http-404", None, NOON + day * HOUR)
    assert tries == 3


def test_a_link_that_is_gone_takes_its_article_along_until_it_is_back(store: Store) -> None:
    number = put(store, article())
    store.links.mark(SOURCE, "baogio:1", "gone", "http-410", None, NOON + HOUR)
    store.links.mark(SOURCE, "baogio:1", "gone", "http-410", None, NOON + 2 * HOUR)
    case = store.cases.get(number)
    assert case
    assert case.gone_at == NOON + HOUR
    store.keep([kept(article(), at=NOON + 3 * HOUR)], NOON + 3 * HOUR)
    case = store.cases.get(number)
    assert case
    assert case.gone_at is None


def test_an_unknown_key_cannot_be_marked(store: Store) -> None:
    with pytest.raises(NoSuchLink, match="baogio:9"):
        store.links.mark(SOURCE, "baogio:9", "failed", "timeout", None, NOON)


def test_open_links_come_newest_found_first(store: Store) -> None:
    store.links.offer(SOURCE, [found(1)], NOON)
    store.links.offer(SOURCE, [found(2), found(3)], NOON + HOUR)
    store.links.offer(SOURCE, [found(1)], NOON + 2 * HOUR)
    assert keys(store.links.open(SOURCE, NOON)) == ["baogio:3", "baogio:2", "baogio:1"]


def test_open_links_are_found_by_index_however_many_are_closed(store: Store, path: Path) -> None:
    with sqlite3.connect(path) as db:
        plan = " ".join(str(row[3]) for row in db.execute(f"EXPLAIN QUERY PLAN {_OPEN}", [SOURCE, "", "", 0]))
    db.close()
    assert "links_open" in plan
    assert "TEMP B-TREE" not in plan


def test_a_person_who_asks_again_does_not_wait_but_for_what_the_server_asked(store: Store) -> None:
    store.links.offer(SOURCE, [found(1), found(2)], NOON)
    store.links.mark(SOURCE, "baogio:1", "failed", "http-500", NOON + HOUR, NOON)
    store.links.mark(SOURCE, "baogio:2", "failed", "http-429", NOON + HOUR, NOON)
    assert store.links.open(SOURCE, NOON) == ()
    assert keys(store.links.open(SOURCE, NOON, again=True)) == ["baogio:1"]


def test_a_change_that_comes_with_another_address_is_fetched_there(store: Store) -> None:
    store.links.offer(SOURCE, [found(1)], NOON)
    store.keep([kept(article(1))], NOON)
    moved = replace(found(1), url="https://baogio.example/dau-de-moi-1.html", modified_at=NOON + HOUR)
    (link,) = store.links.offer(SOURCE, [moved], NOON + HOUR)
    assert link.url == moved.url


def test_odd_texts_do_not_break_the_ledger(store: Store) -> None:
    odd = replace(found(), key="baogio:/tin/\ud800\0", lead="Mu\u031bo\u031b\u0300i", found_at="\udfff")
    store.links.offer(SOURCE, [odd], NOON)
    store.links.mark(SOURCE, odd.key, "failed", "lỗi\0", NOON, NOON)
    (link,) = store.links.offer(SOURCE, [odd], NOON)
    assert (link.key, link.lead, link.reason) == ("baogio:/tin/\ufffd\ufffd", "Mười", "lỗi\ufffd")
