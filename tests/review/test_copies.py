"""Copies on the page: one row a story, one decision for all where it is wanted, two of them side by side."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.review import PageServer
from crawler.review.copies import seen_of
from crawler.review.differing import MOST_WORDS, Paragraph, difference
from crawler.review.wording import Refused
from storage.records import Article, Dating, Decision
from storage.store import Store
from tests.review.conftest import config_for
from tests.review.stock import NOW, Stock, flags_on, keep_all, story

FORM = {"note": "", "here": "queue", "decision": "keep"}
ALL = {**FORM, "copies": "all"}


def reprint(source: str, hours: int, title: str | None = None) -> Article:
    """The first article of the stock as `source` prints it, so many hours before it."""
    told = story(0)
    dated = Dating(NOW - timedelta(hours=hours), "minute", "meta")
    return replace(told, key=f"{source}:r", source=source, published=dated, title=title or told.title)


@pytest.fixture
def stocked(tmp_path: Path) -> Stock:
    """Two articles, the first of them with two copies: 1, 2, 3 are one story; 4 is another."""
    path = tmp_path / "diembao.sqlite"
    told = [story(0), reprint("congan", 1, title="Tựa <khác>"), reprint("gialaitv", 2), story(1)]
    with Store.open(path) as store:
        keep_all(store, [(article, flags_on(article)) for article in told])
    return Stock(path, (1, 2, 3, 4))


def decisions(stocked: Stock) -> list[Decision | None]:
    with Store.open(stocked.path) as store:
        found = store.verdicts.decided()
    return [found.get(number) for number in stocked.cases]


def rows(text: str) -> list[int]:
    return [int(number) for number in re.findall(r'id="case-(\d+)"', text)]


def test_a_story_is_one_row_that_counts_and_names_its_copies(client: httpx.Client, stocked: Stock) -> None:
    text = client.get("/").text
    assert rows(text) == [1, 4]
    assert "+2 bản khác" in text
    assert 'href="/cases/1/beside/2"' in text
    assert "congan</a> 23/11/2026 07:15" in text
    assert "Tựa &lt;khác&gt;" in client.get("/cases/1").text
    assert re.search(r"Mới\s*<span class=\"count\">2<", text)


def test_a_list_of_one_paper_shows_what_it_printed_copy_or_not(client: httpx.Client, stocked: Stock) -> None:
    assert rows(client.get("/?source=gialaitv").text) == [3]


def test_a_decision_is_for_one_article_unless_all_are_asked_for(client: httpx.Client, stocked: Stock) -> None:
    client.post("/cases/1/verdict", data={**FORM, "seen": "0", "copies_seen": "2:0,3:0"})
    assert decisions(stocked) == ["keep", None, None, None]
    assert rows(client.get("/").text) == [2, 4]


def test_one_decision_for_all_copies_is_a_verdict_of_each_and_is_taken_back_in_one(
    client: httpx.Client, stocked: Stock
) -> None:
    answer = client.post("/cases/1/verdict", data={**ALL, "seen": "0", "copies_seen": "2:0,3:0", "note": "x"})
    assert answer.headers["location"] == "/?decided=1#case-4"
    assert decisions(stocked) == ["keep", "keep", "keep", None]
    page = client.get(answer.headers["location"]).text
    assert "và 2 bản khác" in page
    assert "Hoàn tác cả 3 bản" in page
    seen = re.search(r'name="copies_seen" value="([^"]+)"', page)
    assert seen is not None
    with Store.open(stocked.path) as store:
        assert [store.verdicts.history(number)[0].note for number in (1, 2, 3)] == ["x"] * 3
        standing = store.verdicts.history(1)[0].id
    undone = client.post(
        "/cases/1/undo",
        data={"seen": str(standing), "here": "queue", "copies": "all", "copies_seen": seen[1]},
    )
    assert undone.status_code == 303
    assert decisions(stocked) == [None] * 4


def test_one_of_those_decided_in_one_can_be_taken_back_by_itself(
    client: httpx.Client, stocked: Stock
) -> None:
    client.post("/cases/1/verdict", data={**ALL, "seen": "0", "copies_seen": "2:0,3:0"})
    with Store.open(stocked.path) as store:
        standing = store.verdicts.history(2)[0].id
    client.post("/cases/2/undo", data={"seen": str(standing), "here": "case", "copies_seen": "1:1,3:3"})
    assert decisions(stocked) == ["keep", None, "keep", None]


def test_a_copy_that_another_decided_meanwhile_is_left_alone_and_told(
    client: httpx.Client, stocked: Stock
) -> None:
    with Store.open(stocked.path) as store:
        store.verdicts.decide(3, "drop", None, NOW)
    answer = client.post("/cases/1/verdict", data={**ALL, "seen": "0", "copies_seen": "2:0,3:0"})
    assert answer.headers["location"] == "/?decided=1&missed=1#case-4"
    assert decisions(stocked) == ["keep", "keep", "drop", None]
    assert "1 bản đã được quyết định ở nơi khác, để nguyên" in client.get(answer.headers["location"]).text


def test_a_conflict_on_the_article_writes_nothing_for_its_copies(
    client: httpx.Client, stocked: Stock
) -> None:
    with Store.open(stocked.path) as store:
        store.verdicts.decide(1, "drop", None, NOW)
    answer = client.post("/cases/1/verdict", data={**ALL, "seen": "0", "copies_seen": "2:0,3:0"})
    assert answer.status_code == 409
    assert decisions(stocked) == ["drop", None, None, None]


def test_only_copies_that_stand_where_the_case_does_follow_it(client: httpx.Client, stocked: Stock) -> None:
    with Store.open(stocked.path) as store:
        store.verdicts.decide(2, "drop", None, NOW)
    assert 'name="copies_seen" value="3:0"' in client.get("/cases/1").text
    with Store.open(stocked.path) as store:
        store.flags.replace(3, (), NOW)
    text = client.get("/cases/1").text
    assert "copies_seen" not in text
    assert "không bị gắn cờ" in text
    assert "2 bản khác" in text


@pytest.mark.parametrize(
    "seen", ["x", "1", "1:2:3", "-1:0", "0:0", "1:²", f"{2**63}:0", "1:0," * 101 + "2:0"]
)
def test_what_is_no_list_of_copies_is_refused(client: httpx.Client, stocked: Stock, seen: str) -> None:
    if seen.count(",") > 100:
        seen = ",".join(f"{number}:0" for number in range(1, 103))
    answer = client.post("/cases/1/verdict", data={**ALL, "seen": "0", "copies_seen": seen})
    assert answer.status_code == 400
    assert decisions(stocked)[0] is None


@given(st.text(max_size=40))
def test_a_list_of_copies_is_read_or_refused_and_never_breaks(text: str) -> None:
    with suppress(Refused):
        found = seen_of({"copies": "all", "copies_seen": text})
        assert all(number > 0 and verdict >= 0 for number, verdict in found)


def test_two_copies_stand_side_by_side_with_their_differences_lit(
    client: httpx.Client, stocked: Stock
) -> None:
    text = client.get("/cases/1/beside/2").text
    assert '<mark class="apart">Tựa &lt;khác&gt;</mark>' in text
    assert text.count('<div class="pair same"') == 6
    assert client.get("/cases/2/beside/1").status_code == 200
    assert client.get("/cases/1/beside/9").status_code == 404
    assert client.get("/cases/1/beside/x").status_code == 400
    assert client.get("/cases/1/beside/2?tab=x").status_code == 400


def test_a_row_lists_few_copies_and_leads_to_the_others(tmp_path: Path) -> None:
    path = tmp_path / "diembao.sqlite"
    told = [story(0), *(reprint(f"bao{number}", number) for number in range(1, 12))]
    with Store.open(path) as store:
        keep_all(store, [(article, flags_on(article)) for article in told])
    server = PageServer(config_for(path))
    server.start()
    try:
        text = httpx.get(server.url, trust_env=False).text
    finally:
        server.stop()
    assert "+11 bản khác" in text
    assert text.count("/cases/1/beside/") == 3
    assert 'href="/cases/1#copies-of">+11 bản khác</a>' in text


# --- the difference itself ---


def said(paragraph: Paragraph | None) -> str:
    """A paragraph with what is apart in brackets."""
    return "".join(f"[{one.text}]" if one.apart else one.text for one in paragraph or ())


def sides(one: str, other: str) -> list[tuple[str, str]]:
    told = replace(story(0), lead=None)
    found = difference(replace(told, body=one), replace(told, body=other))
    return [(said(side.one), said(side.other)) for side in found.sides]


def test_words_are_compared_as_they_fold_and_lit_as_they_are_written() -> None:
    before, after = "Sáng nay, ba người dân hoà giải xong.", "Sáng nay, bốn  người dân hòa giải xong."
    assert sides(before, after) == [
        ("Sáng nay, [ba] người dân hoà giải xong.", "Sáng nay, [bốn]  người dân hòa giải xong.")
    ]


def test_an_added_paragraph_stands_beside_nothing() -> None:
    one, two, three = "Đoạn một nói về mùa gặt.", "Đoạn hai thêm vào sau đó một hôm.", "Cuối cùng là lời kết."
    assert sides(f"{one}\n\n{three}", f"{one}\n\n{two}\n\n{three}") == [
        (one, one),
        ("", f"[{two}]"),
        (three, three),
    ]


def test_a_full_stop_in_common_is_no_likeness() -> None:
    one, two = "Đoạn một nói về mùa gặt.", " ".join(f"thêm{number}" for number in range(20)) + "."
    assert sides(one, f"{one}\n\n{two}") == [(one, one), ("", f"[{two}]")]


def test_two_articles_that_share_nothing_stand_one_below_another() -> None:
    assert sides("a b c d", "e f g h") == [("[a b c d]", ""), ("", "[e f g h]")]
    assert sides("", "e") == [("", "[e]")]
    assert sides("", "") == []


def test_what_is_too_long_is_cut_and_said_so() -> None:
    told = replace(story(0), body="từ " * 20_000)
    found = difference(told, told)
    assert found.cut
    assert MOST_WORDS - 10 < found.syllables[0] < MOST_WORDS  # signs apart
    assert not difference(story(0), story(1)).cut
    torn = difference(replace(told, body="\n\n".join("từ" for _ in range(900))), told)
    assert torn.cut
    assert len(torn.sides) < 300
    endless = difference(replace(told, body="từ" * 50_000), told)
    assert endless.cut
    assert sum(len(said(side.one)) for side in endless.sides) < 25_000


TEXTS = st.lists(st.sampled_from(["a", "b", "c", "d", "Đ", ".", "\n\n", " "]), max_size=40).map(" ".join)


@given(TEXTS, TEXTS)
def test_side_by_side_loses_no_word_and_invents_none(one: str, other: str) -> None:
    told = replace(story(0), lead=None)
    found = difference(replace(told, body=one), replace(told, body=other))
    for side, text in (("one", one), ("other", other)):
        shown = "".join(stretch.text for pair in found.sides for stretch in (getattr(pair, side) or ()))
        assert "".join(shown.split()) == "".join(text.split())
