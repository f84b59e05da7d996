"""Papers played for months: the hours in which each published."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from crawler.times import VIETNAM
from crawler.watching.holidays import left

HOUR = timedelta(hours=1)
_SHAPE = [
    0.03 + math.exp(-(((hour - 8) / 2) ** 2)) + math.exp(-(((hour - 16) / 3) ** 2)) for hour in range(24)
]


@dataclass(frozen=True, slots=True)
class Paper:
    """What a paper is like."""

    a_day: float  # articles on a working day
    evenness: float = 5.0  # of its days: gamma's shape, small for days that differ much
    weekend: tuple[float, float] = (0.6, 0.4)  # of a working day
    tet: float = 0.4
    fades: float = 0.0  # to exp(-fades) within a year


DAILY = Paper(54)
SMALL = Paper(12)
PORTAL = Paper(3, weekend=(0.0, 0.0), tet=0.0)
FADING = Paper(20, fades=1.5)


def played(paper: Paper, begun: datetime, days: int, seed: str) -> list[datetime]:
    """The hours with articles, in order; `begun` is a midnight in Vietnam."""
    chance, hours = Random(seed), []
    for place in range(days):
        day = begun + timedelta(days=place)
        rate = paper.a_day * chance.gammavariate(paper.evenness, 1 / paper.evenness) * _of(paper, day)
        rate *= math.exp(-paper.fades * place / 365) / sum(_SHAPE)
        hours += [day + hour * HOUR for hour in range(24) if chance.random() > math.exp(-rate * _SHAPE[hour])]
    return hours


def bulletin(begun: datetime, weeks: int, seed: str) -> list[datetime]:
    """One issue every Thursday morning, some hours sooner or later; now and then one is left out."""
    chance = Random(seed)
    issues = (
        begun + timedelta(days=7 * week + 3, hours=9 + round(chance.gauss(0, 4))) for week in range(weeks)
    )
    return [issue for issue in issues if chance.random() > 0.02 and left(issue.date()) == 1.0]


def midnight(text: str) -> datetime:
    """`2026-03-02` in Vietnam."""
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


def _of(paper: Paper, day: datetime) -> float:
    share = paper.weekend[day.weekday() - 5] if day.weekday() > 4 else 1.0
    return share * (paper.tet if left(day.date()) < 0.2 else 1.0)
