"""How fast the store keeps, opens and reads: `python -m bench.storing [ARTICLES]`."""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage.cases import CaseQuery
from storage.records import Article, Dating, Flag, FoundLink, Kept, Page
from storage.store import Store

NOW = datetime(2026, 11, 23, tzinfo=UTC)
BATCH = 20  # articles a transaction, as a crawl's writer gathers them
WORDS = "an ninh trật tự tổ quốc phong trào toàn dân bảo vệ xã hội người dân công an địa bàn"
FRAME = "".join(
    f'<div class="o-{n}"><a href="/muc-{n * 7919 % 9973}.html">Mục {n}</a></div>' for n in range(1400)
)


@contextmanager
def timed(what: str, count: int) -> Iterator[None]:
    """Print the wall-clock time, the rate and the process's peak memory so far."""
    start = time.perf_counter()
    yield
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{what:42} {count:8} in {seconds:7.2f} s  {count / seconds:9.0f}/s  peak {peak} MiB")


def made(number: int, *, whole_page: bool) -> Kept:
    """An article of about 3 KB, one in fifty flagged; its page has 90 KB or none of them."""
    chance = random.Random(number)
    body = " ".join(chance.choices(WORDS.split(), k=600))
    key, url = f"bao:{number}", f"https://bao.vn/tin-{number}.html"
    dated = Dating(NOW - timedelta(minutes=number), "minute", "meta")
    article = Article(key, "bao", url, f"Tin {number}", None, body, ("Lê Hà",), "Xã hội", (), dated, ())
    flags = (Flag("r", "R", "v", "body", ((0, 2),), body[:80], 1.0),) if number % 50 == 0 else ()
    html = f"<html>{FRAME}{body}</html>" if whole_page else body
    return Kept(key, Page(url, 200, (), NOW, html.encode()), article, flags)


def keep(store: Store, first: int, last: int, *, whole_page: bool) -> None:
    """Offer and keep a range of articles in batches."""
    batch = [made(n, whole_page=whole_page) for n in range(first, last)]
    with timed(f"keep, {'90 KB' if whole_page else 'small'} pages", last - first):
        for start in range(0, len(batch), BATCH):
            part = batch[start : start + BATCH]
            links = [FoundLink(one.link_key, one.page.url, "feed", "/rss") for one in part]
            store.links.offer("bao", links, NOW)
            store.keep(part, NOW)


def main(count: int) -> None:
    """Fill a store, then read it in the ways the program does."""
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "bench.sqlite") as store:
        keep(store, 0, 1000, whole_page=True)
        for first in range(1000, count, 5000):
            keep(store, first, min(first + 5000, count), whole_page=False)
        for number in range(1, count // 100):
            store.verdicts.decide(number * 50 + 1, "drop", None, NOW)
        with timed("open and close", 100):
            for _ in range(100):
                Store.open(store.path).close()
        with timed("offer what is known", 1000):
            store.links.offer("bao", [FoundLink(f"bao:{n}", "u", "feed", "/") for n in range(1000)], NOW)
        asked = {
            "find, everything": CaseQuery(),
            "find, new": CaseQuery(state="new"),
            "find, dropped": CaseQuery(state="dropped"),
            "find, first 50 new": CaseQuery(state="new", limit=50),
        }
        for what, query in asked.items():
            with timed(what, store.cases.count(query) if query.limit is None else query.limit):
                assert sum(1 for _ in store.cases.find(query))
        with timed("count new", 1):
            store.cases.count(CaseQuery(state="new"))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
