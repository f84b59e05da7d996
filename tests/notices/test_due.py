"""What is due now: digests at their hours, once after an outage, never while it is quiet."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from crawler.config.model import Channel
from crawler.notices.due import Standing, due
from storage.deliveries import DeliveryKind
from storage.notices import Waiting
from tests.notices.making import NOON, at, channel, place, waiting

BAN = channel(digest=(time(7, 30), time(16, 30)))
NIGHT = (time(21), time(6, 30))


def kinds(of: Channel, has: Waiting, since: datetime, now: datetime) -> tuple[DeliveryKind, ...]:
    return due(of, Standing(place(since, since), has), now).kinds


@pytest.mark.parametrize(
    ("now", "expected"),
    [("16:29", ()), ("16:30", ("digest",)), ("16:31", ("digest",)), ("23:00", ("digest",))],
)
def test_a_digest_is_due_from_its_hour_on(now: str, expected: tuple[DeliveryKind, ...]) -> None:
    assert kinds(BAN, waiting(others=1), NOON, at(now)) == expected


def test_a_digest_that_was_sent_is_not_due_again_until_the_next_hour() -> None:
    sent = due(BAN, Standing(place(NOON), waiting(others=1)), at("16:35"))
    assert sent.digest_at == at("16:30")
    assert kinds(BAN, waiting(others=1), sent.digest_at, at("23:59")) == ()
    assert kinds(BAN, waiting(others=1), sent.digest_at, at("07:30", 24)) == ("digest",)


def test_an_hour_with_nothing_to_tell_passes_in_silence() -> None:
    passed = due(BAN, Standing(place(NOON), waiting()), at("16:30"))
    assert (passed.kinds, passed.digest_at) == ((), at("16:30"))


def test_digests_missed_by_an_outage_are_made_up_for_once() -> None:
    late = due(BAN, Standing(place(NOON), waiting(others=9)), at("10:00", 27))
    assert (late.kinds, late.digest_at) == (("digest",), at("07:30", 27))
    assert kinds(BAN, waiting(others=9), late.digest_at, at("10:01", 27)) == ()


def test_a_clock_that_was_far_ahead_and_set_back_stops_no_digest() -> None:
    ahead = NOON + timedelta(days=900)
    back = due(BAN, Standing(place(ahead, ahead), waiting(others=1)), at("13:00"))
    assert (back.kinds, back.digest_at, back.weekly_at) == ((), at("13:00"), at("13:00"))
    assert kinds(BAN, waiting(others=1), back.digest_at, at("16:30")) == ("digest",)


def test_urgent_cases_wait_for_no_hour() -> None:
    assert kinds(BAN, waiting(urgent=1, others=5), NOON, at("13:00")) == ("at-once",)


def test_urgent_cases_that_meet_a_digest_go_with_it() -> None:
    assert kinds(BAN, waiting(urgent=1), NOON, at("16:30")) == ("digest",)


def test_so_many_messages_an_hour_and_no_more() -> None:
    lately = [at("12:30"), at("12:40"), at("13:00")]
    full = Standing(place(), waiting(urgent=1), lately, an_hour=3)
    assert due(BAN, full, at("13:05")).kinds == ()
    assert due(BAN, full, at("13:31")).kinds == ("at-once",)


def test_a_channel_that_fails_gets_no_more_messages_than_its_digests_until_it_is_back() -> None:
    has = waiting(urgent=1, states_since=NOON)
    assert due(BAN, Standing(place(), has, failing=True), at("13:00")).kinds == ()
    assert due(BAN, Standing(place(), has, failing=True), at("16:30")).kinds == ("digest",)
    assert due(BAN, Standing(place(), has), at("13:00")).kinds == ("at-once", "sources")


@pytest.mark.parametrize("now", ["21:00", "23:59"])
def test_nothing_is_sent_while_it_is_quiet(now: str) -> None:
    quiet = channel(digest=(time(22),), quiet_hours=NIGHT, weekly=(0, time(21, 30)))
    has = waiting(urgent=1, others=1, states_since=NOON)
    asleep = due(quiet, Standing(place(), has), at(now))
    assert (asleep.kinds, asleep.digest_at) == ((), NOON)


def test_what_was_held_back_is_sent_when_the_quiet_hours_over_midnight_end() -> None:
    quiet = channel(digest=(time(22),), quiet_hours=NIGHT)
    has = waiting(urgent=1, others=1)
    assert kinds(quiet, has, NOON, at("06:29", 24)) == ()
    assert kinds(quiet, has, NOON, at("06:30", 24)) == ("digest",)
    assert kinds(channel(digest=(), quiet_hours=NIGHT), has, NOON, at("06:30", 24)) == ("at-once",)


def test_changes_of_health_wait_ten_minutes_for_others() -> None:
    fell = waiting(states_since=NOON)
    assert kinds(BAN, fell, NOON, NOON + timedelta(minutes=9)) == ()
    assert kinds(BAN, fell, NOON, NOON + timedelta(minutes=10)) == ("sources",)
    assert kinds(BAN, fell, NOON, NOON - timedelta(days=1)) == ("sources",)  # the clock was set back


def test_the_weekly_message_comes_on_its_day_even_with_nothing_to_tell() -> None:
    weekly = channel(weekly=(1, time(8)))
    assert kinds(weekly, waiting(), NOON, at("07:59", 24)) == ()
    sent = due(weekly, Standing(place(), waiting()), at("08:00", 24))
    assert (sent.kinds, sent.weekly_at) == (("weekly",), at("08:00", 24))
    assert kinds(weekly, waiting(), sent.weekly_at, at("07:59", 30)) == ()
    late = due(weekly, Standing(place(NOON, sent.weekly_at), waiting()), NOON + timedelta(days=40))
    assert late.kinds == ("weekly",)


def test_a_second_set_back_sends_no_second_weekly_message() -> None:
    weekly = channel(weekly=(1, time(8)))
    sent = due(weekly, Standing(place(), waiting()), at("08:00", 24))
    back = due(weekly, Standing(place(NOON, sent.weekly_at), waiting()), at("07:59", 24))
    assert back.weekly_at == sent.weekly_at
    assert due(weekly, Standing(place(NOON, back.weekly_at), waiting()), at("08:01", 24)).kinds == ()


def test_nobody_who_did_not_ask_for_it_gets_a_weekly_message() -> None:
    assert kinds(channel(weekly=(0, time(8)), tells=("articles",)), waiting(), at("07:00"), NOON) == ()
    assert kinds(channel(weekly=None), waiting(), at("07:00"), NOON + timedelta(days=30)) == ()
