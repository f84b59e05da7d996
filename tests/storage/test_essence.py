"""What is cosmetic, what flaps, and what a verdict may not outlive."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from storage.essence import essence, is_material
from storage.looks import PAUSES, Look, after_look, first_look
from storage.records import Article, Link

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
BODY = "Sáng nay, công nhân hòa giải với chủ.\n\nCó 12 người không đồng ý.\n\nXe đã thủy kích."
ARTICLE = Article("bao:1", "bao", "https://bao.vn/1", "Tin mới", None, BODY, (), None, (), None, ())


@pytest.mark.parametrize(
    "body",
    [
        BODY.replace("hòa", "hoà").replace("thủy", "thuỷ"),
        BODY.replace(", ", ",  ").replace("\n\n", "\n\n\n"),
        BODY + "\n\nLượt xem: 1.234",
        BODY + "\n\nXem thêm: Một bài khác của báo",
        BODY + "\n\nTỉnh khởi công một cây cầu mới\n\nHọc sinh trở lại trường sau lũ",
    ],
)
def test_a_cosmetic_change_says_the_same(body: str) -> None:
    assert essence(replace(ARTICLE, body=body)) == essence(ARTICLE)


@pytest.mark.parametrize(
    "change", [("12", "15"), ("không đồng ý", "đồng ý"), ("công nhân", "công nhân may"), ("chủ", "chú")]
)
def test_a_word_that_changed_is_a_change(change: tuple[str, str]) -> None:
    assert essence(replace(ARTICLE, body=BODY.replace(*change))) != essence(ARTICLE)


@pytest.mark.parametrize(
    ("change", "material"),
    [
        (("12", "15"), True),
        (("không đồng ý", "đồng ý"), True),
        (("công nhân", "công nhân may"), False),
        (("Sáng nay, ", "Sáng hôm nay, tại khu công nghiệp ở phía bắc của tỉnh, "), True),
        (("hòa", "hoà"), False),
    ],
)
def test_numbers_negations_and_many_words_are_material(change: tuple[str, str], material: bool) -> None:
    changed = replace(ARTICLE, body=BODY.replace(*change))
    assert is_material(ARTICLE, changed, ((), ())) is material


def test_a_new_headline_is_material() -> None:
    assert is_material(ARTICLE, replace(ARTICLE, title="Tin cũ"), ((), ()))


def _look(looked: int, age: timedelta) -> Look:
    link = Link(1, "bao", "bao:1", "u", "feed", "f", NOW, NOW, "kept", None, 0, None, None, None, None)
    return Look(1, link, looked, NOW - age, None, None)


def test_looks_come_after_hours_days_and_weeks_and_then_no_more() -> None:
    assert first_look(NOW, NOW) == NOW + PAUSES[0]
    assert first_look(NOW - timedelta(days=90), NOW) is None
    dues = [after_look(_look(looked, timedelta(days=1)), NOW)[1] for looked in range(len(PAUSES))]
    waits = [due - NOW for due in dues if due]
    assert waits == sorted(waits) == list(PAUSES[1:])
    assert dues[-1] is None


def test_an_article_that_changes_stays_watched_while_it_is_young() -> None:
    assert after_look(_look(1, timedelta(hours=9)), NOW, revised=True) == (1, NOW + PAUSES[1])
    assert after_look(_look(1, timedelta(days=9)), NOW, revised=True) == (2, NOW + PAUSES[2])
