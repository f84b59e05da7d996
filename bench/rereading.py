"""Reading stored pages again by one process and by all cores: pages a second, their ratio, memory.

    python -m bench.rereading [--articles N] [--rounds N]

The pages are those of the newsroom's largest paper, kept with half of their bodies, so that each changes.
The clock starts with the first page read: the processes take the better part of a second to start.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

from crawler.config import Config, load
from crawler.crawling.reading_process import judged
from crawler.judging import compile_rules
from crawler.reading import Hints
from crawler.rereading.pool import Pool, cores
from crawler.rereading.rereading import Order, compare, reread
from crawler.times import utc_now
from storage.records import FoundLink, Kept, Page
from storage.store import Store
from tests.newsroom.epi import Baohatinh
from tests.newsroom.paper import Setup

SOURCE = "baohatinh"
WANTED_RATIO = 1.7
SHIPPED = Path(__file__).parents[1] / "config.toml"
_BATCH = 50


@dataclass(frozen=True, slots=True)
class Round:
    """One reading of all pages."""

    articles: int
    seconds: float
    early: float  # MiB of this process after a tenth of them
    late: float  # … at the end


def kept(config: Config, articles: int) -> Iterator[Kept]:
    """Every story of the paper as a crawl keeps it, but for half of its body."""
    paper = Baohatinh(Setup(stories=articles))
    judge, source = compile_rules(config.rules), config.sources[SOURCE]
    for story in paper.archive.stories:
        answer = paper.answer(story.path)
        headers = (("Content-Type", answer.content_type),)
        page = Page(source.home + story.path, 200, headers, paper.setup.now, answer.body)
        hints = Hints(SOURCE, story.key, source.selectors, None, source.home)
        said = judged(judge, page, hints).reading.article
        if said is not None:
            half = said.body[: len(said.body) // 2]
            yield Kept(story.key, page, replace(said, body=half), ())


def fill(store: Store, config: Config, articles: int) -> None:
    """Keep the stories."""
    waiting: list[Kept] = []
    for one in kept(config, articles):
        store.links.offer(SOURCE, [FoundLink(one.link_key, one.page.url, "feed", "/rss")], utc_now())
        waiting.append(one)
        if len(waiting) == _BATCH:
            store.keep(waiting, utc_now())
            waiting = []
    store.keep(waiting, utc_now())


def measured(store: Store, order: Order, size: int, *, dry: bool) -> Round:
    """Read all of them with `size` processes."""
    process, early, count = psutil.Process(), 0.0, 0
    total = store.rereads.count(order.wanted)
    with Pool(order.rules, size) as pool:
        found = compare(store, order, pool) if dry else reread(store, order, pool, utc_now)
        next(found)
        begun = time.perf_counter()
        for count, _ in enumerate(found, 1):
            if count == total // 10:
                early = process.memory_info().rss / 2**20
        seconds = time.perf_counter() - begun
    return Round(count, seconds, early, process.memory_info().rss / 2**20)


def told(what: str, one: Round) -> str:
    """A line about it."""
    pace = f"{one.articles / one.seconds:6.0f} pages/s"
    return f"{what:28} {one.articles} in {one.seconds:6.2f} s {pace}  {one.early:.0f} → {one.late:.0f} MiB"


def main() -> None:
    """Measure in turns, and fail below the wanted ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    wanted = parser.parse_args()
    config = load(SHIPPED)
    order = Order({SOURCE: config.sources[SOURCE]}, config.rules)
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "bench.sqlite") as store:
        fill(store, config, wanted.articles)
        ratios = []
        for _ in range(wanted.rounds):
            one, all_of_them = (measured(store, order, size, dry=True) for size in (1, cores()))
            ratios.append(one.seconds / all_of_them.seconds)
            print(
                told("compare, 1 process", one), told(f"compare, {cores()} processes", all_of_them), sep="\n"
            )
        print(told(f"reread, {cores()} processes", measured(store, order, cores(), dry=False)))
        print(told("reread again, all the same", measured(store, order, cores(), dry=False)))
    ratio = statistics.median(ratios)
    print(f"{cores()} processes are {ratio:.2f} × as fast as one (wanted {WANTED_RATIO})")
    raise SystemExit(ratio < WANTED_RATIO)


if __name__ == "__main__":
    main()
