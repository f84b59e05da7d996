"""Stories in the store: kept with the article, the same in any order, taken apart again, backfilled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest

from crawler.sketching import sketch_stored
from storage.backup import check
from storage.cases import CaseQuery
from storage.errors import NoSuchLink
from storage.records import Article, Dating, Decision, Flag, FoundLink, Kept, Page
from storage.store import Store
from storage.stories import groups
from tests.review.stock import keep
from tests.storage.test_likeness import a_story

NOW = datetime(2026, 11, 23, 1, 15, tzinfo=UTC)
WHOLE = a_story().body.split("\n\n")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "diembao.sqlite"


def printed(source: str, sentences: Sequence[str] = WHOLE, days: float = 0, key: str = "1") -> Article:
    """What `source` prints of the story, so many days before NOW."""
    dated = Dating(NOW - timedelta(days=days), "minute", "meta")
    story = a_story()
    body = "\n\n".join(sentences)
    return replace(story, key=f"{source}:{key}", source=source, body=body, published=dated)


def flag(article: Article) -> Flag:
    return Flag("phong_trao", "Phong trào", "v1", "body", ((0, 3),), article.body[:20], 3.0)


def stories(store: Store) -> dict[str, tuple[str, ...]]:
    """Each article's copies, by their keys."""
    keys = {number: article.key for number, article in store.articles.each()}
    return {key: tuple(sorted(keys[one] for one in _case(store, number))) for number, key in keys.items()}


def _case(store: Store, number: int) -> tuple[int, ...]:
    case = store.cases.get(number)
    assert case is not None
    return case.story


def test_copies_are_one_story_whichever_came_first(path: Path) -> None:
    told = [
        printed("a"),
        printed("b", WHOLE[:13]),
        printed("c", WHOLE[6:]),  # alike to a, too different from b
        printed("d", a_story(seed=2).body.split("\n\n")),
    ]
    found = []
    for number, order in enumerate(permutations(told)):
        with Store.open(path.with_name(f"{number}.sqlite")) as store:
            for article in order:
                keep(store, article, now=NOW)
            found.append(stories(store))
    assert all(one == found[0] for one in found)
    assert found[0] == {"a:1": ("b:1", "c:1"), "b:1": ("a:1", "c:1"), "c:1": ("a:1", "b:1"), "d:1": ()}


def test_copies_that_are_more_than_thirty_days_apart_are_two_stories(path: Path) -> None:
    with Store.open(path) as store:
        for source, days in (("a", 0), ("b", 29), ("c", 61)):
            keep(store, printed(source, days=days), now=NOW)
        assert stories(store) == {"a:1": ("b:1",), "b:1": ("a:1",), "c:1": ()}


def test_a_text_that_changes_leaves_its_story_and_the_others_stay_together_if_they_are_alike(
    path: Path,
) -> None:
    with Store.open(path) as store:
        for article in (printed("a"), printed("b", WHOLE[:13]), printed("c", WHOLE[6:]), printed("d")):
            keep(store, article, now=NOW)
        keep(store, printed("a", a_story(seed=3).body.split("\n\n")), now=NOW + timedelta(hours=1))
        assert stories(store) == {
            "a:1": (),
            "b:1": ("c:1", "d:1"),
            "c:1": ("b:1", "d:1"),
            "d:1": ("b:1", "c:1"),
        }
        keep(store, printed("d", a_story(seed=4).body.split("\n\n")), now=NOW + timedelta(hours=2))
        assert stories(store) == {"a:1": (), "b:1": (), "c:1": (), "d:1": ()}
        keep(store, printed("a", WHOLE[:19]), now=NOW + timedelta(hours=3))
        assert stories(store)["a:1"] == ("b:1", "c:1")


def test_an_article_that_gets_its_date_later_is_looked_for_about_that_date(path: Path) -> None:
    with Store.open(path) as store:
        keep(store, printed("a", days=200), now=NOW)
        keep(store, replace(printed("b"), published=None), now=NOW)
        assert stories(store)["a:1"] == ()
        keep(store, printed("b", days=199), now=NOW + timedelta(hours=1))
        assert stories(store)["a:1"] == ("b:1",)


