"""Which JSON listings a home page's system may serve, and the page after one."""

from __future__ import annotations

import pytest

from crawler.crawling.jsonlists import candidates, page_after

HOME = "https://bao.vn/"


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ('<link href="/wp-content/a.css">', ["/wp-json/wp/v2/posts?_fields=link,date&page=1&per_page=50"]),
        (
            '<a data-category-id="5"></a> {"category_id": 7}',
            [
                "/list-post-by-category?page=1&limit=12&category_id=5",
                "/list-post-by-category?page=1&limit=12&category_id=7",
            ],
        ),
        ('<div data-zone="31">', ["/api/morenews-zone-31-1.html"]),
        ("<p>Zone 31, category 5</p>", []),
    ],
)
def test_a_home_page_tells_what_its_system_may_serve(text: str, paths: list[str]) -> None:
    assert [url.removeprefix("https://bao.vn") for url in candidates(text, HOME)] == paths


def test_candidates_are_bounded() -> None:
    assert len(candidates("".join(f'data-zone="{n}"' for n in range(99)), HOME)) == 20


@pytest.mark.parametrize(
    ("one", "after"),
    [
        ("/api/morenews-zone-31-1.html", "/api/morenews-zone-31-2.html"),
        ("/list?page=1&limit=12", "/list?page=2&limit=12"),
        ("/list?limit=12", "/list?page=2&limit=12"),
    ],
)
def test_the_page_after_is_found_by_its_number(one: str, after: str) -> None:
    assert page_after(f"https://bao.vn{one}") == f"https://bao.vn{after}"
