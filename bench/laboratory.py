"""The laboratory over a big store, beside judging all of it: `python -m bench.laboratory [ARTICLES] [STORE]`.

Without STORE a store of so many articles of 3.3 KB is made and thrown away; else it is made once and kept.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.judging import compile_rules
from crawler.judging.asking import Question
from crawler.judging.ruletext import RuleText
from crawler.laboratory.judges import Judges, chunks
from crawler.laboratory.testing import Experiment
from storage.records import Article, Dating, FoundLink, Kept, Page
from storage.store import Store

NOW = datetime(2026, 11, 23, tzinfo=UTC)
WORDING = Path(__file__).parents[1] / "tests/newsroom/wording"
BATCH = 500
SYLLABLES = 720  # of a body, about 3.3 KB
RULES = {
    "rare": "title:(an ninh AND tổ quốc) OR phong trào NEAR/5 toàn dân",
    "common": "công an AND NOT title:giao thông",
}


def main(count: int, path: Path) -> None:
    """Make the store unless it is there, then ask it."""
    with Store.open(path) as store:
        if not len(store.articles.numbers()):
            _fill(store, count)
    for name, query in RULES.items():
        _test(path, RuleText(name, name, query=query))
        _search(path, query)


def _fill(store: Store, count: int) -> None:
    begun = time.perf_counter()
    for first in range(0, count, BATCH):
        some = [_made(number) for number in range(first, min(first + BATCH, count))]
        store.links.offer("bao", [FoundLink(one.link_key, one.page.url, "feed", "/") for one in some], NOW)
        store.keep(some, NOW)
    print(f"filled with {count} articles: {count / (time.perf_counter() - begun):.0f}/s")


def _test(path: Path, text: RuleText) -> None:
    with Store.open(path) as store:
        begun = time.perf_counter()
        experiment = Experiment(store, text)
        changes = experiment.changes()
        next(changes, None)
        first = time.perf_counter() - begun
        found = sum(1 for _ in changes) + 1
        whole, tally = time.perf_counter() - begun, experiment.tally
        print(
            f"rules test, {text.name}: first {first:.2f} s, complete {whole:.2f} s; {found} changes,"
            f" {tally.candidates} candidates of {tally.articles}, {tally.missed} of {tally.sampled} missed"
        )
        begun = time.perf_counter()
        with Judges(path, [text]) as judges:
            scanned = sum(len(batch.found) for batch in judges.judged(chunks(store.articles.numbers())))
        every = time.perf_counter() - begun
        print(
            f"  judging every article: {every:.2f} s ({tally.articles / every:.0f}/s),"
            f" {scanned} flagged; test / all {whole / every:.2f}"
        )
        assert scanned == found


def _search(path: Path, query: str) -> None:
    with Store.open(path) as store:
        begun = time.perf_counter()
        question = Question(query, {})
        assert question.expression is not None
        newest = store.search.newest_first(store.search.matching(question.expression))
        found = _newest(store, question, newest)
        print(f"  search, newest {found}: {(time.perf_counter() - begun) * 1000:.0f} ms")


def _newest(store: Store, question: Question, newest: Iterator[int]) -> int:
    found = 0
    for number in newest:
        found += sum(question.proof(case.article) is not None for case in store.cases.some([number]))
        if found == 20:
            break
    return found


def _words() -> list[str]:
    text = " ".join(path.read_text(encoding="utf-8") for path in sorted(WORDING.glob("*.toml")))
    return sorted(set(re.findall(r"[^\W\d_]+", text)))


_WORDS = _words()
_PHRASES = ("an ninh", "tổ quốc", "phong trào", "toàn dân", "công an", "giao thông", "bảo vệ", "ủy ban")


def _made(number: int) -> Kept:
    chance = random.Random(number)
    weights = [1 / (place + 3) for place in range(len(_WORDS))]
    words = chance.choices(chance.sample(_WORDS, len(_WORDS)), weights, k=SYLLABLES)
    for phrase in chance.sample(_PHRASES, 2):
        words[chance.randrange(SYLLABLES)] = phrase
    body = ". ".join(" ".join(words[at : at + 16]) for at in range(0, SYLLABLES, 16))
    title = " ".join([*words[:9], *chance.choices(_PHRASES, k=1)])
    key, url = f"bao:{number}", f"https://bao.vn/{number}"
    dated = Dating(NOW - timedelta(minutes=number), "minute", "meta")
    told = Article(key, "bao", url, title, None, body, (), None, (), dated, ())
    return Kept(key, Page(url, 200, (), NOW, b"-"), replace(told), ())


if __name__ == "__main__":
    asked = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    assert compile_rules([RuleText(name, name, query=query) for name, query in RULES.items()])
    with tempfile.TemporaryDirectory() as folder:
        main(asked, Path(sys.argv[2]) if len(sys.argv) > 2 else Path(folder) / "bench.sqlite")
