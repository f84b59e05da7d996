"""What axe, the accessibility checker, finds on the pages: nothing, by day or night, wide or narrow."""

from __future__ import annotations

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from crawler.review import PageServer
from tests.review.browsing import IN_A_BROWSER

PAGES = (
    "/", "/?tab=kept", "/?all=1", "/cases/1", "/cases/1/beside/2", "/cases/1/revisions/1", "/cases/1/raise",
    "/search", "/search?q=an+ninh", "/search?q=(", "/searches", "/overview", "/missed", "/missed/sample",
    "/decisions", "/keys", "/who", "/nowhere",
)  # fmt: skip

pytestmark = IN_A_BROWSER


def complaints(tab: Page) -> list[tuple[str, list[str]]]:
    found = Axe().run(tab, options={"resultTypes": ["violations"]})
    return [
        (one["id"], [" ".join(node["target"]) for node in one["nodes"]])
        for one in found.response["violations"]
    ]


@pytest.mark.parametrize(
    ("scheme", "locale", "width"),
    [("light", "vi-VN", 1280), ("dark", "en-US", 1280), ("light", "en-US", 390)],
)
def test_axe_finds_nothing(
    browser: Browser, server: PageServer, scheme: Literal["light", "dark"], locale: str, width: int
) -> None:
    with browser.new_context(
        base_url=server.url, color_scheme=scheme, locale=locale, viewport={"width": width, "height": 800}
    ) as context:
        tab = context.new_page()
        for page in PAGES:
            tab.goto(page)
            assert complaints(tab) == [], page


def test_axe_finds_what_is_wrong(browser: Browser, server: PageServer) -> None:
    with browser.new_context(base_url=server.url) as context:
        tab = context.new_page()
        tab.goto("/keys")
        tab.evaluate("document.querySelector('main').append(document.createElement('input'))")
        assert "label" in {name for name, _ in complaints(tab)}
