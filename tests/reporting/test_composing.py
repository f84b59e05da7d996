"""What a press review says: every count with what it is a part of, every article once, nothing private."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date, timedelta

import pytest

from crawler.judging.citing import cite
from crawler.reporting.composing import compose
from crawler.reporting.counting import Around, count
from crawler.reporting.facts import Counts, Picked
from crawler.reporting.order import Question, ReportOrder
from crawler.reporting.period import Period, week_of
from crawler.reporting.webpage import webpage
from crawler.reporting.word import word_document
from crawler.searching import ask
from storage.records import Dating
from storage.store import Store
from tests.reporting.made import (
    IN_WEEK,
    WEEK,
    chapter,
    config,
    crawl,
    entries,
    facts_of,
    fill,
    odd,
    put,
    report_of,
    said,
    seen,
)
from tests.review.stock import NOW, story

USUAL = ReportOrder(WEEK)
SUMMARY, TOPICS, FULL, LIST, DOCUMENTS, FIGURES = (f"phan-{number}" for number in range(1, 7))


def decide(store: Store, cases: dict[int, int], **decisions: str) -> None:
    for name, decision in decisions.items():
        case = cases[int(name.removeprefix("n"))]
        store.verdicts.decide(case, decision, f"ghi chú {name}", NOW, "Nguyễn Thị Lan")  # type: ignore[arg-type]


def titles(report_entries: list[str]) -> list[str]:
    return [one.splitlines()[0] for one in report_entries]


def test_kept_articles_are_told_in_full_undecided_ones_listed_dropped_ones_nowhere(store: Store) -> None:
    cases = fill(store, range(IN_WEEK, IN_WEEK + 4))
    decide(store, cases, n5="keep", n6="drop", n7="later")
    report = report_of(store)
    [entry] = entries(report)
    assert story(5).title in entry
    assert story(6).title not in said(report)
    listed = chapter(report, LIST)
    assert story(8).title in listed
    assert f"{story(7).title} – để sau" in listed


def test_an_article_tells_title_paper_time_proof_and_link(store: Store) -> None:
    decide(store, fill(store, [IN_WEEK]), n5="keep")
    [entry] = entries(report_of(store))
    assert entry.splitlines()[:3] == [
        f"1.1. {story(5).title}",
        "kontumtv.vn (Kon Tum) · 22:15 ngày 22/11/2026 · Lê Thu An, Trần Bình",
        "Phong trào toàn dân bảo vệ an ninh Tổ quốc ở đây không bắt đầu từ một văn bản.",
    ]
    assert entry.splitlines()[3].startswith("Đến nay, tổ an ninh của thôn có mười hai người")
    assert "Liên kết: https://kontumtv.vn/bai-post5.html" in entry
    assert "Cũng thuộc chủ đề: Tổ an ninh cơ sở." in entry


def test_every_count_is_told_with_what_it_is_a_part_of(store: Store) -> None:
    cases = fill(store, range(IN_WEEK, IN_WEEK + 4))
    fill(store, range(9, 13), rules=())
    decide(store, cases, n5="keep", n6="drop")
    summary = chapter(report_of(store), SUMMARY)
    assert "8 bài được tìm thấy, trong đó 8 bài đọc được (100%)" in summary
    assert "4 bài được gắn cờ vì khớp một chủ đề theo dõi (50% số bài đọc được)" in summary
    assert "Đã duyệt 2 bài (50% số bài gắn cờ): giữ 1, bỏ 1, để sau 0; chưa duyệt 2 bài." in summary
    assert "Giữ | 1 | 50% số bài đã duyệt" in summary


def test_days_on_which_a_paper_could_not_be_seen_are_named(store: Store) -> None:
    for day in (16, 17, 18, 19, 20, 21, 22):
        crawl(store, "baohatinh", date(2026, 11, day), "failed" if day in {18, 20} else "done")
        crawl(store, "baohungyen", date(2026, 11, day))
    report = report_of(store, seen=[seen("baohatinh", "ill")])
    summary = chapter(report, SUMMARY)
    assert "2 trong 14 ngày-báo không xem được" in summary
    assert "ít bài ở đó không có nghĩa là báo ít tin: baohatinh.vn (18/11, 20/11)." in summary
    assert "1 báo có trong danh sách nhưng chưa được xem lần nào trong kỳ: kontumtv.vn." in summary
    assert "baohatinh.vn (Hà Tĩnh) | trục trặc | 5/7 | 0 | 0 | 0 | 23/11/2026" in said(report)


def test_a_week_that_was_seen_wholly_is_told_to_be_so(store: Store) -> None:
    for name in ("baohatinh", "baohungyen", "kontumtv"):
        for day in range(15, 23):
            crawl(store, name, date(2026, 11, day))
    assert "Không báo nào bị mất theo dõi ngày nào" in chapter(report_of(store), SUMMARY)


def test_a_period_that_is_not_over_is_told_to_be_so(store: Store) -> None:
    order = ReportOrder(week_of("48", NOW.date()))
    assert "Kỳ này chưa kết thúc: số liệu chỉ tính đến 08:15 ngày 23/11/2026." in said(
        report_of(store, order)
    )


def test_nothing_found_is_said_in_every_chapter(store: Store) -> None:
    report = report_of(store)
    assert "Không bài nào được gắn cờ" in chapter(report, SUMMARY)
    assert "Không có bài nào để nêu" in chapter(report, FULL)
    assert "Không còn bài gắn cờ nào chưa duyệt" in chapter(report, LIST)
    assert "Không bài nào nêu ở trên dẫn một văn bản" in chapter(report, DOCUMENTS)
    assert "Không bài nào nêu ở trên có số liệu" in chapter(report, FIGURES)


def test_copies_of_one_text_stand_under_the_earliest_with_where_else(store: Store) -> None:
    first = odd(5)
    at = Dating(first.published.at + timedelta(hours=5), "minute", "selector")  # type: ignore[union-attr]
    copy = replace(
        first,
        key="baohatinh:post90",
        source="baohatinh",
        url="https://baohatinh.vn/post90.html",
        published=at,
    )
    cases = put(store, {5: first, 90: copy})
    decide(store, cases, n5="keep", n90="keep")
    [entry] = entries(report_of(store))
    assert "kontumtv.vn (Kon Tum)" in entry
    assert "Cũng đăng ở: baohatinh.vn (20/11/2026)." in entry
    decide(store, cases, n90="drop")
    assert "Cũng đăng ở" not in entries(report_of(store))[0]


def test_an_undecided_copy_of_a_kept_article_is_not_listed_again(store: Store) -> None:
    first = odd(5)
    copy = replace(first, key="baohatinh:post90", source="baohatinh", url="https://baohatinh.vn/post90.html")
    decide(store, put(store, {5: first, 90: copy}), n5="keep")
    report = report_of(store)
    assert "Cũng đăng ở: baohatinh.vn" in entries(report)[0]
    assert "Không còn bài gắn cờ nào chưa duyệt" in chapter(report, LIST)


def test_notes_and_names_are_told_on_request_only(store: Store) -> None:
    decide(store, fill(store, [IN_WEEK]), n5="keep")
    assert "ghi chú" not in said(report_of(store))
    assert "Nguyễn Thị Lan" not in said(report_of(store))
    noted = said(report_of(store, replace(USUAL, with_notes=True)))
    assert "Ghi chú duyệt: ghi chú n5 – Nguyễn Thị Lan, 08:15 ngày 23/11/2026" in noted


def test_all_tells_dropped_ones_too_each_with_its_decision(store: Store) -> None:
    cases = fill(store, range(IN_WEEK, IN_WEEK + 4))
    decide(store, cases, n5="keep", n6="drop", n7="later")
    told = entries(report_of(store, replace(USUAL, taken="all")))
    states = [line for entry in told for line in entry.splitlines() if line.startswith("Tình trạng duyệt")]
    assert sorted(states) == [
        f"Tình trạng duyệt: {state}." for state in ("bỏ", "chưa duyệt", "giữ", "để sau")
    ]


@pytest.mark.parametrize(("taken", "number"), [("keep", 5), ("drop", 6), ("later", 7), ("new", 8)])
def test_one_decision_may_be_asked_for_alone(store: Store, taken: str, number: int) -> None:
    cases = fill(store, range(IN_WEEK, IN_WEEK + 4))
    decide(store, cases, n5="keep", n6="drop", n7="later")
    report = report_of(store, replace(USUAL, taken=taken))  # type: ignore[arg-type]
    assert titles(entries(report)) == [f"1.1. {story(number).title}"]
    assert "Bài chưa duyệt hoặc để sau" not in said(report)


def test_what_is_beyond_the_limit_is_counted(store: Store) -> None:
    decide(store, fill(store, range(IN_WEEK, IN_WEEK + 6)), n5="keep", n6="keep", n7="keep")
    report = report_of(store, replace(USUAL, most=2))
    assert titles(entries(report)) == [f"1.1. {story(5).title}", f"1.2. {story(6).title}"]
    assert "Nêu 2 bài mới nhất trong 3 bài; 1 bài cũ hơn không nêu ở đây" in chapter(report, FULL)
    assert "Nêu 2 bài mới nhất trong 3 bài" in chapter(report, LIST)


def test_a_rule_that_is_gone_keeps_its_topic_and_is_told_to_be_gone(store: Store) -> None:
    decide(store, fill(store, [IN_WEEK], rules=("to_an_ninh",)), n5="keep")
    report = report_of(store, config=config(rules=("phong_trao",)))
    assert "1. Tổ an ninh cơ sở (1 bài)" in chapter(report, FULL)
    assert "Tổ an ninh cơ sở (quy tắc không còn dùng) | 1 | 1" in chapter(report, TOPICS)
    assert "to_an_ninh | Tổ an ninh cơ sở | không còn dùng | v1" in said(report)


def test_a_kept_article_that_nothing_flags_any_more_is_told_with_how_it_begins(store: Store) -> None:
    cases = fill(store, [IN_WEEK])
    decide(store, cases, n5="keep")
    store.flags.replace(cases[5], (), NOW + timedelta(minutes=5))
    report = report_of(store)
    [entry] = entries(report)
    assert "1. Khác: không quy tắc nào gắn cờ (1 bài)" in chapter(report, FULL)
    assert "số vụ mất trộm" in entry


def test_an_undated_article_counts_by_its_fetching_and_is_told_to_be_undated(store: Store) -> None:
    undated = replace(story(5), published=None)
    cases = put(store, {5: undated})
    decide(store, cases, n5="keep")
    order = ReportOrder(Period(date(2026, 11, 23), date(2026, 11, 23), "days"))
    [entry] = entries(report_of(store, order))
    assert "báo không ghi ngày đăng; tải về lần đầu 08:15 ngày 23/11/2026" in entry


def test_a_question_narrows_and_its_own_words_prove(store: Store) -> None:
    cases = fill(store, range(IN_WEEK, IN_WEEK + 4))
    decide(store, cases, n5="keep", n6="keep", n8="keep")
    question = Question('title:"ký cam kết"', "Cam kết", ask('title:"ký cam kết"', {}))
    facts = facts_of(store, replace(USUAL, question=question))
    assert [case.id for case in facts.full.cases] == [cases[6]]
    report = report_of(store, replace(USUAL, question=question))
    assert 'khớp câu tìm “title:"ký cam kết"” (lưu với tên “Cam kết”): 1 bài' in chapter(report, SUMMARY)


def test_a_question_asked_of_everything_finds_what_no_rule_flags(store: Store) -> None:
    fill(store, [IN_WEEK], rules=())
    question = Question("an ninh", None, ask("an ninh", {}))
    report = report_of(store, replace(USUAL, question=question, taken="all"))
    told = chapter(report, FULL)
    assert "III. Mọi bài khớp câu tìm, theo chủ đề" in told
    assert "1. Khác: không quy tắc nào gắn cờ (1 bài)" in told
    assert "nêu đầy đủ mọi bài khớp câu tìm, gắn cờ hay không" in said(report)


def test_one_source_and_one_rule_narrow_the_counts_too(store: Store) -> None:
    decide(store, fill(store, range(IN_WEEK, IN_WEEK + 6)), n5="keep", n6="keep")
    report = report_of(store, replace(USUAL, source="baohatinh", rule="to_an_ninh"))
    assert titles(entries(report)) == [f"1.1. {story(6).title}"]
    assert "2 bài được gắn cờ" in chapter(report, SUMMARY)
    assert "Bản này chỉ nêu bài của nguồn baohatinh.vn, thuộc chủ đề “Tổ an ninh cơ sở”" in chapter(
        report, SUMMARY
    )


def test_documents_and_figures_are_told_with_how_they_are_known(store: Store) -> None:
    body = (
        "Tổ an ninh thực hiện Kết luận số 44-KL/TW ngày 22/1/2019 của Ban Bí thư; Kết luận 44 nêu rõ.\n\n"
        "Toàn tỉnh có 1.240 mô hình toàn dân bảo vệ an ninh Tổ quốc, thu hút hơn 52.000 hộ dân."
    )
    article = odd(5, body=body)
    cases = put(store, {5: article})
    store.citations.replace(cases[5], cite(article, "Kon Tum"))
    decide(store, cases, n5="keep")
    report = report_of(store)
    assert (
        "Kết luận số 44-KL/TW ngày 22/01/2019 (Ban Bí thư) | 1 | 2 | 1 | đủ ký hiệu và thời gian"
        in chapter(report, DOCUMENTS)
    )
    assert "\nhơn 52.000 hộ dân | Toàn tỉnh có 1.240 mô hình" in chapter(report, FIGURES)


def test_500_articles_are_told_in_every_format(store: Store) -> None:
    decide(store, fill(store, [IN_WEEK]), n5="keep")
    facts = facts_of(store)
    [case] = facts.full.cases
    many = Picked(tuple(replace(case, id=number) for number in range(500)), 700)
    report = compose(replace(facts, full=many))
    assert len(entries(report)) == 500
    assert "Nêu 500 bài mới nhất trong 700 bài; 200 bài cũ hơn" in chapter(report, FULL)
    assert webpage(report).count("<article>") == 500
    with zipfile.ZipFile(io.BytesIO(word_document(report))) as packed:
        assert packed.read("word/document.xml").count(b'<w:pStyle w:val="Heading3"/>') == 500


def test_the_same_facts_give_the_same_report(store: Store) -> None:
    decide(store, fill(store, range(IN_WEEK, IN_WEEK + 3)), n5="keep")
    assert report_of(store) == report_of(store)


def test_all_of_it_is_of_one_moment_while_the_store_goes_on(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store, range(IN_WEEK, IN_WEEK + 2))

    def count_later(frozen: Store, order: ReportOrder, around: Around) -> Counts:
        fill(store, range(8, 10))
        return count(frozen, order, around)

    monkeypatch.setattr("crawler.reporting.gathering.count", count_later)
    facts = facts_of(store)
    assert facts.short.asked == facts.counts.whole.total.flagged == 2
    assert facts_of(store).short.asked == 4


def test_a_moment_before_the_past_was_recorded_is_warned_of(store: Store) -> None:
    facts = facts_of(store)
    warned = "Kho chỉ ghi lại những thay đổi từ"
    assert warned not in chapter(compose(replace(facts, recorded_since=NOW - timedelta(days=1))), SUMMARY)
    assert warned in chapter(compose(replace(facts, recorded_since=NOW + timedelta(days=1))), SUMMARY)
