"""A store for the review page: articles on the movement and beside it, flagged by two rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.review.watched import SourceSeen
from storage.records import Article, Dating, FieldName, Flag, FoundLink, Image, Kept, Page
from storage.store import Store
from tests.templates import begin

NOW = datetime(2026, 11, 23, 1, 15, tzinfo=UTC)  # 08:15 in Vietnam
LABELS = {
    "phong_trao": "Phong trào toàn dân",
    "to_an_ninh": "Tổ an ninh cơ sở",
    "thieu_nien": "Thanh thiếu niên",
}
WORDS = {
    "phong_trao": "toàn dân bảo vệ an ninh Tổ quốc",
    "to_an_ninh": "tổ an ninh",
    "thieu_nien": "bảo vệ an ninh",
}
WEIGHTS = {"phong_trao": 3.0, "to_an_ninh": 2.0, "thieu_nien": 1.0}

_PLACES = ("xã Hưng Lộc", "phường Trần Phú", "thôn Đông Thượng", "bản Na Ngoi", "xã Kỳ Xuân", "làng Kon Rẫy")
_TITLES = (
    "{place} ra mắt mô hình toàn dân bảo vệ an ninh Tổ quốc gắn với nông thôn mới",
    "Tiếng kẻng an ninh vang lên mỗi tối ở {place}",
    "Hơn 200 hộ dân {place} ký cam kết giữ bình yên xóm làng",
    "Già làng {place} và ba mươi năm hòa giải không lương",
)
_LEAD = "Sau hai năm, số vụ mất trộm ở {place} giảm hơn một nửa; người dân nói họ đã ngủ ngon trở lại."
_BODY = "\n\n".join(
    (
        "Tối {day}, nhà văn hóa {place} sáng đèn đến khuya. Hơn bốn mươi người, phần lớn là phụ nữ "
        "và cựu chiến binh, ngồi kín các dãy ghế để nghe trưởng ban công tác mặt trận đọc lại quy ước "
        "mà chính họ đã góp ý từ đầu mùa gặt.",
        "Phong trào toàn dân bảo vệ an ninh Tổ quốc ở đây không bắt đầu từ một văn bản. Nó bắt đầu từ "
        "chiếc xe đạp bị mất của một em học sinh, rồi từ những người cha thay nhau đứng ở ngã ba mỗi "
        "tối. Đến nay, tổ an ninh của thôn có mười hai người, tuổi từ hai mươi hai đến sáu mươi tám.",
        "“Chúng tôi không bắt ai cả. Chúng tôi chỉ có mặt, chào hỏi và ghi lại,” bà Nguyễn Thị Hường, "
        "thành viên lớn tuổi nhất, nói.",
        "Theo thống kê của xã, từ đầu năm đến nay chỉ xảy ra ba vụ trộm vặt, giảm năm vụ so với cùng "
        "kỳ. Công an xã nhận mười bảy tin báo của người dân, trong đó mười một tin giúp giải quyết "
        "mâu thuẫn ngay từ đầu.",
        "Sang năm, xã sẽ lắp thêm hai mươi bóng đèn ở các ngõ tối và mở một lớp tập huấn cho các tổ "
        "an ninh, với sự giúp đỡ của đoàn thanh niên.",
    )
)


@dataclass(frozen=True, slots=True)
class Stock:
    """What a test works with: where the store is, and the numbers of its flagged cases, newest first."""

    path: Path
    cases: tuple[int, ...]


def seen(name: str, *complaints: str) -> SourceSeen:
    """A source that was crawled an hour ago; ill if there are complaints."""
    state, hour = ("ill" if complaints else "well"), timedelta(hours=1)
    then = NOW - hour
    return SourceSeen(
        name, f"https://{name}.vn", True, state, complaints, then, "done", then, None, NOW + hour, 2
    )


def story(number: int) -> Article:
    """The `number`-th article: the higher, the older."""
    place = _PLACES[number % len(_PLACES)]
    source = ("baohatinh", "baohungyen", "kontumtv")[number % 3]
    title = _TITLES[number % len(_TITLES)].format(place=place)
    return Article(
        key=f"{source}:post{number}",
        source=source,
        url=f"https://{source}.vn/bai-post{number}.html",
        title=title[0].upper() + title[1:],
        lead=_LEAD.format(place=place),
        body=_BODY.format(
            place=place, day=f"{number % 28 + 1}/{number // 28 % 12 + 1}"
        ),  # or they were copies
        authors=("Lê Thu An", "Trần Bình"),
        section="Xã hội",
        tags=(),
        published=Dating(NOW - timedelta(hours=2 * number), "minute", "selector"),
        images=(Image(f"https://{source}.vn/anh/{number}.jpg", "Tổ an ninh đi tuần trên đường làng."),),
    )


def flags_on(article: Article, rules: Sequence[str] = ("phong_trao", "to_an_ninh")) -> tuple[Flag, ...]:
    """Flags for the rules' words wherever they stand."""
    return tuple(
        flag
        for rule in rules
        for field in ("title", "lead", "body")
        for flag in _flags(rule, field, getattr(article, field) or "")
    )


def keep(store: Store, article: Article, flags: Sequence[Flag] = (), now: datetime = NOW) -> int:
    """Put an article into the store as a crawl does; its number."""
    keep_all(store, [(article, tuple(flags))], now)
    return next(number for number, found in store.articles.each(article.source) if found.key == article.key)


def keep_all(store: Store, articles: Sequence[tuple[Article, tuple[Flag, ...]]], now: datetime = NOW) -> None:
    """Put many articles into the store in one transaction."""
    for article, _ in articles:
        link = FoundLink(article.key, article.url, "listing", f"https://{article.source}.vn/")
        store.links.offer(article.source, [link], now)
    page = Page("https://baohatinh.vn/", 200, (), now, b"<html></html>")
    store.keep([Kept(article.key, page, article, flags) for article, flags in articles], now)


def stock(path: Path, count: int, rules: Sequence[str] = ("phong_trao", "to_an_ninh")) -> Stock:
    """A store of `count` flagged articles."""

    def fill(store: Store) -> tuple[int, ...]:
        told = [story(number) for number in range(count)]
        keep_all(store, [(article, flags_on(article, rules)) for article in told])
        numbers = {article.key: number for number, article in store.articles.each()}
        return tuple(numbers[article.key] for article in told)

    return Stock(path, begin(path, ("stock", count, tuple(rules)), fill))


def _flags(rule: str, field: FieldName, text: str) -> Iterator[Flag]:
    spans = tuple(match.span() for match in re.finditer(WORDS[rule], text))
    if spans:
        start = text.rfind(". ", 0, spans[0][0])
        start = max(text.rfind("\n", 0, spans[0][0]) + 1, start + 2 if start >= 0 else 0)
        end = text.find(". ", spans[0][1])
        quote = text[start : end + 1 if end >= 0 else len(text)]
        yield Flag(rule, LABELS[rule], "v1", field, spans, quote, WEIGHTS[rule])
