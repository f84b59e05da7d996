"""A ledger of a million links, and how long 100 take to be looked up: `python -m bench.ledger [LINKS]`."""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from storage.records import FoundLink, Showing
from storage.store import Store

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ROUNDS = 200
SHOWN_BY = (Showing("feed", "/rss"), Showing("sitemap", "/sitemap.xml"))


def link(number: int) -> FoundLink:
    """A link that two ways show."""
    url = f"https://bao.vn/tin-so-{number}-post{number}.html"
    return FoundLink(f"bao:post{number}", url, "feed", "/rss", shown_by=SHOWN_BY)


def fill(store: Store, links: int) -> None:
    """Offer so many links, and have nine in ten of them kept."""
    for first in range(0, links, 20_000):
        store.links.offer("bao", [link(n) for n in range(first, min(links, first + 20_000))], NOW)
    with store.write():
        # As `keep` leaves them; a million pages would be another measurement.
        store._db.execute("UPDATE links SET state = 'kept', fresh_as_of = first_seen WHERE id % 10 <> 0")


def median(act: Callable[[list[FoundLink]], object], links: int) -> float:
    """Milliseconds of one call with 100 links picked at random."""
    chance = random.Random(1)
    taken = []
    for _ in range(ROUNDS):
        batch = [link(chance.randrange(links)) for _ in range(100)]
        start = time.perf_counter()
        act(batch)
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def one_by_one(store: Store, batch: list[FoundLink]) -> None:
    """The baseline: a statement for each link."""
    for one in batch:
        store._db.one("SELECT * FROM links WHERE source = ? AND key = ?", ["bao", one.key])


def main(links: int) -> None:
    """Fill a ledger and look links up in it."""
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "ledger.sqlite") as store:
        start = time.perf_counter()
        fill(store, links)
        print(f"{links} links filled in {time.perf_counter() - start:.0f} s")
        bare = median(lambda batch: one_by_one(store, batch), links)
        known = median(lambda batch: store.links.first_seen("bao", [one.key for one in batch]), links)
        offered = median(lambda batch: store.links.offer("bao", batch, NOW), links)
        plain = [replace(link(n), shown_by=()) for n in range(100)]
        again = median(lambda _: store.links.offer("bao", plain, NOW), links)
        print(f"a bare SELECT for each of 100 links {bare:7.2f} ms")
        print(f"look-up of 100 links                {known:7.2f} ms  {known / bare:.2f} x")
        print(f"offer of 100 links, shown by 2 ways {offered:7.2f} ms  {offered / bare:.2f} x")
        print(f"offer of the same 100 links again   {again:7.2f} ms  {again / bare:.2f} x")
        start = time.perf_counter()
        store.sightings.sums("bao")
        print(f"sums of the whole ledger            {time.perf_counter() - start:7.2f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
