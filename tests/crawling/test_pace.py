"""One request a second and host, whoever makes it; pauses, budgets and quiet hours outlive a crawl."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from time import monotonic
from types import SimpleNamespace

import pytest
from scrapy import Request

from crawler.crawling.failures import Refused
from crawler.crawling.pace import Pace, Paced, next_turn
from crawler.crawling.told import ASKED_TO_WAIT
from crawler.times import VIETNAM, day_of, hours, quiet_from, quiet_until, utc_now
from crawler.urls import authority
from crawler.watching.due import Due
from crawler.watching.holding import Holds, held
from storage.records import Pause, Traffic
from storage.store import Store
from tests.crawling.making import PATIENCE, ground, two_lines
from tests.newsroom import Newsroom
from tests.watching.making import HOUR, MINUTE, NOW, source

NAME = "kontumtv"


def test_turns_at_a_host_are_a_delay_apart_and_other_hosts_do_not_wait(tmp_path: Path) -> None:
    here, there = Pace(tmp_path / "a.sqlite"), Pace(tmp_path / "b.sqlite")
    waits = [here.turn("bao.vn", 5.0), there.turn("bao.vn", 5.0), here.turn("www.bao.vn", 5.0)]
    assert waits[0] == 0.0
    assert waits[1] == pytest.approx(5.0, abs=0.5)
    assert waits[2] == pytest.approx(10.0, abs=0.5)
    assert there.turn("khac.vn", 5.0) == 0.0


def test_a_request_that_was_made_late_moves_the_turns_after_it(tmp_path: Path) -> None:
    here, there = Pace(tmp_path / "a.sqlite"), Pace(tmp_path / "b.sqlite")
    here.turn("bao.vn", 5.0)
    os.utime(tmp_path / "locks" / "bao.vn.pace", (100.0, 100.0))  # its turn was long ago
    here.taken("bao.vn")
    assert there.turn("bao.vn", 5.0) == pytest.approx(5.0, abs=0.5)
    here.taken("bao.vn")  # a turn to come stays where it is
    assert there.turn("bao.vn", 5.0) == pytest.approx(10.0, abs=0.5)


def test_a_request_that_waits_its_turn_is_not_made_once_the_host_wants_a_long_pause() -> None:
    left: list[str] = []
    session = SimpleNamespace(away=False, leave=lambda: left.append("left"))

    async def spend() -> bool:
        return True

    def turn(_host: str, _delay: float) -> float:
        session.away = True  # by the answer to the request before
        return 0.0

    session.spend, session.pace = spend, SimpleNamespace(turn=turn, taken=lambda _host: None)
    engine = SimpleNamespace(downloader=SimpleNamespace(_delay=1.0))
    handler = object.__new__(Paced)
    handler._crawler = SimpleNamespace(spider=SimpleNamespace(session=session), engine=engine)  # type: ignore[assignment]  # what it asks of a crawler
    with pytest.raises(Refused, match=ASKED_TO_WAIT):
        asyncio.run(handler.download_request(Request("https://bao.vn/tin-1.html")))
    assert left == ["left"]


def test_a_turn_taken_on_a_clock_that_was_set_back_holds_nobody_up() -> None:
    assert next_turn(last=9e9, delay=1.0, now=1000.0) == 1000.0
    assert next_turn(last=1000.5, delay=1.0, now=1000.0) == 1001.5
    assert next_turn(last=10.0, delay=1.0, now=1000.0) == 1000.0


@pytest.mark.slow
def test_the_papers_own_log_shows_the_delay_within_and_between_crawls(tmp_path: Path) -> None:
    with Newsroom(seed=1, articles={NAME: 2}) as room:
        place = ground(tmp_path, room.homes, delay=0.5)
        for _ in range(2):
            assert place.crawl(NAME)[0] == 0
        gaps = [after.clock - before.clock for before, after in pairwise(room.requests(NAME))]
        assert len(gaps) > 5
        assert min(gaps) >= 0.4  # a new connection takes its time on a busy machine


@pytest.mark.slow
def test_a_page_that_is_read_by_itself_waits_for_its_turn_among_the_crawls(tmp_path: Path) -> None:
    with Newsroom(seed=1, articles={NAME: 2}) as room:
        place = ground(tmp_path, room.homes, delay=0.3)
        host = authority(room.home(NAME))
        begun = monotonic()
        waits = [Pace(place.db).turn(host, 6.0) for _ in range(2)][-1]  # as a crawl of another process would
        url = room.home(NAME) + room.stories(NAME)[0].path
        command = [sys.executable, "-m", "crawler", "--config", str(place.config), "--db", str(place.db)]
        subprocess.run([*command, "read", url], check=True, capture_output=True, timeout=PATIENCE)
        first, second = (request.clock for request in room.requests(NAME))  # robots.txt, then the page
        assert first - begun >= waits
        assert second - first >= 0.2
        assert not place.db.exists()  # nothing is stored


@pytest.mark.slow
def test_a_host_that_asked_for_a_pause_is_left_alone_by_the_next_crawl(tmp_path: Path) -> None:
    with Newsroom(seed=1, articles={NAME: 2}) as room:
        place = ground(tmp_path, room.homes)
        room.fault(NAME, "http-429", after=3600)
        place.crawl(NAME)
        room.heal(NAME)
        room.forget_requests()
        _, report = place.crawl(NAME, "--again")
        assert room.requests(NAME) == ()
        assert report.outcome == "blocked"
        assert "asked-to-wait" in (report.trouble or "")


@pytest.mark.slow
def test_a_daily_budget_is_never_overdrawn_and_what_is_left_is_fetched_the_next_day(tmp_path: Path) -> None:
    with Newsroom(seed=1, articles={NAME: 12}) as room:
        place = ground(tmp_path, room.homes)
        whole = place.config.read_text(encoding="utf-8")
        place.config.write_text(
            whole.replace(f"[sources.{NAME}]", f"[sources.{NAME}]\nrequests_per_day = 9"), encoding="utf-8"
        )
        _, report = place.crawl(NAME)
        assert report.reasons["left: daily-budget"] >= 1
        assert not any(reason.startswith("failed") for reason in report.reasons)
        assert len(room.requests(NAME)) == 9
        place.crawl(NAME)
        assert len(room.requests(NAME)) == 9
        with Store.open(place.db) as store:
            spent = store.traffic.of(day_of(utc_now()))[NAME]
        assert spent.requests == 9
        place.config.write_text(whole, encoding="utf-8")
        place.crawl(NAME)
        assert set(place.cases(NAME)) == {story.key for story in room.stories(NAME)}


@pytest.mark.slow
def test_two_processes_at_one_host_keep_the_delay_together(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from crawler.crawling.pace import Pace\n"
    code += "p = Pace(Path(sys.argv[1])); print([p.turn('bao.vn', 10.0) for _ in range(5)][-1])"
    command = ["python", "-c", code, str(tmp_path / "a.sqlite")]
    root = Path(__file__).parents[2]
    command[0] = str(root / ".venv/bin/python") if (root / ".venv").exists() else "python3"
    running = [subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE) for _ in range(2)]
    waits = [float(process.communicate(timeout=PATIENCE)[0]) for process in running]
    assert max(waits) > 80.0


def test_hours_are_read_strictly_and_may_go_over_midnight() -> None:
    assert hours("23:00-05:00") == (time(23), time(5))
    for wrong in ("23-5", "24:00-05:00", "05:00-05:00", "", "23:00–05:00"):
        with pytest.raises(ValueError, match="are no hours"):
            hours(wrong)


@pytest.mark.parametrize(
    ("at", "until"), [((23, 0), (5, 0)), ((4, 59), (5, 0)), ((5, 0), None), ((22, 59), None)]
)
def test_quiet_hours_end_in_the_morning(at: tuple[int, int], until: tuple[int, int] | None) -> None:
    moment = datetime(2026, 11, 23, *at, tzinfo=VIETNAM)
    end = quiet_until(hours("23:00-05:00"), moment)
    assert (None if end is None else (end.hour, end.minute)) == until
    assert quiet_from(hours("23:00-05:00"), moment) > moment


def test_a_source_is_held_back_by_whatever_lasts_longest() -> None:
    paper = source("bao", requests_per_day=100, quiet_hours=hours("09:00-10:00"))
    due = Due(NOW)  # 08:00 in Vietnam
    paused = {"bao.example": Pause(NOW + 5 * MINUTE, "http-429")}
    assert held(due, paper, Holds(), NOW) == due
    assert held(due, paper, Holds(paused), NOW).why == "its host asked for a pause (http-429)"
    long = {"bao.example": Pause(NOW + HOUR + MINUTE, "http-503")}
    assert held(due, paper, Holds(long), NOW).at == datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
    spent = Holds(today={"bao": Traffic(100, 5)})
    assert held(due, paper, spent, NOW).at == datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    assert "daily-budget" in (held(due, paper, spent, NOW).why or "")


def test_a_later_pause_stands_against_an_earlier_one(tmp_path: Path) -> None:
    with Store.open(tmp_path / "a.sqlite") as store:
        store.hosts.pause("bao.vn", Pause(NOW + HOUR, "http-429"), NOW)
        store.hosts.pause("bao.vn", Pause(NOW + MINUTE, "http-503"), NOW)
        assert store.hosts.paused(NOW) == {"bao.vn": Pause(NOW + HOUR, "http-429")}
        assert store.hosts.paused(NOW + timedelta(hours=2)) == {}


@pytest.mark.slow
def test_a_poll_with_nothing_new_is_one_conditional_request_without_a_body(tmp_path: Path) -> None:
    with Newsroom(seed=1, articles={NAME: 2}) as room:
        place = two_lines(tmp_path, NAME, room.home(NAME), feeds="/feed/", article="^/tin-tuc/[^/]+/[^/]+")
        place.crawl(NAME)
        room.forget_requests()
        code, _ = place.crawl(NAME)
        assert code == 0
        assert [(request.path, request.status) for request in room.requests(NAME)] == [("/feed/", 304)]
        room.forget_requests()
        place.crawl(NAME, "--again")
        assert [request.path for request in room.requests(NAME)] == ["/robots.txt", "/feed/"]


@pytest.mark.slow
def test_a_crawl_delay_is_kept_from_the_first_request_of_the_next_crawl(tmp_path: Path) -> None:
    with Newsroom(seed=1, articles={NAME: 2}) as room:
        room.fault(NAME, "robots-delay", seconds=0.6)
        place = ground(tmp_path, room.homes)
        place.crawl(NAME)
        room.forget_requests()
        place.crawl(NAME)
        log = room.requests(NAME)
        assert log[0].path != "/robots.txt"
        assert min(after.clock - before.clock for before, after in pairwise(log)) >= 0.5


@pytest.mark.slow
def test_a_robots_txt_that_forbids_is_asked_again_by_the_next_crawl(tmp_path: Path) -> None:
    with Newsroom(seed=1, articles={NAME: 2}) as room:
        place = ground(tmp_path, room.homes)
        room.fault(NAME, "robots-forbid")
        assert place.crawl(NAME)[1].outcome == "blocked"
        room.heal(NAME)
        assert place.crawl(NAME)[0] == 0
