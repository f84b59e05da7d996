"""Links, articles and flags to put into a store; a test names only the field it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from storage.records import Article, Dating, Flag, FoundLink, Image, Kept, Page
from storage.store import Store

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)  # noon in Vietnam
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
SOURCE = "baogio"


def found(number: int = 1, source: str = SOURCE) -> FoundLink:
    """A link as a feed offers it."""
    return FoundLink(f"{source}:{number}", f"https://{source}.vn/tin-{number}.html", "feed", "/rss")


def article(number: int = 1, source: str = SOURCE) -> Article:
    """An article without a date."""
    return Article(
        key=f"{source}:{number}",
        source=source,
        url=f"https://{source}.vn/tin-{number}.html",
        title=f"Tổ tự quản số {number}",
        lead="Người dân cùng giữ bình yên xóm làng.",
        body="Đoạn một.\n\nĐoạn hai.",
        authors=("Lê Hà",),
        section="Xã hội",
        tags=("an ninh",),
        published=None,
        images=(Image("https://anh.vn/1.jpg", "Họp tổ"),),
    )


def page(of: Article, at: datetime = NOON, body: bytes | None = None) -> Page:
    """The page an article was read from."""
    html = f"<h1>{of.title}</h1>{of.body}".encode(errors="replace")
    return Page(of.url, 200, (("Content-Type", "text/html"),), at, html if body is None else body)


def flag(rule: str = "tu_quan") -> Flag:
    """A flag on the first words of every title of `article`."""
    return Flag(rule, f"Luật {rule}", "v1", "title", ((0, 10),), "Tổ tự quản", 1.0)


def kept(of: Article, flags: Sequence[Flag] = (), at: datetime = NOON) -> Kept:
    """An article on its way into the store."""
    return Kept(of.key, page(of, at), of, tuple(flags))


def put(store: Store, of: Article, flags: Sequence[Flag] = (), now: datetime = NOON) -> int:
    """Offer and keep one article as a crawl does; its number."""
    link = FoundLink(of.key, of.url, "feed", "/rss")
    store.links.offer(of.source, [link], now)
    store.keep([kept(of, flags, now)], now)
    return {told.key: number for number, told in store.articles.each(of.source)}[of.key]


def fill(store: Store, count: int, flagged: Sequence[int] = (), source: str = SOURCE) -> tuple[int, ...]:
    """Keep articles 1 … count, the first published last; their numbers in that order."""
    dated = [
        replace(article(n, source), published=Dating(NOON - n * HOUR, "minute", "meta"))
        for n in range(1, count + 1)
    ]
    store.links.offer(source, [found(n, source) for n in range(1, count + 1)], NOON)
    store.keep([kept(of, [flag()] if n in flagged else []) for n, of in enumerate(dated, 1)], NOON)
    numbers = {told.key: number for number, told in store.articles.each(source)}
    return tuple(numbers[of.key] for of in dated)
