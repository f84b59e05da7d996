"""The search page over real HTTP: what it finds and says, where its hits lead, what it saves, its feeds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.judging.ruletext import RuleText
from crawler.review import PageServer, finding
from crawler.review.searched import DECIDED, MARKS, ORDERS, Search, search_of, unpacked
from crawler.searching import Place, ask
from storage.store import Store
from tests.review.conftest import config_for
from tests.review.stock import LABELS, NOW, Stock, keep, keep_all, story
from tests.review.test_hostile import SCRIPT, Elements, hostile

ATOM = "{http://www.w3.org/2005/Atom}"
words = (
    st.text("ab đ\"'&?/=+%#ồ", min_size=1, max_size=9).map(lambda text: " ".join(text.split())).filter(bool)
)
days = st.sampled_from(["1/11/2026", "2026-11-23"])


@pytest.fixture
def server(stocked: Stock) -> Iterator[PageServer]:
    rules = tuple(RuleText(name, label, query="x") for name, label in LABELS.items())
    config = replace(config_for(stocked.path), rules=rules, lists={"to": ("tổ an ninh",)})
    server = PageServer(config)
    server.start()
    yield server
    server.stop()


def hits(text: str) -> list[int]:
    return [int(number) for number in re.findall(r'id="case-(\d+)"', text)]


def packed(query: str) -> str:
    return Search(q=query).packed


@given(
    st.builds(
        Search, q=words, source=st.none() | words, rule=st.none() | words, since=st.none() | days,
        decision=st.none() | st.sampled_from(DECIDED), marks=st.sampled_from(MARKS),
        order=st.sampled_from(ORDERS), after=st.none() | st.integers(1, 2**63 - 1),
        loose=st.booleans(), longer=st.booleans(),
    )
)  # fmt: skip
def test_an_address_names_the_search_it_was_made_from(search: Search) -> None:
    assert search_of(search.stated) == search
    assert unpacked(search.packed) == search.whole


def test_nothing_asked_shows_how_to_ask_with_examples_that_can_be_read(client: httpx.Client) -> None:
    text = client.get("/search").text
    assert "Viết câu tìm thế nào" in text
    for query, _ in finding.EXAMPLES:
        assert f'href="/search?q={quote(query)}"' in text.replace("&#34;", '"')
        assert client.get("/search", params={"q": query}).status_code == 200


def test_hits_come_newest_first_with_the_match_lit_and_the_way_to_the_article(
    client: httpx.Client, stocked: Stock
) -> None:
    text = client.get("/search", params={"q": "tiếng kẻng"}).text
    assert hits(text) == [stocked.cases[1]]
    assert ">Tiếng kẻng</mark> an ninh vang lên" in text
    assert "1 bài." in text
    assert f'href="/cases/{stocked.cases[1]}?search=q%3Dti' in text
    text = client.get("/search", params={"q": "tổ an ninh"}).text
    assert hits(text) == list(stocked.cases)
    assert ">tổ an ninh</mark> của thôn có mười hai người" in text


def test_marks_typed_are_wanted_and_others_follow_where_few_have_them(
    client: httpx.Client, stocked: Stock
) -> None:
    text = client.get("/search", params={"q": "tiêng kẻng"}).text
    assert hits(text) == [stocked.cases[1]]
    assert "Không phân biệt dấu" in text
    assert hits(client.get("/search", params={"q": "tieng keng"}).text) == [stocked.cases[1]]
    assert hits(client.get("/search", params={"q": "tiêng kẻng", "marks": "exact"}).text) == []
    assert "Tìm cả bài khác dấu" in client.get("/search", params={"q": "tổ an ninh"}).text


@pytest.mark.parametrize(
    ("filters", "places"),
    [
        ({"source": "baohatinh"}, [0, 3]),
        ({"rule": "to_an_ninh"}, [0, 1, 2, 3, 4]),
        ({"rule": "nobody"}, []),
        ({"decision": "keep"}, [2]),
        ({"decision": "new"}, [0, 1, 3, 4]),
        ({"since": "23/11/2026"}, [0, 1, 2, 3, 4]),
        ({"until": "2026-11-22"}, []),
        ({"q": "@to AND title:già làng"}, [3]),
    ],
)
def test_hits_are_narrowed_by_form_fields_and_lists(
    client: httpx.Client, stocked: Stock, filters: dict[str, str], places: list[int]
) -> None:
    with Store.open(stocked.path) as store:
        store.verdicts.decide(stocked.cases[2], "keep", None, NOW)
    text = client.get("/search", params={"q": "tổ an ninh", **filters}).text
    assert hits(text) == [stocked.cases[place] for place in places]


def test_a_query_that_cannot_be_read_is_shown_with_the_place_marked(client: httpx.Client) -> None:
    answer = client.get("/search", params={"q": "tổ an ninh AND OR xã"})
    assert answer.status_code == 400
    assert '<mark class="here">OR</mark>' in answer.text
    assert 'value="tổ an ninh AND OR xã"' in answer.text


@pytest.mark.parametrize(
    "stated",
    [
        {"since": "35/1/2026"}, {"since": "2026-11-02", "until": "2026-11-01"}, {"decision": "maybe"},
        {"marks": "x"}, {"order": "x"}, {"after": "x"}, {"after": "0"}, {"loose": "2"}, {"source": "a\x00"},
        {"rule": "x" * 101}, {"q": "x" * 1001},
    ],
)  # fmt: skip
def test_odd_parameters_are_told_on_the_form(client: httpx.Client, stated: dict[str, str]) -> None:
    answer = client.get("/search", params={"q": "xã", **stated})
    assert answer.status_code == 400
    assert "Không tìm được" in answer.text


def test_an_article_opened_from_a_search_is_lit_and_leads_to_the_next_hit(
    client: httpx.Client, stocked: Stock
) -> None:
    first, second = stocked.cases[:2]
    text = client.get(f"/cases/{first}", params={"search": packed("thống kê")}).text
    assert re.search(r'<mark[^>]* class="[^"]*sought" title="từ đang tìm">thống kê</mark>', text)
    assert "Kết quả tìm" in text
    onward = {"search": packed("thống kê"), "from": str(first)}
    answer = client.get("/search/step", params=onward)
    assert answer.headers["location"].startswith(f"/cases/{second}?search=")
    back = client.get("/search/step", params={**onward, "from": str(second), "to": "previous"})
    assert back.headers["location"].startswith(f"/cases/{first}?search=")
    end = client.get("/search/step", params={**onward, "to": "previous"})
    assert end.headers["location"] == f"/search?{packed('thống kê')}"


def test_steps_go_on_to_what_matches_without_marks_and_back(tmp_path: Path) -> None:
    with Store.open(tmp_path / "s.sqlite") as store:
        exact = keep(store, replace(story(0), title="Họ đỏ mặt"))
        loose = keep(store, replace(story(1), title="Họ đo ruộng"))
        asked = ask("họ đỏ", {})
        search = Search(q="họ đỏ")
        assert finding.neighbour_hit(store, asked, search, exact, onward=True) == loose
        assert finding.neighbour_hit(store, asked, search, loose, onward=False) == exact
        assert finding.neighbour_hit(store, asked, search, loose, onward=True) is None
        assert finding.neighbour_hit(store, asked, search.but(marks="exact"), exact, onward=True) is None


def test_a_decision_on_a_hit_leads_to_the_next_hit(client: httpx.Client, stocked: Stock) -> None:
    first, second = stocked.cases[:2]
    form = {"decision": "keep", "note": "", "seen": "0", "here": "case"}
    answer = client.post(f"/cases/{first}/verdict", params={"search": packed("tổ an ninh")}, data=form)
    assert answer.headers["location"].startswith("/search/step?search=")
    step = client.get(answer.headers["location"])
    assert step.headers["location"] == f"/cases/{second}?" + "&".join(
        (f"search={quote(packed('tổ an ninh'), safe='')}", f"decided={first}")
    )
    assert "Đã giữ" in client.get(step.headers["location"]).text


def test_many_hits_are_leafed_through_without_gap_or_repeat(client: httpx.Client, stocked: Stock) -> None:
    with Store.open(stocked.path) as store:
        keep_all(store, [(story(number), ()) for number in range(5, 80)])
    seen: list[int] = []
    address: str | None = "/search?q=" + quote("tổ an ninh")
    while address:
        text = client.get(address).text
        seen += hits(text)
        found = re.search(r'rel="next" href="(/search[^"]+)"', text)
        address = found[1].replace("&amp;", "&") if found else None
    assert len(seen) == len(set(seen)) == 80


def test_time_that_runs_out_is_said_and_the_search_goes_on(
    client: httpx.Client, stocked: Stock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "SHORT", (0, 0, 0))
    text = client.get("/search", params={"q": "tổ an ninh"}).text
    assert "Mới tìm được 1 bài" in text
    [onward] = re.findall(r'rel="next" href="([^"]+)">Tìm tiếp', text)
    assert hits(client.get(onward.replace("&amp;", "&")).text) == list(stocked.cases[1:])


def test_few_hits_are_ranked_and_it_is_said(client: httpx.Client, stocked: Stock) -> None:
    asked = {"q": "kẻng OR an ninh", "order": "best"}
    text = client.get("/search", params=asked).text
    assert "Sát nhất trước." in text
    assert hits(text)[0] == stocked.cases[1]


def test_a_search_is_saved_listed_renamed_and_removed(client: httpx.Client) -> None:
    form = {"name": " Tổ  an ninh ", "search": Search(q="tổ an ninh", source="baohatinh").packed}
    assert client.post("/searches", data=form).headers["location"] == "/searches"
    assert client.post("/searches", data=form).status_code == 409
    text = client.get("/searches").text
    assert 'href="/search?q=t%E1%BB%95+an+ninh&amp;source=baohatinh"' in text
    assert "Tổ an ninh" in client.get("/search").text
    name = quote("Tổ an ninh")
    assert client.post(f"/searches/{name}/rename", data={"name": "Tổ"}).status_code == 303
    assert client.post(f"/searches/{name}/remove", data={"sure": "1"}).status_code == 404
    assert client.post(f"/searches/{quote('Tổ')}/remove", data={"sure": "1"}).status_code == 303
    assert "Chưa lưu câu tìm nào" in client.get("/searches").text


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/searches", {"name": "a/b", "search": packed("x")}),
        ("/searches", {"name": "", "search": packed("x")}),
        ("/searches", {"name": "a", "search": ""}),
        ("/searches", {"name": "a", "search": packed("(x")}),
        ("/searches", {"name": "a", "search": "source=x"}),
        ("/searches", {"name": "a", "search": "q=x&after=y"}),
        ("/searches/a/rename", {"name": "x" * 61}),
    ],
)
def test_a_form_that_cannot_be_saved_is_refused(
    client: httpx.Client, path: str, form: dict[str, str]
) -> None:
    assert client.post(path, data=form).status_code == 400


def test_saving_is_refused_from_elsewhere(client: httpx.Client) -> None:
    form = {"name": "a", "search": packed("x")}
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/searches", data=form, headers=headers).status_code == 403


def test_a_feed_is_valid_stable_and_sent_only_when_new(client: httpx.Client, stocked: Stock) -> None:
    client.post("/searches", data={"name": "Tổ & dân", "search": packed("tổ an ninh")})
    address = f"/searches/{quote('Tổ & dân')}/atom"
    answer = client.get(address)
    assert answer.headers["content-type"] == "application/atom+xml"
    feed = ElementTree.fromstring(answer.content)
    base = str(client.base_url).rstrip("/")
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links["self"] == f"{base}{address}"
    assert links["alternate"] == f"{base}/search?{packed('tổ an ninh')}"
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == len(stocked.cases)
    for one in (feed, *entries):
        for name in ("id", "title", "updated"):
            assert one.findtext(f"{ATOM}{name}")
        assert (one.findtext(f"{ATOM}id") or "").startswith("urn:uuid:")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:]{8}\+07:00", one.findtext(f"{ATOM}updated") or "")
    assert len({one.findtext(f"{ATOM}id") for one in entries}) == len(entries)
    known = {"If-None-Match": answer.headers["etag"]}
    assert client.get(address, headers=known).status_code == 304
    with Store.open(stocked.path) as store:
        keep(store, replace(story(9), body="Một tổ an ninh mới."))
    again = client.get(address, headers=known)
    assert again.status_code == 200
    assert len(ElementTree.fromstring(again.content).findall(f"{ATOM}entry")) == len(entries) + 1
    assert client.get("/searches/nobody/atom").status_code == 404


def test_a_hostile_article_is_only_text_to_search_and_feed(client: httpx.Client, stocked: Stock) -> None:
    with Store.open(stocked.path) as store:
        number = keep(store, replace(hostile(), title=f"alert {SCRIPT}"))
    for address in ("/search?q=alert", f"/cases/{number}?search={quote(packed('alert'))}"):
        elements = Elements(client.get(address).text).found
        assert not {"img", "svg"} & {tag for tag, _ in elements}
        assert {attributes.get("src") for tag, attributes in elements if tag == "script"} == {
            "/static/page.js"
        }
        assert not any(name.startswith("on") for _, attributes in elements for name in attributes)
    client.post("/searches", data={"name": "x", "search": packed("alert")})
    [entry] = ElementTree.fromstring(client.get("/searches/x/atom").content).findall(f"{ATOM}entry")
    assert SCRIPT in (entry.findtext(f"{ATOM}title") or "")
    assert [link.get("rel") for link in entry.findall(f"{ATOM}link")] == ["alternate"]


def test_steps_from_an_article_that_is_no_hit_and_places_that_cannot_be_are_no_trouble(
    client: httpx.Client, stocked: Stock
) -> None:
    with Store.open(stocked.path) as store:
        number = keep(store, replace(story(9), title="Khác", lead=None, body="Không có gì."))
    asked = {"search": packed("to an ninh"), "from": str(number)}
    assert client.get("/search/step", params=asked).status_code == 303
    assert client.get("/search/step", params={**asked, "from": "999"}).status_code in {303, 404}
    assert client.get("/search", params={"q": "to an ninh", "loose": "1"}).status_code == 200
    assert client.get("/search", params={"q": "an ninh", "after": "999"}).status_code == 404


def test_a_place_of_a_search_is_where_it_was_left() -> None:
    assert Search(q="x", after=3, loose=True).place == Place(3, loose=True)
    assert Search(q="x").at(Place(4)).after == 4
