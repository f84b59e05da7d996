"""What messages say, in Vietnamese and English, and that nothing foreign gets out of hand in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from crawler.config.model import Backup, Notices
from crawler.notices.choosing import choose
from crawler.notices.content import (
    CareNews,
    Told,
    cases_content,
    letterhead,
    plain,
    sources_content,
    state_content,
)
from crawler.notices.gathering import Wished, preview
from crawler.notices.rendering import as_html, as_text
from crawler.notices.sourcenews import SourceNews, source_news
from crawler.watching.storecare import Care, complaints
from storage.complaints import Recorded
from storage.records import Copy, Dating, Flag, TriedBackup
from storage.store import Store
from tests.making import BODY, TITLE, case
from tests.notices.making import NOON, change, channel, config, pending, proof, put

HEAD = letterhead(channel(), "key-1", "https://duyet.example.vn", NOON)
PAST = NOON - timedelta(days=1)


def digest(folder: Path, many: int) -> dict[str, Any]:
    """A digest of so many cases, out of a store."""
    with Store.open(folder / "store.sqlite") as store:
        put(store, range(1, many + 1))
        told = config(folder, channel())
        return dict(preview(store, told, Wished(told.channels["ban"], "digest", PAST), NOON))


def told(**named: Any) -> dict[str, Any]:
    """A message of one case."""
    one = replace(case(17, flags=[proof(), proof(3.0, "camera", "title")]), **named)
    chosen = choose([pending(17, rule="camera")], (), 9)
    return cases_content(HEAD, "digest", Told(chosen, {17: one}, {}, {"camera": "Camera"}))


def test_one_case_is_told_with_its_topic_and_title_in_the_subject() -> None:
    assert told()["subject"] == f"[Điểm báo] 1 bài mới · Camera: {TITLE} (17)"


def test_several_are_told_by_number_and_topics() -> None:
    cases = [
        pending(1),
        pending(2),
        pending(3, rule="camera"),
        pending(4, late=True),
        pending(5, kind="changed", changed=True),
    ]
    chosen = choose(cases, (), 0)
    labels = {"camera": "Camera", "dinh_cong": "Đình công"}
    content = cases_content(HEAD, "digest", Told(chosen, {}, {}, labels))
    assert content["subject"] == (
        "[Điểm báo] 3 bài mới, 1 bài có sửa sau khi duyệt, 1 bài cũ mới được gắn cờ: Đình công 4, Camera 1"
    )
    assert content["counts"] == {"new": 3, "changed": 1, "late": 1, "listed": 0, "all": 5}
    assert "… và 5 bài nữa" in as_text(content)


def test_spans_cut_the_very_words_out_of_quote_and_title() -> None:
    one = told()["cases"][0]
    assert [one["quote"][start:end] for start, end in one["spans"]] == ["ngừng việc"]
    assert [one["title"][start:end] for start, end in one["title_spans"]] == ["đình công"]
    assert (one["field"], one["url"]) == ("body", "https://baohatinh.example.vn/tin-17-post17.html")
    assert one["page"] == "https://duyet.example.vn/cases/17"


def test_the_text_marks_them_and_tells_paper_time_and_links() -> None:
    text = as_text(told())
    assert f"{TITLE.replace('đình công', '«đình công»')} (17)" in text
    assert (
        "baohatinh, 19:00, 22/11/2026 · Rule camera, Đình công".replace("Rule camera", "Đình công").split(
            " ·"
        )[0]
        in text
    )
    assert "“Sáng 23/11, hơn 300 công nhân «ngừng việc».”" in text
    assert "Duyệt: https://duyet.example.vn/cases/17" in text


def test_without_an_address_of_the_page_the_number_is_told() -> None:
    content = told() | {"page": None}
    content["cases"][0]["page"] = None
    assert "bài số 17: diembao show 17" in as_text(content)
    assert "bài số 17" in as_html(content)


def test_a_day_without_an_hour_is_told_no_more_precisely_than_it_is_known() -> None:
    day = replace(case(17).article, published=Dating(NOON, "day", "url"))
    assert "baohatinh, 23/11/2026 ·" in as_text(told(article=day))
    undated = replace(case(17).article, published=None)
    assert "baohatinh, không rõ ngày đăng ·" in as_text(told(article=undated))


def test_copies_are_told_with_the_first() -> None:
    copy = Copy(18, "kontumtv", "Tin", None, NOON, False, None, None, None)
    one = replace(case(17, flags=[proof()]), story=(18,))
    content = cases_content(HEAD, "digest", Told(choose([pending(17)], (), 9), {17: one}, {18: copy}, {}))
    assert "Cũng đăng ở: kontumtv" in as_text(content)
    assert "Cũng đăng ở: kontumtv" in as_html(content)


class _Strict(HTMLParser):
    """What a browser would find in a document."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.said = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.said += data


