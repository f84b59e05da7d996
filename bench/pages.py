"""The review page over a big store, page by page: `python -m bench.pages [ARTICLES] [STORE] [TIMES]`.

Without STORE a store of so many articles is made and thrown away; else it is made once and kept. Some of its
articles are flagged, and some of these decided.
The time is the server's: from the request to the whole answer, through the ASGI application here, and
how much of it the processor worked, which stays the same on a busy machine.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx

from bench.filling import NOW, fill
from crawler.review import make_app
from crawler.searching import Wish, ask, find
from storage.cases import CaseQuery
from storage.columns import moment
from storage.store import Store

FLAGGED = 20_000
DECIDED = 8_000
SOURCES = 40
RULES = {"thuong": 0.6, "vua": 0.3, "hiem": 0.1}  # how many of the flagged each flags
HOST = "127.0.0.1:8765"
PHRASE = "an ninh"

SEARCHES = {
    "search, nothing asked": "",
    "search, common": "q=công an",
    "search, common, without marks": "q=cong an",
    "search, common AND common": "q=an ninh AND phong trào",
    "search, common NEAR common": "q=phong trào NEAR/10 (toàn dân OR an ninh)",
    "search, common NEAR one another": "q=bảo vệ NEAR/20 giao thông",
    "search, usual": "q=tổ tự quản",
    "search, usual, best first": "q=title:tổ tự quản AND công an AND phong trào&order=best",
    "search, rare": "q=tổ tự quản AND an ninh AND phong trào AND title:giao thông",
    "search, nowhere": "q=không đâu có câu này",
    "search, title": "q=title:an ninh",
    "search, NOT": "q=công an AND NOT giao thông",
    "search, document": "q=cites:44-KL/TW",
    "search, month": "q=an ninh AND date:2026-03",
    "search, source": f"q=an ninh&source=bao{SOURCES // 2}",
    "search, rule": "q=an ninh&rule=vua",
    "search, rare rule": "q=tổ tự quản&rule=hiem",
    "search, decision": "q=an ninh&decision=keep",
    "search, undecided": "q=tổ tự quản&decision=new",
    "search, from a day back": "q=an ninh&until=1/6/2025",
    "search, typo": "q=(an ninh AND",
}


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a page took, each time."""

    name: str
    status: int
    octets: int
    seconds: Sequence[float]
    worked: Sequence[float]  # seconds of the processor

    def line(self) -> str:
        """As the table shows it."""
        size = f"{self.octets / 1024:6.1f} KiB"
        return (
            f"{self.name:36} {self.status} {size}  {_spread(self.seconds)}   worked: {_spread(self.worked)}"
        )


def _spread(seconds: Sequence[float]) -> str:
    spans = sorted(seconds)
    p95 = spans[min(len(spans) - 1, int(len(spans) * 0.95))]
    return f"median {statistics.median(spans) * 1000:5.1f} ms  p95 {p95 * 1000:5.1f} ms"


