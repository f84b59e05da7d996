"""The stored pages read again: streamed through the readers, kept in batches, gone on with where it ended."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from crawler import reading
from crawler.config.model import Source
from crawler.crawling.doors import Judged
from crawler.crawling.locks import Lock
from crawler.judging.ruletext import RuleText
from crawler.reading import Hints
from crawler.rereading.deciding import Reread, decide
from storage.records import Page, Stored
from storage.rereads import Wanted
from storage.store import Store

_BATCH = 64  # articles whose changes make one transaction
_AHEAD = 16  # pages handed over for every reader, so that it has some to read while others are kept


class Pool(Protocol):
    """Whatever reads and judges several pages at once."""

    size: int  # pages at once

    def ask(self, page: Page, hints: Hints) -> Future[Judged | str]:
        """The page read and judged, or the reason why that failed."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be read again, and by what."""

    sources: Mapping[str, Source]
    rules: Sequence[RuleText]
    since: datetime | None = None  # published, or first fetched if undated, at this moment or later
    even_shorter: bool = False  # take also readings that lose half of the stored text

    @property
    def wanted(self) -> Wanted:
        """The same for the store."""
        return Wanted(tuple(self.sources), self.since)

    @property
    def asked(self) -> str:
        """A hash of everything that decides what is read and how, the code of reading included."""
        told = [
            (name, source.selectors, source.home, source.province)
            for name, source in sorted(self.sources.items())
        ]
        words = repr((told, tuple(self.rules), self.since, self.even_shorter)).encode()
        folder = Path(str(reading.__file__)).parent
        code = b"".join(path.read_bytes() for path in sorted(folder.glob("*.py")))
        return hashlib.blake2b(words + code, digest_size=16).hexdigest()


def reread(store: Store, order: Order, pool: Pool, clock: Callable[[], datetime]) -> Iterator[Reread]:
    """Read again and keep what changed; everything that was read, in the order of the articles' numbers.

    Nothing happens but as far as it is iterated; what was yielded is committed. It begins where an earlier
    one of the same order was ended.
    """
    asked = order.asked
    found = compare(store, order, pool, store.rereads.position(asked))
    while batch := list(islice(found, _BATCH)):
        with store.write():
            settled = [_current(store, one) for one in batch]
            store.keep([one.kept for one in settled if one.kept and one.outcome != "shorter"], clock())
            store.rereads.reached(asked, batch[-1].stored.id, clock())
        yield from settled
    store.rereads.finished()


def alone(store: Store) -> Lock:
    """Held by the one reread that writes into this store."""
    path = store.path.absolute()
    name = f"reread of {quote(path.name, safe='')}.lock"
    return Lock(path.parent / "locks" / name, f"{path}: another reread is at this store; wait for its end")


def compare(store: Store, order: Order, pool: Pool, after: int = 0) -> Iterator[Reread]:
    """What `reread` would do with the articles above number `after`; writes nothing."""
    asked: deque[tuple[Stored, Future[Judged | str]]] = deque()
    for stored in store.rereads.each(order.wanted, after):
        asked.append((stored, _ask(pool, stored, order.sources[stored.article.source])))
        if len(asked) >= _AHEAD * pool.size:
            yield _answered(*asked.popleft(), order)
    while asked:
        yield _answered(*asked.popleft(), order)


def _ask(pool: Pool, stored: Stored, source: Source) -> Future[Judged | str]:
    if stored.page is None:
        answer: Future[Judged | str] = Future()
        answer.set_result("no-page")
        return answer
    key, dated = stored.article.key, stored.dated
    hints = Hints(source.name, key, source.selectors, dated, source.home, source.province)
    return pool.ask(stored.page, hints)


def _answered(stored: Stored, answer: Future[Judged | str], order: Order) -> Reread:
    return decide(stored, answer.result(), even_shorter=order.even_shorter)


def _current(store: Store, one: Reread) -> Reread:
    """The same, unless a crawl has revised the article meanwhile: then it was read today."""
    if store.rereads.revision(one.stored.id) == one.stored.revision:
        return one
    return replace(one, outcome="same", reason=None, kept=None)
