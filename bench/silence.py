"""Papers of several kinds played for years: how often is silence told falsely, and how soon if it is real?"""

from __future__ import annotations

import argparse
from bisect import bisect_left
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from statistics import median, quantiles

from crawler.watching.silence import Habit, habit, silence
from tests.watching.papers import DAILY, FADING, HOUR, PORTAL, SMALL, Paper, bulletin, midnight, played

BEGUN = midnight("2025-06-02")
LEARNING = timedelta(weeks=4)
KINDS: dict[str, tuple[Callable[[int, str], list[datetime]], int]] = {
    "daily, 54 a day": (lambda days, seed: played(DAILY, BEGUN, days, seed), 8),
    "daily, 300 a day": (lambda days, seed: played(Paper(300), BEGUN, days, seed), 8),
    "daily, 12 a day": (lambda days, seed: played(SMALL, BEGUN, days, seed), 8),
    "in bursts, 12 a day": (lambda days, seed: played(Paper(12, 1.5), BEGUN, days, seed), 8),
    "portal, working days": (lambda days, seed: played(PORTAL, BEGUN, days, seed), 26),
    "fading": (lambda days, seed: played(FADING, BEGUN, days, seed), 8),
    "weekly bulletin": (lambda days, seed: bulletin(BEGUN, days // 7, seed), 26),
}


def known(hours: list[datetime], at: datetime, weeks: int) -> Habit | None:
    """What is known of a paper at one moment."""
    since = max(BEGUN, at - timedelta(weeks=weeks))
    return habit(hours[bisect_left(hours, since) : bisect_left(hours, at)], since, at)


def false_alarms(hours: list[datetime], end: datetime, weeks: int) -> int:
    """Silences that are told though the paper is well; it is learned anew every three days."""
    told, at, was = 0, BEGUN + LEARNING, False
    now: Habit | None = None
    while at < end:
        if now is None or not (at - BEGUN) % timedelta(days=3):
            now = known(hours, at, weeks)
        last = hours[bisect_left(hours, at) - 1]
        strange = now is not None and silence(now, last, at).strange
        told, was = told + (strange and not was), strange
        at += 3 * HOUR
    return told


def delay(hours: list[datetime], at: datetime, weeks: int) -> float:
    """Days until a silence that begins at `at` is told; 90: not by then."""
    now, last, told = known(hours, at, weeks), hours[bisect_left(hours, at) - 1], at
    while now and told - at < timedelta(days=90) and not silence(now, last, told).strange:
        told += 3 * HOUR
    return (told - at) / timedelta(days=1)


def main() -> None:
    """Print a line for each kind of paper."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", type=int, default=2)
    parser.add_argument("--papers", type=int, default=4, help="of each kind")
    wanted = parser.parse_args()
    end = BEGUN + timedelta(days=365 * wanted.years)
    alarms = 0
    for name, (play, weeks) in KINDS.items():
        papers = [play(365 * wanted.years, f"{name} {number}") for number in range(wanted.papers)]
        told = sum(false_alarms(hours, end, weeks) for hours in papers)
        chance = Random(name)
        starts = [BEGUN + timedelta(days=chance.uniform(180, 365 * wanted.years - 30)) for _ in range(20)]
        delays = [delay(hours, at, weeks) for hours in papers for at in starts]
        years = wanted.papers * ((end - BEGUN - LEARNING) / timedelta(days=365))
        print(
            f"{name:22} {told} false in {years:.0f} years, {told / years:.2f} a year; "
            f"told after {median(delays):.1f} days, 9 of 10 by {quantiles(delays, n=10)[-1]:.1f}"
        )
        alarms += told
    print(f"altogether {alarms / (years * len(KINDS)):.3f} false alarms a year and source")


if __name__ == "__main__":
    main()
