"""A process that keeps articles as a crawl does, telling each key once it is acknowledged; tests kill it.

`python -m tests.storage.writing STORE SOURCE COUNT BATCH`
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

from storage.store import Store
from tests.storage.samples import NOON, article, flag, found, kept


def main(path: str, source: str, count: int, batch: int) -> None:
    """Offer and keep `count` articles, `batch` at a time; those the ledger knows are not kept again."""
    with Store.open(Path(path)) as store:
        run_id = store.runs.begin(source, os.getpid(), NOON)
        print("ready", flush=True)
        for first in range(0, count, batch):
            numbers = range(first, min(first + batch, count))
            links = store.links.offer(source, [found(n, source) for n in numbers], NOON)
            told = [
                replace(article(0, source), key=link.key, title=f"Tổ tự quản {link.key}") for link in links
            ]
            store.keep([kept(of, [flag()]) for of in told], NOON)
            for of in told:
                print(of.key, flush=True)
        store.runs.interrupt([run_id], NOON)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
