"""Finding copies, beside judging and among a million articles: `python -m bench.stories [ARTICLES]`.

Times are those of the processor.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.config import load
from crawler.judging import compile_rules
from storage.columns import moment
from storage.connection import Connection
from storage.likeness import VERSION, Text, alike, sketch
from storage.records import Article, Dating, FoundLink, Kept, Page
from storage.store import Store
from storage.stories import WINDOW, add_to_stories
from tests.newsroom.newsroom import PAPERS
from tests.newsroom.paper import Setup
from tests.newsroom.reprints import article

NOW = datetime(2026, 11, 23, tzinfo=UTC)
SPAN = 600  # days over which the million is spread: some 1,700 a day, 50,000 within a window
BANDS = 16
BATCH = 20_000
LOOKUPS = 500
CHARACTERS = 3_300
ROUNDS = 5


def main() -> None:
    """Sketching and comparing beside judging by the shipped rules; then looking up in a big store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--config", type=Path, default=Path("config.toml"))
    told = parser.parse_args()
    articles = list(_articles(LOOKUPS))
    _beside_judging(articles, told.config)
    with tempfile.TemporaryDirectory() as folder:
        _among(Path(folder) / "stories.sqlite", told.articles, articles)


def _beside_judging(articles: Sequence[Article], config: Path) -> None:
    judge = compile_rules(load(config).rules)
    copies = [replace(one, source="khac", body=one.body + "\n\nTheo TTXVN") for one in articles]
    works: list[Callable[[], object]] = [
        lambda: [judge.flags(one) for one in articles],
        lambda: [sketch(Text(one)) for one in articles],
        lambda: [alike(Text(one), Text(copy)) for one, copy in zip(articles, copies, strict=True)],
    ]
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(ROUNDS):
        for times, work in zip(taken, works, strict=True):
            begun = time.process_time()
            work()
            times.append((time.process_time() - begun) / len(articles) * 1e3)
    judging, sketching, comparing = map(statistics.median, taken)
    mean = statistics.mean(len(one.body) for one in articles)
    print(
        f"articles of {mean:.0f} characters: judging {judging:.2f} ms, sketching {sketching:.2f} ms, ratio",
        end="",
    )
    print(f" {sketching / judging:.2f}; comparing two {comparing:.2f} ms")


def _among(path: Path, count: int, articles: Sequence[Article]) -> None:
    with Store.open(path):
        pass
    begun = time.perf_counter()
    strangers = _fill(path, count)
    print(
        f"{count} sketches in {time.perf_counter() - begun:.0f} s,"
        f" {path.stat().st_size / count:.0f} bytes each"
    )
    with Store.open(path) as store:
        took = [_kept(store, one) for one in articles]
        again = [_kept(store, replace(one, key=f"khac:{one.key}", source="khac")) for one in articles]
        found = sum(
            bool(store.cases.some([number])[0].story) for number in range(count + 1, count + 1 + 2 * LOOKUPS)
        )
    connection = Connection.open(path)
    lookups = [_looked_up(connection, one) for one in articles]
    for name, times in {"kept, new": took, "kept, a copy": again, "sketched and looked up": lookups}.items():
        ordered = sorted(times)
        print(
            f"{name}: median {statistics.median(times):.2f} ms, 95 % {ordered[int(0.95 * len(times))]:.2f} ms"
        )
    print(f"{found} of {2 * LOOKUPS} have their copy; {strangers} bands of strangers within reach of each")


def _fill(path: Path, count: int) -> int:
    """Sketches of articles that nobody compares with: bands by chance, spread over SPAN days."""
    connection = Connection.open(path)
    raw = connection.raw
    raw.execute("PRAGMA synchronous = OFF")
    raw.execute("PRAGMA foreign_keys = OFF")
    chance = random.Random(20261123)
    within = 0
    today = NOW.date().toordinal()
    for first in range(0, count, BATCH):
        rows = []
        numbers = range(first + 1, min(first + BATCH, count) + 1)
        period = (today - SPAN + first * SPAN // count) // WINDOW
        dated = moment(NOW - timedelta(days=SPAN - first * SPAN / count))
        for number in numbers:
            rows += [(period, chance.getrandbits(48), number) for _ in range(BANDS)]
        within += len(rows) if abs(period - today // WINDOW) <= 1 else 0
        raw.execute("BEGIN IMMEDIATE")
        raw.executemany(
            "INSERT INTO articles (id, key, source, found_in, first_fetched_at, dated_at, revision, flagged)"
            " VALUES (?, ?, 'bao', 'feed', ?, ?, 1, 0)",
            [(number, f"bao:{number}", dated, dated) for number in numbers],
        )
        raw.executemany("INSERT INTO bands VALUES (?, ?, ?)", sorted(rows))
        raw.executemany(
            "INSERT INTO sketches VALUES (?, ?, ?)", [(number, VERSION, period) for number in numbers]
        )
        raw.execute("COMMIT")
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return within


def _kept(store: Store, one: Article) -> float:
    store.links.offer(one.source, [FoundLink(one.key, "https://bao.vn/1", "feed", "https://bao.vn/")], NOW)
    page = Page("https://bao.vn/1", 200, (), NOW, b"<html></html>")
    begun = time.process_time()
    store.keep([Kept(one.key, page, one, ())], NOW)
    return (time.process_time() - begun) * 1e3


def _looked_up(connection: Connection, one: Article) -> float:
    """Sketching and looking up alone, taken back again."""
    with connection.write():
        begun = time.process_time()
        add_to_stories(connection, 1, replace(one, body=one.body[::-1]), moment(NOW))
        took = (time.process_time() - begun) * 1e3
        connection.execute(
            "DELETE FROM bands WHERE article_id = 1 AND period = ?", [NOW.date().toordinal() // WINDOW]
        )
    return took


def _articles(count: int) -> Iterator[Article]:
    """The newsroom's stories, several put together to the length of a news article."""
    told = [article(story) for paper in PAPERS for story in paper(Setup(stories=count)).archive.stories]
    random.Random(1).shuffle(told)
    for number in range(count):
        body = ""
        while len(body) < CHARACTERS:
            body += "\n\n" + told.pop().body
        key = f"bao:new{number}"
        yield replace(
            told[-1], key=key, source="bao", body=body.strip(), published=Dating(NOW, "minute", "meta")
        )


if __name__ == "__main__":
    main()
