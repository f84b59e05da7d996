"""Big stores made quickly: the same tables as by crawling, without links and pages."""

from __future__ import annotations

import random
import re
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage import search
from storage.columns import moment
from storage.store import Store

NOW = datetime(2026, 11, 23, tzinfo=UTC)
WORDING = Path(__file__).parents[1] / "tests/newsroom/wording"
SENTENCES = 45  # of a body, with SYLLABLES each about 3.3 KB
SYLLABLES = 16
POOL = 30_000  # sentences that bodies are drawn from
BATCH = 2_000
HASH = 1 << 28  # octets of the index that are gathered before they are written; FTS5 has 1 MiB
USUAL_HASH = 1 << 20
# How many articles in a hundred bear each, beside the words that chance brings together.
PHRASES = {
    "an ninh": 12,
    "tổ quốc": 6,
    "phong trào": 8,
    "toàn dân": 3,
    "công an": 18,
    "giao thông": 15,
    "bảo vệ": 20,
    "ủy ban": 40,
    "tổ tự quản": 1,
}

_ARTICLE = (
    "INSERT INTO articles (id, key, source, found_in, first_fetched_at, dated_at, revision, flagged)"
    " VALUES (?, ?, 'bao', 'feed', ?, ?, 1, 0)"
)
_REVISION = (
    "INSERT INTO revisions (id, article_id, number, fetched_at, fingerprint, url, title, lead, body, authors,"
    " tags, images, published_at, published_precision, published_from)"
    " VALUES (?, ?, 1, ?, x'00', ?, ?, NULL, ?, '[]', '[]', '[]', ?, 'minute', 'meta')"
)
_INDEX = f"INSERT INTO search (rowid, {', '.join(search.COLUMNS)}) VALUES (?, ?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, and what the index knows of it: folded, canonical, with marks and without."""

    text: str
    indexed: str
    bare: str


def fill(path: Path, count: int) -> None:
    """So many articles of about 3.3 KB in a new store."""
    begun = time.perf_counter()
    with Store.open(path):
        pass
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("PRAGMA synchronous = OFF")
    _gather(raw, HASH)
    chance = random.Random(20261123)
    pool = _pool(chance)
    for first in range(1, count + 1, BATCH):
        raw.execute("BEGIN IMMEDIATE")
        _add(raw, chance, pool, range(first, min(first + BATCH, count + 1)))
        raw.execute("COMMIT")
        if first // BATCH % 25 == 0:
            print(f"filling: {first + BATCH - 1}, {first / (time.perf_counter() - begun):.0f}/s", flush=True)
    _gather(raw, USUAL_HASH)
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.execute("ANALYZE")
    raw.close()
    print(f"filled with {count} articles: {count / (time.perf_counter() - begun):.0f}/s")


def indexed_share(path: Path) -> float:
    """The index's octets by those of the texts."""
    raw = sqlite3.connect(path)
    [index] = raw.execute("SELECT sum(length(block)) FROM search_data").fetchone()
    [texts] = raw.execute("SELECT sum(length(CAST(title || body AS BLOB))) FROM revisions").fetchone()
    raw.close()
    return float(index / texts)


def _gather(raw: sqlite3.Connection, octets: int) -> None:
    raw.execute("INSERT INTO search (search, rank) VALUES ('hashsize', ?)", [octets])


def _add(raw: sqlite3.Connection, chance: random.Random, pool: list[Sentence], numbers: range) -> None:
    articles, revisions, indexed = [], [], []
    for number in numbers:
        title, *body = _drawn(chance, pool)
        dated = moment(NOW - timedelta(minutes=number))
        articles.append((number, f"bao:{number}", dated, dated))
        text = " ".join(one.text for one in body)
        url = f"https://bao.vn/{number}"
        revisions.append((number, number, dated, url, title.text, text, dated))
        plain, bare = " ".join(one.indexed for one in body), " ".join(one.bare for one in body)
        indexed.append((number, title.indexed, "", plain, title.bare, "", bare))
    raw.executemany(_ARTICLE, articles)
    raw.executemany(_REVISION, revisions)
    raw.executemany(_INDEX, indexed)


def _drawn(chance: random.Random, pool: list[Sentence]) -> Iterator[Sentence]:
    """A title and the sentences of a body, some of them with phrases."""
    phrases = [phrase for phrase, share in PHRASES.items() if chance.random() * 100 < share]
    title = chance.choice(pool).text.rstrip(".").split()[:9]
    yield _sentence([*title, *phrases[:1]] if chance.random() < 0.5 else title)
    for phrase in phrases:
        words = chance.choice(pool).text.rstrip(".").split()
        yield _sentence([*words[:7], phrase, *words[8:]])
    yield from chance.choices(pool, k=SENTENCES - len(phrases))


def _pool(chance: random.Random) -> list[Sentence]:
    words = _words()
    weights = [1 / (place + 3) for place in range(len(words))]
    chance.shuffle(words)
    return [_sentence(chance.choices(words, weights, k=SYLLABLES)) for _ in range(POOL)]


def _sentence(words: list[str]) -> Sentence:
    text = " ".join(words) + "."
    columns = search.columns(text, None, "")
    return Sentence(text, columns[0], columns[3])


def _words() -> list[str]:
    text = " ".join(path.read_text(encoding="utf-8") for path in sorted(WORDING.glob("*.toml")))
    return sorted(set(re.findall(r"[^\W\d_]+", text)))
