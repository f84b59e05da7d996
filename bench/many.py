"""A store as 600 papers leave it: a million links, a month of articles, the runs of some days, all by hand.

`python -m bench.many FILE` makes one to be measured with; `filled` is for other measurements.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from crawler.times import day_of, utc_now
from storage.columns import moment
from storage.store import Store

FATES = (  # of links: state, reason, share, whether it waits for another attempt
    ("kept", None, 0.62, False),
    ("refused", "menu-address", 0.14, False),
    ("refused", "skip-pattern", 0.08, False),
    ("refused", "older-than-look-back", 0.06, False),
    ("foreign", "other-host", 0.04, False),
    ("gone", "http-404", 0.02, False),
    ("failed", "timeout", 0.02, True),
    ("failed", "http-500", 0.01, False),
    ("new", None, 0.01, False),
)
_WAYS = 5  # of a source: feeds, sitemaps, listings
_A_DAY = 15.0  # articles of a source
_WEEKS = 4
_ILL = 20  # one source in so many fails at every crawl


@dataclass(frozen=True, slots=True)
class Size:
    """How big the store is to be."""

    sources: int = 600
    links: int = 1_000_000
    runs_a_day: int = 48  # of a source
    days: int = 14  # of runs


def filled(path: Path, size: Size, now: datetime) -> None:
    """A new store at `path`."""
    with Store.open(path):
        pass
    chance = Random(1)
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("PRAGMA synchronous = OFF")
        raw.execute("PRAGMA cache_size = -200000")
        for table, rows in (
            ("links", _links(size, chance, now)),
            ("articles", _articles(size, chance, now)),
            ("runs", _runs(size, chance, now)),
            ("polls", _polls(size, now)),
            ("traffic", _traffic(size, now)),
        ):
            raw.execute("BEGIN IMMEDIATE")
            _insert(raw, table, rows)
            raw.execute("COMMIT")
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def configured(folder: Path, sources: int) -> Path:
    """config.toml of so many papers; the store is beside it."""
    lines = [
        f'[sources.{name(number)}]\nhome = "https://{name(number)}.example"\n'
        f'feeds = ["/rss"]\nat_least = "3/day"\n'
        for number in range(sources)
    ]
    path = folder / "config.toml"
    path.write_text('[store]\npath = "store.sqlite"\n' + "".join(lines), encoding="utf-8")
    return path


def name(number: int) -> str:
    """Of a source."""
    return f"bao{number}"


def _insert(raw: sqlite3.Connection, table: str, rows: Iterator[dict[str, Any]]) -> None:
    first = next(rows)
    marks = ", ".join(f":{column}" for column in first)
    sql = f"INSERT INTO {table} ({', '.join(first)}) VALUES ({marks})"
    raw.execute(sql, first)
    raw.executemany(sql, rows)


def _links(size: Size, chance: Random, now: datetime) -> Iterator[dict[str, Any]]:
    """As they come: the sources mixed, the newest last."""
    shares = [fate[2] for fate in FATES]
    for number in range(size.links):
        state, reason, _, waits = chance.choices(FATES, shares)[0]
        source = name(number % size.sources)
        seen = moment(now - timedelta(days=365) * (1 - number / size.links))
        url = f"https://{source}.example/tin-tuc/mot-dia-chi-thuong-gap-{number}.html"
        yield {
            "source": source,
            "key": f"{source}:{number}",
            "url": url,
            "found_in": "listing" if state == "refused" else "feed",
            "found_at": f"https://{source}.example/rss",
            "first_seen": seen,
            "last_seen": seen,
            "state": state,
            "reason": reason,
            "attempts": int(waits),
            "next_attempt": moment(now + timedelta(hours=3)) if waits else None,
            "fresh_as_of": seen if state == "kept" else None,
        }


def _articles(size: Size, chance: Random, now: datetime) -> Iterator[dict[str, Any]]:
    """The last weeks', without revisions: what a rhythm is learned from."""
    window = timedelta(weeks=_WEEKS)
    many = int(size.sources * _A_DAY * 7 * _WEEKS)
    for number in range(many):
        source = name(number % size.sources)
        at = moment(now - window * (1 - number / many) - timedelta(minutes=chance.random() * 600))
        yield {
            "key": f"{source}:{number}",
            "source": source,
            "found_in": "feed",
            "first_fetched_at": moment(now - window * (1 - number / many)),
            "dated_at": at,
            "revision": 1,
            "flagged": int(number % 50 == 0),
        }


