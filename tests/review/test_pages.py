"""The pages over real HTTP: what they show, where decisions lead, what they refuse."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from crawler.judging.citing import cite
from crawler.review import PageServer, marking
from crawler.review.views import PAGE
from storage.records import Verdict
from storage.store import Store
from tests.review.conftest import PLAIN, config_for
from tests.review.stock import NOW, Stock, flags_on, keep_all, stock, story
from tests.waiting import wait_until

FORM = {"decision": "keep", "note": "", "seen": "0", "here": "case"}


def standing(stocked: Stock, number: int) -> Verdict | None:
    with Store.open(stocked.path) as store:
        case = store.cases.get(number)
    assert case is not None
    return case.verdict


def test_the_queue_shows_the_newest_first_with_source_time_rules_and_proof(
    client: httpx.Client, stocked: Stock
) -> None:
    text = client.get("/").text
    places = [text.index(f'id="case-{number}"') for number in stocked.cases]
    assert places == sorted(places)
    assert "23/11/2026 08:15" in text
    assert 'datetime="2026-11-23T08:15:00+07:00"' in text
    assert "baohatinh" in text
    assert "Phong trào toàn dân" in text
    assert ">toàn dân bảo vệ an ninh Tổ quốc</mark>" in text


def test_a_case_is_shown_with_its_matches_original_and_pictures_by_link_only(
    client: httpx.Client, stocked: Stock
) -> None:
    text = client.get(f"/cases/{stocked.cases[0]}").text
    assert text.count(">tổ an ninh</mark>") >= 2
    assert 'href="https://baohatinh.vn/bai-post0.html" rel="noreferrer noopener"' in text
    assert "Tổ an ninh đi tuần trên đường làng." in text
    assert "<img" not in text


def test_a_decision_leads_to_the_next_case_and_offers_the_way_back(
    client: httpx.Client, stocked: Stock
) -> None:
    first, second = stocked.cases[:2]
    answer = client.post(f"/cases/{first}/verdict", data={**FORM, "note": "đúng chủ đề"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/cases/{second}?decided={first}")
    verdict = standing(stocked, first)
    assert verdict is not None
    assert (verdict.decision, verdict.note) == ("keep", "đúng chủ đề")
    page = client.get(answer.headers["location"]).text
    assert "Đã giữ" in page
    assert f'action="/cases/{first}/undo"' in page


def test_an_undo_takes_the_decision_back_and_shows_the_case(client: httpx.Client, stocked: Stock) -> None:
    first = stocked.cases[0]
    client.post(f"/cases/{first}/verdict", data=FORM)
    verdict = standing(stocked, first)
    assert verdict is not None
    answer = client.post(f"/cases/{first}/undo", data={"seen": str(verdict.id), "here": "case"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/cases/{first}")
    assert standing(stocked, first) is None
    assert "hoàn tác" in client.get(f"/cases/{first}").text


def test_the_last_decision_of_a_list_leads_back_to_it(client: httpx.Client, stocked: Stock) -> None:
    last = stocked.cases[-1]
    answer = client.post(f"/cases/{last}/verdict", data=FORM)
    assert answer.headers["location"] == f"/?decided={last}"


def test_a_decision_in_the_queue_stays_there_at_the_next_row(client: httpx.Client, stocked: Stock) -> None:
    first, second = stocked.cases[:2]
    answer = client.post(f"/cases/{first}/verdict?source=baohatinh", data={**FORM, "here": "queue"})
    assert answer.headers["location"] == f"/?source=baohatinh&decided={first}#case-{stocked.cases[3]}"
    answer = client.post(f"/cases/{second}/verdict", data={**FORM, "here": "queue"})
    assert answer.headers["location"] == f"/?decided={second}#case-{stocked.cases[2]}"


def test_a_decision_made_elsewhere_meanwhile_is_not_overwritten(client: httpx.Client, stocked: Stock) -> None:
    first = stocked.cases[0]
    with Store.open(stocked.path) as store:
        store.verdicts.decide(first, "drop", None, NOW)
    answer = client.post(f"/cases/{first}/verdict", data={**FORM, "note": "của tôi <b>"})
    assert answer.status_code == 409
    assert "Chưa ghi gì" in answer.text
    assert "Đã bỏ" in answer.text
    assert "của tôi &lt;b&gt;</textarea>" in answer.text
    verdict = standing(stocked, first)
    assert verdict is not None
    assert verdict.decision == "drop"
    assert client.post(f"/cases/{first}/verdict", data={**FORM, "seen": str(verdict.id)}).status_code == 303


def test_the_second_click_writes_no_second_verdict(client: httpx.Client, stocked: Stock) -> None:
    first = stocked.cases[0]
    assert {client.post(f"/cases/{first}/verdict", data=FORM).status_code for _ in range(2)} == {303}
    with Store.open(stocked.path) as store:
        assert len(store.verdicts.history(first)) == 1


def test_tabs_count_and_list_what_was_decided(client: httpx.Client, stocked: Stock) -> None:
    for number, decision in zip(stocked.cases, ("keep", "drop", "later"), strict=False):
        client.post(f"/cases/{number}/verdict", data={**FORM, "decision": decision})
    for tab, number in zip(("kept", "dropped", "later"), stocked.cases, strict=False):
        text = client.get("/", params={"tab": tab}).text
        assert text.count("data-row>") == 1
        assert f'id="case-{number}"' in text
    assert client.get("/").text.count("data-row>") == 2
    assert client.get("/?tab=flagged").text.count("data-row>") == 5


def test_an_article_changed_after_its_verdict_comes_back(client: httpx.Client, stocked: Stock) -> None:
    first = stocked.cases[0]
    with Store.open(stocked.path) as store:
        store.verdicts.decide(first, "keep", None, NOW)
        changed = replace(story(0), body="Bản mới: toàn dân bảo vệ an ninh Tổ quốc.")
        keep_all(store, [(changed, flags_on(changed))], NOW.replace(hour=9))
    assert f'id="case-{first}"' in client.get("/?tab=changed").text
    assert "bản thứ 2" in client.get(f"/cases/{first}").text


def test_filters_narrow_every_tab_and_can_be_taken_off(client: httpx.Client, stocked: Stock) -> None:
    text = client.get("/?source=kontumtv&rule=to_an_ninh").text
    assert text.count("data-row>") == 1
    assert 'href="/?rule=to_an_ninh"' in text
    assert 'href="/?source=kontumtv"' in text
    assert 'href="/?tab=kept&amp;source=kontumtv&amp;rule=to_an_ninh"' in text


def test_the_queue_leafs_forth_and_back_without_loss(tmp_path: Path) -> None:
    stocked = stock(tmp_path / "many.sqlite", PAGE * 2 + 7)
    server = PageServer(config_for(stocked.path))
    server.start()
    with httpx.Client(base_url=server.url, verify=PLAIN, trust_env=False) as client:
        first = client.get("/").text
        middle = client.get(f"/?after={stocked.cases[PAGE - 1]}").text
        last = client.get(f"/?after={stocked.cases[PAGE * 2 - 1]}").text
        assert [page.count("data-row>") for page in (first, middle, last)] == [PAGE, PAGE, 7]
        assert f'rel="next" href="/?after={stocked.cases[PAGE - 1]}"' in first
        assert 'rel="prev"' not in first
        assert 'rel="next"' not in last
        back = client.get(f"/?before={stocked.cases[PAGE * 2]}").text
        assert back.index(f'id="case-{stocked.cases[PAGE]}"') < back.index(
            f'id="case-{stocked.cases[PAGE + 1]}"'
        )
        again = client.get(f"/?before={stocked.cases[PAGE]}").text
        assert again.replace(f'value="/?before={stocked.cases[PAGE]}"', 'value="/"') == first
    server.stop()


def test_an_empty_list_says_what_that_means(client: httpx.Client) -> None:
    assert "Chưa giữ bài nào." in client.get("/?tab=kept").text


def test_an_undated_article_is_given_no_date(client: httpx.Client, stocked: Stock) -> None:
    undated = replace(story(90), published=None)
    with Store.open(stocked.path) as store:
        keep_all(store, [(undated, flags_on(undated))])
    assert "Báo không ghi ngày; đây là lúc tải về" in client.get("/?source=baohatinh").text


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/?tab=x", 400),
        ("/?after=x", 400),
        ("/?after=999", 404),
        ("/?before=999", 404),
        ("/?after=1&before=1", 400),
        ("/?decided=x", 400),
        ("/?source=%00", 400),
        ("/?source=%ff%fe", 200),
        ("/?rule=%E2%80%AE", 400),
        ("/cases/x", 400),
        ("/cases/0", 400),
        ("/cases/999", 404),
        ("/cases/99999999999999999999", 400),
        ("/cases/1/", 404),
        ("/cases/1/verdict", 405),
        ("/cases/1?after=x", 400),
        ("/nowhere", 404),
        ("/static/", 404),
        ("/static/../pages.py", 404),
        ("/static/%2e%2e/pages.py", 404),
        ("/static/x%00.css", 404),
        ("//elsewhere.example/", 404),
        ("/?decided=999", 200),
        ("/keys", 200),
        ("/healthz", 200),
    ],
)
def test_every_odd_address_gets_an_answer(client: httpx.Client, address: str, status: int) -> None:
    answer = client.get(client.base_url.copy_with(raw_path=address.encode()))
    assert answer.status_code == status
    if status != 200:
        assert "<h1>" in answer.text


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"decision": "burn"}, 400),
        ({"decision": ""}, 400),
        ({"seen": "x"}, 400),
        ({"seen": ""}, 400),
        ({"here": "x"}, 400),
        ({"note": "x" * 2001}, 400),
        ({"note": "ấ" * 70_000}, 413),
        ({"note": "\x00\ud7ff"}, 303),
    ],
)
def test_every_odd_form_gets_an_answer_and_writes_only_what_is_right(
    client: httpx.Client, stocked: Stock, changed: dict[str, str], status: int
) -> None:
    answer = client.post(f"/cases/{stocked.cases[0]}/verdict", data={**FORM, **changed})
    assert answer.status_code == status
    assert (standing(stocked, stocked.cases[0]) is not None) == (status == 303)


@pytest.mark.parametrize(
    ("body", "note"),
    [
        ("note=Đ%E1%BB%8Dc+lại".encode(), "Đọc lại"),  # half of it not percent-encoded, as curl sends it
        (b"note=%FF", None),
        (b"note=\xff", None),
    ],
)
def test_a_note_is_utf_8_or_refused(
    client: httpx.Client, stocked: Stock, body: bytes, note: str | None
) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}
    content = b"decision=keep&seen=0&here=case&" + body
    answer = client.post(f"/cases/{stocked.cases[0]}/verdict", content=content, headers=headers)
    verdict = standing(stocked, stocked.cases[0])
    assert answer.status_code == (303 if note else 400)
    assert (verdict.note if verdict else None) == note


def test_forms_of_another_kind_are_refused(client: httpx.Client, stocked: Stock) -> None:
    address = f"/cases/{stocked.cases[0]}/verdict"
    assert client.post(address, json=FORM).status_code == 400
    assert client.post(address, files={"note": b"x"}, data=FORM).status_code == 400
    assert client.post(address, data={f"f{n}": "1" for n in range(50)}).status_code == 400
    assert client.post("/cases/999/verdict", data=FORM).status_code == 404
    assert client.post(address.replace("verdict", "undo"), data={"seen": "0"}).status_code == 400
    assert standing(stocked, stocked.cases[0]) is None


def test_cross_site_forms_write_nothing(client: httpx.Client, stocked: Stock) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"}
    answer = client.post(f"/cases/{stocked.cases[0]}/verdict", data=FORM, headers=headers)
    assert answer.status_code == 403
    assert "chính trang này" in answer.text
    assert standing(stocked, stocked.cases[0]) is None


def test_another_host_is_answered_nothing_of_ours(client: httpx.Client) -> None:
    answer = client.get("/", headers={"Host": "rebound.example"})
    assert answer.status_code == 421
    assert "data-row" not in answer.text


@pytest.mark.parametrize("address", ["/", "/cases/1", "/nowhere", "/?tab=x", "/static/page.js", "/healthz"])
def test_every_answer_bears_the_safe_headers(client: httpx.Client, address: str) -> None:
    headers = client.get(address).headers
    policy = dict(rule.split(" ", 1) for rule in headers["content-security-policy"].split("; "))
    assert {name for name, value in policy.items() if value == "'self'"} == {
        "style-src",
        "script-src",
        "img-src",
        "form-action",
    }
    assert {name for name, value in policy.items() if value == "'none'"} == {
        "default-src",
        "base-uri",
        "frame-ancestors",
        "trusted-types",
    }
    assert policy["require-trusted-types-for"] == "'script'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] in {"no-store", "no-cache"}
    assert "set-cookie" not in headers
    assert "server" not in headers


def test_a_store_that_is_gone_is_told_and_not_a_crash(client: httpx.Client, stocked: Stock) -> None:
    stocked.path.rename(stocked.path.with_name("moved.sqlite"))
    answer = client.get("/")
    assert answer.status_code == 503
    assert "there is no store" in answer.text


def test_a_mistake_of_ours_is_a_calm_page_and_a_traceback_in_the_log(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(flags: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(marking, "heaviest_first", broken)
    answer = client.get("/")
    assert answer.status_code == 500
    assert "Trang bị lỗi" in answer.text
    assert "secret" not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    wait_until(lambda: "ZeroDivisionError" in caplog.text, 5, "the traceback in the log")


def test_a_case_shows_the_documents_and_figures_it_cites_escaped(
    client: httpx.Client, stocked: Stock
) -> None:
    number = stocked.cases[0]
    with Store.open(stocked.path) as store:
        told = store.cases.get(number)
        assert told is not None
        body = "Kết luận số 44-KL/TW ngày 22/1/2019 của Ban Bí thư. Kết luận 44. 70/85 xã <b>"
        revised = replace(told.article, body=body)
        keep_all(store, [(revised, told.flags[:1])], NOW + timedelta(hours=1))
        cited = cite(revised)
        hostile = replace(cited.citations[0], key="<script>")
        store.citations.replace(number, replace(cited, citations=(*cited.citations, hostile)))
    text = client.get(f"/cases/{number}").text

    assert "Văn bản được dẫn" in text
    assert "<b>KL-44-TW@2019-01-22</b>" in text
    assert "đủ ký hiệu và thời gian, 2 lần" in text
    assert "<bdi>Kết luận 44</bdi>" in text
    assert "Số liệu trong bài" in text
    assert "<bdi>70/85 xã</bdi>" in text
    assert "<b>&lt;script&gt;</b>" in text


def test_a_case_that_cites_nothing_has_no_empty_lists(client: httpx.Client, stocked: Stock) -> None:
    assert "Văn bản được dẫn" not in client.get(f"/cases/{stocked.cases[0]}").text


def test_the_list_stands_beside_an_article_that_is_read(tmp_path: Path) -> None:
    stocked = stock(tmp_path / "many.sqlite", 30)
    server = PageServer(config_for(stocked.path))
    server.start()
    with httpx.Client(base_url=server.url, verify=PLAIN, trust_env=False) as client:
        for place, beside in ((0, range(9)), (15, range(7, 24)), (29, range(21, 30))):
            page = client.get(f"/cases/{stocked.cases[place]}").text
            named = re.search(r'<nav class="neighbours".*?</nav>', page, re.DOTALL)
            assert named
            links = [int(number) for number in re.findall(r'href="/cases/(\d+)"', named[0])]
            assert links == [stocked.cases[one] for one in beside]
            assert f'href="/cases/{stocked.cases[place]}" aria-current="page"' in named[0]
    server.stop()
