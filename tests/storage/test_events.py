"""What machines did and saw is noted beside the change itself, with its moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from storage.records import Event
from storage.store import Store
from tests.storage.samples import HOUR, MINUTE, NOON, article, flag, kept, put


def told(events: Sequence[Event]) -> list[tuple[str, str | None, str | None]]:
    return [(event.kind, event.rule, event.version) for event in events]


def test_flags_set_changed_and_removed_are_told_with_rule_version_and_moment(store: Store) -> None:
    number = put(store, article(1), [flag("tu_quan"), replace(flag("tu_quan"), field="lead")])
    store.flags.replace(number, [flag("tu_quan"), flag("khac")], NOON + MINUTE)
    store.flags.replace(number, [replace(flag("tu_quan"), version="v2")], NOON + HOUR)
    events = store.events.of(number)
    assert told(events) == [
        ("flagged", "tu_quan", "v1"),
        ("flagged", "khac", "v1"),
        ("flagged", "tu_quan", "v2"),
        ("unflagged", "khac", "v1"),
    ]
    assert [event.at for event in events] == [NOON, NOON + MINUTE, NOON + HOUR, NOON + HOUR]
    assert events[0].label == "Luật tu_quan"


def test_a_new_revision_that_is_flagged_the_same_is_no_event(store: Store) -> None:
    number = put(store, article(1), [flag()])
    changed = replace(article(1), body="Bản mới hẳn, nói chuyện khác.")
    store.keep([kept(changed, [flag()], NOON + HOUR)], NOON + HOUR)
    assert told(store.events.of(number)) == [("flagged", "tu_quan", "v1")]
    again = replace(changed, body="Bản thứ ba, không còn gì.")
    store.keep([kept(again, [], NOON + 2 * HOUR)], NOON + 2 * HOUR)
    assert told(store.events.of(number))[1:] == [("unflagged", "tu_quan", "v1")]


def test_gone_back_and_reread_are_told(store: Store) -> None:
    number = put(store, article(1))
    one = article(1)
    for _ in range(2):
        store.links.mark(one.source, one.key, "gone", "http-404", None, NOON + HOUR)
    store.keep([kept(one, [], NOON + 2 * HOUR)], NOON + 2 * HOUR)
    store.keep([kept(replace(one, body="Đọc kỹ hơn."), [], NOON)], NOON + 3 * HOUR)
    assert [(event.kind, event.at) for event in store.events.of(number)] == [
        ("gone", NOON + HOUR),
        ("back", NOON + 2 * HOUR),
        ("reread", NOON + 3 * HOUR),
    ]


def test_what_is_neither_flagged_nor_gone_has_no_events(store: Store) -> None:
    assert store.events.of(put(store, article(1))) == ()
    assert store.events.newest() == 0
    number = put(store, article(2), [flag()])
    assert store.events.flagged_since(0) == {number}
    assert store.events.flagged_since(store.events.newest()) == set()
