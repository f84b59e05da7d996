"""Which cases and papers are told where, what waits for a digest, when a message is tried again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crawler.notices.choosing import choose
from crawler.notices.retrying import in_vain, is_due, wait
from crawler.notices.signing import is_signed, signature
from crawler.notices.sourcenews import source_news
from crawler.notices.troubles import troubles
from crawler.notices.wanted import noted
from storage.deliveries import Delivery
from tests.notices.making import NOON, candidate, change, channel, pending

DAYS = timedelta(days=1)


def test_what_is_heavy_enough_does_not_wait() -> None:
    heavy, light = candidate(weights={"a": 3.0, "b": 1.0}), candidate(weights={"b": 1.0})
    first, second = noted(channel(at_once=3.0), heavy, "new"), noted(channel(at_once=3.0), light, "new")
    assert first
    assert second
    assert (first.urgent, first.rule, first.weight) == (True, "a", 3.0)
    assert not second.urgent
    never = noted(channel(at_once=None), heavy, "new")
    assert never
    assert not never.urgent


def test_a_channel_tells_only_what_it_asks_for() -> None:
    case = candidate(weights={"a": 3.0, "b": 1.0})
    assert noted(channel(tells=("sources",)), case, "new") is None
    assert noted(channel(sources=("kontumtv",)), case, "new") is None
    assert noted(channel(rules=("c",)), case, "new") is None
    assert noted(channel(weight=4.0), case, "new") is None
    assert noted(channel(), candidate(weights={}), "new") is None
    only = noted(channel(rules=("b",)), case, "new")
    assert only
    assert (only.rule, only.weight, only.urgent) == ("b", 1.0, False)


def test_without_digests_only_what_is_urgent_is_told() -> None:
    assert noted(channel(digest=()), candidate(), "new") is None
    assert noted(channel(digest=()), candidate(weights={"a": 5.0}), "new")


@pytest.mark.parametrize(
    "named",
    [
        {"backfilled": True},
        {"first_fetched_at": NOON - 2 * DAYS},  # judged again by other rules
        {"published_at": NOON - 4 * DAYS},  # found late
    ],
)
def test_what_is_old_is_told_apart_and_disturbs_nobody(named: dict[str, Any]) -> None:
    told = noted(channel(at_once=1.0), candidate(weights={"a": 9.0}, **named), "new")
    assert told
    assert (told.late, told.urgent) == (True, False)
    undisturbed = noted(channel(digest=()), candidate(weights={"a": 9.0}, **named), "new")
    assert undisturbed
    assert undisturbed.urgent  # it would be told nowhere else


def test_a_changed_case_is_another_subject_each_time_it_changes() -> None:
    first = noted(channel(), candidate(), "changed")
    again = noted(channel(), candidate(first_fetched_at=NOON + DAYS), "changed")
    assert first
    assert again
    assert len({first.subject, again.subject, "case:1"}) == 3


def test_the_heaviest_stands_first_and_the_oldest_finds_last() -> None:
    cases = [
        pending(1),
        pending(2, weight=3.0),
        pending(3, weight=9.0, late=True),
        pending(4, weight=3.0, dated_at=NOON + DAYS),
    ]
    chosen = choose(cases, (), 3)
    assert [one.article_id for one in chosen.listed] == [4, 2, 1]
    assert len(chosen.told) == 4
    assert set((chosen.fates or {}).values()) == {"told"}


def test_what_needs_nobody_any_more_is_not_told_and_why_not_is_kept() -> None:
    cases = [
        pending(1, decided=True),
        pending(2, about=False),
        pending(3, kind="changed", decided=True, changed=False),
        pending(4, kind="changed", decided=True, changed=True),
    ]
    assert choose(cases, (), 9).fates == {101: "decided", 102: "unflagged", 103: "decided", 104: "told"}


def test_of_copies_the_first_is_told_and_none_where_one_was_told_before() -> None:
    cases = [pending(3, story=3, weight=9.0), pending(2, story=2), pending(5, story=2, weight=9.0)]
    chosen = choose(cases, {3}, 9)
    assert chosen.fates == {102: "told", 103: "copy", 105: "copy"}
    assert [one.article_id for one in chosen.listed] == [2]


def test_topics_are_counted_most_first() -> None:
    cases = [pending(1, rule="a"), pending(2, rule="b"), pending(3, rule="b")]
    assert list(choose(cases, (), 1).topics.items()) == [("b", 2), ("a", 1)]


def test_a_paper_that_fell_ill_and_got_well_meanwhile_is_not_told() -> None:
    news = source_news([change(1, "a", "ill"), change(2, "a", "well", "ill")], {}, 5)
    assert not news
    assert news.fates == {1: "over", 2: "over"}


def test_only_the_newest_state_of_a_paper_is_told() -> None:
    news = source_news([change(1, "a", "ill"), change(2, "a", "dead", "ill")], {}, 5)
    assert [one.state for one in news.ill] == ["dead"]
    assert news.fates == {1: "over", 2: "told"}


def test_a_paper_is_told_to_be_well_only_where_it_was_told_to_be_ill() -> None:
    well = [change(1, "a", "well", "ill")]
    assert not source_news(well, {}, 5)
    assert [one.source for one in source_news(well, {"a": "ill"}, 5).well] == ["a"]
    assert not source_news([change(1, "a", "disabled", "ill")], {"a": "ill"}, 5)
    assert not source_news([change(1, "a", "unwatched", None)], {"a": "unwatched"}, 5)


def test_many_papers_out_of_reach_at_once_are_one_trouble_of_ours() -> None:
    three = [change(n, f"bao{n}", "dead") for n in range(3)]
    assert source_news(three, {}, 6).offline
    assert not source_news(three, {}, 7).offline
    assert not source_news(three[:2], {}, 2).offline


def _delivery(**named: object) -> Delivery:
    return replace(Delivery(1, "k", "ban", "digest", NOON, "Tin", {}), **named)  # type: ignore[arg-type]


def test_a_message_is_tried_again_later_and_later_and_given_up_at_last() -> None:
    assert [wait(n).total_seconds() / 60 for n in (1, 2, 3, 4, 5, 6, 7, 99)] == [
        1,
        5,
        15,
        30,
        60,
        120,
        240,
        240,
    ]
    tried = in_vain(_delivery(attempts=2, remaining=("an@x.vn",)), "busy", NOON, 3 * DAYS)
    assert (tried.state, tried.next_attempt, tried.remaining) == (
        "waiting",
        NOON + timedelta(minutes=5),
        ("an@x.vn",),
    )
    assert in_vain(_delivery(attempts=30), "busy", NOON + 3 * DAYS, 3 * DAYS).state == "given-up"


def test_a_clock_set_back_makes_no_message_wait_for_weeks() -> None:
    assert not is_due(_delivery(next_attempt=NOON + timedelta(minutes=5)), NOON)
    assert is_due(_delivery(next_attempt=NOON), NOON)
    assert is_due(_delivery(next_attempt=NOON + 30 * DAYS), NOON)
    assert not is_due(_delivery(state="sent"), NOON)


def test_a_signature_is_of_one_body_one_secret_and_one_time() -> None:
    header = signature(b"secret", 1_000, b"{}")
    assert is_signed(header, b"secret", b"{}", 1_200)
    assert not is_signed(header, b"secret", b"{} ", 1_200)
    assert not is_signed(header, b"other", b"{}", 1_200)
    assert not is_signed(header, b"secret", b"{}", 1_301)
    assert not is_signed("v1=" + header.partition("v1=")[2], b"secret", b"{}", 1_000)


def test_what_did_not_arrive_is_complained_of_by_channel() -> None:
    channels = {"ban": channel(), "off": channel(name="off", enabled=False)}
    found = [
        _delivery(attempts=3, trouble="busy"),
        _delivery(id=2, state="refused", trouble="550 no", ended_at=NOON),
        _delivery(id=3, channel="off", state="refused", ended_at=NOON),
        _delivery(id=4, attempts=2),
        _delivery(id=5, channel="gone", attempts=9),
    ]
    first, second = troubles(found, channels, NOON + DAYS)
    assert first.startswith(
        "notices: ban: a message cannot be delivered since 2026-11-23T12:00:00+07:00 (busy)"
    )
    assert second.startswith(
        "notices: ban: a message never arrived (550 no): mend it, then `diembao notify retry 2`"
    )
    assert troubles(found[1:2], channels, NOON + 8 * DAYS) == ()
