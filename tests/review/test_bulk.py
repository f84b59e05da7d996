"""Many decided at once: bound to what was seen, told in numbers, taken back as one, also tomorrow."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from crawler.review import PageServer
from crawler.review.bulk import was_listed
from crawler.review.views import View
from storage.records import Decision, Verdict
from storage.store import Store
from tests.making import case, flag
from tests.review.conftest import PLAIN, config_for
from tests.review.stock import NOW, Stock, flags_on, keep, keep_all, stock, story


def bulk_form(text: str, *picks: int, decision: str = "drop", note: str = "") -> dict[str, str | list[str]]:
    """What a browser sends of a page's bar with these rows ticked."""
    bar = text.partition('id="bulk"')[2].partition("</form>")[0]
    hidden: dict[str, str | list[str]] = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', bar))
    return {**hidden, "decision": decision, "note": note, "pick": [str(one) for one in picks]}


def standing(stocked: Stock) -> list[Decision | str | None]:
    with Store.open(stocked.path) as store:
        cases = [store.cases.get(number) for number in stocked.cases]
    return [one.verdict.decision if one and one.verdict else None for one in cases]


def told(text: str) -> str:
    notice = text.partition('class="notice bulk-told"')[2].partition("</form>")[0].partition("</div>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", notice.partition(">")[2]).split())


def test_ticked_rows_are_decided_together_and_taken_back_together(
    client: httpx.Client, stocked: Stock
) -> None:
    first, third = stocked.cases[0], stocked.cases[2]
    form = bulk_form(client.get("/").text, first, third, note="tin rao vặt")
    answer = client.post("/bulk", data=form)
    assert answer.status_code == 303
    assert standing(stocked) == ["drop", None, "drop", None, None]
    page = client.get(answer.headers["location"]).text
    assert told(page).startswith("Đã bỏ 2 bài.")
    assert 'action="/bulk/1/undo"' in page
    assert "tin rao vặt" in client.get(f"/cases/{first}").text
    answer = client.post("/bulk/1/undo", data={"here": "queue"})
    assert "Đã hoàn tác 2 bài." in client.get(answer.headers["location"]).text
    assert standing(stocked) == [None] * 5


def test_a_whole_list_is_decided_across_its_pages_and_filters_hold(tmp_path: Path) -> None:
    stocked = stock(tmp_path / "many.sqlite", 120)
    server = PageServer(config_for(stocked.path))
    server.start()
    headers = {"Sec-Fetch-Site": "same-origin"}
    with httpx.Client(base_url=server.url, verify=PLAIN, trust_env=False, headers=headers) as client:
        text = client.get("/?source=baohatinh&all=1").text
        assert "Cả 40 bài của danh sách này" in text
        answer = client.post("/bulk?source=baohatinh", data=bulk_form(text, decision="keep"))
        assert "Đã giữ 40 bài." in client.get(answer.headers["location"]).text.replace("</span>", "")
        assert standing(stocked) == ["keep" if n % 3 == 0 else None for n in range(120)]
    server.stop()


def test_what_others_decided_meanwhile_is_left_alone_and_told(client: httpx.Client, stocked: Stock) -> None:
    text = client.get("/?all=1").text
    with Store.open(stocked.path) as store:
        store.verdicts.decide(stocked.cases[0], "keep", "của Minh", NOW, "Minh")
        store.verdicts.decide(stocked.cases[1], "later", None, NOW)
        store.verdicts.undo(NOW)
    answer = client.post("/bulk", data=bulk_form(text))
    assert standing(stocked) == ["keep", None, "drop", "drop", "drop"]
    notice = told(client.get(answer.headers["location"]).text)
    assert notice.startswith("Đã bỏ 3 bài. 2 bài đã được quyết định ở nơi khác trong lúc đó nên để nguyên.")


def test_what_came_after_the_list_was_shown_is_not_decided_unseen(
    client: httpx.Client, stocked: Stock
) -> None:
    text = client.get("/?all=1").text
    with Store.open(stocked.path) as store:
        late = keep(store, story(77), flags_on(story(77)))
    client.post("/bulk", data=bulk_form(text))
    with Store.open(stocked.path) as store:
        found = store.cases.get(late)
    assert found
    assert found.verdict is None


def test_ticked_rows_that_others_decided_are_left_alone_too(client: httpx.Client, stocked: Stock) -> None:
    text = client.get("/").text
    with Store.open(stocked.path) as store:
        store.verdicts.decide(stocked.cases[0], "keep", None, NOW)
    answer = client.post("/bulk", data=bulk_form(text, *stocked.cases[:2]))
    assert standing(stocked)[:2] == ["keep", "drop"]
    assert "1 bài đã được quyết định ở nơi khác" in told(client.get(answer.headers["location"]).text)
    answer = client.post("/bulk", data=bulk_form(text, stocked.cases[0]))
    assert told(client.get(answer.headers["location"]).text).startswith("Không ghi gì.")


KEPT = Verdict(4, 1, "keep", None, NOW, None)


