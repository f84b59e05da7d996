"""Every story of every paper of the newsroom is read exactly, before and after a redesign."""

from __future__ import annotations

from datetime import datetime
from itertools import product

import pytest

from crawler.reading import Hints, Reading, read
from crawler.reading.selectors import Selectors
from crawler.times import VIETNAM
from storage.likeness import Text, alike, sketch
from storage.records import Dating, Page
from tests.newsroom.newsroom import PAPERS
from tests.newsroom.paper import Paper, Setup
from tests.newsroom.story import Story
from tests.reading.pages import selectors

NAMES = [paper.name for paper in PAPERS]


def _paper(name: str) -> Paper:
    make = next(paper for paper in PAPERS if paper.name == name)
    return make(Setup(stories=60, old=20 if name in {"baohatinh", "baohungyen"} else 0, seed=7))


def _read(paper: Paper, path: str, known: Selectors) -> Reading:
    answer = paper.answer(path)
    page = Page(
        paper.home + path,
        answer.status,
        (("Content-Type", answer.content_type),),
        paper.setup.now,
        answer.body,
    )
    return read(page, Hints(paper.name, path, known, None, paper.home), paper.setup.now)


def _at(dating: Dating | None, story: Story) -> datetime | None:
    """What was read, as fine as the page tells it."""
    if dating is None or story.precision == "second":
        return dating.at if dating else None
    local = dating.at.astimezone(VIETNAM).replace(second=0)
    return local.replace(hour=0, minute=0) if story.precision == "day" else local


def _published(story: Story) -> datetime | None:
    return _at(Dating(story.published_at, "second", "meta"), story) if story.published_at else None


def test_a_story_that_another_paper_reprints_is_found_to_be_a_copy_by_what_is_read() -> None:
    """Across all templates, retitled and cut, with the furniture of either."""
    papers = {name: _paper(name) for name in NAMES}
    told = [next(one for one in papers[name].archive.stories if len(one.body) > 5) for name in NAMES]
    for number, (story, name) in enumerate(product(told, NAMES)):
        if story.site == name:
            continue
        title = "Chuyện bình yên ở một miền quê" if number % 2 else None
        printed = papers[name].reprint(story, title, paragraphs=4 if number % 3 else None)
        one = _read(papers[story.site], story.path, selectors(story.site)).article
        other = _read(papers[name], printed.path, selectors(name)).article
        assert one is not None
        assert other is not None
        first, second = Text(one), Text(other)
        assert set(sketch(first)) & set(sketch(second)), (story.key, printed.key)
        assert alike(first, second), (story.key, printed.key)


@pytest.mark.parametrize("name", NAMES)
def test_every_story_is_read_word_for_word(name: str) -> None:
    paper = _paper(name)
    for story in paper.archive.stories:
        found = _read(paper, story.path, selectors(name)).article
        assert found is not None, story.path
        assert (found.title, found.lead) == (story.title, story.lead), story.path
        assert tuple(found.body.split("\n\n")) == story.body, story.path
        assert found.authors == story.authors, story.path
        assert tuple(image.caption for image in found.images) == story.captions, story.path
        assert _at(found.published, story) == _published(story), story.path


@pytest.mark.parametrize("name", NAMES)
def test_every_story_is_read_without_a_line_of_config(name: str) -> None:
    paper = _paper(name)
    for story in paper.archive.stories:
        found = _read(paper, story.path, Selectors()).article
        assert found is not None, story.path
        assert found.title == story.title, story.path
        assert "\n\n".join(filter(None, (found.lead, found.body))) == story.text, story.path


@pytest.mark.parametrize("name", NAMES)
def test_a_redesign_costs_no_story(name: str) -> None:
    paper = _paper(name)
    paper.redesign()
    for story in paper.archive.stories:
        answer = _read(paper, story.path, selectors(name))
        assert answer.article is not None, (story.path, answer.refused)
        assert answer.article.title == story.title, story.path
        assert "\n\n".join(filter(None, (answer.article.lead, answer.article.body))) == story.text, story.path


@pytest.mark.parametrize("name", NAMES)
def test_no_listing_is_taken_for_an_article(name: str) -> None:
    paper = _paper(name)
    slugs = [section.slug for section in paper.sections]
    paths = ["/", "/tin-moi.html", "/x-tag1.html", "/search/", "/tv/gia-vang"]
    paths += [form.format(slug) for slug in slugs for form in ("/{}", "/{}/", "/category/{}")]
    listings = [path for path in paths if paper.answer(path).kind == "listing"]
    assert len(listings) > len(slugs) / 2
    for path in listings:
        assert _read(paper, path, selectors(name)).article is None, path
