"""The shipped rules against labelled articles, the five seeds, the newsroom and ordinary news.

No floor is ever lowered. What counts is what a person must look at: flags of the first level.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.judging.ordinary import ordinary
from tests.judging.shipped import SHARED, rules_that_flag
from tests.newsroom import NAMES, Newsroom

FLOOR = 1.0  # precision and recall, on topic or off
TOPIC_FLOOR = 0.98  # mean over topics with at least FEWEST cases of the F-measure
FEWEST = 5
NEWSROOM_FLOOR = 0.99  # precision and recall over all its stories, the misleading ones among them
ORDINARY = 2_000  # articles of ordinary news, each with up to four traps
FALSE_ALARMS = 12  # the most that may be flagged of them

SEEDS = {
    "baohatinh": {"lanh_dao_antt"},
    "baohungyen-republished": {"phong_trao", "chi_thi_09_ket_luan_44"},
    "congan-kontum": {"phong_trao", "chi_thi_09_ket_luan_44"},
    "gialaitv": {"phong_trao", "nghi_quyet_12"},
    "kontumtv": {"phong_trao", "chi_thi_09_ket_luan_44"},
}

needs_labels = pytest.mark.skipif(
    not (SHARED / "flagging-dev.jsonl").exists(), reason="no labelled articles beside the project"
)
needs_seeds = pytest.mark.skipif(not (SHARED / "seeds").exists(), reason="no seeds beside the project")


def labelled() -> Iterator[Mapping[str, Any]]:
    """The labelled condensations."""
    with (SHARED / "flagging-dev.jsonl").open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


@needs_labels
def test_on_topic_articles_are_flagged_and_others_are_not() -> None:
    right, wrong, missed = 0, [], []
    for one in labelled():
        flagged = bool(rules_that_flag(one["title"], one["text"]))
        if flagged and one["on_topic"]:
            right += 1
        elif flagged:
            wrong.append(one["id"])
        elif one["on_topic"]:
            missed.append(one["id"])

    assert right / (right + len(wrong)) >= FLOOR, f"flagged wrongly: {wrong}"
    assert right / (right + len(missed)) >= FLOOR, f"not flagged: {missed}"


@needs_labels
def test_articles_get_the_flags_of_their_topics() -> None:
    pairs = [(set(one["labels"]), rules_that_flag(one["title"], one["text"])) for one in labelled()]
    topics = {topic for wanted, _ in pairs for topic in wanted}
    scores = {}
    for topic in topics:
        both = sum(topic in wanted and topic in given for wanted, given in pairs)
        either = sum((topic in wanted) + (topic in given) for wanted, given in pairs)
        if sum(topic in wanted for wanted, _ in pairs) >= FEWEST:
            scores[topic] = 2 * both / either

    assert len(scores) >= FEWEST
    assert sum(scores.values()) / len(scores) >= TOPIC_FLOOR, scores


@needs_seeds
@pytest.mark.parametrize("name", SEEDS)
def test_every_seed_is_flagged_for_what_it_is_about(name: str) -> None:
    text = (SHARED / "seeds" / f"{name}.txt").read_text(encoding="utf-8")
    paragraphs = [line.strip() for line in text.splitlines() if len(line.split()) > 7]

    flagged = rules_that_flag("Tin trong tỉnh", "\n\n".join(dict.fromkeys(paragraphs)))

    assert flagged >= SEEDS[name]


def test_the_newsroom_s_stories_on_topic_are_found_among_its_near_misses() -> None:
    stories = [story for name in NAMES for story in Newsroom(seed=11, articles=400).stories(name)]
    flagged = [story for story in stories if rules_that_flag(story.title, story.text)]
    right = sum(story.on_topic for story in flagged)

    assert right / len(flagged) >= NEWSROOM_FLOOR
    assert right / sum(story.on_topic for story in stories) >= NEWSROOM_FLOOR


def test_ordinary_news_full_of_traps_is_left_alone() -> None:
    alarms = Counter(rule for title, text in ordinary(5, ORDINARY) for rule in rules_that_flag(title, text))

    assert alarms.total() <= FALSE_ALARMS, alarms
