"""Which articles are copies of one another: the gate of its quality, and the borders one by one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from random import Random

import pytest

from storage import likeness
from storage.likeness import Text
from storage.records import Article
from tests.newsroom.newsroom import PAPERS
from tests.newsroom.paper import Setup
from tests.newsroom.reprints import Pair, article, copies, look_alikes

LEAST_PRECISION, LEAST_RECALL = 0.99, 0.9


def sketch(one: Article) -> tuple[int, ...]:
    return likeness.sketch(Text(one))


def alike(one: Article, other: Article) -> bool:
    return likeness.alike(Text(one), Text(other))


def stories(many: int) -> list[Article]:
    """So many of each paper."""
    return [article(story) for paper in PAPERS for story in paper(Setup(stories=many)).archive.stories]


def merged(pair: Pair) -> bool:
    """Whether the store would put the two together: they share a band, and are alike."""
    return bool(set(sketch(pair.one)) & set(sketch(pair.other))) and alike(pair.one, pair.other)


def a_story(syllables: int = 400, seed: int = 1) -> Article:
    """A long text, no sentence of which is like another."""
    chance = Random(seed)
    words = [
        f"{chance.choice('bcdghklmnptv')}{chance.choice('aeiou')}{number}x" for number in range(syllables)
    ]
    sentences = [" ".join(words[start : start + 20]) + "." for start in range(0, syllables, 20)]
    return replace(stories(1)[0], lead=None, body="\n\n".join(sentences))


def test_the_gate_of_precision_and_recall_on_labelled_reprints() -> None:
    chance = Random(20261123)
    pairs = [pair for story in stories(8) for pair in copies(story, chance)]
    pairs += [pair for _ in range(40) for pair in look_alikes(chance)]
    found = Counter((pair.copy, merged(pair)) for pair in pairs)
    by_kind = Counter(pair.kind for pair in pairs if pair.copy != merged(pair))
    right, wrong, missed = found[True, True], found[False, True], found[True, False]
    assert right / (right + wrong) >= LEAST_PRECISION, by_kind
    assert right / (right + missed) >= LEAST_RECALL, by_kind


def test_no_two_stories_of_the_newsroom_are_merged_though_they_are_told_from_the_same_patterns() -> None:
    told = stories(60)
    banded = defaultdict(set)
    for number, story in enumerate(told):
        for band in sketch(story):
            banded[band].add(number)
    near = {pair for numbers in banded.values() for pair in combinations(sorted(numbers), 2)}
    assert len(near) > 300
    assert [
        (told[one].title, told[other].title) for one, other in near if alike(told[one], told[other])
    ] == []


def test_alike_is_symmetric() -> None:
    chance = Random(5)
    pairs = [*copies(stories(1)[0], chance), *look_alikes(chance)]
    assert [alike(pair.one, pair.other) for pair in pairs] == [alike(pair.other, pair.one) for pair in pairs]


def test_a_text_cut_to_less_than_its_share_is_a_part_of_something_else() -> None:
    whole = a_story()
    sentences = whole.body.split("\n\n")
    assert alike(whole, replace(whole, body="\n\n".join(sentences[:12])))
    assert not alike(whole, replace(whole, body="\n\n".join(sentences[:7])))


def test_one_corrected_figure_is_a_copy_and_another_day_is_not() -> None:
    whole = a_story()
    told = replace(
        whole, body=whole.body + "\n\nTheo thống kê, lũ làm 12 ngôi nhà bị tốc mái ở vùng ven sông."
    )
    other = replace(told, source="khac", body=told.body.replace("12 ngôi", "13 ngôi"))
    assert alike(told, other)
    assert not alike(told, replace(other, source=told.source))  # its own, of another day
    in_words = replace(told, body=told.body.replace("12 ngôi", "năm ngôi"))
    assert not alike(in_words, replace(told, body=told.body.replace("12 ngôi", "bảy ngôi")))
    dated = replace(
        whole, body=whole.body + "\n\nTheo lịch, sáng 24/11 cả xã sẽ ra quân dọn vệ sinh đường làng."
    )
    assert not alike(dated, replace(dated, body=dated.body.replace("24/11", "25/11")))
    assert alike(dated, replace(dated, body=dated.body.replace("24/11", "24/11/2026")))
    written = [dated.body.replace("24/11", f"ngày {day} tháng 11") for day in (24, 25)]
    assert not alike(replace(dated, body=written[0]), replace(dated, source="khac", body=written[1]))


def test_the_same_text_of_another_person_is_no_copy_but_the_same_person_spelt_otherwise_is() -> None:
    whole = a_story()
    told = replace(
        whole, body=whole.body + "\n\nLễ viếng đồng chí Trần Văn Hoà được tổ chức tại nhà riêng ở xã."
    )
    assert not alike(told, replace(told, body=told.body.replace("Trần Văn Hoà", "Lê Đình Sơn")))
    assert alike(told, replace(told, body=told.body.replace("Trần Văn Hoà", "Trần Văn Hòa")))
    assert alike(told, replace(told, body=told.body.replace("Trần Văn Hoà", "Trần Văn Hóa")))


@pytest.mark.parametrize(
    "body", ["", "Ảnh: TTXVN", "Mời quý vị theo dõi bản tin thời sự tối nay của Đài chúng tôi."]
)
def test_short_texts_are_copies_only_if_equal_long_enough_and_in_two_papers(body: str) -> None:
    one = replace(stories(1)[0], lead=None, body=body)
    other = replace(one, source="khac")
    long_enough = len(body.split()) >= 8
    assert alike(one, other) is long_enough
    assert bool(sketch(one)) is long_enough
    assert not alike(one, replace(one, key="mai"))  # a paper's daily greeting
    assert not alike(one, replace(other, title="Bản tin khác"))
    assert not alike(one, replace(other, body=body + " Thêm một câu."))


def test_spelling_and_invisible_characters_make_no_difference() -> None:
    one = replace(stories(1)[0], lead=None, body="Lực lượng công an xã hoà giải, thuỷ lợi được sửa. " * 3)
    assert sketch(one) == sketch(replace(one, body=one.body.replace("hoà", "hòa").replace("thuỷ", "thủy")))
    assert sketch(one) == sketch(replace(one, body=one.body.replace("công", "c\u200bông")))


def hostile() -> Iterator[str]:
    """Texts that make a careless comparison slow."""
    yield "a " * 50_000
    yield " ".join(str(number) for number in range(30_000))
    yield "a b " * 20_000 + "c d " * 20_000
    yield "9" * 20_000
    yield " ".join("8" * 5_000 if number % 9 == 0 else f"x{number}" for number in range(900))
    yield "\u0301\u200b" * 5_000


def test_a_hostile_text_costs_no_more_than_a_long_one() -> None:
    for body in hostile():
        one = replace(stories(1)[0], body=body)
        assert len(sketch(one)) <= 16
        assert alike(one, replace(one, source="khac")) in {True, False}
        assert alike(one, replace(one, title="9" * 5_000, body=body.replace("8", "7"))) in {True, False}
