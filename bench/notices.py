"""Telling people over a big store: a digest, a flood of new flags, and the question whether to do anything.

`python -m bench.notices [LINKS]`: 600 papers, a fifth of the links articles, one in ten of these flagged.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.config.model import Channel, Config, Crawl, Notices, Review, Smtp, Source
from crawler.notices.gathering import gather
from crawler.notices.stirring import is_stirred
from storage.columns import moment
from storage.store import Store

NOW = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)  # 07:00 in Vietnam
SOURCES = 600
LATER = NOW + timedelta(hours=1)  # past the digest of 07:30
NEW = 200  # cases of a usual digest
FLOOD = 15_000  # cases that changed rules flag at once
_ARTICLE = (
    "INSERT INTO articles (id, key, source, found_in, first_fetched_at, dated_at, revision, flagged, score)"
    " VALUES (?, ?, ?, 'feed', ?, ?, 1, ?, ?)"
)
_REVISION = (
    "INSERT INTO revisions (id, article_id, number, fetched_at, fingerprint, url, title, body, authors, tags,"
    " images) VALUES (?, ?, 1, ?, x'00', ?, 'Tổ tự quản số ' || ?, ?, '[]', '[]', '[]')"
)
_LINK = (
    "INSERT INTO links (source, key, url, found_in, found_at, first_seen, last_seen, state, attempts)"
    " VALUES (?, ?, ?, 'feed', '/rss', ?, ?, 'kept', 0)"
)
_FLAG = (
    "INSERT INTO flags (revision_id, rule, label, version, field, spans, quote, weight, flagged_at, score)"
    " VALUES (?, 'tu_quan', 'Tổ tự quản', 'v1', 'body', '[[0,10]]', 'Tổ tự quản họp.', 1.0, ?, 1.0)"
)
_EVENT = (
    "INSERT INTO events (article_id, at, kind, rule, label, version, level)"
    " VALUES (?, ?, 'flagged', 'tu_quan', 'Tổ tự quản', 'v1', 'primary')"
)
_NO_MORE = "INSERT INTO events (article_id, at, kind, rule) VALUES (?, ?, 'unflagged', 'tu_quan')"
_BODY = "Tổ tự quản họp. " + "Người dân cùng giữ bình yên xóm làng. " * 80


def fill(store: Store, links: int) -> None:
    """As crawls would leave it, without pages and index."""
    db = store._db.raw
    for first in range(1, links + 1, 50_000):
        numbers = range(first, min(first + 50_000, links + 1))
        with store.write():
            told = [(f"bao{n % SOURCES}", f"bao:{n}", f"https://bao.vn/{n}", _at(n), _at(n)) for n in numbers]
            db.executemany(_LINK, told)
            kept = [n for n in numbers if n % 5 == 0]
            flagged = [n for n in kept if n % 50 == 0]
            flags = set(flagged)
            db.executemany(
                _ARTICLE,
                [(n, f"bao:{n}", f"bao{n % SOURCES}", _at(n), _at(n), n in flags, n in flags) for n in kept],
            )
            db.executemany(_REVISION, [(n, n, _at(n), f"https://bao.vn/{n}", n, _BODY) for n in kept])
            db.executemany(_FLAG, [(n, _at(n)) for n in flagged])
            db.executemany(_EVENT, [(n, _at(n)) for n in flagged])
    store._db.execute("ANALYZE")


def _at(number: int) -> str:
    return moment(NOW - timedelta(seconds=number % 5_000_000))


def config(path: Path) -> Config:
    """Three channels of mail; nothing is sent here."""
    way = Smtp("mail.example.vn", 465, "tls", "a@example.vn", ("b@example.vn",))
    names = ("ban", "phong", "hop")
    return Config(
        path=path.with_name("config.toml"),
        store_path=path,
        crawl=Crawl(),
        review=Review(),
        sources={f"bao{n}": Source(f"bao{n}", f"https://bao{n}.vn/") for n in range(SOURCES)},
        rules=(),
        notices=Notices(page_url="https://duyet.example.vn"),
        channels={name: Channel(name, way) for name in names},
    )


def timed(what: str, act: Callable[[], object]) -> None:
    """Print how long it took, by the clock and by the processor."""
    clock, cpu = time.perf_counter(), time.process_time()
    result = act()
    print(
        f"{what}: {time.perf_counter() - clock:.3f} s, processor {time.process_time() - cpu:.3f} s ({result})"
    )


def main(links: int) -> None:
    """Fill a store and tell people of what happens in it."""
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "store.sqlite") as store:
        told = config(store.path)
        fill(store, links)
        store.deliveries.open()
        timed("three channels begin", lambda: gather(store, told, NOW))
        timed("anything to do? no", lambda: is_stirred(store, told, NOW + timedelta(minutes=1)))
        numbers = [row[0] for row in store._db.rows("SELECT id FROM articles WHERE flagged = 1")]
        for what, many, now in (("digest", NEW, LATER), ("flood", FLOOD, LATER + timedelta(hours=10))):
            with store.write():  # they were flagged before, and are flagged again
                store._db.raw.executemany(_NO_MORE, [(n, moment(now)) for n in numbers[-many:]])
                store._db.raw.executemany(_EVENT, [(n, moment(now)) for n in numbers[-many:]])
            del numbers[-many:]
            timed(f"anything to do? {many} new cases", lambda now=now: is_stirred(store, told, now))  # type: ignore[misc]
            timed(f"{what} of {many} cases in three channels", lambda now=now: gather(store, told, now))  # type: ignore[misc]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