@pytest.mark.parametrize(
    ("view", "seen", "listed"),
    [
        (View("new"), 3, True),
        (View("new"), 4, False),
        (View("kept"), 4, True),
        (View("kept"), 5, False),
        (View("kept", source="khac"), 4, False),
        (View("kept", rule="dinh_cong"), 4, True),
        (View("kept", rule="khac"), 4, False),
        (View("flagged"), 4, False),
    ],
)
def test_where_a_case_stood_before_others_decided_it(view: View, seen: int, listed: bool) -> None:
    history = (KEPT, Verdict(5, 1, "undo", None, NOW, 4), Verdict(6, 1, "drop", None, NOW, None))
    assert was_listed(view, case(1, flags=[flag()], verdict=history[-1]), history, seen) is listed


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"decision": "burn"}, 400),
        ({"decision": ""}, 400),
        ({"pick": []}, 400),
        ({"pick": "x"}, 400),
        ({"pick": "9" * 30}, 400),
        ({"pick": "999999"}, 303),
        ({"seen": "x"}, 400),
        ({"seen": ""}, 400),
        ({"noticed": "-1"}, 400),
        ({"note": "x" * 2001}, 400),
        ({"pick": [str(n) for n in range(1, 80)]}, 400),
    ],
)
def test_every_odd_bulk_gets_an_answer_and_writes_nothing(
    client: httpx.Client, stocked: Stock, changed: Mapping[str, str | list[str]], status: int
) -> None:
    form = {"pick": "1", "decision": "drop", "note": "", "seen": "0", "noticed": "0", **changed}
    assert client.post("/bulk", data=form).status_code == status
    if status == 400 or "pick" in changed:
        assert standing(stocked) == [None] * 5


@pytest.mark.parametrize("address", ["/bulk/x/undo", "/bulk/0/undo", "/bulk/7/undo"])
def test_an_undo_of_no_batch_is_told(client: httpx.Client, address: str) -> None:
    answer = client.post(address, data={"here": "queue"})
    assert answer.status_code in {400, 404}
    assert "<h1>" in answer.text


def test_decisions_are_listed_newest_first_and_taken_back_from_there(
    client: httpx.Client, stocked: Stock
) -> None:
    client.post("/bulk", data=bulk_form(client.get("/").text, *stocked.cases[1:4]))
    form = {"decision": "keep", "note": "đúng", "seen": "0", "here": "case"}
    client.post(f"/cases/{stocked.cases[0]}/verdict", data=form)
    text = client.get("/decisions").text
    assert text.index("Đã giữ") < text.index("3 bài quyết định cùng lúc")
    assert client.get("/decisions?batch=1").text.count('href="/cases/') == 3
    answer = client.post("/bulk/1/undo", data={"here": "decisions"})
    assert answer.headers["location"].startswith("/decisions?")
    assert "Đã hoàn tác 3 bài." in client.get(answer.headers["location"]).text
    assert 'action="/bulk/1/undo"' not in client.get("/decisions").text
    with Store.open(stocked.path) as store:
        seen = str(store.verdicts.history(stocked.cases[0])[0].id)
    answer = client.post(f"/cases/{stocked.cases[0]}/undo", data={"seen": seen, "here": "decisions"})
    assert answer.headers["location"] == "/decisions"
    assert client.get("/decisions").text.count("đã hoàn tác") == 2
    assert standing(stocked) == [None] * 5


def test_decisions_leaf_without_loss(client: httpx.Client, stocked: Stock) -> None:
    with Store.open(stocked.path) as store:
        for n in range(120):
            store.verdicts.decide(stocked.cases[n % 5], "later", f"ghi chú số {n}.", NOW)
    found, address = "", "/decisions"
    while address:
        text = client.get(address).text
        found += text
        older = re.search(r'rel="next" href="([^"]*)"', text)
        address = older[1] if older else ""
    assert [int(n) for n in re.findall(r"ghi chú số (\d+)\.", found)] == list(range(119, -1, -1))


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/decisions?before=x", 400),
        ("/decisions?before=0", 400),
        ("/decisions?batch=x", 400),
        ("/decisions?batch=99", 404),
        ("/decisions?undone=x", 400),
        ("/decisions?undone=99", 200),
        ("/?bulk=x", 400),
        ("/?bulk=99&elsewhere=-1", 400),
        ("/?bulk=99&elsewhere=1", 200),
        ("/?undone=1&taken=99999999999", 200),
        ("/?order=x", 400),
        ("/?order=newest&all=1", 200),
        ("/cases/1/revisions/1", 200),
        ("/cases/1/revisions/2", 404),
        ("/cases/1/revisions/x", 400),
        ("/cases/99/revisions/1", 404),
    ],
)
def test_odd_addresses_of_these_pages_get_an_answer(client: httpx.Client, address: str, status: int) -> None:
    assert client.get(address).status_code == status


def test_the_queue_shows_the_heaviest_first_and_the_newest_on_request(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    told = [(story(n), tuple(replace(one, score=float(n)) for one in flags_on(story(n)))) for n in range(3)]
    with Store.open(path) as store:
        keep_all(store, told)
    server = PageServer(config_for(path))
    server.start()
    with httpx.Client(base_url=server.url, verify=PLAIN, trust_env=False) as client:
        orders = [re.findall(r'id="case-(\d)"', client.get(place).text) for place in ("/", "/?order=newest")]
        leafed = re.findall(r'id="case-(\d)"', client.get("/?after=2").text)
        onward = client.get("/cases/2").text
    server.stop()
    assert orders == [["3", "2", "1"], ["1", "2", "3"]]
    assert leafed == ["1"]
    assert 'href="/cases/1"' in onward.partition('rel="next"')[2][:60]
