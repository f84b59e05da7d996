"""Copies among the stored articles, looked for where that never was done; nothing else is touched."""

from __future__ import annotations

from collections.abc import Callable

from crawler.laboratory.judges import chunks
from storage.store import Store

_CHUNK = 50  # articles in one transaction, so that crawls wait for none of them


def sketch_stored(store: Store, each: Callable[[int], None] = lambda _: None) -> int:
    """Put those articles into their stories; how many there were. Ended halfway, the next call goes on."""
    numbers = store.stories.unsketched()
    for some in chunks(numbers, _CHUNK):
        store.stories.sketch(some)
        each(len(some))
    return len(numbers)
