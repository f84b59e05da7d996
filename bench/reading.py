"""Reading beside trafilatura on the gold pages: time a page and its ratio, page by page, in one run.

    python -m bench.reading [FOLDER] [--rounds N]

A page is read with the CMS families known ("known") and with none of them ("unknown").
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import trafilatura

from crawler.reading import Hints, read, view
from storage.records import Page

NOW = datetime(2026, 11, 23, tzinfo=UTC)
FOLDER = Path(__file__).parents[2] / "shared" / "pages"


def milliseconds(work: Callable[[], object], rounds: int) -> float:
    """The quickest of `rounds` runs on this process's own clock: a shared machine only ever adds to it."""
    times = []
    for _ in range(rounds):
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    return 1000 * min(times)


def measured(path: Path, rounds: int) -> tuple[float, float, float]:
    """Milliseconds of trafilatura, of reading with families, and without, on one page."""
    body = path.read_bytes()
    page = Page("https://bao.example/mot-bai-123.html", 200, (), NOW, body)
    markup = body.decode("utf-8", "replace")
    hints = Hints("bench", "bench:1")
    theirs = milliseconds(lambda: trafilatura.bare_extraction(markup, with_metadata=True), rounds)
    known = milliseconds(lambda: read(page, hints, NOW), rounds)
    with patch.object(view, "recognised", side_effect=lambda _names: iter(())):
        unknown = milliseconds(lambda: read(page, hints, NOW), rounds)
    return theirs, known, unknown


def main() -> None:
    """Print one line a page and the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    rows = []
    for path in sorted(asked.folder.glob("[!L]*.html")):
        theirs, known, unknown = measured(path, asked.rounds)
        rows.append((known / theirs, unknown / theirs))
        ratios = f"known {known / theirs:5.2f} × · unknown {unknown / theirs:5.2f} ×"
        print(f"{path.stem:20} trafilatura {theirs:6.1f} ms · {ratios}")
    known, unknown = (statistics.median(column) for column in zip(*rows, strict=True))
    print(f"{'median':20} known {known:.2f} × (wanted: 0.60) · unknown {unknown:.2f} × (wanted: 1.25)")


if __name__ == "__main__":
    main()
