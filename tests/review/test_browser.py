"""The page in a real Chromium: by keyboard alone, on a phone, without JavaScript, nothing from outside."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from crawler.review import PageServer
from storage.records import Decision
from storage.store import Store
from tests.review.browsing import FAINT, FOCUS, IN_A_BROWSER, Seen
from tests.review.stock import Stock, flags_on, keep, story
from tests.review.test_hostile import hostile, hostile_flag

ENDLESS = "rấtdài" * 60
PHONE: ViewportSize = {"width": 360, "height": 740}

pytestmark = IN_A_BROWSER


def decisions(stocked: Stock) -> list[Decision | None]:
    with Store.open(stocked.path) as store:
        cases = [store.cases.get(number) for number in stocked.cases]
    return [case.verdict.decision if case and case.verdict else None for case in cases]  # type: ignore[misc]  # no undo stands


def expect_row(tab: Page, number: int) -> None:
    expect(tab.locator(f"#case-{number}")).to_be_focused()


def test_the_queue_is_decided_by_keyboard_alone(tab: Page, stocked: Stock) -> None:
    first, second, third, fourth, _ = stocked.cases
    tab.goto("/")
    expect_row(tab, first)
    tab.keyboard.press("g")
    expect(tab.locator("[role=status]")).to_contain_text("Đã giữ")
    expect_row(tab, second)
    tab.keyboard.press("n")
    expect_row(tab, third)
    tab.keyboard.press("b")
    expect(tab.locator("[role=status]")).to_contain_text("Đã bỏ")
    expect_row(tab, fourth)
    tab.keyboard.press("p")
    expect_row(tab, second)
    tab.keyboard.press("l")
    expect(tab.locator("[role=status]")).to_contain_text("Đã để sau")
    assert decisions(stocked) == ["keep", "later", "drop", None, None]


def test_articles_are_read_and_decided_one_after_another_by_key(tab: Page, stocked: Stock) -> None:
    first, second, third = stocked.cases[:3]
    tab.goto("/")
    tab.keyboard.press("m")
    tab.wait_for_url(f"**/cases/{first}")
    tab.keyboard.press("g")
    tab.wait_for_url(f"**/cases/{second}?decided={first}")
    tab.keyboard.press("n")
    tab.wait_for_url(f"**/cases/{third}")
    tab.keyboard.press("p")
    tab.wait_for_url(f"**/cases/{second}")
    tab.keyboard.press("b")
    tab.wait_for_url(f"**/cases/{third}?decided={second}")
    assert decisions(stocked)[:3] == ["keep", "drop", None]


def test_the_last_decision_is_taken_back_by_one_key(tab: Page, stocked: Stock) -> None:
    first, second = stocked.cases[:2]
    tab.goto(f"/cases/{first}")
    tab.keyboard.press("b")
    tab.wait_for_url(f"**/cases/{second}?decided={first}")
    tab.keyboard.press("h")
    tab.wait_for_url(f"**/cases/{first}")
    assert decisions(stocked)[0] is None
    expect(tab.locator(".history")).to_contain_text("hoàn tác")


def test_all_copies_are_decided_and_taken_back_by_key(tab: Page, stocked: Stock) -> None:
    with Store.open(stocked.path) as store:
        told = replace(story(0), key="khac:1", source="khac", title="Bản in lại")
        copy = keep(store, told, flags_on(told))
    tab.goto("/")
    tab.keyboard.press("y")
    tab.keyboard.press("g")
    expect(tab.locator("[role=status]")).to_contain_text("và 1 bản khác")
    with Store.open(stocked.path) as store:
        assert store.verdicts.decided() == {stocked.cases[0]: "keep", copy: "keep"}
    tab.wait_for_load_state()  # until the keys are listened to
    tab.keyboard.press("h")
    expect(tab.locator("[role=status]")).to_have_count(0)
    with Store.open(stocked.path) as store:
        assert store.verdicts.decided() == {}


def test_a_note_is_written_without_its_letters_being_keys(tab: Page, stocked: Stock) -> None:
    first = stocked.cases[0]
    tab.goto(f"/cases/{first}")
    tab.keyboard.press("c")
    tab.keyboard.type("gblh: hỏi lại")
    tab.keyboard.press("Escape")
    tab.keyboard.press("l")
    tab.wait_for_url("**decided=*")
    with Store.open(stocked.path) as store:
        (verdict,) = store.verdicts.history(first)
    assert (verdict.decision, verdict.note) == ("later", "gblh: hỏi lại")


def test_keys_with_a_modifier_and_held_keys_decide_nothing(tab: Page, stocked: Stock) -> None:
    tab.goto("/")
    for chord in ("Control+g", "Alt+b", "Meta+l"):
        tab.keyboard.press(chord)
    tab.evaluate(
        "document.dispatchEvent(new KeyboardEvent('keydown', {key: 'g', repeat: true, bubbles: true}))"
    )
    tab.goto("/")
    assert decisions(stocked) == [None] * 5


def test_the_question_mark_lists_the_keys_and_they_can_be_switched_off(tab: Page, stocked: Stock) -> None:
    tab.goto("/")
    tab.keyboard.press("?")
    dialog = tab.get_by_role("dialog", name="Phím tắt")
    expect(dialog).to_be_visible()
    tab.keyboard.press("g")
    dialog.get_by_label("Dùng phím tắt").uncheck()
    tab.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    tab.keyboard.press("g")
    tab.goto("/")
    tab.keyboard.press("g")
    tab.goto("/keys")
    expect(tab.get_by_label("Dùng phím tắt")).not_to_be_checked()
    assert decisions(stocked) == [None] * 5


def test_a_decision_of_another_reviewer_is_shown_not_overwritten(
    tab: Page, stocked: Stock, seen: Seen
) -> None:
    first = stocked.cases[0]
    tab.goto(f"/cases/{first}")
    with Store.open(stocked.path) as store:
        store.verdicts.decide(first, "drop", "người khác", hostile().published.at)  # type: ignore[union-attr]  # it is dated
    tab.keyboard.press("g")
    expect(tab.get_by_role("alert")).to_contain_text("Chưa ghi gì")
    seen.expected("409")
    assert decisions(stocked)[0] == "drop"
    tab.wait_for_load_state()  # until the keys are listened to
    tab.keyboard.press("g")
    tab.wait_for_url("**decided=*")
    assert decisions(stocked)[0] == "keep"


def test_every_control_is_reached_by_tab_and_shows_its_focus(tab: Page) -> None:
    tab.goto("/cases/1")
    reached = []
    for _ in range(40):
        tab.keyboard.press("Tab")
        reached.append(tab.evaluate(FOCUS))
        if reached[-1][0].startswith("baohatinh.vn"):
            break
    names = " ".join(name for name, _ in reached)
    for control in (
        "Đến nội dung",
        "Điểm báo",
        "Đã giữ",
        "Phím tắt",
        "Giữ",
        "Bỏ",
        "Để sau",
        "note",
        "baohatinh.vn",
    ):
        assert control in names
    assert all(visible for _, visible in reached)


@pytest.mark.parametrize(
    "address", ["/", "/cases/1", "/?tab=kept", "/keys", "/nowhere", "/cases/2?decided=1", "/cases/1/beside/2"]
)
def test_a_phone_needs_no_sideways_scrolling(
    browser: Browser, server: PageServer, stocked: Stock, address: str
) -> None:
    with Store.open(stocked.path) as store:
        endless = replace(hostile("javascript:" + ENDLESS), title=ENDLESS, lead=ENDLESS, body=ENDLESS)
        number = keep(store, endless, [replace(hostile_flag(), label=ENDLESS, quote=ENDLESS)])
        store.verdicts.decide(1, "keep", None, hostile().published.at)  # type: ignore[union-attr]  # it is dated
    with browser.new_context(
        base_url=server.url, locale="vi-VN", viewport=PHONE, has_touch=True, is_mobile=True
    ) as context:
        tab = context.new_page()
        for place in {address, f"/cases/{number}", "/?tab=flagged"}:
            tab.goto(place)
            assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
            assert tab.evaluate("innerWidth") == PHONE["width"]


def test_on_a_phone_the_buttons_are_at_hand_while_reading(browser: Browser, server: PageServer) -> None:
    with browser.new_context(
        base_url=server.url, locale="vi-VN", viewport=PHONE, has_touch=True, is_mobile=True
    ) as context:
        tab = context.new_page()
        tab.goto("/cases/1")
        for name in ("Giữ", "Bỏ", "Để sau"):
            button = tab.get_by_role("button", name=name, exact=True)
            expect(button).to_be_in_viewport(ratio=1)
            box = button.bounding_box()
            assert box is not None
            assert box["height"] >= 24


def test_a_hostile_article_runs_nothing_and_fetches_nothing(tab: Page, stocked: Stock) -> None:
    with Store.open(stocked.path) as store:
        number = keep(store, hostile(), [hostile_flag()])
    for address in ("/?tab=flagged", f"/cases/{number}", f"/cases/{number}?decided={number}"):
        tab.goto(address)
        assert tab.locator("mark script, main script, main img, main svg").count() == 0
    expect(tab.get_by_role("heading", level=1)).to_contain_text("<script>alert(1)</script>")


def test_it_works_without_javascript(browser: Browser, server: PageServer, stocked: Stock) -> None:
    first, second = stocked.cases[:2]
    with browser.new_context(base_url=server.url, locale="vi-VN", java_script_enabled=False) as context:
        tab = context.new_page()
        tab.goto("/")
        tab.get_by_role("link", name="Xã Hưng Lộc ra mắt").click()
        tab.get_by_label("Ghi chú").fill("không cần kịch bản")
        tab.get_by_role("button", name="Giữ").click()
        tab.wait_for_url(f"**/cases/{second}?decided={first}")
        assert decisions(stocked)[0] == "keep"
        tab.get_by_role("button", name="Hoàn tác").click()
        tab.wait_for_url(f"**/cases/{first}")
        assert decisions(stocked)[0] is None
        tab.get_by_role("link", name="Phím tắt").click()
        expect(tab.get_by_role("heading", name="Phím tắt")).to_be_visible()


def test_a_form_on_a_foreign_page_decides_nothing(
    tab: Page, server: PageServer, stocked: Stock, seen: Seen
) -> None:
    address = f"{server.url}cases/{stocked.cases[0]}/verdict"
    tab.goto("about:blank")
    tab.set_content(
        f'<form method="post" action="{address}"><button>x</button>'
        '<input name="decision" value="drop"><input name="seen" value="0"></form>'
    )
    with tab.expect_navigation() as navigation:
        tab.get_by_role("button").click()
    answer = navigation.value
    assert answer is not None
    assert answer.status == 403
    assert decisions(stocked)[0] is None
    seen.expected("403")


def test_the_page_cannot_be_framed(tab: Page, server: PageServer, seen: Seen) -> None:
    tab.goto("about:blank")
    tab.set_content(f'<iframe src="{server.url}"></iframe>')
    assert seen.requests[-1] == server.url
    assert tab.frames[-1].url == "chrome-error://chromewebdata/"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", ["/", "/cases/1", "/cases/2?decided=1", "/cases/1/beside/2"])
def test_text_stands_out_from_its_ground(
    browser: Browser, server: PageServer, stocked: Stock, scheme: Literal["light", "dark"], address: str
) -> None:
    with Store.open(stocked.path) as store:
        store.verdicts.decide(1, "keep", None, hostile().published.at)  # type: ignore[union-attr]  # it is dated
    with browser.new_context(base_url=server.url, locale="vi-VN", color_scheme=scheme) as context:
        tab = context.new_page()
        tab.goto(address)
        faint = tab.evaluate(FAINT)
    assert faint == []


def test_searching_by_keyboard_leads_from_hit_to_hit_and_back(tab: Page, stocked: Stock) -> None:
    first, second = stocked.cases[:2]
    tab.goto("/")
    tab.keyboard.press("t")
    tab.wait_for_url("**/search")
    expect(tab.get_by_role("searchbox")).to_be_focused()
    tab.keyboard.type("tổ an ninh")
    tab.keyboard.press("Enter")
    expect_row(tab, first)
    expect(tab.locator("mark.sought").first).to_have_text("tổ an ninh")
    tab.keyboard.press("m")
    tab.wait_for_url(f"**/cases/{first}?search=*")
    tab.keyboard.press("n")
    tab.wait_for_url(f"**/cases/{second}?search=*")
    expect(tab.locator("mark.sought").first).to_be_visible()
    tab.keyboard.press("p")
    tab.wait_for_url(f"**/cases/{first}?search=*")
    tab.get_by_role("link", name="Kết quả tìm").click()
    expect_row(tab, first)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_search_pages_are_legible_and_as_narrow_as_a_phone(
    browser: Browser, server: PageServer, stocked: Stock, scheme: Literal["light", "dark"]
) -> None:
    with Store.open(stocked.path) as store:
        store.searches.add(ENDLESS[:60], ENDLESS, {"source": ENDLESS[:50]}, story(0).published.at)  # type: ignore[union-attr]  # it is dated
    with browser.new_context(
        locale="vi-VN", base_url=server.url, color_scheme=scheme, viewport=PHONE
    ) as context:
        tab = context.new_page()
        for address in ("/search", "/search?q=tiếng kẻng&source=x", f"/search?q=({ENDLESS}", "/searches"):
            tab.goto(address)
            for folded in tab.locator("details").all():
                folded.evaluate("details => details.open = true")
            assert tab.evaluate(FAINT) == []
            assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
