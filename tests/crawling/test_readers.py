"""Reading processes: what hangs or dies costs only its page, and none outlives its parent."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from crawler.crawling.doors import Judged
from crawler.crawling.readers import Readers
from crawler.judging.ruletext import RuleText
from crawler.reading import Hints
from storage.records import Page
from tests.waiting import wait_until

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
BODY = "Bộ Công an phát động phong trào toàn dân bảo vệ an ninh Tổ quốc ở thôn bản. " * 8
HTML = (
    f"<html><head><title>Tin</title></head><body><article><h1>Phong trào lan rộng</h1><p>{BODY}</p></article>"
)
RULES = (RuleText("phong_trao", "Phong trào", any_of=("bảo vệ an ninh Tổ quốc",)),)
HINTS = Hints("bao", "bao:1", home="https://bao.vn/")

pytestmark = pytest.mark.slow


def page(html: str = HTML) -> Page:
    return Page(
        "https://bao.vn/tin-1.html", 200, (("Content-Type", "text/html; charset=utf-8"),), NOW, html.encode()
    )


@pytest.fixture
def readers() -> Iterator[Readers]:
    pool = Readers(RULES, 2)
    yield pool
    pool.close()


def test_nothing_is_started_before_the_first_page(readers: Readers) -> None:
    assert readers.pids == ()


def test_a_page_is_read_and_judged_elsewhere(readers: Readers) -> None:
    judged = asyncio.run(readers.judge(page(), HINTS))
    assert isinstance(judged, Judged)
    assert judged.reading.article is not None
    assert judged.reading.article.key == "bao:1"
    assert [flag.rule for flag in judged.flags] == ["phong_trao"]


def test_what_its_article_cites_is_read_there_too(readers: Readers) -> None:
    html = HTML.replace("thôn bản", "70/85 xã theo Kế hoạch số 157-KH/TU ngày 4/4/2019", 1)
    judged = asyncio.run(readers.judge(page(html), replace(HINTS, province="Hưng Yên")))
    assert isinstance(judged, Judged)
    assert judged.cited is not None
    assert [one.key for one in judged.cited.citations] == ["KH-157-TU@2019-04-04/hung-yen"]
    assert [one.whole for one in judged.cited.figures] == [85]


def test_a_killed_reader_costs_only_its_page() -> None:
    pool = Readers(RULES, 1)

    async def crawl() -> tuple[Judged | str, Judged | str]:
        await pool.judge(page(), HINTS)
        (pid,) = pool.pids
        os.kill(pid, signal.SIGSTOP)
        asked = asyncio.ensure_future(pool.judge(page(), HINTS))
        await asyncio.sleep(0)  # hands the page over
        os.kill(pid, signal.SIGKILL)
        return await asked, await pool.judge(page(), HINTS)

    killed, after = asyncio.run(crawl())
    pool.close()
    assert killed == "reading-crashed"
    assert isinstance(after, Judged)


def test_a_page_that_hangs_its_reader_is_cut_off() -> None:
    pool = Readers(RULES, 1, limit=1.0)

    async def crawl() -> tuple[Judged | str, Judged | str]:
        await pool.judge(page(), HINTS)
        (pid,) = pool.pids
        os.kill(pid, signal.SIGSTOP)
        hung = await pool.judge(page(), HINTS)
        return hung, await pool.judge(page(), HINTS)

    hung, after = asyncio.run(crawl())
    pool.close()
    assert hung == "reading-timeout"
    assert isinstance(after, Judged)


_PARENT = """
import asyncio, sys
from tests.crawling.test_readers import HINTS, RULES, page
from crawler.crawling.readers import Readers

if __name__ == "__main__":
    pool = Readers(RULES, 2)
    async def crawl():
        await asyncio.gather(*(pool.judge(page(), HINTS) for _ in range(4)))
        print(*pool.pids, flush=True)
        sys.stdin.read()
    asyncio.run(crawl())
"""


def test_readers_die_with_their_parent_even_when_it_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(_PARENT, encoding="utf-8")
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root)},
    ) as parent:
        assert parent.stdout is not None
        pids = [int(text) for text in parent.stdout.readline().split()]
        assert pids
        parent.kill()
        parent.wait()
    wait_until(lambda: not any(map(psutil.pid_exists, pids)), 20, f"readers {pids} are gone")
