"""The laboratory over a big store, beside judging all of it: `python -m bench.laboratory [ARTICLES] [STORE]`.

Without STORE a store of so many articles of 3.3 KB is made and thrown away; else it is made once and kept.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from bench.filling import fill, indexed_share
from crawler.judging import compile_rules
from crawler.judging.ruletext import RuleText
from crawler.judging.sieving import sieve
from crawler.laboratory.judges import Judges, chunks, level_some
from crawler.laboratory.testing import Experiment
from crawler.reflagging import compare
from crawler.searching import Wish, ask, find
from storage.store import Store

FEW = 4_000  # candidates that are judged in this process
EVERY = 50_000  # articles that are judged to know how long all would take
RULES = {
    "rare": "tổ tự quản OR title:(an ninh AND tổ quốc)",
    "usual": "phong trào NEAR/10 (toàn dân OR an ninh) OR (toàn dân AND an ninh)",
    "common": "công an AND NOT title:giao thông",
}


def main(count: int, path: Path) -> None:
    """Make the store unless it is there, then ask it."""
    if not path.exists():
        fill(path, count)
    print(f"the index is {indexed_share(path):.2f} of the texts")
    for name, query in RULES.items():
        text = RuleText(name, name, query=query)
        _test(path, text)
        _search(path, query)
    _reflag(path, [RuleText(name, name, query=query) for name, query in RULES.items()])


def _test(path: Path, text: RuleText) -> None:
    with Store.open(path) as store:
        begun = time.perf_counter()
        experiment = Experiment(store, text)
        changes = experiment.changes(20)
        next(changes, None)
        first = time.perf_counter() - begun
        for _ in changes:
            pass
        whole, tally = time.perf_counter() - begun, experiment.tally
        print(
            f"rules test, {text.name}: first {first:.2f} s, complete {whole:.2f} s; {tally.newly} changes,"
            f" {tally.candidates} candidates of {tally.articles}, {tally.missed} of {tally.sampled} missed"
        )
        _alone(store, text)
        begun = time.perf_counter()
        numbers = store.articles.numbers()[-EVERY:]
        with Judges(path, [text]) as judges:
            scanned = sum(len(answer.found) for answer in judges.levels(chunks(numbers)))
        every = (time.perf_counter() - begun) * tally.articles / len(numbers)
        print(
            f"  judging every article: {every:.2f} s, by {len(numbers)} of them, {scanned} flagged;"
            f" test / all {whole / every:.3f}"
        )


def _alone(store: Store, text: RuleText) -> None:
    """What one candidate costs one core, however busy the machine is."""
    judge = compile_rules([text])
    expression = sieve(judge.rules)
    assert expression is not None
    begun = time.process_time()
    found = store.search.matching(expression)
    asked = time.process_time() - begun
    begun = time.process_time()
    some = found[-FEW:]
    for chunk in chunks(some):
        level_some(store, judge, chunk)
    each = (time.process_time() - begun) / max(1, len(some))
    print(
        f"  processor time: the index {asked:.2f} s, a candidate {each * 1e6:.0f} µs: in all"
        f" {asked + each * len(found):.1f} s of one core"
    )


def _reflag(path: Path, rules: Sequence[RuleText]) -> None:
    """How fast, and in how much memory, all articles are judged for a reflag, without writing."""
    with Store.open(path) as store:
        begun, seen = time.perf_counter(), 0

        def count(judged: int) -> None:
            nonlocal seen
            seen += judged

        found = islice(compare(store, rules, count), EVERY // 10)
        changed = sum(1 for _ in found)
        rate = seen / (time.perf_counter() - begun)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(f"reflag --dry-run: {seen} articles, {changed} changed: {rate:.0f}/s; peak so far {peak} MiB")


def _search(path: Path, query: str) -> None:
    with Store.open(path) as store:
        begun = time.perf_counter()
        found = find(store, ask(query, {}), Wish(most=20))
        print(f"  search, newest {len(found.hits)}: {(time.perf_counter() - begun) * 1000:.0f} ms")


if __name__ == "__main__":
    asked = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    assert compile_rules([RuleText(name, name, query=query) for name, query in RULES.items()])
    with tempfile.TemporaryDirectory() as folder:
        main(asked, Path(sys.argv[2]) if len(sys.argv) > 2 else Path(folder) / "bench.sqlite")
