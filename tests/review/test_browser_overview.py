"""The overview and what was not flagged in a real Chromium: by keyboard, on a phone, without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from crawler.judging.ruletext import RuleText
from crawler.review import PageServer
from crawler.review.watched import Watched
from storage.records import RunReport
from storage.store import Store
from tests.review.browsing import FAINT, IN_A_BROWSER, Seen
from tests.review.conftest import config_for
from tests.review.stock import NOW, Stock, flags_on, keep_all, seen, story
from tests.review.test_hostile import hostile, hostile_flag

OVERVIEW = "/overview?from=2026-11-01&until=2026-11-23"
PAGES = (
    OVERVIEW,
    f"{OVERVIEW}&source=baohatinh",
    f"{OVERVIEW}&rule=phong_trao",
    "/missed?within=all",
    "/missed/sample",
)

pytestmark = IN_A_BROWSER


@pytest.fixture
def server(stocked: Stock) -> Iterator[PageServer]:
    """Near misses, one of them hostile, unflagged articles, and a source that is ill."""
    told = [replace(story(n), key=f"baohatinh:near{n}") for n in (10, 13)]
    near = [(one, tuple(replace(flag, level="mention") for flag in flags_on(one))) for one in told]
    with Store.open(stocked.path) as store:
        odd = (hostile(), (replace(hostile_flag(), level="mention"),))
        keep_all(store, [*near, odd, *((story(n), ()) for n in range(20, 40))])
        at = NOW - timedelta(days=2)
        store.runs.end(store.runs.begin("baohatinh", 1, at), RunReport("failed"), at)
    ill = seen("baohatinh", "the last crawl failed: " + "https://baohatinh.vn/rất-dài" * 9)
    server = PageServer(
        config_for(stocked.path), watched=Watched(lambda _store: [ill], (RuleText("r", "Chủ đề " * 9),))
    )
    server.start()
    yield server
    server.stop()


def open_tab(browser: Browser, server: PageServer, **options: object) -> Page:
    context = browser.new_context(locale="vi-VN", base_url=server.url, **options)  # type: ignore[arg-type]  # several kinds
    return context.new_page()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_fit_a_phone_are_legible_and_ask_for_nothing_from_outside(
    browser: Browser, server: PageServer, scheme: str
) -> None:
    tab = open_tab(browser, server, viewport={"width": 360, "height": 740}, color_scheme=scheme)
    watch = Seen()
    watch.watch(tab)
    for page in PAGES:
        tab.goto(page)
        assert tab.evaluate("document.documentElement.scrollWidth") <= 360
        assert tab.evaluate(FAINT) == []
    assert watch.complaints == []
    assert [url for url in watch.requests if not url.startswith(server.url)] == []
    tab.context.close()


def test_near_misses_are_gone_through_by_keyboard_and_taken_back(
    browser: Browser, server: PageServer, stocked: Stock
) -> None:
    tab = open_tab(browser, server)
    tab.goto("/missed?within=all")
    rows = tab.locator("[data-row]")
    expect(rows).to_have_count(3)
    expect(tab.locator("[data-row-link]:focus")).to_have_count(1)
    tab.keyboard.press("v")
    expect(tab.locator("[role=status]")).to_contain_text("Đã gắn cờ")
    expect(rows).to_have_count(2)
    expect(tab.locator("[data-row-link]:focus")).to_have_count(1)
    tab.keyboard.press("b")
    expect(tab.locator("[role=status]")).to_contain_text("Đã bỏ")
    expect(rows).to_have_count(1)
    expect(tab.locator("[data-row-link]:focus")).to_have_count(1)
    tab.keyboard.press("h")
    expect(rows).to_have_count(2)
    with Store.open(stocked.path) as store:
        assert store.verdicts.decided() == {}
    tab.context.close()


def test_a_sample_is_answered_by_keyboard_and_stays_where_it_is(browser: Browser, server: PageServer) -> None:
    tab = open_tab(browser, server)
    tab.goto("/missed/sample")
    rows = tab.locator("[data-row]")
    many = rows.count()
    expect(rows.first.locator("[data-row-link]")).to_be_focused()
    tab.keyboard.press("b")
    expect(tab.locator(".rows .standing")).to_have_text("không sót")
    expect(rows.nth(1).locator("[data-row-link]")).to_be_focused()
    tab.keyboard.press("g")
    expect(tab.locator(".rows .standing")).to_have_text(["không sót", "bỏ sót"])
    expect(rows).to_have_count(many)
    tab.context.close()


def test_the_overview_works_without_javascript_and_its_chart_has_words(
    browser: Browser, server: PageServer
) -> None:
    tab = open_tab(browser, server, java_script_enabled=False)
    tab.goto(OVERVIEW)
    tab.get_by_text("Bảng từng ngày").click()
    expect(tab.get_by_role("rowheader", name="23/11/2026")).to_be_visible()
    expect(tab.get_by_role("img", name="Bài theo ngày")).to_be_visible()
    tab.get_by_role("textbox", name="từ").fill("22/11/2026")
    tab.get_by_role("button", name="Xem").click()
    expect(tab.locator(".span")).to_have_text("22/11–23/11/2026")
    tab.get_by_role("link", name="baohatinh").first.click()
    expect(tab.locator("h1")).to_have_text("baohatinh")
    tab.context.close()
