"""A week's press review out of a big store: `python -m bench.reporting [ARTICLES] [STORE]`.

Beside it a bare loop over the kept cases, and the same review made again as of its moment. Without STORE one
of so many articles is made and thrown away; every twentieth article cites a document. Each way is measured
in a process of its own, for its memory.
"""

from __future__ import annotations

import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, timedelta
from pathlib import Path
from typing import TypeVar

from bench.filling import NOW, fill
from bench.pages import prepare
from crawler.config.model import Config, Crawl, Review
from crawler.reporting.composing import compose
from crawler.reporting.counting import Around
from crawler.reporting.facts import Facts
from crawler.reporting.gathering import gather
from crawler.reporting.order import MOST, ReportOrder
from crawler.reporting.period import week_of
from crawler.reporting.webpage import webpage
from crawler.reporting.word import word_document
from storage.store import Store

ORDER = ReportOrder(week_of("", (NOW - timedelta(days=1)).date()))
BARE = """
    SELECT r.* FROM articles AS a JOIN revisions AS r ON r.article_id = a.id AND r.number = a.revision
    JOIN stands AS s ON s.article_id = a.id WHERE s.decision = 'keep' AND a.dated_at >= ? AND a.dated_at < ?
    ORDER BY a.dated_at DESC LIMIT ?
"""
Made = TypeVar("Made")
_CITATION = (
    "INSERT INTO citations (revision_id, key, kind, number, organ, how, confidence, mentions)"
    " SELECT id, 'KL-' || (id % 97) || '-TW', 'KL', id % 97, 'TW', 'symbol', 0.5,"
    """ '[["body", 0, 9, "symbol"]]' FROM revisions WHERE id % 20 = 0"""
)


def main() -> None:
    """Make the store unless it is there, then measure each way in a child."""
    if sys.argv[1] == "--way" if len(sys.argv) > 1 else False:
        print(json.dumps(_measured(sys.argv[2], Path(sys.argv[3]))))
        return
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(folder) / "store.sqlite"
        if not path.exists():
            fill(path, count)
            _cite(path)
        prepare(path)
        for way in ("bare", "report", "as-of"):
            ran = subprocess.run(
                [sys.executable, "-m", "bench.reporting", "--way", way, str(path)],
                check=True, capture_output=True, text=True,
            )  # fmt: skip
            print(f"{way:8} {ran.stdout.strip()}")


def _cite(path: Path) -> None:
    raw = sqlite3.connect(path)
    raw.execute(_CITATION)
    raw.execute("UPDATE revisions SET cited_by = '1'")
    raw.commit()
    raw.execute("ANALYZE")
    raw.close()


def _measured(way: str, path: Path) -> dict[str, float]:
    """Seconds of each step, and the peak of the process in MiB."""
    steps = _bare(path) if way == "bare" else _report(path, past=way == "as-of")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {**steps, "cpu": round(time.process_time(), 2), "peak": round(peak)}


def _bare(path: Path) -> dict[str, float]:
    bounds = [ORDER.since.astimezone(UTC).isoformat(), ORDER.before.astimezone(UTC).isoformat(), MOST]
    raw = sqlite3.connect(path)
    seconds, rows = _timed(lambda: raw.execute(BARE, bounds).fetchall())
    return {"seconds": seconds, "cases": len(rows)}


def _report(path: Path, *, past: bool) -> dict[str, float]:
    around = Around(Config(path, path, Crawl(), Review(), {}, ()), (), NOW.date())
    with Store.open(path) as store:
        gathering, facts = _timed(lambda: _gathered(store, around, past=past))
    composing, report = _timed(lambda: compose(facts))
    writing, page = _timed(lambda: webpage(report))
    packing, word = _timed(lambda: word_document(report))
    return {
        "gather": gathering,
        "compose": composing,
        "html": writing,
        "docx": packing,
        "cases": len(facts.full.cases),
        "of": facts.full.asked,
        "read": facts.counts.whole.total.read,
        "html KiB": len(page) // 1024,
        "docx KiB": len(word) // 1024,
    }


def _gathered(store: Store, around: Around, *, past: bool) -> Facts:
    with store.then(NOW, days=True) if past else store.snapshot() as seen:
        return gather(seen, ORDER, around, NOW)


def _timed(make: Callable[[], Made]) -> tuple[float, Made]:
    begun = time.perf_counter()
    made = make()
    return round(time.perf_counter() - begun, 3), made


if __name__ == "__main__":
    main()
