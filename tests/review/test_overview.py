"""The overview over real HTTP: its numbers, its links, what it says of blind days, what it refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import httpx
import pytest

from crawler.judging.ruletext import RuleText
from crawler.review import PageServer
from crawler.review.overview import ROWS
from crawler.review.watched import Watched
from storage.records import Outcome, RunReport
from storage.store import Store
from tests.review.conftest import PLAIN, config_for
from tests.review.stock import LABELS, NOW, Stock, flags_on, keep_all, seen, stock, story

SPAN = "from=2026-11-20&until=2026-11-23"
DAY = timedelta(days=1)


@pytest.fixture
def server(stocked: Stock) -> Iterator[PageServer]:
    """Five articles of three papers, of which kontumtv could not be seen on one day."""
    outcomes: list[tuple[str, int, Outcome]] = [
        *(("baohatinh", days, "done") for days in range(4)),
        *(("kontumtv", days, "failed" if days == 2 else "done") for days in range(4)),
    ]
    with Store.open(stocked.path) as store:
        for source, days, outcome in outcomes:
            at = NOW - days * DAY
            store.runs.end(store.runs.begin(source, 1, at), RunReport(outcome), at)
        store.verdicts.decide(stocked.cases[0], "keep", None, NOW)
        store.verdicts.decide(stocked.cases[1], "drop", None, NOW)
    told = [seen("baohatinh"), seen("kontumtv", "the last crawl <failed>: see logs")]
    rules = RuleText("phong_trao", "Phong trào"), RuleText("moi", "Chủ đề mới")
    unsent = "notices: ban: a message never arrived (550 <nobody>)"
    watched = Watched(
        lambda _store: told, rules, unsent=lambda _store: [unsent], of_the_store=lambda _store: ["<full>"]
    )
    server = PageServer(config_for(stocked.path), watched=watched)
    server.start()
    yield server
    server.stop()


def funnel(text: str) -> list[str]:
    return [re.sub(r"<[^>]+>", "", number).split()[0] for number in re.findall(r"<dd>(.*?)</dd>", text)[:5]]


def test_the_numbers_are_told_with_what_each_is_a_part_of(client: httpx.Client) -> None:
    text = client.get(f"/overview?{SPAN}").text
    assert funnel(text) == ["5", "5", "5", "2", "1"]
    assert "Còn 3 bài chờ duyệt" in text
    assert "40 %" in text
    assert 'role="img"' in text
    assert "Bảng từng ngày" in text


def test_a_blind_day_is_told_from_a_quiet_one(client: httpx.Client) -> None:
    text = client.get(f"/overview?{SPAN}").text
    assert "1 trong 8 ngày-báo bị mù" in text
    assert "Chỉ mới theo dõi" not in text
    assert "Chỉ mới theo dõi từ 20/11/2026" in client.get("/overview?from=2026-11-01&until=2026-11-23").text
    of_one = client.get(f"/overview?{SPAN}&source=kontumtv").text
    row = next(row for row in re.findall(r"<tr>.*?</tr>", of_one, re.DOTALL) if "21/11/2026" in row)
    assert "mù 1/1" in row
    assert "Không báo nào bị mù" in client.get(f"/overview?{SPAN}&source=baohatinh").text


def test_the_numbers_lead_to_the_cases_they_count(client: httpx.Client, stocked: Stock) -> None:
    text = client.get(f"/overview?{SPAN}").text
    kept = re.search(r'<a href="(/\?[^"]*rule=phong_trao[^"]*decision=keep)">1</a>', text)
    assert kept is not None
    queue = client.get(unescape(kept[1])).text
    assert re.findall(r'id="case-(\d+)"', queue) == [str(stocked.cases[0])]
    assert "20/11/2026–23/11/2026" in queue
    one_day = client.get("/?tab=flagged&since=2026-11-22&until=2026-11-22").text
    assert re.findall(r'id="case-(\d+)"', one_day) == []


def test_topics_stand_in_their_order_with_how_many_were_kept(client: httpx.Client) -> None:
    text = client.get(f"/overview?{SPAN}").text
    section = re.search(r'aria-labelledby="topics">(.*?)</section>', text, re.DOTALL)
    assert section is not None
    names = re.findall(r'rule=(\w+)"><bdi>(.*?)</bdi>', section[1])
    assert names == [
        ("phong_trao", "Phong trào"),
        ("moi", "Chủ đề mới"),
        ("to_an_ninh", LABELS["to_an_ninh"]),
    ]
    assert '<meter min="0" max="2" value="1"' in section[1]
    assert "chưa duyệt bài nào" in section[1]
    assert "Phong trào</h1>" in client.get(f"/overview?{SPAN}&rule=phong_trao").text


def test_how_the_sources_are_is_told_with_reasons_and_escaped(client: httpx.Client) -> None:
    text = client.get(f"/overview?{SPAN}").text
    assert "the last crawl &lt;failed&gt;: see logs" in text
    assert "trục trặc" in text
    of_one = client.get(f"/overview?{SPAN}&source=kontumtv").text
    assert "2 liên kết" in of_one
    assert "23/11/2026 07:15" in of_one


def test_what_was_raised_and_dropped_counts_as_well(client: httpx.Client, stocked: Stock) -> None:
    with Store.open(stocked.path) as store:
        keep_all(store, [(story(8), ())])
        number = max(store.articles.numbers())
        store.raised.put(number, "moi", None, NOW)
        store.verdicts.decide(number, "keep", None, NOW)
    assert funnel(client.get(f"/overview?{SPAN}&rule=moi").text) == ["6", "6", "1", "1", "1"]


@pytest.mark.parametrize(
    "query",
    [
        "period=x",
        "from=32/1/2026",
        "from=2020-01-01",
        "from=2026-11-23&until=2026-11-01",
        "source=",
        "rule=%00",
        "source=a&rule=b",
        "after=",
        "by=x&from=1/11/2026",
    ],
)
def test_an_odd_address_gets_a_sentence(client: httpx.Client, query: str) -> None:
    answer = client.get(f"/overview?{query}")
    assert answer.status_code == 400
    assert "Địa chỉ" in answer.text


@pytest.mark.parametrize("query", ["since=x", "until=31/2/2026", "decision=undo", "decision="])
def test_an_odd_filter_of_the_queue_gets_a_sentence(client: httpx.Client, query: str) -> None:
    assert client.get(f"/?{query}").status_code == 400


def test_an_empty_store_and_an_unknown_name_have_an_overview_as_well(tmp_path: Path) -> None:
    server = PageServer(config_for(tmp_path / "empty.sqlite"))
    server.start()
    try:
        with httpx.Client(base_url=server.url, verify=PLAIN, trust_env=False) as client:
            for query in (
                "",
                "?period=12w",
                "?source=gi%C3%B3",
                "?rule=gi%C3%B3",
                "?from=1/1/2025&until=1/1/2026",
            ):
                answer = client.get(f"/overview{query}")
                assert answer.status_code == 200
            assert "chưa có báo nào được theo dõi" in client.get("/overview").text
    finally:
        server.stop()


def test_messages_that_did_not_arrive_are_told(client: httpx.Client) -> None:
    text = client.get(f"/overview?{SPAN}").text
    assert "Tin báo chưa tới người nhận" in text
    assert "notices: ban: a message never arrived (550 &lt;nobody&gt;)" in text


def test_what_is_wrong_with_the_store_is_told(client: httpx.Client) -> None:
    text = client.get(f"/overview?{SPAN}").text
    assert "Kho dữ liệu cần xem lại" in text
    assert "&lt;full&gt;" in text


def test_many_sources_are_leafed_through(tmp_path: Path) -> None:
    made = stock(tmp_path / "s.sqlite", 0)
    names = [f"bao{n:02}" for n in range(ROWS + 5)]
    with Store.open(made.path) as store:
        keep_all(store, [(story(0), flags_on(story(0)))])
    server = PageServer(config_for(made.path), watched=Watched(lambda _store: [seen(name) for name in names]))
    server.start()
    try:
        with httpx.Client(base_url=server.url, verify=PLAIN, trust_env=False) as client:
            first = client.get(f"/overview?{SPAN}").text
            onward = re.search(r'rel="next" href="([^"#]*)', first)
            assert onward is not None
            second = client.get(unescape(onward[1])).text
    finally:
        server.stop()
    listed = [re.findall(r'source=(bao\d\d)"', text.split('id="sources"')[1]) for text in (first, second)]
    assert listed[0] + listed[1] == names
    assert len(first.encode()) < 100_000
