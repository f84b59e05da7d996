"""Export of 100,000 articles: time and memory, against a bare loop over sqlite3 rows with json.dumps."""

from __future__ import annotations

import argparse
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from crawler.export import FORMATS, ExportOrder, Filter, Searched, Series, export
from crawler.searching import ask
from storage.records import Article, Dating, Flag, FoundLink, Image, Kept, Page
from storage.store import Store

START = datetime(2020, 1, 1, tzinfo=UTC)
SENTENCE = "Sáng nay hơn ba trăm công nhân của xưởng may ngừng việc để đòi trả lương đúng hạn. "
MANY_FILES = ("text", "tei")  # one an article: minutes of waiting for the disk, so only when asked for
CHOSEN = ("tenth", "then", "words", "delta")
WAYS = (*CHOSEN, *(name for name in FORMATS if name not in MANY_FILES), "jsonl,csv,sqlite")
Figures = dict[str, float]  # seconds, cpu (seconds), peak (MiB)
BARE = """
    SELECT articles.*, url, title, lead, body, authors, section, tags, published_at, images FROM articles
    JOIN revisions ON revisions.article_id = articles.id AND revisions.number = articles.revision
    ORDER BY articles.dated_at, articles.id
"""


def main() -> None:
    """Fill a store, then measure each way of writing it out in processes of its own, in turns."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--articles", type=int, default=100_000)
    asked.add_argument("--rounds", type=int, default=2)
    asked.add_argument("--ways", nargs="+", default=WAYS, help="formats, or several joined by commas")
    asked.add_argument("--way", help=argparse.SUPPRESS)
    asked.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    told = asked.parse_args()
    if told.way:
        print(json.dumps(_measured(told.way, told.folder, told.articles)))
        return
    with tempfile.TemporaryDirectory() as folder:
        _fill(Path(folder) / "store.sqlite", told.articles)
        _bare(Path(folder) / "store.sqlite", Path(folder) / "warm")  # nobody pays for the cold disk
        _compare(Path(folder), told.articles, ("bare", *told.ways) * told.rounds)


def _compare(folder: Path, articles: int, ways: Sequence[str]) -> None:
    """Print the best round of each way, and its speed against the bare loop's, by CPU time."""
    best: dict[str, Figures] = {}
    for way in ways:
        figures = _in_child(way, folder, articles)
        if way not in best or figures["cpu"] < best[way]["cpu"]:
            best[way] = figures
    print(f"{articles} articles, the best round of each: seconds, of them CPU, peak MiB, speed against bare")
    for way, figures in best.items():
        share = articles // 10 if way == "tenth" else articles
        speed = best["bare"]["cpu"] / figures["cpu"] * share / articles
        numbers = f"{figures['seconds']:7.1f} {figures['cpu']:7.1f} {figures['peak']:5.0f} {speed:6.2f}"
        print(f"{way:18}{numbers}")


def _in_child(way: str, folder: Path, articles: int) -> Figures:
    arguments = ["--way", way, "--folder", str(folder), "--articles", str(articles)]
    line = [sys.executable, "-m", "bench.export", *arguments]
    figures: Figures = json.loads(subprocess.run(line, check=True, capture_output=True).stdout)
    return figures


def _measured(way: str, folder: Path, articles: int) -> Figures:
    """Once, into a folder that is removed again."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        began, worked = time.perf_counter(), time.process_time()
        if way == "bare":
            _bare(folder / "store.sqlite", Path(place) / way)
        else:
            _ours(folder / "store.sqlite", Path(place) / way, way, articles)
        cpu, seconds = time.process_time() - worked, time.perf_counter() - began
    return {"seconds": seconds, "cpu": cpu, "peak": _peak()}


def _peak() -> float:
    """MiB; of this process alone, where getrusage would begin with the parent's."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def _bare(store_path: Path, out: Path) -> None:
    db = sqlite3.connect(store_path)
    db.row_factory = sqlite3.Row
    with out.open("w", encoding="utf-8") as file:
        for row in db.execute(BARE):
            file.write(json.dumps(dict(row), ensure_ascii=False) + "\n")


def _ours(store_path: Path, out: Path, way: str, articles: int) -> None:
    with Store.open(store_path) as store:
        export(store, _order(out, way, articles), datetime.now(UTC))


def _order(out: Path, way: str, articles: int) -> ExportOrder:
    """Formats, or one of these ways to choose, as JSON lines.

    `tenth` is the newest tenth: its peak shows whether memory grows with the corpus. `then` is as of a moment
    since which nothing happened, `words` what every article has, `delta` what changed since the last round.
    """
    if way == "tenth":
        return ExportOrder(out, ("jsonl",), Filter(since=START + timedelta(minutes=articles * 9 // 10)))
    if way == "then":
        return ExportOrder(out, ("jsonl",), as_of=START + timedelta(days=1))
    if way == "words":
        return ExportOrder(out, ("jsonl",), searched=Searched("xưởng", ask("xưởng", {}), "exact"))
    if way == "delta":
        return ExportOrder(out, ("jsonl",), series=Series("bench"))
    return ExportOrder(out, tuple(way.split(",")))


def _fill(path: Path, articles: int) -> None:
    with Store.open(path) as store:
        for batch in _batches(_kept(number) for number in range(articles)):
            links = [
                FoundLink(one.link_key, one.article.url, "feed", "https://b.example.vn/rss") for one in batch
            ]
            with store.write():
                store.links.offer("bao", links, START)
                store.keep(batch, START)


def _kept(number: int) -> Kept:
    """About 3 KB of text; every fiftieth is flagged."""
    url = f"https://b.example.vn/tin-{number}-post{number}.html"
    body = "\n\n".join(SENTENCE * 5 + str(number) for _ in range(5))
    told = Article(
        key=f"bao:post{number}",
        source="bao",
        url=url,
        title=f"Công nhân xưởng số {number} ngừng việc",
        lead=SENTENCE,
        body=body,
        authors=("Lê Thị An",),
        section="Xã hội",
        tags=("công đoàn",),
        published=Dating(START + timedelta(minutes=number), "minute", "json-ld"),
        images=(Image(f"{url}.jpg", "Trước cổng xưởng"),),
    )
    flags = (Flag("ngung_viec", "Ngừng việc", "v1", "title", ((0, 9),), told.title, 1.0),)
    return Kept(
        told.key, Page(url, 200, (), START, b"<html></html>"), told, flags if number % 50 == 0 else ()
    )


def _batches(articles: Iterable[Kept]) -> Iterator[list[Kept]]:
    waiting = iter(articles)
    while batch := list(islice(waiting, 500)):
        yield batch


if __name__ == "__main__":
    main()
