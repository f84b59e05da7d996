"""Pure: whether a source's silence is longer than its own rhythm explains.

Time is measured in what the source usually brings: an hour in which it mostly publishes counts for much, a
Sunday of a portal for next to nothing, a day of Tết for a tenth. Measured so, the gaps between its busy hours
are much alike; they are taken for a gamma distribution, whose shape tells a weekly bulletin (its gaps are all
one week) from a paper that writes in bursts. A silence is told when a source like this one would have so long
a one less than `TOLERATED` times a year, and none but one of its gaps so far came near it.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import accumulate, cycle, islice, pairwise
from operator import mul
from statistics import fmean

from crawler.times import VIETNAM
from crawler.watching.holidays import left
from crawler.watching.rhythm import WEEK, hour_of_week, learned

TOLERATED = 0.05  # silences a year that would be told of a source that is well
LEAST_GAPS = 15  # to know a rhythm by …
LEAST_WATCHED = timedelta(weeks=3)  # … and for how long it must have been watched
_NEAR = 1.25  # times a gap that was seen before: no news
_PRIOR_GAPS = 8  # of a paper without any rhythm: what a source is taken for before it is known
_SHAPES = (0.3, 12.0)  # nobody's gaps are known better than that
_RECENT = 3 * WEEK  # hours: what it brings now, beside what it brought on average
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Habit:
    """How a source publishes."""

    rates: tuple[float, ...]  # busy hours an hour, by hour of the week
    shape: float  # of its gaps: 1 for no rhythm at all, more for a regular one, less for bursts
    longest: float  # its second longest gap, in mean ones: one outage is no habit
    a_year: float  # busy hours in a year: how many gaps there are to be too long
    evenness: float = 50.0  # of its days: low where a day may bring much less than another of its kind


@dataclass(frozen=True, slots=True)
class Silence:
    """How long a source has been silent, and how strange that is."""

    since: datetime
    expected: float  # busy hours that it would have had meanwhile
    a_year: float  # silences as long as this that a source like it has in a year
    strange: bool  # whether it is to be told


def habit(hours: Collection[datetime], since: datetime, until: datetime) -> Habit | None:
    """The habit of a source by the hours in which it published, watched from `since` on.

    `hours` are beginnings of hours. None where too little is known.
    """
    watched = _Watched.between(since, until)
    busy = watched.places(hours)
    if len(busy) <= LEAST_GAPS or until - since < LEAST_WATCHED:
        return None
    rates = watched.rates(busy)
    sums = [0.0, *accumulate(map(mul, watched.along(rates), watched.ordinary))]
    gaps = [sums[other] - sums[one] for one, other in pairwise(busy) if watched.is_ordinary(one, other)]
    if len(gaps) < LEAST_GAPS:
        return None
    mean = fmean(gaps)
    slower = _slower(busy, sums, mean, len(watched.ordinary))
    scaled = tuple(rate / mean * slower for rate in rates)
    a_year = len(busy) * (_YEAR / (until - since))
    known = Habit(scaled, _shape(gaps, mean), sorted(gaps)[-2] / mean, a_year)
    if len(busy) <= len(watched.ordinary) / 48:
        return known
    # The many gaps within a day look regular, and tell nothing of a day on which little happens.
    return replace(known, shape=min(known.shape, 1.0), evenness=_evenness(busy, sums, mean))


def silence(known: Habit, since: datetime, until: datetime) -> Silence:
    """What to think of a source that brought nothing from `since` until it was last looked at."""
    expected = _expected(known.rates, since, until)
    slack = known.evenness * max(1.0, (until - since) / _DAY)  # so many days are not all slack at once
    chance = upper_gamma(known.shape, known.shape * slack * math.log1p(expected / slack))
    strange = chance * known.a_year < TOLERATED and expected > _NEAR * known.longest
    return Silence(since, expected, chance * known.a_year, strange)


def upper_gamma(shape: float, over: float) -> float:
    """The regularised incomplete gamma function Q(a, x): DLMF 8.7.1 below a + 1, Lentz on 8.9.2 above."""
    if over <= 0:
        return 1.0
    front = math.exp(shape * math.log(over) - over - math.lgamma(shape))
    if over < shape + 1:
        return 1.0 - front * _series(shape, over)
    return front * _fraction(shape, over)


def _series(shape: float, over: float) -> float:
    term = total = 1 / shape
    for step in range(1, 500):
        term *= over / (shape + step)
        total += term
        if term < total * 1e-12:
            break
    return total


def _fraction(shape: float, over: float) -> float:
    bottom = over + 1 - shape
    c, d = 1e300, 1 / bottom
    value = d
    for step in range(1, 500):
        top = -step * (step - shape)
        bottom += 2
        d, c = 1 / (top * d + bottom), bottom + top / c
        value *= c * d
        if abs(c * d - 1) < 1e-12:
            break
    return value


def _expected(rates: Sequence[float], since: datetime, until: datetime) -> float:
    """What the rates add up to over a time, holidays counted as little."""
    total, at, end = 0.0, since.astimezone(VIETNAM), until.astimezone(VIETNAM)
    while at < end:
        if at.hour == 0 and at.minute == at.second == at.microsecond == 0 and end - at >= 24 * _HOUR:
            begun = at.weekday() * 24
            total += left(at.date()) * sum(rates[begun : begun + 24])
            at += 24 * _HOUR
            continue
        after = min(end, at.replace(minute=0, second=0, microsecond=0) + _HOUR)
        total += left(at.date()) * rates[hour_of_week(at)] * ((after - at) / _HOUR)
        at = after
    return total


def _shape(gaps: Sequence[float], mean: float) -> float:
    variance = fmean((gap - mean) ** 2 for gap in gaps)
    found = mean * mean / variance if variance else _SHAPES[1]
    found = min(_SHAPES[1], found)
    known = (len(gaps) * found + _PRIOR_GAPS) / (len(gaps) + _PRIOR_GAPS)
    return max(_SHAPES[0], known)


def _evenness(busy: Sequence[int], sums: Sequence[float], mean: float) -> float:
    """The shape of a gamma distribution by which days differ beyond what chance explains."""
    counts = Counter(place // 24 for place in busy)
    usual = [(sums[day * 24 + 24] - sums[day * 24]) / mean for day in range((len(sums) - 1) // 24)]
    chance = sum(usual)
    beyond = sum((counts[day] - expected) ** 2 for day, expected in enumerate(usual)) - chance
    square = sum(expected**2 for expected in usual)
    return max(1.0, min(50.0, square / beyond)) if beyond > 0 else 50.0


def _slower(busy: Sequence[int], sums: Sequence[float], mean: float, now: int) -> float:
    """By how much it publishes less lately than on average; 1.0: no less."""
    since = max(0, now - _RECENT)
    lately = len(busy) - bisect_left(busy, since)
    return min(1.0, (lately + 2) / ((sums[now] - sums[since]) / mean + 2))


@dataclass(frozen=True, slots=True)
class _Watched:
    """The hours of a time, by their places in it."""

    begun: datetime  # the beginning of the first, in Vietnam
    ordinary: Sequence[bool]  # whether each lies in no holiday
    lulls: Sequence[int]  # how many before each do not

    @classmethod
    def between(cls, since: datetime, until: datetime) -> _Watched:
        begun = since.astimezone(VIETNAM).replace(minute=0, second=0, microsecond=0)
        many = max(0, (until - begun) // _HOUR)
        days = [left((begun + timedelta(days=day)).date()) == 1.0 for day in range(many // 24 + 2)]
        ordinary = [days[(begun.hour + place) // 24] for place in range(many)]
        return cls(begun, ordinary, [0, *accumulate(not one for one in ordinary)])

    def places(self, hours: Collection[datetime]) -> list[int]:
        """Where those hours are, in order; what lies outside is left out."""
        found = {(hour - self.begun) // _HOUR for hour in hours}
        return sorted(place for place in found if 0 <= place < len(self.ordinary))

    def rates(self, busy: Sequence[int]) -> tuple[float, ...]:
        """Busy hours an hour, by hour of the week, as they are outside holidays."""
        first = hour_of_week(self.begun)
        counts = Counter((first + place) % WEEK for place in busy if self.ordinary[place])
        return learned(counts, max(1.0, sum(self.ordinary) / WEEK)).rates

    def along(self, rates: Sequence[float]) -> Iterator[float]:
        """The rate of each hour."""
        first = hour_of_week(self.begun)
        return islice(cycle(rates), first, first + len(self.ordinary))

    def is_ordinary(self, one: int, other: int) -> bool:
        """Whether no holiday lies from one place to another."""
        return self.lulls[other] == self.lulls[one] and self.ordinary[other]
