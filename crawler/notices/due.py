"""Pure: what a channel sends now: at once, at its hours, weekly, or nothing while it is quiet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from crawler.config.model import Channel
from crawler.times import VIETNAM, Weekly, quiet_until
from storage.channels import Place
from storage.deliveries import DeliveryKind
from storage.notices import Waiting

GATHER = timedelta(minutes=10)  # how long changes of state wait for others, so that one message tells them
HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with a channel."""

    place: Place
    waiting: Waiting
    lately: Sequence[datetime] = ()  # when messages that waited for no hour were made, in the last hour
    an_hour: int = 6  # so many of these may be
    failing: bool = False  # whether a message waits to be tried again: what comes meanwhile is told together


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be sent now, and the marks to set with it."""

    kinds: tuple[DeliveryKind, ...]
    digest_at: datetime
    weekly_at: datetime


def due(channel: Channel, standing: Standing, now: datetime) -> Due:
    """What to send; a digest tells the urgent cases, too, that nobody was told of yet.

    Hours that passed while nothing ran are made up for once. A clock that was set back is believed: nothing
    waits for the moment from which it was set back to come again.
    """
    digest_at = min(standing.place.digest_at, now)
    weekly_at = standing.place.weekly_at if standing.place.weekly_at < now + _DAY else now
    if channel.quiet_hours and quiet_until(channel.quiet_hours, now):
        return Due((), digest_at, weekly_at)
    kinds: list[DeliveryKind] = []
    hour, of_week = newest_hour(channel.digest, now), newest_week(channel.weekly, now)
    if hour and hour > digest_at:
        digest_at = hour
        if standing.waiting.urgent + standing.waiting.others:
            kinds.append("digest")
    elif standing.waiting.urgent and _free(standing, now):
        kinds.append("at-once")
    if _are_gathered(standing, now):
        kinds.append("sources")
    if of_week and of_week > weekly_at and "weekly" in channel.tells:
        weekly_at = of_week
        kinds.append("weekly")
    return Due(tuple(kinds), digest_at, weekly_at)


def newest_hour(hours: Sequence[time], now: datetime) -> datetime | None:
    """The last moment at or before `now` at which one of these times of day was in Vietnam."""
    today = now.astimezone(VIETNAM).date()
    past = (
        at
        for day in (today, today - _DAY)
        for at in (datetime.combine(day, hour, VIETNAM) for hour in hours)
        if at <= now
    )
    return max(past, default=None)


def newest_week(weekly: Weekly | None, now: datetime) -> datetime | None:
    """The last moment at or before `now` at which it was that time of the week in Vietnam."""
    if weekly is None:
        return None
    today = now.astimezone(VIETNAM).date()
    day = today - timedelta(days=(today.weekday() - weekly[0]) % 7)
    at = datetime.combine(day, weekly[1], VIETNAM)
    return at if at <= now else at - timedelta(days=7)


def _are_gathered(standing: Standing, now: datetime) -> bool:
    since = standing.waiting.states_since
    return since is not None and not standing.failing and not timedelta() <= now - since < GATHER


def _free(standing: Standing, now: datetime) -> bool:
    within = sum(now - HOUR < made <= now for made in standing.lately)
    return not standing.failing and within < standing.an_hour
