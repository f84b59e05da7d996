"""Records for tests: whole ones, of which a test names only what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from storage.records import Article, Case, Dating, Flag, FoundLink, Image, Kept, Page, Verdict
from storage.store import Store

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)  # noon in Vietnam
TITLE = "Công nhân khu công nghiệp “Đông Hòa” đình công"
BODY = "Sáng 23/11, hơn 300 công nhân ngừng việc.\n\nHọ đòi tăng lương; chủ xưởng hứa trả lời."
LEAD = "Người lao động, kể cả ca đêm, đã ngừng việc."


def article(number: int = 1, source: str = "baohatinh", body: str = BODY) -> Article:
    """An article whose key, address, title and hour tell its number."""
    return Article(
        key=f"{source}:post{number}",
        source=source,
        url=f"https://{source}.example.vn/tin-{number}-post{number}.html",
        title=f"{TITLE} ({number})",
        lead=LEAD,
        body=body,
        authors=("Lê Thị An", "Trần Bình"),
        section="Xã hội",
        tags=("công đoàn", "tiền lương"),
        published=Dating(NOON - timedelta(hours=number), "minute", "json-ld"),
        images=(Image(f"https://{source}.example.vn/anh/{number}.jpg", "Công nhân trước cổng xưởng"),),
    )


def flag(rule: str = "dinh_cong", version: str = "v1") -> Flag:
    """A flag on the title of `article`."""
    at = TITLE.index("đình công")
    return Flag(rule, f"Rule {rule}", version, "title", ((at, at + 9),), TITLE, 1.0)


def case(number: int = 1, *, flags: Sequence[Flag] = (), verdict: Verdict | None = None) -> Case:
    """A case as the store would give it."""
    return Case(
        id=number,
        article=article(number),
        found_in="feed",
        first_fetched_at=NOON,
        fetched_at=NOON,
        revision=1,
        changed_at=None,
        gone_at=None,
        flags=tuple(flags),
        verdict=verdict,
    )


def verdict(article_id: int = 1) -> Verdict:
    """A decision to keep, with a note that needs quoting."""
    return Verdict(1, article_id, "keep", 'gọi "anh Ba", hỏi lại', NOON + timedelta(hours=1), None)


def keep(store: Store, articles: Sequence[Article], flags: Sequence[Flag] = ()) -> None:
    """Offer and keep articles as a crawl does; every one bears the same flags."""
    for told in articles:
        found = FoundLink(told.key, told.url, "feed", f"https://{told.source}.example.vn/rss")
        store.links.offer(told.source, [found], NOON)
    store.keep([Kept(told.key, _page(told), told, tuple(flags)) for told in articles], NOON)


def _page(told: Article) -> Page:
    body = f"<html><h1>{told.title}</h1>{told.body}</html>".encode()
    return Page(told.url, 200, (("Content-Type", "text/html; charset=utf-8"),), NOON, body)