def test_older_stores_are_backfilled_and_a_second_time_is_nothing(path: Path) -> None:
    with Store.open(path) as store:
        for source in "abc":
            keep(store, printed(source), now=NOW)
        before = stories(store)
        for table in ("bands", "sketches", "copies", "stories"):
            store._db.execute(f"DELETE FROM {table}")
        assert list(store.stories.unsketched()) == [1, 2, 3]
        assert sketch_stored(store) == 3
        assert stories(store) == before
        assert sketch_stored(store) == 0


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        ("DELETE FROM stories WHERE article_id = 2", "2 pairs of copies that are not of one story"),
        (
            "UPDATE stories SET story_id = 2 WHERE article_id = 2",
            "2 pairs of copies that are not of one story",
        ),
        ("DELETE FROM copies WHERE article_id = 2", "2 articles in a story without a copy"),
    ],
)
def test_the_check_finds_stories_that_are_not_what_their_copies_make(
    path: Path, harm: str, told: str
) -> None:
    with Store.open(path) as store:
        for source in "ab":
            keep(store, printed(source), now=NOW)
        assert check(path) == ()
        store._db.execute(harm)
    assert check(path) == (told,)


def test_an_article_kept_by_halves_leaves_no_sketch(path: Path) -> None:
    with Store.open(path) as store:
        keep(store, printed("a"), now=NOW)
        page = Page("https://a.vn/", 200, (), NOW, b"<html></html>")
        store.links.offer("b", [FoundLink("b:1", "https://b.vn/1", "feed", "https://b.vn/")], NOW)
        with pytest.raises(NoSuchLink):  # of the second
            store.keep([Kept(f"{source}:1", page, printed(source), ()) for source in "bc"], NOW)
        assert stories(store) == {"a:1": ()}
        assert store._db.value("SELECT count(*) FROM sketches") == 1


@pytest.mark.parametrize(
    ("decided", "state", "shown"),
    [
        ({}, "new", [1]),
        ({1: "keep"}, "new", [2]),
        ({1: "keep", 2: "drop"}, "kept", [1]),
        ({2: "keep", 3: "keep"}, "kept", [2]),
        ({1: "keep", 2: "drop"}, "dropped", [2]),
        ({3: "later"}, "later", [3]),
        ({3: "later"}, "new", [1]),
    ],
)
def test_a_list_shows_of_a_story_the_earliest_article_that_belongs_there(
    path: Path, decided: dict[int, Decision], state: str, shown: list[int]
) -> None:
    with Store.open(path) as store:
        for source in "abc":
            keep(store, printed(source), [flag(printed(source))], now=NOW)
        for number, decision in decided.items():
            store.verdicts.decide(number, decision, None, NOW)
        query = CaseQuery(state=state, one_a_story=True)  # type: ignore[arg-type]  # a literal
        assert [case.id for case in store.cases.find(query)] == shown
        assert store.cases.count(query) == len(shown)
        assert store.cases.count(replace(query, source="b", one_a_story=False)) == (
            sum(case.article.source == "b" for case in store.cases.find(replace(query, one_a_story=False)))
        )


def test_the_whole_list_and_its_filters_fold_stories(path: Path) -> None:
    with Store.open(path) as store:
        for source in "abc":
            keep(store, printed(source, days="abc".index(source)), [flag(printed(source))], now=NOW)
        keep(store, printed("d", a_story(seed=2).body.split("\n\n"), days=9), [flag(printed("d"))], now=NOW)
        query = CaseQuery(flagged=True, rule="phong_trao", since=NOW - timedelta(days=20), one_a_story=True)
        assert [case.id for case in store.cases.find(query)] == [1, 4]
        assert [case.id for case in store.cases.find(replace(query, after=1))] == [4]
        since_b = replace(query, since=NOW - timedelta(days=1.5))
        assert [case.id for case in store.cases.find(since_b)] == [1]


def test_groups_are_what_pairs_lead_to() -> None:
    found = sorted(map(sorted, groups([(1, 2), (2, 3), (7, 9), (4, 3)])))
    assert found == [[1, 2, 3, 4], [7, 9]]