def _runs(size: Size, chance: Random, now: datetime) -> Iterator[dict[str, Any]]:
    """In the order they began; most bring nothing, one source in twenty is ill."""
    step = timedelta(days=1) / (size.runs_a_day * size.sources)
    total = size.sources * size.runs_a_day * size.days
    for number in range(total):
        place = number % size.sources
        begun = now - step * (total - number)
        ill = place % _ILL == 0
        kept = 0 if ill or chance.random() < 0.7 else chance.randint(1, 2)
        yield {
            "source": name(place),
            "started_at": moment(begun),
            "ended_at": moment(begun + timedelta(seconds=9)),
            "pid": 4242,
            "outcome": "failed" if ill else "done",
            "counts": json.dumps(_counts(kept, chance.randrange(900))),
            "reasons": json.dumps({"left: skip-pattern": 12} if kept else {}),
            "ways": json.dumps(_ways(place, 20 * bool(kept))),
            "trouble": "http-500" if ill else None,
            "readings": _readings(kept) if kept else None,
        }


def _ways(number: int, links: int) -> list[list[str | int]]:
    outcome = "ok" if links else "unchanged"
    return [["feed", f"https://{name(number)}.example/{way}", outcome, links] for way in range(_WAYS)]


def _counts(kept: int, more: int) -> dict[str, int]:
    none = ("revised", "unchanged", "flagged", "failed", "refused", "foreign", "looked", "gone", "open")
    return {
        "found": 20 * bool(kept),
        "new": kept,
        "fetched": kept,
        "kept": kept,
        "requests": 5 + kept,
        "bytes": 90_000 * kept + 800 + more,
        **dict.fromkeys(none, 0),
    }


def _readings(pages: int) -> str:
    parts = ("title", "lead", "body", "published", "authors", "section")
    layers = {part: {"selector": pages} for part in parts}
    report = {"pages": pages, "layers": layers, "selectors": parts, "length": 2400, "paragraphs": 12}
    report |= {"compared": pages, "agreed": pages}
    return json.dumps(report)


def _polls(size: Size, now: datetime) -> Iterator[dict[str, Any]]:
    for number in range(size.sources):
        for way in range(_WAYS):
            yield {
                "source": name(number),
                "url": f"https://{name(number)}.example/{way}",
                "etag": '"a"',
                "unchanged": 3,
                "links": 20,
                "asked_at": moment(now),
                "lied_at": moment(now - timedelta(days=3)) if number % 40 == 0 and way == 0 else None,
            }


def _traffic(size: Size, now: datetime) -> Iterator[dict[str, Any]]:
    for number in range(size.sources):
        for back in range(size.days):
            day = day_of(now - timedelta(days=back))
            yield {"source": name(number), "day": day, "requests": 240, "bytes": 2_000_000}


def main() -> None:
    """Make one."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("store", type=Path)
    arguments.add_argument("--sources", type=int, default=600)
    arguments.add_argument("--links", type=int, default=1_000_000)
    arguments.add_argument("--days", type=int, default=14, help="of runs (14)")
    wanted = arguments.parse_args()
    begun = time.perf_counter()
    filled(wanted.store, Size(wanted.sources, wanted.links, days=wanted.days), utc_now())
    configured(wanted.store.parent, wanted.sources)
    print(f"filled in {time.perf_counter() - begun:.0f} s, {wanted.store.stat().st_size / 2**20:.0f} MiB")


if __name__ == "__main__":
    main()
