"""Known articles are looked at again: edits, deletions, returns; a paper in trouble changes nothing."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.crawling.looking import too_many
from storage.store import Store
from tests.crawling.making import Ground, ground
from tests.newsroom import Newsroom

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("looking")]  # one first crawl for all

NAME = "baohungyen"


@pytest.fixture(scope="module")
def printing() -> Iterator[Newsroom]:
    with Newsroom(seed=9, articles={NAME: 8}) as opened:
        yield opened


@pytest.fixture(scope="module")
def crawled(printing: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """A store that has seen the paper as it was at first."""
    made = ground(tmp_path_factory.mktemp("crawled"), printing.homes)
    assert made.crawl(NAME)[0] == 0
    return made


@pytest.fixture
def room(printing: Newsroom) -> Newsroom:
    printing.renew(NAME)
    return printing


@pytest.fixture
def place(room: Newsroom, crawled: Ground, tmp_path: Path) -> Ground:
    made = ground(tmp_path, room.homes)
    shutil.copy(crawled.db, made.db)
    return made


def hours_pass(place: Ground) -> None:
    """Every article that is still watched is due."""
    with sqlite3.connect(place.db) as db:
        db.execute("UPDATE looks SET due_at = '2000-01-01T00:00:00.000000+00:00' WHERE due_at IS NOT NULL")


def test_nothing_is_looked_at_before_its_time(room: Newsroom, place: Ground) -> None:
    room.forget_requests()
    _, report = place.crawl(NAME)
    assert report.counts["looked"] == 0


def test_what_has_not_changed_costs_a_conditional_request_without_a_body(
    room: Newsroom, place: Ground
) -> None:
    hours_pass(place)
    room.forget_requests()
    _, report = place.crawl(NAME)
    paths = {story.path for story in room.stories(NAME)}
    asked = [request for request in room.requests(NAME) if request.path in paths]
    assert report.counts["looked"] == len(asked) > 0
    assert {request.status for request in asked} == {304}
    assert report.counts["revised"] == report.counts["gone"] == 0


def test_an_edit_is_a_revision_and_a_deletion_is_recorded_with_the_last_text_kept(
    room: Newsroom, place: Ground
) -> None:
    edited, deleted = (story.key for story in room.stories(NAME)[:2])
    before = place.cases(NAME)
    room.edit(edited)
    room.delete(deleted, 410)
    hours_pass(place)
    _, report = place.crawl(NAME)
    after = place.cases(NAME)
    assert after[edited].revision == 2
    assert after[deleted].gone_at is not None
    assert after[deleted].article == before[deleted].article
    assert report.reasons["gone: http-410"] == 1


def test_an_article_that_comes_back_is_not_gone_any_more(room: Newsroom, place: Ground) -> None:
    story = room.stories(NAME)[0]
    for fault in ("http-404", "redirect-home"):
        room.fault(NAME, fault, path=story.path)
        hours_pass(place)
        place.crawl(NAME)
        assert place.cases(NAME)[story.key].gone_at is not None, fault
        room.heal(NAME)
        hours_pass(place)
        place.crawl(NAME)
        assert place.cases(NAME)[story.key].gone_at is None, fault


@pytest.mark.parametrize("fault", ["http-500", "http-503", "cookie-wall", "empty-page", "cut", "login-page"])
def test_a_temporary_trouble_is_neither_a_change_nor_an_end(
    room: Newsroom, place: Ground, fault: str
) -> None:
    before = place.cases(NAME)
    room.fault(NAME, fault, path=room.stories(NAME)[0].path)
    hours_pass(place)
    place.crawl(NAME)
    assert place.cases(NAME) == before


def test_a_paper_that_misses_everything_has_not_deleted_everything(room: Newsroom, place: Ground) -> None:
    for story in room.stories(NAME):
        room.fault(NAME, "http-404", path=story.path)
    hours_pass(place)
    _, report = place.crawl(NAME)
    assert report.counts["gone"] == 0
    assert not any(case.gone_at for case in place.cases(NAME).values())


def test_no_more_than_the_bound_is_looked_at_in_one_crawl(room: Newsroom, tmp_path: Path) -> None:
    place = ground(tmp_path / "bound", room.homes, looks=3)
    place.crawl(NAME)
    hours_pass(place)
    assert place.crawl(NAME)[1].counts["looked"] == 3


def test_few_are_believed_to_be_missing_and_most_are_not() -> None:
    assert [too_many(*case) for case in ((1, 1), (2, 2), (3, 20), (3, 5))] == [False, False, False, True]


def test_a_case_changed_materially_after_its_verdict_is_in_the_queue_again(
    room: Newsroom, place: Ground
) -> None:
    from storage.cases import state_of

    key, case = next(
        (key, case)
        for key, case in place.cases(NAME).items()
        if any(flag.field == "body" for flag in case.flags)
    )
    with Store.open(place.db) as store:
        store.verdicts.decide(case.id, "keep", None, case.fetched_at)
    room.edit(key, "Một tiêu đề hoàn toàn khác được đặt lại sau khi đăng")
    hours_pass(place)
    place.crawl(NAME)
    assert state_of(place.cases(NAME)[key]) == "changed"
