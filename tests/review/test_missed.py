"""What was not flagged, over real HTTP: near misses, samples, raising, and the way back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape

import httpx
import pytest

from crawler.judging.explaining import Term
from crawler.judging.ruletext import RuleText
from crawler.review import PageServer
from crawler.review.watched import Watched
from crawler.review.why import lines
from storage.records import Article, Case, Flag
from storage.sampling import SampleSum
from storage.store import Store
from tests.review.conftest import config_for
from tests.review.stock import NOW, Stock, flags_on, keep_all, story

NEAR = {"here": "near", "seen": "0"}
SAMPLE = {"here": "sample", "seen": "0"}
RULE = RuleText(
    "to_an_ninh", "Tổ an ninh", query='title:"tổ an ninh" AND NOT "thi đấu"', mention='"tổ an ninh"'
)


@pytest.fixture
def misses(stocked: Stock) -> tuple[int, ...]:
    """Three articles that mention a topic, the nearest first, and thirty that mention none."""

    def mentions(article: Article, score: float) -> tuple[Flag, ...]:
        found = flags_on(article, ["to_an_ninh"])
        return tuple(replace(flag, level="mention", score=score) for flag in found)

    told = [replace(story(n), key=f"baohatinh:near{n}") for n in (10, 13, 16)]
    near = [(article, mentions(article, 0.3 - place / 10)) for place, article in enumerate(told)]
    with Store.open(stocked.path) as store:
        keep_all(store, [*near, *((story(n), ()) for n in range(20, 50))])
        numbers = {article.key: number for number, article in store.articles.each()}
    return tuple(numbers[article.key] for article, _ in near)


@pytest.fixture
def server(stocked: Stock, misses: tuple[int, ...]) -> Iterator[PageServer]:
    server = PageServer(config_for(stocked.path), watched=Watched(rules=(RULE,)))
    server.start()
    yield server
    server.stop()


def listed(client: httpx.Client, address: str = "/missed?within=all") -> list[int]:
    answer = client.get(address)
    assert answer.status_code == 200
    return [int(number) for number in re.findall(r'id="case-(\d+)"', answer.text)]


def case(stocked: Stock, number: int) -> Case:
    with Store.open(stocked.path) as store:
        found = store.cases.get(number)
    assert found is not None
    return found


def test_near_misses_stand_in_order_with_what_they_mention(
    client: httpx.Client, misses: tuple[int, ...]
) -> None:
    assert listed(client) == list(misses)
    text = client.get("/missed?within=all").text
    assert ">tổ an ninh</mark>" in text
    assert "nhắc 1 chủ đề, độ gần 0,3" in text


def test_a_near_miss_is_raised_for_its_topic_and_lowered_again(
    client: httpx.Client, stocked: Stock, misses: tuple[int, ...]
) -> None:
    form = {**NEAR, "act": "raise", "rule": "to_an_ninh"}
    answer = client.post(f"/missed/{misses[0]}?within=all", data=form)
    assert answer.headers["location"] == f"/missed?within=all&acted={misses[0]}#case-{misses[1]}"
    assert listed(client) == list(misses[1:])
    assert misses[0] in listed(client, "/")
    assert misses[0] in listed(client, "/?rule=to_an_ninh")
    assert "gắn cờ bằng tay: to_an_ninh" in client.get("/").text
    again = client.get(answer.headers["location"]).text
    assert 'value="lower"' in again
    client.post(f"/missed/{misses[0]}?within=all", data={**NEAR, "act": "lower"})
    assert listed(client) == list(misses)
    assert misses[0] not in listed(client, "/")


def test_a_near_miss_is_kept_or_dropped_at_once_and_that_is_taken_back(
    client: httpx.Client, stocked: Stock, misses: tuple[int, ...]
) -> None:
    first, second, _ = misses
    for number, act, decision in ((first, "keep", "keep"), (second, "drop", "drop")):
        assert client.post(f"/missed/{number}", data={**NEAR, "act": act}).status_code == 303
        verdict = case(stocked, number).verdict
        assert verdict is not None
        assert verdict.decision == decision
    verdict = case(stocked, second).verdict
    assert verdict is not None
    client.post(f"/missed/{second}", data={**NEAR, "act": "undo", "seen": str(verdict.id)})
    assert case(stocked, second).verdict is None


def test_what_somebody_else_decided_meanwhile_is_not_overwritten(
    client: httpx.Client, stocked: Stock, misses: tuple[int, ...]
) -> None:
    with Store.open(stocked.path) as store:
        store.verdicts.decide(misses[0], "drop", "của người khác", NOW)
    answer = client.post(f"/missed/{misses[0]}", data={**NEAR, "act": "keep"})
    assert answer.status_code == 409
    verdict = case(stocked, misses[0]).verdict
    assert verdict is not None
    assert verdict.decision == "drop"


def test_the_sample_of_a_day_is_the_same_all_day_and_another_is_another(client: httpx.Client) -> None:
    first = listed(client, "/missed/sample")
    assert len(first) == 10
    assert listed(client, "/missed/sample") == first
    assert listed(client, "/missed/sample?round=2") != first


def test_what_a_person_saw_of_the_sample_is_counted_and_taken_back(
    client: httpx.Client, stocked: Stock
) -> None:
    first, second, *_ = drawn = listed(client, "/missed/sample")
    fine = client.post(f"/missed/{first}", data={**SAMPLE, "act": "fine"})
    assert fine.status_code == 303
    client.post(f"/missed/{second}", data={**SAMPLE, "act": "missed", "rule": "to_an_ninh"})
    with Store.open(stocked.path) as store:
        assert store.sampling.sum() == SampleSum(2, 1)
    raised = case(stocked, second).raised
    assert raised is not None
    assert raised.rule == "to_an_ninh"
    text = client.get("/missed/sample").text
    assert "đã xem 2 bài, sót 1: tỉ lệ sót từ 9,5 % đến 91 %" in text
    assert listed(client, "/missed/sample") == drawn
    client.post(f"/missed/{second}", data={**SAMPLE, "act": "unseen"})
    with Store.open(stocked.path) as store:
        assert store.sampling.sum() == SampleSum(1, 0)
    assert case(stocked, second).raised is None


def test_only_what_was_drawn_counts_as_sampled(client: httpx.Client, stocked: Stock) -> None:
    flagged = stocked.cases[0]
    answer = client.post(f"/missed/{flagged}", data={**SAMPLE, "act": "fine"})
    assert answer.status_code == 400
    assert "không thuộc mẫu" in answer.text
    with Store.open(stocked.path) as store:
        assert store.sampling.sum() == SampleSum(0, 0)


def test_any_article_is_raised_from_its_own_page_with_topic_and_note(
    client: httpx.Client, stocked: Stock, misses: tuple[int, ...]
) -> None:
    assert f'href="/cases/{misses[2]}/raise"' in client.get(f"/cases/{misses[2]}").text
    form = client.get(f"/cases/{misses[2]}/raise").text
    assert '<option value="to_an_ninh">Tổ an ninh</option>' in form
    sent = {"act": "raise", "here": "case", "seen": "0", "rule": "", "note": "đúng là <b>phong trào</b>"}
    answer = client.post(f"/missed/{misses[2]}", data=sent)
    assert answer.headers["location"] == f"/cases/{misses[2]}"
    text = client.get(answer.headers["location"]).text
    assert "đúng là &lt;b&gt;phong trào&lt;/b&gt;" in text
    assert "Hạ cờ" in text
    client.post(f"/missed/{misses[2]}", data={"act": "lower", "here": "case", "seen": "0"})
    assert "hạ cờ đã gắn bằng tay" in client.get(f"/cases/{misses[2]}").text


def test_the_second_click_raises_nothing_anew(
    client: httpx.Client, stocked: Stock, misses: tuple[int, ...]
) -> None:
    for _ in range(2):
        client.post(f"/missed/{misses[0]}", data={**NEAR, "act": "raise", "rule": "to_an_ninh"})
    with Store.open(stocked.path) as store:
        assert len(store.raised.history(misses[0])) == 1


@pytest.mark.parametrize(
    "address",
    [
        "/missed?within=x",
        "/missed?after=x",
        "/missed?source=",
        "/missed/sample?day=x",
        "/missed/sample?day=3000-01-01",
        "/missed/sample?round=0",
        "/missed/sample?round=999999",
        "/missed?acted=x",
    ],
)
def test_an_odd_address_gets_a_sentence(client: httpx.Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 400
    assert "không đọc được" in answer.text


@pytest.mark.parametrize(
    "changed",
    [
        {"act": "x"},
        {"act": ""},
        {"here": "x"},
        {"seen": "x"},
        {"rule": "\n"},
        {"note": "x" * 3000},
        {"act": "fine"},
        {"act": "unseen"},
    ],
)
def test_an_odd_form_writes_nothing(
    client: httpx.Client, stocked: Stock, misses: tuple[int, ...], changed: dict[str, str]
) -> None:
    answer = client.post(f"/missed/{misses[0]}", data={**NEAR, "act": "raise", **changed})
    assert answer.status_code == 400
    assert case(stocked, misses[0]).raised is None


def test_an_article_that_is_not_there_is_not_raised(client: httpx.Client) -> None:
    assert client.post("/missed/9999", data={**NEAR, "act": "raise"}).status_code == 404
    assert client.post("/missed/x", data={**NEAR, "act": "raise"}).status_code == 400
    assert client.get("/cases/9999/raise").status_code == 404
    assert client.get("/missed?after=9999").status_code == 404


def test_a_near_miss_tells_what_it_lacks(client: httpx.Client, misses: tuple[int, ...]) -> None:
    address = f"/cases/{misses[0]}/why?of=to_an_ninh"
    assert f'href="{address}"' in client.get("/missed?within=all").text
    text = client.get(address).text
    assert "Bài chỉ nhắc tới chủ đề" in text
    found = re.findall(r"(đúng|chưa đúng):</span>\s*<code>(.*?)</code>", text)
    told = [(state, unescape(written)) for state, written in found]
    assert ("chưa đúng", 'title:"tổ an ninh"') in told
    assert ("đúng", 'NOT "thi đấu"') in told
    assert "<q><bdi>tổ an ninh</bdi></q>" in text


@pytest.mark.parametrize("query", ["", "?of=khac", "?of=%00"])
def test_a_rule_that_is_none_gets_a_sentence(
    client: httpx.Client, misses: tuple[int, ...], query: str
) -> None:
    assert client.get(f"/cases/{misses[0]}/why{query}").status_code == 400


def test_of_many_parts_only_those_that_are_true_are_told() -> None:
    parts = tuple(Term(f"cụm {n}", n == 7, "" if n == 7 else "stands nowhere here") for n in range(30))
    told = list(lines(Term("x" * 500, True, "", (), parts)))
    assert [(line.depth, line.is_true, line.left_out) for line in told] == [(0, True, 29), (1, True, 0)]
    assert len(told[0].written) == 160
