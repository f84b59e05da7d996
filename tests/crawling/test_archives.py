"""A backfill over archives by month, of a paper that may be asked only so much in a day."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from crawler.cli.main import run
from crawler.crawling.backfilling import archive_pages
from storage.store import Store
from tests.crawling.making import Ground, two_lines

MONTHS = {"/2026/05": (11, 12, 13), "/2026/05?trang=2": (14,), "/2026/04": (21, 22)}
FOLLOWING = {"/2026/05": "/2026/05?trang=2"}
SHARE = 6  # requests a day that are left to a backfill


def _archive(path: str) -> str:
    links = "".join(
        f'<h3><a href="/tin-{n}-post3000{n}.html">Tin số {n} của tỉnh</a></h3>' for n in MONTHS[path]
    )
    following = FOLLOWING.get(path)
    return f"<html><body>{links}{f'<a rel=next href={following}>Sau</a>' if following else ''}</body></html>"


def _article(number: int) -> str:
    month, day = (5, number + 10) if number < 20 else (4, number)
    told = "".join(
        f"<p>Đoạn {part} của bài {number}: ủy ban xã họp bàn việc làm đường, dựng trường và cấp nước sạch"
        " cho bà con ở các thôn xa; cuộc họp kéo dài suốt buổi sáng và có đông người dân đến dự.</p>"
        for part in range(1, 6)
    )
    return (
        f"<html><head><title>Xã họp bàn việc chung lần {number}</title>"
        f'<meta property="article:published_time" content="2026-{month:02}-{day:02}T08:00:00+07:00"></head>'
        f"<body><article><h1>Xã họp bàn việc chung lần {number}</h1>{told}</article></body></html>"
    )


PAGES = {path: _archive(path) for path in MONTHS} | {
    f"/tin-{number}-post3000{number}.html": _article(number)
    for numbers in MONTHS.values()
    for number in numbers
}


class _Paper(BaseHTTPRequestHandler):
    asked: ClassVar[Counter[str]] = Counter()

    def do_GET(self) -> None:
        self.asked[self.path] += 1
        body = PAGES.get(self.path, "").encode()
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the signature is the library's
        """Say nothing."""


@contextmanager
def _paper() -> Iterator[str]:
    _Paper.asked.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Paper)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _backfill(place: Ground) -> int:
    asked = ["--config", str(place.config), "--db", str(place.db)]
    return run([*asked, "backfill", "bao", "--since", "2026-04-01", "--until", "2026-05-31"])


@pytest.mark.slow
def test_a_backfill_over_archives_stops_when_the_budget_is_used_up_and_goes_on_the_next_day(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with _paper() as home:
        more = {"archives": ["/{year}/{month}"], "sitemaps": ["/none.xml"], "requests_per_day": 2 * SHARE}
        place = two_lines(tmp_path, "bao", home, **more)
        text = place.config.read_text(encoding="utf-8")
        place.config.write_text(text.replace("[crawl]", "[crawl]\nbackfill_delay = 0.0"), encoding="utf-8")
        assert _backfill(place) == 1
        assert "its requests of today are made" in capsys.readouterr().err
        assert _Paper.asked.total() <= SHARE
        assert len(place.cases("bao")) < 6
        with Store.open(place.db) as store, store.write():
            store._db.execute("UPDATE traffic SET day = '2026-01-01'")  # a day goes by
        assert _backfill(place) == 0
        assert {int(key.removeprefix("bao:post3000")) for key in place.cases("bao")} == {
            11,
            12,
            13,
            14,
            21,
            22,
        }
        pages = {path: count for path, count in _Paper.asked.items() if path != "/robots.txt"}
        assert set(pages.values()) == {1}, pages
        assert _Paper.asked.total() <= 2 * SHARE


def test_a_template_gives_its_days_or_months_newest_first_and_none_outside_the_window() -> None:
    since, until = datetime(2026, 3, 30, 17, tzinfo=UTC), datetime(2026, 4, 1, 17, tzinfo=UTC)
    assert [*archive_pages("/{year}/{month}", since, until)] == ["/2026/04", "/2026/03"]
    days = ["/1-4-2026", "/31-3-2026"]
    assert [*archive_pages("/{d}-{m}-{year}", since, until)] == days