WICKED = '<img src=x onerror=alert(1)>" onload="\r\nBcc: x\u202e\x00</title><script>'


def test_nothing_foreign_becomes_markup_or_leaves_its_line() -> None:
    body = WICKED + " ngừng việc " + WICKED
    begin = body.index("ngừng")
    wicked = replace(
        case(17).article,
        title=WICKED,
        body=body,
        source="báo<b>",
        url="javascript:alert(1)",
    )
    flag = Flag("camera", WICKED, "v1", "body", ((begin, begin + 10),), body, 1.0)
    content = told(article=wicked, flags=(flag,))
    found = _Strict(as_html(content))
    assert not {"img", "script", "link", "iframe", "form"} & set(found.tags)
    assert not [
        name for name, _ in found.attributes if name.startswith("on") or name in {"src", "background"}
    ]
    assert {value for name, value in found.attributes if name == "href"} == {
        "https://duyet.example.vn/",
        "https://duyet.example.vn/cases/17",
    }
    assert "<img src=x onerror=alert(1)>" in found.said
    text = as_text(content)
    assert not set(text) & set("\x00\r\u202e")
    assert "Bcc:" not in [line.partition(" ")[0] for line in text.splitlines()]


def test_nothing_is_fetched_from_anywhere_when_it_is_opened() -> None:
    html = as_html(told())
    assert "url(" not in html
    assert "@import" not in html
    assert 'src="' not in html


def test_a_sentence_without_end_is_cut_about_what_matched() -> None:
    body = "chữ " * 5_000 + "ngừng việc" + " chữ" * 5_000
    begin = body.index("ngừng")
    flag = Flag("camera", "Camera", "v1", "body", ((begin, begin + 10),), body, 1.0)
    one = told(article=replace(case(17).article, body=body), flags=(flag,))["cases"][0]
    assert len(one["quote"]) <= 402
    assert one["quote"][0] == one["quote"][-1] == "…"
    assert [one["quote"][start:end] for start, end in one["spans"]] == ["ngừng việc"]


def test_papers_that_fell_ill_are_told_with_cause_and_advice() -> None:
    news = source_news(
        [change(1, "baohatinh", "blocked"), change(2, "kontumtv", "well", "dead")], {"kontumtv": "dead"}, 5
    )
    content = sources_content(HEAD, news, CareNews(), 5)
    assert content["subject"] == (
        "[Điểm báo] 1 báo có trục trặc: baohatinh; 1 báo đã trở lại bình thường: kontumtv"
    )
    english = sources_content(replace(HEAD, language="en"), news, CareNews(), 5)
    assert english["subject"] == "[Press review] in trouble: baohatinh (1); well again: kontumtv (1)"
    text = as_text(content)
    assert "baohatinh: trang có trả lời nhưng chặn chúng ta (ghi nhận lúc 12:00, 23/11/2026)" in text
    assert "Quét thưa hơn (every, delay)" in text
    assert "kontumtv: bình thường" in text


def test_what_was_found_is_told_in_vietnamese_with_its_values() -> None:
    values: dict[str, str | int | float] = {
        "since": "2026-11-20T08:00:00+07:00",
        "lasts": 277_200.0,
        "expected": 40.0,
        "home": "https://a.vn",
    }
    silent = replace(change(1, "baohatinh", "quiet"), kind="silent", values=values)
    told = state_content("vi", silent)
    assert told["why"].startswith("Không có bài mới từ 08:00, 20/11/2026, đã 3 ngày 5 giờ")
    assert told["advice"] is None
    for odd in (replace(silent, kind=None), replace(silent, kind="sunspots"), replace(silent, values={})):
        told = state_content("vi", odd)
        assert told["why"] == "im lặng lâu hơn thường lệ"
        assert told["advice"].startswith("Mở trang báo xem có bài mới không")
    english = state_content("en", silent)
    assert (english["why"], english["advice"]) == ("baohatinh is quiet: look at it", None)


