"""What counting by day costs whoever keeps articles: `python -m bench.counting [ARTICLES]`."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from bench.storing import BATCH, NOW, made
from storage.records import FoundLink
from storage.store import Store

ROUNDS = 5


def seconds(folder: Path, count: int, *, counted: bool) -> float:
    """CPU time of offering and keeping so many small articles in a fresh store, and deciding one in ten."""
    with Store.open(folder / f"{time.monotonic_ns()}.sqlite") as store:
        if not counted:
            with store.write():
                for row in store._db.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
                    store._db.execute(f"DROP TRIGGER {row[0]}")
        batch = [made(number, whole_page=False) for number in range(count)]
        begun = time.process_time()
        for start in range(0, count, BATCH):
            part = batch[start : start + BATCH]
            store.links.offer(
                "bao", [FoundLink(one.link_key, one.page.url, "feed", "/") for one in part], NOW
            )
            store.keep(part, NOW)
        for number in range(1, count, 10):
            store.verdicts.decide(number, "drop", None, NOW)
        return time.process_time() - begun


def main(count: int) -> None:
    """Turn about, so that whatever else runs slows both down."""
    with tempfile.TemporaryDirectory() as name:
        ratios = []
        for _ in range(ROUNDS):
            bare, counted = (seconds(Path(name), count, counted=way) for way in (False, True))
            ratios.append(counted / bare)
            print(
                f"{count} articles: {bare:.2f} s without counting, {counted:.2f} s with, × {ratios[-1]:.3f}"
            )
    print(f"median × {sorted(ratios)[ROUNDS // 2]:.3f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
