"""Keeping: everything of an article together, the same again changing nothing."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest

from storage.errors import NoSuchCase, NoSuchLink
from storage.records import Article, Case, Dating, Flag, Image
from storage.store import Store
from tests.storage.samples import HOUR, NOON, SOURCE, article, flag, found, kept, page, put


def case_of(store: Store, number: int) -> Case:
    case = store.cases.get(number)
    assert case
    return case


def test_an_article_comes_back_as_it_was_kept(store: Store) -> None:
    told = replace(
        article(),
        published=Dating(NOON - HOUR, "minute", "json-ld"),
        authors=("Lê Hà", "Y Bình"),
        tags=("an ninh", "Tây Nguyên"),
        images=(Image("https://anh.vn/1.jpg", None), Image("https://anh.vn/2.jpg", "Họp")),
    )
    case = case_of(store, put(store, told, [flag("một"), flag("hai")]))
    assert case.article == told
    assert case.flags == (flag("một"), flag("hai"))
    assert (case.found_in, case.revision, case.changed_at, case.gone_at) == ("feed", 1, None, None)
    assert case.first_fetched_at == case.fetched_at == NOON
    assert store.pages.newest(case.id) == page(told)
    assert store.links.counts(SOURCE) == {"kept": 1}


def test_the_same_again_is_unchanged(store: Store) -> None:
    store.links.offer(SOURCE, [found()], NOON)
    once = kept(article(), [flag()])
    assert store.keep([once, once], NOON) == ("kept", "unchanged")
    before = case_of(store, 1)
    assert store.keep([once], NOON + HOUR) == ("unchanged",)
    assert case_of(store, 1) == before
    assert len(store.articles.revisions(1)) == 1


def test_a_changed_text_is_a_new_revision_and_the_old_one_stays(store: Store) -> None:
    number = put(store, article(), [flag()])
    mended = replace(article(), body="Đoạn một đã sửa.")
    assert store.keep([kept(mended, at=NOON + HOUR)], NOON + 2 * HOUR) == ("revised",)
    case = case_of(store, number)
    assert (case.article, case.revision, case.flags) == (mended, 2, ())
    assert (case.first_fetched_at, case.fetched_at) == (NOON, NOON + HOUR)
    assert case.changed_at == NOON + 2 * HOUR
    revisions = store.articles.revisions(number)
    assert [(one.number, one.article, one.fetched_at) for one in revisions] == [
        (1, article(), NOON),
        (2, mended, NOON + HOUR),
    ]
    assert store.pages.newest(number) == page(mended, NOON + HOUR)


def test_a_text_that_flaps_back_is_no_revision_and_one_that_stays_is_the_third(store: Store) -> None:
    number = put(store, article())
    other = replace(article(), title="Khác")
    store.keep([kept(other, at=NOON + HOUR)], NOON)
    for hours in (2, 3):
        assert store.keep([kept(article(), at=NOON + hours * HOUR)], NOON) == ("unchanged",)
    store.keep([kept(other, at=NOON + 4 * HOUR)], NOON)
    assert [one.number for one in store.articles.revisions(number)] == [1, 2]
    for hours, told in ((5, "unchanged"), (6, "unchanged"), (7, "revised")):
        assert store.keep([kept(article(), at=NOON + hours * HOUR)], NOON) == (told,)
    assert [one.number for one in store.articles.revisions(number)] == [1, 2, 3]


def test_a_mended_date_and_section_are_taken_over_without_a_revision(store: Store) -> None:
    number = put(store, article())
    retold = replace(article(), section="Pháp luật", published=Dating(NOON - HOUR, "minute", "meta"))
    assert store.keep([kept(retold, at=NOON + HOUR)], NOON + HOUR) == ("unchanged",)
    assert case_of(store, number).article == retold
    assert len(store.articles.revisions(number)) == 1


def test_a_later_change_told_of_the_same_text_is_no_revision(store: Store) -> None:
    number = put(store, article())
    for hours in (1, 2):
        told = replace(article(), updated=Dating(NOON + hours * HOUR, "second", "json-ld"))
        assert store.keep([kept(told, at=NOON + HOUR)], NOON + HOUR) == ("unchanged",)
        assert case_of(store, number).article == told
    assert store.keep([kept(article(), at=NOON + HOUR)], NOON + HOUR) == ("unchanged",)
    assert case_of(store, number).article == told
    assert len(store.articles.revisions(number)) == 1


def test_what_a_page_stops_telling_is_not_forgotten(store: Store) -> None:
    told = replace(article(), published=Dating(NOON - HOUR, "minute", "meta"))
    number = put(store, told)
    silent = replace(told, section=None, tags=(), published=Dating(NOON.replace(hour=0), "day", "url"))
    assert store.keep([kept(silent)], NOON) == ("unchanged",)
    assert case_of(store, number).article == told


def test_new_flags_on_an_unchanged_text_replace_the_old(store: Store) -> None:
    number = put(store, article(), [flag("cũ")])
    store.keep([kept(article(), [flag("mới")])], NOON)
    assert case_of(store, number).flags == (flag("mới"),)


def test_flags_are_replaced_without_touching_verdicts(store: Store) -> None:
    number = put(store, article(), [flag("cũ")])
    verdict = store.verdicts.decide(number, "keep", None, NOON)
    store.flags.replace(number, [flag("mới"), flag("khác")], NOON)
    assert case_of(store, number).flags == (flag("mới"), flag("khác"))
    store.flags.replace(number, [], NOON)
    assert case_of(store, number).flags == ()
    assert case_of(store, number).verdict == verdict
    with pytest.raises(NoSuchCase, match="number 99"):
        store.flags.replace(99, [], NOON)


def test_a_link_never_offered_keeps_nothing_of_the_batch(store: Store) -> None:
    store.links.offer(SOURCE, [found(1)], NOON)
    with pytest.raises(NoSuchLink, match="baogio:2"):
        store.keep([kept(article(1)), kept(article(2))], NOON)
    assert store.cases.get(1) is None
    assert store.links.counts(SOURCE) == {"new": 1}


def test_a_link_that_led_to_another_article_is_closed_with_it(store: Store) -> None:
    store.links.offer(SOURCE, [found(1), found(2)], NOON)
    redirected = replace(kept(article(2)), link_key="baogio:1")
    assert store.keep([redirected], NOON) == ("kept",)
    assert store.links.counts(SOURCE) == {"kept": 2}


def test_a_stored_page_read_again_adds_a_revision_but_no_page(store: Store) -> None:
    number = put(store, article())
    store.links.mark(SOURCE, "baogio:1", "gone", "http-410", None, NOON + HOUR)
    better = replace(kept(replace(article(), body="Đọc kỹ hơn.")), page=page(article()))
    assert store.keep([better], NOON + 2 * HOUR) == ("revised",)
    assert store.pages.newest(number) == page(article())
    assert store._db.value("SELECT count(*) FROM pages") == 1
    assert store.links.counts(SOURCE) == {"gone": 1}
    assert case_of(store, number).gone_at == NOON + HOUR


def test_writes_of_one_block_stand_or_fall_together(store: Store) -> None:
    class Stop(Exception):
        pass

    def block() -> None:
        with store.write():
            put(store, article(), [flag()])
            store.verdicts.decide(1, "keep", None, NOON)
            assert store.cases.get(1)
            raise Stop

    with pytest.raises(Stop):
        block()
    assert store.cases.get(1) is None
    assert store.links.counts(SOURCE) == {}
    put(store, article())


def test_texts_are_stored_in_nfc_and_flags_still_cut_the_same_words(store: Store) -> None:
    nfc = article()
    decomposed = unicodedata.normalize("NFD", nfc.title)
    start = decomposed.index(unicodedata.normalize("NFD", "quản"))
    end = start + len(unicodedata.normalize("NFD", "quản"))
    moved = Flag("r", "R", "v1", "title", ((start, end),), decomposed, 1.0)
    case = case_of(store, put(store, replace(nfc, title=decomposed), [moved]))
    assert case.article.title == nfc.title
    ((first, last),) = case.flags[0].spans
    assert nfc.title[first:last] == "quản"
    assert case.flags[0].quote == nfc.title


def test_surrogates_and_nuls_do_not_break_a_write(store: Store) -> None:
    torn = replace(article(), body="a\ud83db\0c", authors=("\udc00",), tags=("\0",), section="\ud800")
    case = case_of(store, put(store, torn))
    assert case.article.body == "a\ufffdb\ufffdc"
    assert case.article.authors == ("\ufffd",)
    assert store.keep([kept(torn)], NOON) == ("unchanged",)


def test_each_streams_the_newest_revisions_while_flags_are_written(store: Store) -> None:
    expected: dict[int, Article] = {}
    for n in range(1, 6):
        expected[put(store, article(n))] = article(n)
    put(store, article(1, "khac"))
    store.keep([kept(replace(article(2), title="Mới"), at=NOON + HOUR)], NOON)
    expected[2] = replace(article(2), title="Mới")
    seen = {}
    for number, told in store.articles.each(SOURCE):
        store.flags.replace(number, [flag()], NOON)
        seen[number] = told
    assert seen == expected
    assert len(list(store.articles.each())) == 6