@pytest.mark.parametrize("kind", ["complaints", "mended"])
def test_what_is_wrong_with_the_store_is_told_in_the_channels_language(kind: str) -> None:
    here = Backup(dir=Path("/safe"))
    tried = TriedBackup(NOON, "/safe", True, None, {}, "đĩa <đầy>")
    care = Care(begun=NOON - timedelta(days=9), tried=tried, trouble="the log has grown", unended=4)
    gone = replace(care, good=replace(tried, trouble=None), good_is_there=False)
    at = replace(config(Path()), backup=here)
    found = {one.kind: one for some in (gone, care) for one in complaints(at, some, NOON)}
    told = [
        Recorded(n, one, NOON, NOON if kind == "mended" else None) for n, one in enumerate(found.values())
    ]
    assert set(found) == {"backup-failed", "backup-overdue", "backup-gone", "upkeep-failed", "upkeep-unended"}
    news = CareNews(mended=told) if kind == "mended" else CareNews(complaints=told)
    vietnamese = sources_content(HEAD, SourceNews(), news, 5)
    text, html = as_text(vietnamese), as_html(vietnamese)
    assert "Sao lưu lúc 12:00, 23/11/2026 không thành công (đĩa <đầy>); chưa có bản tốt nào." in text
    assert "đĩa &lt;đầy&gt;" in html
    assert ("từ 12:00, 23/11/2026 đến" in text) is (kind == "mended")
    assert all(one["why"] != one["cause"] for one in vietnamese[kind])
    english = sources_content(replace(HEAD, language="en"), SourceNews(), news, 5)
    assert [one["why"] for one in english[kind]] == [one.said for one in found.values()]


def test_a_lost_network_is_one_sentence() -> None:
    news = source_news([change(n, f"bao{n}", "dead") for n in range(4)], {}, 5)
    assert sources_content(HEAD, news, CareNews(), 5)["subject"] == (
        "[Điểm báo] Không tới được 4 trên 5 báo: có thể máy này mất mạng"
    )


def test_the_weekly_message_says_that_all_is_well_in_numbers(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store.sqlite") as store:
        put(store, [1, 2, 3])
        put(store, [4], [proof()], "kontumtv")
        told = config(tmp_path, channel())
        content = preview(store, told, Wished(told.channels["ban"], "weekly"), NOON + timedelta(days=1))
    assert content["subject"] == "[Điểm báo] Vẫn chạy: đã theo dõi 2 báo, đọc 4 bài, gắn cờ 4"
    text = as_text(content)
    assert "Bảy ngày, từ 17/11/2026 đến 23/11/2026" in text
    assert "Bài đang chờ duyệt: 4" in text


def test_english_is_one_key_away(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store.sqlite") as store:
        put(store, range(1, 4))
        told = config(tmp_path, channel(language="en"), notices=Notices(most_listed=1))
        content = preview(store, told, Wished(told.channels["ban"], "digest", PAST), NOON)
    assert content["subject"] == "[Press review] 3 new: Đình công 3"
    text = as_text(content)
    assert "baohatinh, 11:00, 23 Nov 2026 · Đình công" in text
    assert "… and 2 more" in text


@pytest.mark.parametrize("kind", ["digest", "at-once", "sources", "weekly"])
def test_a_look_at_what_would_be_sent_leaves_nothing_behind(tmp_path: Path, kind: Any) -> None:
    with Store.open(tmp_path / "store.sqlite") as store:
        put(store, [1], [proof(5.0)])
        told = config(tmp_path, channel())
        assert preview(store, told, Wished(told.channels["ban"], kind, PAST), NOON)["kind"] == kind
        assert store.channels.place("ban") is None
        assert store.deliveries.open() == []


def test_foreign_text_is_one_line() -> None:
    assert plain("a\r\n\tb\u2028c\x00 d") == "a b c d"
    assert plain("x" * 10, 5) == "xxxx…"
    assert plain(BODY).count("\n") == 0
