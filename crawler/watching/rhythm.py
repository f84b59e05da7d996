"""Pure: how often a source is polled, learned from when it published: intervals proportional to 1/√rate.

That rule gives the least mean delay for a number of polls that many sources share: with rate λ and interval T
the delays of a source add up to λT/2 an hour and its polls to 1/T, and λT/2 + k²/(2T) is least at T = k/√λ.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from itertools import accumulate
from math import sqrt

from crawler.times import VIETNAM

WEEK = 168  # hours, the first is Monday's 00:00 in Vietnam
_PRIOR = (2.0, 4.0)  # articles, hours: what a source is taken for before it was watched
_LEAST = 0.05  # of its mean rate that any hour is thought to have
_JITTER = 0.5  # of an interval, from a quarter sooner to a quarter later
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Bounds:
    """The shortest and the longest interval."""

    soonest: timedelta
    latest: timedelta


@dataclass(frozen=True, slots=True)
class Profile:
    """A source's publishing: articles an hour, for each hour of the week."""

    rates: tuple[float, ...]

    def at(self, moment: datetime) -> float:
        """The rate at a moment."""
        return self.rates[hour_of_week(moment)]


def hour_of_week(moment: datetime) -> int:
    """0 to 167, by Vietnam's clock."""
    there = moment.astimezone(VIETNAM)
    return there.weekday() * 24 + there.hour


def learned(counts: Mapping[int, int], weeks: float) -> Profile:
    """The profile of a source that published `counts` articles by hour of the week, over so many weeks.

    Hour of the day and day of the week are learned apart, each smoothed, so that few articles suffice.
    """
    total = sum(counts.values())
    rate = (total + _PRIOR[0]) / (weeks * WEEK + _PRIOR[1])
    hours, days = [0] * 24, [0] * 7
    for place, count in counts.items():
        hours[place % 24] += count
        days[place // 24] += count
    around = [(hours[hour - 1] + 2 * hours[hour] + hours[(hour + 1) % 24]) / 4 for hour in range(24)]
    by_hour = [24 * (count + 1) / (total + 24) for count in around]
    by_day = [7 * (count + 4) / (total + 28) for count in days]
    return Profile(
        tuple(rate * max(_LEAST, by_day[place // 24] * by_hour[place % 24]) for place in range(WEEK))
    )


def shared(profiles: Sequence[Profile], polls_a_day: float, bounds: Bounds) -> float:
    """The k of T = k/√λ (T in hours) with which all of `profiles` together take `polls_a_day`.

    As near as the bounds allow.
    """
    roots = sorted(sqrt(rate) for profile in profiles for rate in profile.rates)
    sums = [0.0, *accumulate(roots)]
    low, high = 1e-6, 1e6
    for _ in range(80):
        middle = sqrt(low * high)
        if _polls(roots, sums, middle, bounds) > 7 * polls_a_day:
            low = middle
        else:
            high = middle
    return high


def _polls(roots: Sequence[float], sums: Sequence[float], k: float, bounds: Bounds) -> float:
    """Polls in a week."""
    most, least = _HOUR / bounds.soonest, _HOUR / bounds.latest  # an hour
    slow, fast = bisect_left(roots, least * k), bisect_left(roots, most * k)
    return slow * least + (sums[fast] - sums[slow]) / k + (len(roots) - fast) * most


def interval(profile: Profile, k: float, begun: datetime, seed: str, bounds: Bounds) -> timedelta:
    """How long after `begun` the next poll comes: until the hours between add up to one interval.

    `seed` chooses the jitter: the same one gives the same interval, so that it can be worked out again.
    """
    left = 1.0 + _JITTER * (fraction(seed) - 0.5)
    at = begun
    while at - begun < bounds.latest:
        speed = sqrt(profile.at(at)) / k  # intervals an hour
        until = at.replace(minute=0, second=0, microsecond=0) + _HOUR
        if left <= speed * ((until - at) / _HOUR):
            at += left / speed * _HOUR
            break
        left -= speed * ((until - at) / _HOUR)
        at = until
    return max(bounds.soonest, min(at - begun, bounds.latest))


def fraction(seed: str) -> float:
    """A number from 0 to 1 that looks random and belongs to `seed`."""
    return int.from_bytes(blake2b(seed.encode(), digest_size=7).digest()) / 2**56


def sooner(usual: timedelta, overflowed: int, bounds: Bounds) -> timedelta:
    """`usual`, halved after a poll whose feeds had nothing in common with the poll before."""
    return max(bounds.soonest, usual / 2) if overflowed else usual
