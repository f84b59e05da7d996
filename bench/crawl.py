"""A crawl of 2,000 newsroom articles against a bare spider in turn: pages a second, requests, memory."""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from storage.cases import CaseQuery
from storage.store import Store
from tests.newsroom import Newsroom, Setup

SOURCE = "baohatinh"
PAGE_BYTES = 90_000
WANTED_RATIO = 1.8
WANTED_PEAK = 350.0  # MiB of the crawl's own process
LOOK = 0.2  # seconds between two looks at memory

CONFIG = """
[store]
path = "{store}"
[crawl]
delay = 0
allow_private_addresses = true
look_back_links = 100_000
[sources.baohatinh]
home = "{home}"
sitemaps = ["/sitemap.xml"]
article = ['-post(?P<post>\\d+)\\.html$', '/(?P<post>\\d+)\\.htm$']
[sources.baohatinh.selectors]
body = ["div.article__body.cms-body", "#main-detail"]
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """One command, run to its end."""

    seconds: float
    peak: float  # MiB resident of the process itself
    tree: float  # MiB resident of it and all its children together, at the worst look


def measured(command: Sequence[str]) -> Measured:
    """Run it and look at its memory all the while."""
    began = time.perf_counter()
    process = psutil.Popen(command, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    peak = tree = 0.0
    while True:
        own, together = _resident(process)
        peak, tree = max(peak, own), max(tree, together)
        try:
            code = process.wait(LOOK)
        except psutil.TimeoutExpired:
            continue
        if code:
            raise SystemExit(f"{' '.join(command)} ended with {code}")
        return Measured(time.perf_counter() - began, peak, tree)


def _resident(process: psutil.Process) -> tuple[float, float]:
    try:
        own = process.memory_info().rss / 2**20
        inner = [child.memory_info().rss / 2**20 for child in process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0.0, 0.0
    return own, own + sum(inner)


def ours(folder: Path, config: Path) -> Measured:
    """The crawl that the daemon and `diembao crawl` start."""
    module = [sys.executable, "-m", "crawler.crawling.child"]
    return measured([*module, "--config", str(config), "--db", str(folder / "store.sqlite"), SOURCE])


def bare(folder: Path, addresses: Path) -> Measured:
    """The baseline on the same addresses."""
    return measured([sys.executable, "-m", "bench.bare", str(addresses), str(folder / "bare.sqlite")])


def stored(folder: Path) -> int:
    """How many articles our store holds."""
    with Store.open(folder / "store.sqlite", create=False) as store:
        return store.cases.count(CaseQuery())


def one_round(folder: Path, room: Newsroom, number: int) -> tuple[Measured, Measured]:
    """Ours and the baseline, each into a fresh store; then ours once more, to count its requests."""
    inner = folder / f"round{number}"
    inner.mkdir()
    config = inner / "config.toml"
    config.write_text(CONFIG.format(home=room.home(SOURCE), store=inner / "store.sqlite"), encoding="utf-8")
    addresses = inner / "addresses.txt"
    listed = [story.path for story in room.stories(SOURCE) if not story.path.startswith("/tv/")]
    addresses.write_text("\n".join(room.home(SOURCE) + path for path in listed))  # as the sitemaps have it
    mine, theirs = ours(inner, config), bare(inner, addresses)
    articles = len(listed)
    print(f"round {number}: stored {stored(inner)} of {articles}")
    print(
        f"  ours {articles / mine.seconds:6.1f} pages/s, peak {mine.peak:.0f} MiB, tree {mine.tree:.0f} MiB"
    )
    print(f"  bare {articles / theirs.seconds:6.1f} pages/s, peak {theirs.peak:.0f} MiB")
    room.forget_requests()
    again = ours(inner, config)
    paths = [request.path for request in room.requests(SOURCE)]
    read = sum("-post" in path or path.endswith(".htm") for path in paths)
    print(f"  again: {again.seconds:.1f} s, {len(paths)} requests, {read} of them for articles")
    return mine, theirs


def main() -> None:
    """`python -m bench.crawl [--articles 2000] [--rounds 3]`"""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--articles", type=int, default=2000)
    arguments.add_argument("--rounds", type=int, default=3)
    wanted = arguments.parse_args()
    setup = Setup(stories=0, page_bytes=PAGE_BYTES)
    with (
        tempfile.TemporaryDirectory() as folder,
        Newsroom(articles={SOURCE: wanted.articles}, setup=setup) as room,
    ):
        rounds = [one_round(Path(folder), room, number + 1) for number in range(wanted.rounds)]
    ratio = statistics.median(theirs.seconds / mine.seconds for mine, theirs in rounds)
    peak = max(mine.peak for mine, _ in rounds)
    print(f"ours is {ratio:.2f} × the bare spider (wanted {WANTED_RATIO}), peak {peak:.0f} MiB", end=" ")
    print(f"(wanted {WANTED_PEAK:.0f})")
    raise SystemExit(ratio < WANTED_RATIO or peak > WANTED_PEAK)


if __name__ == "__main__":
    main()
