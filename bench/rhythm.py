"""630 papers with days, nights and week-ends, polled 48 times a day each: how late is an article found?"""

from __future__ import annotations

import argparse
import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from crawler.times import VIETNAM
from crawler.watching.rhythm import Bounds, fraction, hour_of_week, interval, learned, shared

START = datetime(2026, 10, 5, tzinfo=VIETNAM)  # a Monday
LEARNED, TRIED = 4, 1  # weeks
POLLS = 48  # a day and source, on average
WANTED = 0.65  # of the delay of a fixed interval with jitter
BOUNDS = Bounds(timedelta(minutes=5), timedelta(hours=6))

Paper = list[datetime]  # when its articles appeared, in order
Next = Callable[[int, int, datetime], datetime]  # (paper, poll, now) → the next poll


def paper(chance: Random) -> Paper:
    """Five weeks of one paper: its own volume, morning and evening, week-ends; most on round minutes."""
    a_day = min(300.0, math.exp(chance.gauss(math.log(12), 1.2)))
    peaks = [(chance.gauss(8, 1.5), 2.0, 1.0), (chance.gauss(16, 2), 2.5, chance.uniform(0.3, 1.2))]
    shape = [
        0.04 + sum(weight * math.exp(-(((hour - at) / width) ** 2)) for at, width, weight in peaks)
        for hour in range(24)
    ]
    days = [1.0] * 5 + [chance.uniform(0.2, 0.9), chance.uniform(0.1, 0.8)]
    found = []
    for place in range((LEARNED + TRIED) * 168):
        rate = a_day * shape[place % 24] / sum(shape) * days[place // 24 % 7] * 7 / sum(days)
        for _ in range(_poisson(rate, chance)):
            minute = chance.choice([0, 0, 0, 30, 30, *range(0, 60, 5)]) if chance.random() < 0.6 else None
            seconds = minute * 60.0 + 2 if minute is not None else chance.uniform(0, 3600)
            found.append(START + timedelta(hours=place, seconds=seconds))
    return sorted(found)


def _poisson(rate: float, chance: Random) -> int:
    left, many = math.exp(-rate), 0
    product = chance.random()
    while product > left:
        many += 1
        product *= chance.random()
    return many


def tried(papers: list[Paper], begun: datetime, following: Next) -> tuple[float, float]:
    """Mean delay in minutes over all articles of the week, and polls a day and paper."""
    delays, polls = [], 0
    end = begun + timedelta(weeks=TRIED)
    for number, articles in enumerate(papers):
        times, at = [], begun
        while at < end + BOUNDS.latest:
            polls += at < end
            times.append(at)
            at = following(number, len(times), at)
        for moment in articles[bisect_left(articles, begun) : bisect_left(articles, end)]:
            delays.append((times[bisect_left(times, moment)] - moment).total_seconds() / 60)
    return sum(delays) / len(delays), polls / len(papers) / (7 * TRIED)


def main() -> None:
    """`python -m bench.rhythm [--papers 630] [--seed 1]`"""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--papers", type=int, default=630)
    arguments.add_argument("--seed", type=int, default=1)
    wanted = arguments.parse_args()
    chance = Random(wanted.seed)
    papers = [paper(chance) for _ in range(wanted.papers)]
    begun = START + timedelta(weeks=LEARNED)
    profiles = [learned(Counter(hour_of_week(at) for at in one if at < begun), LEARNED) for one in papers]
    k = shared(profiles, POLLS * len(papers), BOUNDS)
    step = timedelta(days=1) / POLLS

    def fixed(number: int, poll: int, at: datetime) -> datetime:
        return at + step

    def shaken(number: int, poll: int, at: datetime) -> datetime:
        return at + step * (0.75 + 0.5 * fraction(f"{number}:{poll}"))

    def ours(number: int, poll: int, at: datetime) -> datetime:
        return at + interval(profiles[number], k, at, f"{number}:{poll}", BOUNDS)

    told = {}
    for name, following in (("fixed", fixed), ("fixed with jitter", shaken), ("ours", ours)):
        told[name], polls = tried(papers, begun, following)
        print(f"{name:18} mean delay {told[name]:5.1f} min, {polls:5.1f} polls a day")
    ratio = told["ours"] / told["fixed with jitter"]
    print(f"ours is {ratio:.2f} × the fixed interval with jitter (wanted {WANTED})")
    raise SystemExit(ratio > WANTED)


if __name__ == "__main__":
    main()
