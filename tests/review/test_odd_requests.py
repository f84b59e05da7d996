"""Odd requests by the thousand: whatever is asked of whichever route, the answer is a page, never a crash."""

from __future__ import annotations

import asyncio
import os
import random
import re
from pathlib import Path
from urllib.parse import quote, urlencode

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from crawler import review
from crawler.review.app import make_app
from crawler.review.entering import Entrance
from crawler.review.gate import Gate
from storage.store import Store
from tests.review.stock import NOW, Stock, keep
from tests.review.test_gate import HASH
from tests.review.test_hostile import hostile, hostile_flag

# `DIEMBAO_ODD_REQUESTS=10000` for a whole afternoon's worth; a few of every kind each time.
COUNT = int(os.environ.get("DIEMBAO_ODD_REQUESTS", "2500"))
HOST = "127.0.0.1:8765"
ODD = (
    "", "0", "1", "2", "3", "6", "-1", "007", "1.5", "1e9", "²", "٣", "１", "9" * 19, "9" * 400,
    str(2 ** 63 - 1), str(2 ** 63), "x", "new", "kept", "dropped", "later", "changed", "flagged", "score",
    "newest", "keep", "drop", "queue", "case", "baohatinh", "phong_trao", "to_an_ninh", "không có",
    "a" * 101, "x" * 3000, " ", "\n", "\t", "\x00", "\x1f", "�", "\u202egpj", "é", "đ", "𝒳", "ấ" * 90,
    "'; DROP TABLE verdicts; --", "\"'<script>alert(1)</script>", "{{7*7}}", "%s%n%d", "%(count)d", "{0}",
    "../../etc/passwd", "//x.example", "/\\x.example", "javascript:alert(1)", "/cases/1", "null", "None",
    "true", "NaN", "inf", "2026-11-23", "23/11/2026", "31/02/2026", "0001-01-01", "9999-12-31",
    "2026-11-23T00:00", "1d", "a AND", "(", ")", '"', "NEAR", "NOT x", "x NEAR/0 y", "title:", "source:x",
    "cites:", "*", "date:2026", "* OR *",
)  # fmt: skip
METHODS = ("GET", "GET", "GET", "POST", "POST", "HEAD", "PUT", "DELETE", "OPTIONS")
SITES = ("same-origin", "same-origin", "same-origin", "none", "cross-site", "x", None)
KINDS = ("application/x-www-form-urlencoded",) * 6 + (
    "application/json",
    "multipart/form-data; boundary=x",
    "",
    "x",
)


def names() -> tuple[str, ...]:
    """Whatever our sources quote in lower case: among it, every name of a parameter and of a field."""
    folder = Path(review.__file__).parent
    sources = [*folder.glob("*.py"), *folder.glob("templates/*.html")]
    found = {name for one in sources for name in re.findall(r"[\"']([a-z_]{1,20})[\"']", one.read_text())}
    stated = {name for one in sources for name in re.findall(r'name="([a-z_]{1,20})"', one.read_text())}
    return (*sorted(found), *sorted(stated) * 10)


@pytest.fixture
def odd(stocked: Stock) -> Stock:
    with Store.open(stocked.path) as store:
        keep(store, hostile(), [hostile_flag()])
        store.verdicts.decide(1, "keep", "<b>", NOW, "Lan")
    return stocked


async def ask_all(app: Starlette, seed: int, count: int) -> list[tuple[int, str]]:
    """Every answer of status 500 or more, with its request; and all statuses that were met, as a check."""
    chance, known = random.Random(seed), names()
    routes = [route for route in app.routes if isinstance(route, Route)]
    met: list[tuple[int, str]] = []
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as client:
        for _ in range(count):
            path = re.sub(
                r"\{[^}]*\}", lambda _: quote(chance.choice(ODD), safe=""), chance.choice(routes).path
            )
            query, fields = (
                [(chance.choice(known), chance.choice(ODD)) for _ in range(chance.randrange(5))] for _ in "ab"
            )
            address = path + (f"?{urlencode(query, errors='surrogatepass')}" if query else "")
            if chance.random() < 0.05:
                address += chance.choice(("?%", "?%ff=%fe", "?a&&=&b", "?" + "a=1&" * 50, "?;"))
            sent = {
                "content-type": chance.choice(KINDS),
                "sec-fetch-site": chance.choice(SITES),
                "cookie": None,
            }
            if chance.random() < 0.3:
                sent["cookie"] = (
                    f"reviewer={quote(chance.choice(ODD))}; diembao={quote(chance.choice(ODD))}; =; x"
                )
            headers = {name: value for name, value in sent.items() if value is not None}
            method, body = chance.choice(METHODS), urlencode(fields).encode()
            if chance.random() < 0.2:
                body = chance.choice(
                    (b"\xff\xfe", b"&" * 99, b"a" * 70_000, b"\x00", b"%", b"pick=1&pick=\xc3\x28")
                )
            answer = await client.request(method, address, content=body, headers=headers)
            met.append((answer.status_code, f"{method} {address} {body[:200]!r} {headers}"))
    return met


@pytest.mark.parametrize("guarded", [False, True])
def test_no_odd_request_is_answered_by_a_crash(odd: Stock, guarded: bool) -> None:
    entrance = Entrance(Gate(HASH, None) if guarded else None, ("Lan", "Minh"))
    app = make_app(odd.path, {HOST}, entrance=entrance)
    met = asyncio.run(ask_all(app, seed=26 + guarded, count=COUNT // 5 if guarded else COUNT))
    assert [told for status, told in met if status >= 500] == []
    statuses = {status for status, _ in met}
    wanted = {303, 401, 403, 405} if guarded else {200, 303, 400, 403, 404, 405, 413}
    assert wanted - statuses == set()
