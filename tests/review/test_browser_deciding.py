"""Deciding in a real Chromium: many at once, by keys of one's own, by two people, from place to place."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from crawler.review import PageServer
from storage.store import Store
from tests.review.browsing import FAINT, IN_A_BROWSER
from tests.review.conftest import config_for
from tests.review.stock import NOW, Stock
from tests.review.test_browser import PHONE, decisions, expect_row
from tests.review.test_entering import GUARDED
from tests.review.test_gate import PASSWORD

pytestmark = IN_A_BROWSER


def test_several_are_ticked_decided_and_taken_back_by_keyboard_alone(tab: Page, stocked: Stock) -> None:
    tab.goto("/")
    expect(tab.locator("#bulk")).to_be_hidden()
    expect_row(tab, stocked.cases[0])
    for key in ("v", "n", "n", "v"):
        tab.keyboard.press(key)
    expect(tab.locator("[data-picked]")).to_have_text("2 bài được chọn")
    tab.keyboard.press("c")
    tab.keyboard.type("gom lại: bỏ")
    tab.keyboard.press("Escape")
    tab.keyboard.press("b")
    expect(tab.locator(".bulk-told")).to_contain_text("Đã bỏ 2 bài.")
    assert decisions(stocked) == ["drop", None, "drop", None, None]
    tab.keyboard.press("h")
    expect(tab.locator(".bulk-told")).to_contain_text("Đã hoàn tác 2 bài.")
    assert decisions(stocked) == [None] * 5


def test_the_whole_list_is_decided_by_one_key_and_undone_tomorrow(tab: Page, stocked: Stock) -> None:
    tab.goto("/")
    tab.get_by_role("link", name="Chọn cả 5 bài").click()
    expect(tab.locator("#bulk")).to_contain_text("Cả 5 bài của danh sách này")
    tab.wait_for_load_state()  # until the keys are listened to
    tab.keyboard.press("l")
    expect(tab.locator(".bulk-told")).to_contain_text("Đã để sau 5 bài.")
    assert decisions(stocked) == ["later"] * 5
    tab.goto("/decisions")
    tab.get_by_role("button", name="Hoàn tác cả 5 bài").click()
    expect(tab.locator(".bulk-told")).to_contain_text("Đã hoàn tác 5 bài.")
    assert decisions(stocked) == [None] * 5


def test_escape_unticks_everything_and_shift_ticks_a_range(tab: Page, stocked: Stock) -> None:
    tab.goto("/")
    boxes = tab.locator("[name=pick]")
    boxes.nth(0).check()
    boxes.nth(3).click(modifiers=["Shift"])
    expect(tab.locator("[name=pick]:checked")).to_have_count(4)
    tab.keyboard.press("Escape")
    expect(tab.locator("[name=pick]:checked")).to_have_count(0)
    tab.get_by_label("Chọn cả trang").check()
    expect(tab.locator("[name=pick]:checked")).to_have_count(5)


def test_several_are_decided_without_javascript(browser: Browser, server: PageServer, stocked: Stock) -> None:
    with browser.new_context(locale="vi-VN", base_url=server.url, java_script_enabled=False) as context:
        tab = context.new_page()
        tab.goto("/")
        tab.locator("[name=pick]").nth(1).check()
        tab.locator("#bulk").get_by_role("button", name="Giữ").click()
        expect(tab.locator(".bulk-told")).to_contain_text("Đã giữ 1 bài.")
    assert decisions(stocked) == [None, "keep", None, None, None]


def test_a_key_is_changed_clashes_are_told_and_all_can_be_set_back(tab: Page, stocked: Stock) -> None:
    tab.goto("/keys")
    keep = tab.get_by_label("Phím để giữ bài")
    keep.fill("b")
    expect(tab.locator("[data-remap-told]")).to_contain_text("dùng cho hai việc")
    keep.fill("s")
    expect(tab.locator("[data-remap-told]")).to_contain_text("Telex")
    keep.fill("i")
    expect(tab.locator("[data-remap-told]")).to_contain_text("Đã lưu")
    tab.goto("/")
    expect(tab.locator("[data-row] button.keep kbd").first).to_have_text("i")
    tab.keyboard.press("g")
    tab.keyboard.press("i")
    expect(tab.locator("[role=status]").first).to_contain_text("Đã giữ")
    assert decisions(stocked) == ["keep", None, None, None, None]
    tab.goto("/keys")
    tab.get_by_role("button", name="Về phím ban đầu").click()
    tab.goto("/")
    tab.keyboard.press("b")
    expect(tab.locator("[role=status]").first).to_contain_text("Đã bỏ")


def test_matches_are_jumped_between_by_key_and_by_link(tab: Page, stocked: Stock) -> None:
    tab.goto(f"/cases/{stocked.cases[0]}")
    places = tab.locator(".reading mark[id]")
    assert places.count() >= 3
    tab.keyboard.press("k")
    expect(places.nth(0)).to_be_focused()
    tab.keyboard.press("k")
    expect(places.nth(1)).to_be_focused()
    tab.keyboard.press("q")
    expect(places.nth(0)).to_be_focused()
    tab.get_by_role("link", name="chỗ khớp thứ 3").click()
    expect(places.nth(2)).to_be_in_viewport()
    tab.wait_for_url("**#m3")


def test_two_people_at_once_never_overwrite_each_other_unseen(browser: Browser, stocked: Stock) -> None:
    server = PageServer(config_for(stocked.path, GUARDED))
    server.start()
    first = stocked.cases[0]
    try:
        tabs = {}
        for name in ("Lan", "Minh"):
            tab = tabs[name] = browser.new_context(locale="vi-VN", base_url=server.url).new_page()
            tab.goto(f"/cases/{first}")
            tab.get_by_label("Mật khẩu").fill(PASSWORD)
            tab.get_by_role("button", name="Vào").click()
            tab.wait_for_url(f"**/cases/{first}")
            tab.get_by_role("link", name="Bạn là ai?").click()
            tab.get_by_role("button", name=name).click()
            tab.wait_for_url(server.url)
            tab.goto(f"/cases/{first}")
        tabs["Lan"].keyboard.press("g")
        tabs["Lan"].wait_for_url("**decided=*")
        tabs["Minh"].keyboard.press("b")
        expect(tabs["Minh"].get_by_role("alert")).to_contain_text("Chưa ghi gì")
        expect(tabs["Minh"].get_by_role("alert")).to_contain_text("Lan")
        tabs["Minh"].goto("/?all=1")
        tabs["Lan"].goto(f"/cases/{stocked.cases[1]}")
        tabs["Lan"].keyboard.press("l")
        tabs["Lan"].wait_for_url("**decided=*")
        tabs["Minh"].keyboard.press("b")
        expect(tabs["Minh"].locator(".bulk-told")).to_contain_text("1 bài đã được quyết định ở nơi khác")
        assert decisions(stocked) == ["keep", "later", "drop", "drop", "drop"]
        tabs["Minh"].get_by_role("button", name="Ra", exact=True).click()
        tabs["Minh"].goto("/")
        expect(tabs["Minh"].get_by_label("Mật khẩu")).to_be_focused()
        for tab in tabs.values():
            tab.context.close()
    finally:
        server.stop()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_these_pages_are_legible_and_fit_a_phone(
    browser: Browser, stocked: Stock, scheme: Literal["light", "dark"]
) -> None:
    with Store.open(stocked.path) as store:
        store.verdicts.decide(stocked.cases[0], "later", "ghi chú dài " * 30, NOW, "Nguyễn Thị Minh Khai")
    server = PageServer(config_for(stocked.path, replace(GUARDED, password_hash=None)))
    server.start()
    try:
        with browser.new_context(
            locale="vi-VN", base_url=server.url, color_scheme=scheme, viewport=PHONE
        ) as context:
            tab = context.new_page()
            for address in ("/?all=1", "/decisions", "/cases/1/revisions/1", "/who", "/keys"):
                tab.goto(address)
                assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
                assert tab.evaluate(FAINT) == []
    finally:
        server.stop()
