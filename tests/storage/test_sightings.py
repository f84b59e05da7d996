"""The ledger remembers which ways showed each link, and its sums close."""

from __future__ import annotations

from dataclasses import replace

from storage.records import BackfillPlace, FoundIn, RunReport, Showing
from storage.store import Store
from tests.storage.samples import HOUR, NOON, SOURCE, article, found, kept

FEED, MAP = Showing("feed", "/rss"), Showing("sitemap", "/sitemap.xml")
KINDS: tuple[FoundIn, ...] = ("feed", "sitemap")


def test_each_link_remembers_every_way_that_showed_it(store: Store) -> None:
    store.links.offer(SOURCE, [replace(found(1), shown_by=(FEED, MAP)), found(2)], NOON)
    store.links.offer(SOURCE, [replace(found(2), shown_by=(MAP,))], NOON + HOUR)
    assert {way.url: (way.links, way.last_seen) for way in store.sightings.ways(SOURCE)} == {
        "/rss": (2, NOON),
        "/sitemap.xml": (2, NOON + HOUR),
    }
    (group,) = store.sightings.sums(SOURCE)
    assert (group.kinds, group.links) == (frozenset(KINDS), 2)


def test_every_link_is_in_exactly_one_sum(store: Store) -> None:
    store.links.offer(SOURCE, [found(n) for n in range(1, 6)], NOON)
    store.keep([kept(article(1))], NOON)
    store.links.mark(SOURCE, "baogio:2", "failed", "timeout", NOON + HOUR, NOON)
    store.links.mark(SOURCE, "baogio:3", "failed", "http-500", None, NOON)
    store.links.mark(SOURCE, "baogio:4", "gone", "http-404", None, NOON)
    store.links.refuse(SOURCE, [found(7)], "foreign", "another-host", NOON)
    store.links.leave(SOURCE, [found(8)], "older-than-look-back", NOON)
    sums = store.sightings.sums(SOURCE)
    assert sum(one.links for one in sums) == sum(store.links.counts(SOURCE).values()) == 7
    assert {one.reason for one in sums if one.set_aside} == {"http-500"}


def test_what_one_kind_of_way_lacks_is_told_of_links_after_the_first_crawl(store: Store) -> None:
    store.links.offer(SOURCE, [replace(found(1), shown_by=(MAP,))], NOON)
    store.runs.end(store.runs.begin(SOURCE, 1, NOON - HOUR), RunReport("interrupted"), NOON - HOUR)
    store.runs.end(store.runs.begin(SOURCE, 1, NOON), RunReport("done"), NOON)
    store.links.offer(SOURCE, [replace(found(2), shown_by=(MAP,))], NOON + HOUR)
    assert store.sightings.lacking(SOURCE, "feed", 5) == (found(2).url,)
    assert store.sightings.lacking(SOURCE, "sitemap", 5) == ()


def test_a_link_left_alone_is_fetched_once_it_is_offered_and_then_bears_that_place(store: Store) -> None:
    store.links.leave(SOURCE, [found(1)], "older-than-look-back", NOON)
    assert store.links.open(SOURCE, NOON) == ()
    (link,) = store.links.offer(SOURCE, [replace(found(1), found_in="backfill")], NOON + HOUR)
    assert (link.state, link.found_in) == ("new", "backfill")


def test_leaving_a_link_alone_changes_none_that_waits_or_is_kept(store: Store) -> None:
    store.links.offer(SOURCE, [found(1), found(2)], NOON)
    store.keep([kept(article(1))], NOON)
    store.links.leave(SOURCE, [found(1), found(2)], "older-than-look-back", NOON + HOUR)
    assert store.links.counts(SOURCE) == {"kept": 1, "new": 1}


def test_what_a_backfill_found_does_not_wait_for_the_daily_crawl(store: Store) -> None:
    store.links.offer(SOURCE, [replace(found(1), found_in="backfill"), found(2)], NOON)
    assert [link.key for link in store.links.open(SOURCE, NOON)] == ["baogio:2"]
    assert [link.key for link in store.links.backfilled(SOURCE, NOON, 9)] == ["baogio:1"]


def test_links_set_aside_are_listed_and_replayed_by_hand(store: Store) -> None:
    store.links.offer(SOURCE, [found(n) for n in (1, 2, 3)], NOON)
    store.links.mark(SOURCE, "baogio:1", "failed", "timeout", None, NOON)
    store.links.mark(SOURCE, "baogio:2", "gone", "http-404", None, NOON)
    store.links.mark(SOURCE, "baogio:3", "failed", "timeout", NOON + HOUR, NOON)
    assert [link.key for link in store.links.set_aside(SOURCE)] == ["baogio:1"]
    assert store.links.replay(SOURCE, "set-aside") == 1
    assert store.links.replay(SOURCE, "http-404") == 1
    assert [link.key for link in store.links.open(SOURCE, NOON)] == ["baogio:2", "baogio:1"]


def test_a_backfill_goes_on_where_it_was(store: Store) -> None:
    one = store.backfills.begin(SOURCE, NOON, None, NOON)
    store.backfills.add(one.id, [BackfillPlace("sitemap", "/a"), BackfillPlace("sitemap", "/b")])
    first = store.backfills.next_place(one.id)
    assert first is not None
    store.backfills.done(first, "ok", 3, [BackfillPlace("listing", "/c"), BackfillPlace("sitemap", "/a")])
    again = store.backfills.begin(SOURCE, NOON, None, NOON + HOUR)
    assert again.id == one.id
    second = store.backfills.next_place(again.id)
    assert second is not None
    assert second.url == "/b"
    assert dict(store.backfills.places(one.id)) == {"ok": 1, "open": 2}
    store.backfills.end(one.id, NOON)
    assert store.backfills.begin(SOURCE, NOON, None, NOON).id == one.id  # not before all is read
    while place := store.backfills.next_place(one.id):
        store.backfills.done(place, "ok", 0)
    store.backfills.end(one.id, NOON)
    assert store.backfills.begin(SOURCE, NOON, None, NOON).id != one.id


def test_a_backfill_does_not_end_while_links_of_it_wait(store: Store) -> None:
    one = store.backfills.begin(SOURCE, NOON, None, NOON)
    store.links.offer(SOURCE, [replace(found(1), found_in="backfill")], NOON)
    store.backfills.end(one.id, NOON)
    assert store.backfills.get(one.id).ended_at is None
    store.links.mark(SOURCE, "baogio:1", "failed", "timeout", NOON, NOON)
    store.backfills.end(one.id, NOON)
    assert store.backfills.get(one.id).ended_at is None  # it is due again
    store.links.mark(SOURCE, "baogio:1", "failed", "timeout", NOON + HOUR, NOON)
    store.backfills.end(one.id, NOON)
    assert store.backfills.get(one.id).ended_at == NOON


def test_a_place_of_a_backfill_that_cannot_be_read_is_given_up_in_the_end_and_named(store: Store) -> None:
    one = store.backfills.begin(SOURCE, NOON, None, NOON)
    store.backfills.add(one.id, [BackfillPlace("sitemap", "/a"), BackfillPlace("sitemap", "/b")])
    tries = 0
    while (place := store.backfills.next_place(one.id)) and place.url == "/a":
        other = store.backfills.next_place(one.id, {place.id})
        assert other is not None
        assert other.url == "/b"
        store.backfills.put_off(place, "timeout")
        assert store.backfills.unread(one.id) == {"timeout": 1}
        tries += 1
    assert tries == 6
    assert dict(store.backfills.places(one.id)) == {"given-up": 1, "open": 1}