def prepare(path: Path) -> None:
    """Give some articles flags and sources, and some of the flagged verdicts, unless that is done."""
    with Store.open(path) as store:
        flagged = store.cases.count(CaseQuery(flagged=True))
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("PRAGMA synchronous = OFF")
    chance = random.Random(7)
    raw.execute("BEGIN IMMEDIATE")
    if not raw.execute("SELECT count(*) FROM flags WHERE rule = 'vua'").fetchone()[0]:
        [count] = raw.execute("SELECT count(*) FROM articles").fetchone()
        _flag(raw, chance, max(0, min(FLAGGED, count // 5) - flagged))
    if not raw.execute("SELECT count(*) FROM verdicts").fetchone()[0]:
        _decide(raw, chance)
    raw.execute("COMMIT")
    raw.execute("ANALYZE stands")
    raw.execute("ANALYZE flagged_by")
    raw.close()


def _flag(raw: sqlite3.Connection, chance: random.Random, more: int) -> None:
    [count] = raw.execute("SELECT max(id) FROM articles").fetchone()
    chosen = [row[0] for row in raw.execute("SELECT id FROM articles WHERE flagged = 1")]
    chosen += chance.sample(range(1, count + 1), more)
    for number in chosen:
        raw.execute(
            "UPDATE articles SET flagged = 1, score = ?, source = ? WHERE id = ?",
            [chance.randrange(1, 40) / 2, f"bao{number % SOURCES}", number],
        )
        [rule] = chance.choices(list(RULES), list(RULES.values()))
        raw.execute(
            "INSERT INTO flags (revision_id, rule, label, version, field, spans, quote, weight, flagged_at,"
            " level, score) SELECT id, ?, ?, 'v', 'title', '[[0,4]]', title, 1.0, ?, 'primary', 3.0"
            " FROM revisions WHERE article_id = ?",
            [rule, f"Quy tắc {rule}", moment(NOW), number],
        )


def _decide(raw: sqlite3.Connection, chance: random.Random) -> None:
    flagged = [row[0] for row in raw.execute("SELECT id FROM articles WHERE flagged = 1")]
    for number in chance.sample(flagged, min(DECIDED, len(flagged) // 2)):
        decision = chance.choices(("keep", "drop", "later"), (4, 5, 1))[0]
        raw.execute(
            "INSERT INTO verdicts (article_id, decision, at) VALUES (?, ?, ?)",
            [number, decision, moment(NOW)],
        )


def pages(store: Store) -> Iterator[tuple[str, str]]:
    """Names and addresses."""
    yield "keys", "/keys"
    for tab in ("new", "later", "kept", "dropped", "changed", "flagged"):
        yield f"tab {tab}", f"/?tab={tab}"
    for rule in RULES:
        yield f"new, rule {rule}", f"/?rule={rule}"
    yield "kept, rule hiem", "/?tab=kept&rule=hiem"
    yield "new, source", f"/?source=bao{SOURCES // 2}"
    yield "new, source and rule", f"/?source=bao{SOURCES // 2}&rule=hiem"
    yield "new, nobody's rule", "/?rule=nobody"
    yield "new, newest first", "/?order=newest"
    yield "new, rule, newest first", "/?rule=hiem&order=newest"
    yield "overview", "/overview"
    yield "overview, weeks", "/overview?period=12w"
    yield "overview, rule", "/overview?rule=hiem"
    yield "near misses", "/missed"
    yield "random sample", "/missed/sample"
    yield "decisions", "/decisions"
    numbers = [number for _, number in store.cases.places(CaseQuery(state="new"))]
    deep = numbers[len(numbers) * 9 // 10]
    yield "new, leafed far", f"/?after={deep}"
    yield "new, leafed back", f"/?before={deep}"
    yield "case", f"/cases/{deep}"
    yield "case, rule", f"/cases/{deep}?rule=hiem"
    for name, asked in SEARCHES.items():
        yield name, f"/search?{quote(asked, safe='=&')}"
    [hit] = find(store, ask(PHRASE, {}), Wish(most=1)).hits
    found = hit.case.id
    yield "case of a search", f"/cases/{found}?search={quote('q=' + quote(PHRASE))}"
    yield "step of a search", f"/search/step?search={quote('q=' + quote(PHRASE))}&from={found}&to=next"
    yield "step back", f"/search/step?search={quote('q=' + quote(PHRASE))}&from={found}&to=previous"
    yield "saved searches", "/searches"
    yield "feed", "/searches/bench/atom"


async def timed(path: Path, addresses: Sequence[tuple[str, str]], times: int) -> list[Timing]:
    """Every page so many times, in turns, so that a busy moment spoils no single one."""
    app = make_app(path, {HOST})
    spans: dict[str, list[tuple[float, float]]] = {name: [] for name, _ in addresses}
    last: dict[str, httpx.Response] = {}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url=f"http://{HOST}", trust_env=False
    ) as client:
        for turn in range(times + 1):
            for name, address in addresses:
                begun, worked = time.perf_counter(), time.process_time()
                last[name] = await client.get(address)
                if turn:  # the first warms up
                    spans[name].append((time.perf_counter() - begun, time.process_time() - worked))
    return [
        Timing(name, last[name].status_code, len(last[name].content), *zip(*found, strict=True))
        for name, found in spans.items()
    ]


def main(path: Path, times: int) -> None:
    """Prepare the store and print the table."""
    prepare(path)
    with Store.open(path) as store:
        if not any(one.name == "bench" for one in store.searches.all()):
            store.searches.add("bench", PHRASE, {}, NOW)
        addresses = list(pages(store))
    timings = asyncio.run(timed(path, addresses, times))
    for one in timings:
        print(one.line())
    every = [span for one in timings for span in one.seconds]
    worked = [span for one in timings for span in one.worked]
    print(Timing("all of them", 200, max(one.octets for one in timings), every, worked).line())


if __name__ == "__main__":
    asked = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory() as folder:
        place = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(folder) / "bench.sqlite"
        if not place.exists():
            fill(place, asked)
        main(place, int(sys.argv[3]) if len(sys.argv) > 3 else 15)
