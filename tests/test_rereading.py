"""Reading again: selectors mend what is stored, nothing is lost unseen, it goes on where it was ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from pathlib import Path

import pytest

from crawler.config.model import Source
from crawler.crawling.doors import Judged
from crawler.crawling.reading_process import judged
from crawler.errors import AlreadyRunning
from crawler.judging import compile_rules
from crawler.judging.ruletext import RuleText
from crawler.reading import Hints, Reading
from crawler.reading.selectors import Selectors
from crawler.rereading.deciding import decide
from crawler.rereading.rereading import Order, alone, compare, reread
from crawler.rereading.summary import Summary, excerpts
from storage.records import Article, Dating, FoundLink, Kept, Page, Stored
from storage.store import Store
from tests.making import NOON, article, flag

HOUR = timedelta(hours=1)
FIRST = "Sáng 23/11, hơn ba trăm công nhân của xưởng may ngừng việc vì chưa được trả lương tháng mười."
THEN = (
    "Đại diện liên đoàn lao động tỉnh đã đến cổng xưởng từ sớm, nghe từng tổ sản xuất nói và ghi lại ý "
    "kiến của mọi người. Theo nhiều chị em, bữa ăn giữa ca ngày càng kém, giờ làm thêm không được chấm công "
    "đầy đủ, còn quạt gió trong phân xưởng hỏng đã hai tháng mà chưa ai đến sửa dù đã báo nhiều lần."
)
SECOND = "Họ đòi tăng lương; chủ xưởng hứa trả lời trước cuối tuần, và đình công tạm dừng từ buổi chiều."
RULES = (RuleText("luong", "Lương", any_of=("tăng lương",)),)
CUT = Selectors(title=("h1",), body=(".opening",))
WHOLE = Selectors(title=("h1",), body=(".story",))


def page(number: int, second: str = SECOND) -> Page:
    text = (
        f"<html><body><h1>Công nhân xưởng số {number} ngừng việc</h1><div class=story><div class=opening>"
        f"<p>{FIRST}</p><p>{FIRST.upper()}</p><p>{THEN}</p></div><p>{second}</p></div></body></html>"
    )
    html = (("Content-Type", "text/html; charset=utf-8"),)
    return Page(f"https://bao.example.vn/tin-{number}-post{number}.html", 200, html, NOON, text.encode())


class Inline:
    """Reads where it is asked, and remembers what was asked."""

    size = 1

    def __init__(self) -> None:
        self.judge = compile_rules(RULES)
        self.keys: list[str] = []

    def ask(self, page: Page, hints: Hints) -> Future[Judged | str]:
        self.keys.append(hints.key)
        answer: Future[Judged | str] = Future()
        answer.set_result(judged(self.judge, page, hints))
        return answer


def order(selectors: Selectors = WHOLE, *, even_shorter: bool = False) -> Order:
    return Order(
        {"bao": Source("bao", "https://bao.example.vn/", selectors=selectors)}, RULES, None, even_shorter
    )


def crawled(
    store: Store, pages: Sequence[Page], selectors: Selectors = CUT, dated: Dating | None = None
) -> None:
    """Keep pages as a crawl with these selectors reads them; the feed dates them."""
    judge = compile_rules(RULES)
    for number, one in enumerate(pages, 1):
        key = f"bao:{number}"
        store.links.offer("bao", [FoundLink(key, one.url, "feed", "/rss", dated)], NOON)
        answer = judged(judge, one, Hints("bao", key, selectors, dated))
        assert answer.reading.article is not None
        store.keep([Kept(key, one, answer.reading.article, answer.flags, answer.reading.layers)], NOON)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store.sqlite") as opened:
        yield opened


def run(store: Store, asked: Order, pool: Inline | None = None) -> dict[int, str]:
    return {one.stored.id: one.outcome for one in reread(store, asked, pool or Inline(), lambda: NOON + HOUR)}


def newest(store: Store, number: int) -> Article:
    return store.articles.revisions(number)[-1].article


def test_mended_selectors_mend_what_is_stored_and_verdicts_stay(store: Store) -> None:
    crawled(store, [page(1), page(2)])
    store.verdicts.decide(1, "keep", "ghi", NOON)
    assert run(store, order()) == {1: "changed", 2: "changed"}
    first, second = store.articles.revisions(1)
    assert SECOND not in first.article.body
    assert second.article.body == f"{first.article.body}\n\n{SECOND}"
    case = store.cases.get(1)
    assert case is not None
    assert [one.rule for one in case.flags] == ["luong"]
    assert case.verdict is not None
    assert (case.verdict.note, case.changed_at) == ("ghi", None)
    assert store._db.value("SELECT count(*) FROM pages") == 2


def test_a_second_time_changes_nothing(store: Store) -> None:
    crawled(store, [page(1), page(2)])
    run(store, order())
    assert run(store, order()) == {1: "same", 2: "same"}
    assert len(store.articles.revisions(1)) == 2


def test_comparing_writes_nothing_and_tells_every_field(store: Store) -> None:
    crawled(store, [page(1)])
    before = store._db.value("SELECT total_changes()")
    (one,) = compare(store, order(), Inline())
    assert set(one.changes) == {"body", "flags"}
    assert one.changes["body"][1].endswith(SECOND)
    assert store._db.value("SELECT total_changes()") == before


def test_the_feeds_date_survives(store: Store) -> None:
    told = Dating(NOON - HOUR, "second", "feed")
    crawled(store, [page(1)], dated=told)
    assert newest(store, 1).published == told
    run(store, order())
    assert newest(store, 1).published == told


def test_the_layers_are_recorded_even_where_the_text_stays(store: Store) -> None:
    crawled(store, [page(1)], WHOLE)
    store._db.execute('UPDATE revisions SET layers = \'{"body": "generic"}\'')
    assert run(store, order()) == {1: "same"}
    (revision,) = store.articles.revisions(1)
    assert (revision.layers["title"], revision.layers["body"]) == ("selector", "selector")


def test_a_page_that_would_be_refused_leaves_its_article(store: Store) -> None:
    crawled(store, [page(1), page(2)])
    store._db.execute("UPDATE pages SET status = 404 WHERE id = 1")
    assert run(store, order()) == {1: "refused", 2: "changed"}
    assert len(store.articles.revisions(1)) == 1


def test_half_of_a_text_is_not_lost_unless_that_is_asked_for(store: Store) -> None:
    crawled(store, [page(1, f"{SECOND} " * 20)], WHOLE)
    assert run(store, order(CUT)) == {1: "shorter"}
    assert SECOND in newest(store, 1).body
    assert run(store, order(CUT, even_shorter=True)) == {1: "changed"}
    assert SECOND not in newest(store, 1).body


def test_what_was_done_is_not_done_again_after_an_end_halfway(store: Store) -> None:
    crawled(store, [page(number) for number in range(1, 101)])
    ended = reread(store, order(), Inline(), lambda: NOON)
    assert len(list(islice(ended, 10))) == 10
    del ended
    done = store.rereads.position(order().asked)
    assert 10 <= done < 100
    pool = Inline()
    assert list(run(store, order(), pool)) == list(range(done + 1, 101))
    assert pool.keys == [f"bao:{number}" for number in range(done + 1, 101)]
    assert store.rereads.position(order().asked) == 0
    assert all(SECOND in newest(store, number).body for number in (1, done, done + 1, 100))


def test_other_selectors_begin_at_the_first_article(store: Store) -> None:
    crawled(store, [page(number) for number in range(1, 101)])
    ended = reread(store, order(CUT), Inline(), lambda: NOON)
    next(ended)
    del ended
    assert store.rereads.position(order(CUT).asked) > 0
    assert len(run(store, order())) == 100


def test_an_article_revised_meanwhile_keeps_what_the_site_says_now(store: Store) -> None:
    crawled(store, [page(1)])

    class Late(Inline):
        def ask(self, page: Page, hints: Hints) -> Future[Judged | str]:
            answer = super().ask(page, hints)
            said = replace(newest(store, 1), body="Báo vừa sửa lại.")
            store.keep([Kept("bao:1", replace(page, fetched_at=NOON + HOUR), said, ())], NOON + HOUR)
            return answer

    assert run(store, order(), Late()) == {1: "same"}
    assert newest(store, 1).body == "Báo vừa sửa lại."


def test_sources_that_config_has_forgotten_are_left_alone(store: Store) -> None:
    crawled(store, [page(1)])
    other = replace(order(), sources={"khac": Source("khac", "https://khac.example.vn/")})
    assert run(store, other) == {}


def test_only_one_reread_writes_at_a_time(store: Store) -> None:
    with alone(store), pytest.raises(AlreadyRunning, match="another reread"), alone(store):
        pass


STORED = Stored(1, 1, article(), {}, (flag(),), None, page(1))


@pytest.mark.parametrize(
    ("stored", "answer", "reason"),
    [
        (STORED, "reading-crashed: MemoryError", "reading-crashed"),
        (replace(STORED, page=None), "x", "no-page"),
        (replace(STORED, page=None, page_let_go_at=NOON), "no-page", "let-go"),
    ],
)
def test_what_cannot_be_read_is_told_by_its_reason(stored: Stored, answer: str, reason: str) -> None:
    one = decide(stored, answer)
    assert (one.outcome, one.reason, one.kept, one.changes) == ("unread", reason, None, {})


def test_what_the_page_stopped_telling_stays(store: Store) -> None:
    told = replace(article(), section=None, tags=(), published=None)
    one = decide(STORED, Judged(Reading(told, "article", None, {}), (flag(),)))
    assert (one.outcome, one.changes) == ("same", {})


def test_an_article_that_says_the_same_gets_the_citations_it_was_never_read_for(store: Store) -> None:
    crawled(store, [page(1, "Kết luận số 44-KL/TW ngày 22/1/2019; có 48 mô hình.")], WHOLE)
    assert store.citations.unread() == 1
    assert run(store, order()) == {1: "same"}
    case = store.cases.get(1)
    assert case is not None
    assert case.revision == 1
    assert case.cited is not None
    assert [one.key for one in case.cited.citations] == ["KL-44-TW@2019-01-22"]


def test_a_body_never_disappears_behind_a_long_lead() -> None:
    told = replace(article(), lead="Người lao động đã ngừng việc. " * 20, body="")
    assert decide(STORED, Judged(Reading(told, "article", None, {}), ())).outcome == "shorter"


def test_a_summary_counts_by_source_and_field_and_keeps_few_samples(store: Store) -> None:
    crawled(store, [page(number) for number in range(1, 6)])
    store._db.execute("UPDATE pages SET status = 404 WHERE id = 5")
    summary = Summary()
    for one in compare(store, order(), Inline()):
        summary.add(one)
    assert (summary.read["bao"], summary.changed, summary.failed) == (5, 4, False)
    assert summary.fields["bao"] == {"body": 4, "flags": 4}
    assert [one.number for one in summary.samples["bao", "body"]] == [1, 2, 3]
    assert summary.left == {("refused", "http-404"): [5]}
    told = summary.samples["bao", "body"][0]
    assert told.after.startswith("…")
    assert "Họ đòi tăng lương" in told.after


def test_excerpts_begin_a_little_before_the_difference() -> None:
    assert excerpts("Một", "Mốt") == ("Một", "Mốt")
    before, after = excerpts("x" * 100 + "cũ", "x" * 100 + "mới" + "y" * 100)
    assert before == "…" + "x" * 16 + "cũ"
    assert after == "…" + "x" * 16 + "mới" + "y" * 41 + "…"
