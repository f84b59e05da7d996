"""Upkeep of a big store beside a writer: `python -m bench.upkeep [ARTICLES] [STORE]`."""

from __future__ import annotations

import multiprocessing
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from datetime import timedelta
from multiprocessing.synchronize import Event
from pathlib import Path
from statistics import median, quantiles

from bench.filling import NOW, fill
from storage.retention import Policy
from storage.store import Store
from storage.upgrading import copies
from storage.upkeep import Order

PAGE = 8_000  # bytes of a page, compressed
FLAGGED = 50  # one article in so many is flagged
_SEEN = 5.0  # seconds in which the writer is watched with nobody beside it


def add_pages(path: Path) -> None:
    """A page of noise for each article, fetched when it was; one in FLAGGED is proven by it."""
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("PRAGMA synchronous = OFF")
        db.execute(
            "INSERT INTO pages (id, source, url, status, headers, fetched_at, size, body)"
            " SELECT id, 'bao', url, 200, '[]', fetched_at, ?, randomblob(?) FROM revisions",
            [PAGE, PAGE],
        )
        db.execute("UPDATE revisions SET page_id = id")
        db.execute(
            "INSERT INTO flags (revision_id, rule, label, version, field, spans, quote, weight, flagged_at)"
            " SELECT id, 'luat', 'Luật', 'v1', 'title', '[[0, 1]]', 'x', 1.0, fetched_at FROM revisions"
            " WHERE id % ? = 0",
            [FLAGGED],
        )
        db.execute("UPDATE articles SET flagged = 1 WHERE id % ? = 0", [FLAGGED])
        db.execute("ANALYZE")  # anew: so far no revision had a page


def write_on(path: Path, stop: Event, waits: list[float]) -> None:
    """Small transactions one after another, as a crawl begins and ends; how long each took."""
    with Store.open(path) as store:
        while not stop.is_set():
            begun = time.perf_counter()
            store.runs.begin("bao", 1, NOW)
            waits.append(time.perf_counter() - begun)
            time.sleep(0.005)


def _writer(path: Path, stop: Event, told: multiprocessing.Queue[list[float]]) -> None:
    waits: list[float] = []
    write_on(path, stop, waits)
    told.put(waits)


def watched(path: Path, name: str, upkeep: bool, order: Order) -> None:
    """Run the upkeep, or nothing, beside a writer in a process of its own."""
    told: multiprocessing.Queue[list[float]]
    stop, told = multiprocessing.Event(), multiprocessing.Queue()
    writer = multiprocessing.Process(target=_writer, args=(path, stop, told))
    writer.start()
    begun = time.perf_counter()
    if upkeep:
        with Store.open(path) as store:
            tended = store.upkeep.tend(order, NOW)
        gone = sum(one.pages for one in tended.let_go)
        print(f"{name}: {gone} pages let go, {tended.merges} merges, {tended.log}, {tended.room}")
    else:
        time.sleep(_SEEN)
    took = time.perf_counter() - begun
    stop.set()
    waits = told.get()
    writer.join()
    print(
        f"{name}: {took:.1f} s; {len(waits)} writes beside it, median {1000 * median(waits):.1f} ms,"
        f" 95 % {1000 * quantiles(waits, n=20)[-1]:.1f} ms, longest {1000 * max(waits):.0f} ms"
    )


def main(count: int, path: Path) -> None:
    """Fill, then measure."""
    if not path.exists():
        fill(path, count)
        add_pages(path)
    policy = Policy(timedelta(minutes=count // 2))
    with Store.open(path) as store:
        begun = time.perf_counter()
        going = sum(1 for _ in store.retention.parting(policy, NOW))
        print(f"dry run: {going} of {count} pages would go, {time.perf_counter() - begun:.1f} s")
    assert copies(path) == []
    watched(path, "nobody", False, Order())
    watched(path, "first upkeep", True, Order(policy))
    watched(path, "second upkeep", True, Order(policy))


if __name__ == "__main__":
    articles = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    if len(sys.argv) > 2:
        main(articles, Path(sys.argv[2]))
    else:
        with tempfile.TemporaryDirectory() as folder:
            main(articles, Path(folder) / "store.sqlite")
