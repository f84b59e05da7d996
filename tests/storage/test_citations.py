"""What revisions cite: kept with them, replaced as a whole, counted by document and over time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.judging.citing import cite
from storage.citations import CitationQuery
from storage.errors import NoSuchCase
from storage.records import Article, Cited, Dating
from storage.store import Store
from tests.storage.samples import HOUR, NOON, SOURCE, article, found, kept, put

BODY = "Kết luận số 44-KL/TW ngày 22/1/2019; Kết luận 44. Xã có 48 mô hình, 70/85 xã đạt 98,5%."


def citing(number: int = 1, body: str = BODY, at: datetime = NOON, source: str = SOURCE) -> Article:
    """An article that cites, published at that moment."""
    return replace(article(number, source), body=body, published=Dating(at, "minute", "meta"))


def hold(store: Store, *told: Article, at: datetime = NOON) -> None:
    """Keep them with what they cite, as a crawl does."""
    for one in told:
        store.links.offer(one.source, [replace(found(1, one.source), key=one.key, url=one.url)], NOON)
    store.keep([replace(kept(one, at=at), cited=cite(one)) for one in told], at)


def cited(store: Store, number: int = 1) -> Cited | None:
    case = store.cases.get(number)
    assert case is not None
    return case.cited


def test_what_an_article_cites_comes_back_as_it_was_kept(store: Store) -> None:
    hold(store, citing())

    assert cited(store) == cite(citing())
    assert len((cited(store) or Cited("")).figures) == 3


def test_an_article_kept_before_citations_were_read_has_none_and_is_counted(store: Store) -> None:
    put(store, article())

    assert cited(store) is None
    assert store.citations.unread() == 1
    store.citations.replace(1, cite(article()))
    assert cited(store) == cite(article())
    assert store.citations.unread() == 0


def test_the_same_again_writes_nothing_and_another_reading_replaces_all(store: Store) -> None:
    hold(store, citing())
    before = store._db.rows("SELECT id FROM citations UNION ALL SELECT id FROM figures")
    hold(store, citing())
    assert store._db.rows("SELECT id FROM citations UNION ALL SELECT id FROM figures") == before

    store.citations.replace(1, Cited("later"))
    assert cited(store) == Cited("later")


def test_a_new_revision_cites_what_it_says_and_the_old_one_no_longer_counts(store: Store) -> None:
    hold(store, citing())
    hold(store, citing(body="Nghị định 40/2024/NĐ-CP."), at=NOON + HOUR)

    told = store.citations.documents(CitationQuery())
    assert [one.citation.key for one in told] == ["NĐ-40-2024-CP"]


def test_places_still_cut_the_same_words_when_the_text_is_cleaned(store: Store) -> None:
    # Decomposed letters are composed on their way in, which moves everything behind them.
    loose = citing(body="Cu\u0309a " * 5 + "Kết luận số 44-KL/TW, 48 mô hình")
    hold(store, loose)

    case = store.cases.get(1)
    assert case is not None
    assert case.cited is not None
    place, figure = case.cited.citations[0].mentions[0], case.cited.figures[0]
    assert case.article.body[place.start : place.end] == "Kết luận số 44-KL/TW"
    assert case.article.body[figure.start : figure.end] == "48 mô hình"


def test_documents_are_counted_by_articles_and_over_time(store: Store) -> None:
    # The last minute of October in Vietnam is 17:59 of that day in UTC.
    october = datetime(2026, 10, 31, 16, 59, tzinfo=UTC)
    hold(
        store,
        citing(1),
        citing(2, "Kết luận số 44-KL/TW ngày 22/1/2019 và 521/2005/QĐ-TTg", october),
        citing(3, "Không có gì", october),
        citing(4, "Nghị định 40/2024/NĐ-CP", october + timedelta(minutes=1), "baokhac"),
    )

    told = {one.citation.key: one for one in store.citations.documents(CitationQuery())}

    assert list(told) == ["KL-44-TW@2019-01-22", "NĐ-40-2024-CP", "QĐ-521-TTg@2005-06-13"]
    first = told["KL-44-TW@2019-01-22"]
    assert (first.articles, first.mentions, first.first, first.last) == (2, 3, october, NOON)
    assert first.over_time == (("2026-10", 1), ("2026-11", 1))
    assert told["NĐ-40-2024-CP"].over_time == (("2026-11", 1),)
    weeks = store.citations.documents(CitationQuery(), "week")[0].over_time
    assert weeks == (("2026-10-26", 1), ("2026-11-23", 1))


def test_only_what_is_asked_for_is_counted(store: Store) -> None:
    hold(store, citing(1), citing(2, at=NOON - 48 * HOUR), citing(3, source="baokhac"))

    def count(query: CitationQuery) -> int:
        return sum(one.articles for one in store.citations.documents(query))

    assert count(CitationQuery()) == 3
    assert count(CitationQuery(source=SOURCE)) == 2
    assert count(CitationQuery(since=NOON)) == 2
    assert count(CitationQuery(until=NOON)) == 1
    assert count(CitationQuery("baokhac", NOON, NOON)) == 0


def test_the_articles_that_cite_a_document_come_newest_first(store: Store) -> None:
    hold(store, citing(1, at=NOON - HOUR), citing(2), citing(3, "Nghị định 40/2024/NĐ-CP"))

    told = list(store.citations.citing(["KL-44-TW@2019-01-22", "XX-1-?"], CitationQuery()))

    assert [(one.title, one.mentions) for one in told] == [("Tổ tự quản số 2", 2), ("Tổ tự quản số 1", 2)]
    assert list(store.citations.citing([], CitationQuery())) == []


def test_an_unknown_article_is_refused(store: Store) -> None:
    with pytest.raises(NoSuchCase):
        store.citations.replace(7, Cited("1"))
