"""A redesign between two crawls: told by the first that meets it, read all the same, silent once mended."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.config import load
from crawler.times import utc_now
from crawler.watching.health import Health
from crawler.watching.status import statuses
from storage.store import Store
from tests.crawling.making import Ground, ground
from tests.newsroom import Newsroom

pytestmark = pytest.mark.slow

NAME = "baohatinh"


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with Newsroom(seed=3, articles={NAME: 20}) as opened:
        yield opened


@pytest.fixture
def place(room: Newsroom, tmp_path: Path) -> Ground:
    """A store that has seen the paper before its redesign."""
    made = ground(tmp_path, room.homes)
    made.crawl(NAME)
    return made


def health(place: Ground) -> Health:
    """What `status` says of the paper."""
    config = load(place.config, place.db)
    with Store.open(place.db) as store:
        return next(one.health for one in statuses(store, config, utc_now()) if one.name == NAME)


def mend(place: Ground) -> None:
    """Write the selectors that fit the paper's new clothes."""
    text = place.config.read_text(encoding="utf-8")
    for part, selector in {
        "lead": ".detail-standfirst",
        "body": ".detail-text",
        "author": ".detail-people .person",
        "date": ".detail-when",
        "section": ".detail-path a",
    }.items():
        table = rf"(\[sources\.{NAME}\.selectors\]\n(?:.+\n)*?{part} = )\[.*\]"
        text = re.sub(table, rf'\g<1>["{selector}"]', text)
    place.config.write_text(text, encoding="utf-8")


def test_a_crawl_tells_how_its_pages_were_read(room: Newsroom, place: Ground) -> None:
    assert health(place) == Health("well")
    with Store.open(place.db) as store:
        (run,) = store.runs.read(NAME, 9)
    readings = run.readings
    assert readings.pages == len(room.stories(NAME)) == readings.layers["body"]["selector"]
    assert readings.selectors == ("title", "lead", "body", "authors", "published", "section")
    assert readings.length > 300
    assert readings.paragraphs > 2
    assert readings.compared > 0


def test_a_redesign_is_told_by_its_first_crawl_and_costs_no_article(room: Newsroom, place: Ground) -> None:
    room.redesign(NAME)
    fresh = room.publish(NAME, 8)
    place.crawl(NAME)
    told = health(place)
    assert told.state == "redesigned"
    expected = r"selector body matched 0 of 8 \(before \d+ of \d+\); the \w+ layer read 8 of 8; used it"
    assert re.match(expected, told.complaints[0])
    assert told.complaints[0].endswith(f"`diembao reread --source {NAME}`")
    cases = place.cases(NAME)
    for story in fresh:
        article = cases[story.key].article
        text = "\n\n".join(filter(None, [article.lead, article.body]))
        assert (article.title, text) == (story.title, story.text)
    with Store.open(place.db) as store:
        (revision,) = store.articles.revisions(cases[fresh[0].key].id)
    assert revision.layers["title"]
    assert revision.layers["body"] not in {"", "selector"}


def test_selectors_that_were_mended_are_silent_again(room: Newsroom, place: Ground) -> None:
    room.redesign(NAME)
    room.publish(NAME, 8)
    place.crawl(NAME)
    assert health(place).state == "redesigned"
    mend(place)
    room.publish(NAME, 4)
    place.crawl(NAME)
    assert health(place) == Health("well")
