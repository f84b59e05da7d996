"""An article's whole history, and its texts laid side by side over time."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import httpx
from hypothesis import given
from hypothesis import strategies as st

from crawler.review.history import Past, steps
from crawler.review.wordwise import differences
from storage.records import Event, Revision, Verdict
from storage.store import Store
from tests.making import NOON, article, case
from tests.review.stock import NOW, Stock, flags_on, keep_all, story
from tests.review.test_hostile import SCRIPT

HOUR = timedelta(hours=1)
texts = st.text(alphabet=st.sampled_from("ab ấ.,\n<&"), max_size=60)


@given(texts, texts)
def test_what_is_gone_and_what_came_make_both_texts_but_for_blanks(before: str, after: str) -> None:
    told = differences(before, after)
    old = "".join(one.text for one in told if one.fate != "come")
    new = "".join(one.text for one in told if one.fate != "gone")
    assert "".join(old.split()) == "".join(before.split())
    assert "".join(new.split()) == "".join(after.split())
    assert all(one.text for one in told)


@given(texts)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert {one.fate for one in differences(text, text)} <= {"same"}


def test_only_the_words_that_changed_are_told() -> None:
    told = differences("Hơn bốn mươi người đến.\n\nHết.", "Gần sáu mươi người đến.\n\nHết.\n\nMới.")
    assert [(one.fate, one.text) for one in told] == [
        ("gone", "Hơn bốn"),
        ("come", "Gần sáu"),
        ("same", " mươi người đến.\n\nHết.\n\n"),
        ("come", "Mới."),
    ]


def test_everything_that_happened_stands_in_the_order_of_time() -> None:
    revisions = [
        Revision(1, article(), NOON),
        Revision(2, article(), NOON),  # the same page read again
        Revision(3, article(), NOON + 3 * HOUR),
    ]
    events = [
        Event("flagged", NOON, "r", "R", "v1", "primary"),
        Event("reread", NOON + HOUR),
        Event("flagged", NOON + HOUR, "q", "Q", "v1", "mention"),
        Event("flagged", NOON + HOUR, "s", "S", "v1", "primary"),
        Event("gone", NOON + 4 * HOUR),
        Event("back", NOON + 5 * HOUR),
        Event("unflagged", NOON + 6 * HOUR, "q", "Q", "v1", "mention"),
    ]
    verdicts = [
        Verdict(1, 1, "keep", None, NOON + 2 * HOUR, None),
        Verdict(2, 1, "undo", None, NOON + 7 * HOUR, 1),
    ]
    told = steps(case(1), Past(revisions, events, verdicts=verdicts))
    assert [(step.what, step.revision, len(step.flags)) for step in told] == [
        ("fetched", 1, 0),
        ("flagged", None, 1),
        ("reread", 2, 0),
        ("flagged", None, 2),
        ("decided", None, 0),
        ("changed", 3, 0),
        ("gone", None, 0),
        ("back", None, 0),
        ("unflagged", None, 1),
        ("undone", None, 0),
    ]
    assert [step.at for step in told] == sorted(step.at for step in told)


def test_texts_read_again_before_it_was_noted_are_told_by_the_moment_of_their_page() -> None:
    revisions = [Revision(n, article(), NOON) for n in (1, 2, 3)]
    told = steps(case(1), Past(revisions, [Event("reread", NOON + HOUR)]))
    assert [(step.revision, step.at) for step in told] == [(1, NOON), (2, NOON), (3, NOON + HOUR)]


def test_the_page_tells_flags_changes_and_decisions_and_leads_to_the_texts(
    client: httpx.Client, stocked: Stock
) -> None:
    number = stocked.cases[0]
    with Store.open(stocked.path) as store:
        changed = replace(story(0), body=story(0).body + f"\n\n{SCRIPT}")
        keep_all(store, [(changed, flags_on(changed))], NOW + HOUR)
        store.flags.replace(number, [], NOW + 2 * HOUR)
        store.verdicts.decide(number, "keep", None, NOW + 3 * HOUR, "Lan")
    text = client.get(f"/cases/{number}").text
    history = text.partition('<ol class="history">')[2].partition("</ol>")[0]
    for said in ("gắn cờ", "Tổ an ninh cơ sở", "<code", "gỡ cờ", "báo sửa bài", "Lan"):
        assert said in history
    assert f'href="/cases/{number}/revisions/2"' in history
    revision = client.get(f"/cases/{number}/revisions/2").text
    inserted = revision.partition("<ins>&lt;/textarea")[2].partition("</ins>")[0]
    assert "&lt;script&gt;alert(1)" in inserted
    assert "<del>" not in revision.partition("<article")[2]
    assert "Bản đầu tiên" in client.get(f"/cases/{number}/revisions/1").text


def test_what_rules_looked_for_in_vain_and_set_aside_is_told(client: httpx.Client, stocked: Stock) -> None:
    number = stocked.cases[0]
    with Store.open(stocked.path) as store:
        found = store.cases.get(number)
        assert found
        flag = next(one for one in found.flags if one.field == "body")
        told = replace(flag, absent=("title:<b>tập dượt",), excluded=((0, 8),), together=flag.spans)
        store.flags.replace(number, [told], NOW)
    text = client.get(f"/cases/{number}").text
    assert "<code><bdi>title:&lt;b&gt;tập dượt</bdi></code>" in text
    assert re.search(r'<mark class="tone-\d excluded"[^>]*>Tối ', text)
    assert re.search(r'<mark id="m1" class="tone-\d together"', text)
    assert "đã xét và loại ra" in text
