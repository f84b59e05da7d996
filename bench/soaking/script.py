"""Pure: what happens at the papers, and what a person and the machine do meanwhile, day by day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Literal

PAPERS: Mapping[str, int] = {"baohatinh": 14, "baohungyen": 9, "kontumtv": 5}  # articles a day
_DAY = timedelta(days=1)

Act = Literal[
    "publish",
    "edit",
    "delete",
    "reprint",
    "redesign",
    "fault",
    "heal",
    "decide",
    "read",  # a person looks at the page
    "rules",  # a rule is added to config.toml
    "reload",  # another key of config.toml changes
    "backup",
    "kill-crawl",
    "kill-daemon",
]


@dataclass(frozen=True, slots=True)
class Scene:
    """One thing that happens."""

    after: timedelta  # since the beginning
    act: Act
    paper: str = ""  # of what happens at a paper
    many: int = 1
    fault: str = ""
    options: Mapping[str, object] = field(default_factory=dict)


# Each as long as a bad night; a paper that is ill for days is the business of the tests of health.
FAULTS: tuple[tuple[str, Mapping[str, object]], ...] = (
    ("refused", {}),
    ("http-500", {}),
    ("drip", {"path": "html", "chunk": 8192, "pause": 0.02}),
    ("lying-304", {}),
    ("robots-forbid", {}),
    ("http-429", {"after": "7200"}),
    ("empty-article", {}),
    ("cut", {}),
    ("http-503", {}),
    ("feed-broken", {}),
    ("cookie-wall", {}),
    ("robots-500", {}),
    ("reset", {}),
    ("feed-empty", {}),
    ("robots-404", {}),
    ("hang", {"times": 2}),
    ("sitemap-html", {}),
    ("robots-delay", {"seconds": 0.1}),
    ("redirect-home", {}),
    ("http-404", {"path": "rss|sitemap|feed"}),
    ("no-validators", {}),
    ("gzip-broken", {}),
    ("login-page", {}),
    ("http-403", {}),
    ("stall", {"times": 2}),
    ("invalid-utf8", {}),
)


def settling(days: int) -> timedelta:
    """How long the papers are left in peace at the end, so that what failed is tried again."""
    return 2 * _DAY if days > 7 else _DAY / 2


def script(days: int, seed: int = 1) -> tuple[Scene, ...]:
    """Everything that happens in so many days, in order."""
    chance = Random(seed)
    scenes = [*_once(days)]
    for day in range(days):
        scenes += _news(day, chance)
        scenes += _person(day, chance)
        scenes += _faults(day, chance)
    return tuple(sorted(scenes, key=lambda scene: scene.after))


def _once(days: int) -> Iterator[Scene]:
    """What comes once, wherever the length of the soak puts it; two daemons die early, one lives long."""
    whole = days * _DAY
    yield Scene(whole * 0.06, "kill-daemon")
    yield Scene(whole * 0.13, "kill-daemon")
    yield Scene(whole * 0.37, "rules")
    yield Scene(whole * 0.45, "redesign", "baohungyen")
    yield Scene(whole * 0.52, "backup")
    yield Scene(whole * 0.63, "reload")


def _news(day: int, chance: Random) -> Iterator[Scene]:
    for paper, a_day in PAPERS.items():
        left = a_day
        while left:
            many = min(left, chance.randint(1, 4))
            yield Scene(_hour(day, chance, 6, 22), "publish", paper, many)
            left -= many
        yield Scene(_hour(day, chance, 8, 20), "edit", paper)
    yield Scene(_hour(day, chance, 9, 21), "reprint", "kontumtv")
    if day % 3 == 2:
        yield Scene(_hour(day, chance, 9, 21), "delete", chance.choice([*PAPERS]))
    if day % 2:
        yield Scene(_hour(day, chance, 5, 23), "kill-crawl")


def _person(day: int, chance: Random) -> Iterator[Scene]:
    yield Scene(_hour(day, chance, 8, 10), "read")
    yield Scene(_hour(day, chance, 8, 18), "decide", many=chance.randint(1, 5))


def _faults(day: int, chance: Random) -> Iterator[Scene]:
    """Two bad nights a day at two papers, one fault after the other."""
    for place, paper in enumerate(chance.sample([*PAPERS], 2)):
        name, options = FAULTS[(2 * day + place) % len(FAULTS)]
        begin = _hour(day, chance, 1, 14)
        yield Scene(begin, "fault", paper, fault=name, options=options)
        yield Scene(begin + timedelta(hours=chance.uniform(3, 8)), "heal", paper, fault=name)


def _hour(day: int, chance: Random, first: float, last: float) -> timedelta:
    return day * _DAY + timedelta(hours=chance.uniform(first, last))
