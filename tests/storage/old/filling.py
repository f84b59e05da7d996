"""Fills a store by whatever version of `storage` Python finds first: the rows that an upgrade must not lose.

`make.py` runs it with the code of each release; so it uses only what all of them have, and asks for the rest.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from storage.records import Article, Dating, Flag, FoundLink, Image, Kept, Page, RunReport, Way
from storage.store import Store

SOURCE = "baogio"
NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def story(number: int) -> Article:
    """An article of our own words; the third has no date."""
    dated = Dating(NOON - number * HOUR, "minute", "meta") if number != 3 else None
    return Article(
        key=f"{SOURCE}:{number}",
        source=SOURCE,
        url=f"https://{SOURCE}.vn/tin-{number}.html",
        title=f"Tổ tự quản số {number} hoà giải êm đẹp",
        lead="Người dân cùng giữ bình yên xóm làng." if number % 2 else None,
        body=f"Đoạn một, thứ {number}.\n\nĐoạn hai: ông Lê Đình Quý kể về Quỳnh và lũy tre.",
        authors=("Lê Hà",),
        section="Xã hội",
        tags=("an ninh", "cơ sở"),
        published=dated,
        images=(Image("https://anh.vn/1.jpg", "Họp tổ"),),
    )


def kept(article: Article, at: datetime, *, flagged: bool) -> Kept:
    """It with its page, and a flag on the first words of its title."""
    body = f"<h1>{article.title}</h1>{article.lead}{article.body}".encode()
    page = Page(article.url, 200, (("Content-Type", "text/html"), ("ETag", '"a1"')), at, body)
    flag = Flag("tu_quan", "Tự quản", "v1", "title", ((0, 10),), "Tổ tự quản", 1.0)
    return Kept(article.key, page, article, (flag,) if flagged else ())


def link(number: int) -> FoundLink:
    """As a feed offers it."""
    return FoundLink(f"{SOURCE}:{number}", f"https://{SOURCE}.vn/tin-{number}.html", "feed", "/rss")


def fill(store: Any) -> None:
    """Articles flagged and not, one revised, links in every state, verdicts with notes and an undo, runs."""
    run = store.runs.begin(SOURCE, 4711, NOON - HOUR)
    store.links.offer(SOURCE, [link(number) for number in range(1, 12)], NOON)
    store.keep([kept(story(n), NOON, flagged=n in {1, 2, 5}) for n in range(1, 8)], NOON)
    revised = replace(story(2), body="Đoạn một đã sửa hẳn.\n\nĐoạn hai cũng khác xưa nhiều lắm.")
    store.keep([kept(revised, NOON + HOUR, flagged=True)], NOON + HOUR)
    report = RunReport(
        "done", {"found": 11, "kept": 7}, {"failed: http-500": 1}, (Way("feed", "/rss", "ok", 11),)
    )
    store.runs.end(run, report, NOON)
    store.runs.begin("bao_khac", 4712, NOON)
    store.verdicts.decide(1, "keep", "Đúng chủ đề: tự quản", NOON + HOUR)
    store.verdicts.decide(2, "drop", None, NOON + HOUR)
    store.verdicts.undo(NOON + 2 * HOUR)
    store.verdicts.decide(5, "later", "Xem lại sau", NOON + 3 * HOUR)


if __name__ == "__main__":
    with Store.open(Path(sys.argv[1])) as new:
        fill(new)
