"""A hostile article: whatever it says in whichever field, the page shows it and does nothing it asks for."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import httpx
import pytest

from crawler.urls import outward
from storage.records import Article, Flag, Image
from storage.store import Store
from tests.review.stock import Stock, keep, story

SCRIPT = "</textarea></title><script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg onload=alert(1)>"
TURNED = "‮gpj.exe‬⁧x"
OURS = {
    "script": {"/static/page.js"},
    "link": {"/static/page.css", "/static/deciding.css", "/static/copies.css", "/static/icon.svg"},
}


class Elements(HTMLParser):
    """The tags of a page with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def hostile(url: str = "javascript:alert(1)") -> Article:
    return replace(
        story(0),
        key="baohatinh:hostile",
        url=url,
        title=SCRIPT + TURNED,
        lead=SCRIPT,
        body=f"{SCRIPT}\n\n{TURNED} {{{{ 7*7 }}}} {{% raise %}}",
        authors=(SCRIPT,),
        section=SCRIPT,
        images=(Image("javascript:alert(2)", SCRIPT), Image('https://x.vn/"onclick="alert(3)', None)),
    )


def hostile_flag() -> Flag:
    return Flag("r", SCRIPT, "v", "body", ((5, 30), (-4, 9), (20, 9999), (7, 3)), SCRIPT, 5.0)


@pytest.fixture
def number(stocked: Stock) -> int:
    with Store.open(stocked.path) as store:
        number = keep(store, hostile(), [hostile_flag()])
        store.verdicts.decide(number, "later", SCRIPT, story(0).published.at)  # type: ignore[union-attr]  # it is dated
    return number


@pytest.mark.parametrize(
    "address", ["/?tab=flagged", "/cases/{}", "/?decided={}", "/cases/1?decided={}", "/cases/{}/beside/1"]
)
def test_no_field_of_an_article_becomes_markup(client: httpx.Client, number: int, address: str) -> None:
    text = client.get(address.format(number)).text
    assert "alert(1)" in text
    for tag, stated in Elements(text).found:
        assert tag not in {"img", "svg", "iframe", "object", "embed", "style", "base", "meta-refresh"}
        assert not [name for name in stated if name.startswith("on") or name == "style"]
        if tag in OURS:
            assert (stated.get("src") or stated.get("href")) in OURS[tag]


@pytest.mark.parametrize("address", ["/?tab=flagged", "/cases/{}", "/?decided={}"])
def test_no_address_of_an_article_becomes_a_script(client: httpx.Client, number: int, address: str) -> None:
    for tag, stated in Elements(client.get(address.format(number)).text).found:
        target = stated.get("href") or stated.get("action") or "/"
        assert target.startswith(("/", "#", "https://")), (tag, target)
        if target.startswith("https://"):
            assert stated.get("rel") == "noreferrer noopener"


def test_templates_in_an_article_are_only_text(client: httpx.Client, number: int) -> None:
    assert "{{ 7*7 }} {% raise %}" in client.get(f"/cases/{number}").text


def test_text_that_turns_direction_stays_in_its_own_box(client: httpx.Client, number: int) -> None:
    for address in ("/?tab=flagged", f"/cases/{number}"):
        shown = client.get(address).text.partition("<main")[2]
        for before in shown.split(TURNED)[:-1]:
            inside = before.rfind("<bdi>") > before.rfind("</bdi>")
            assert inside or before.rfind('<p dir="auto">') > before.rfind("</p>")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "//elsewhere.example/",
        "/relative",
        "https://",
        "https://paper.vn@elsewhere.example/",
        "https://paper.vn\\@elsewhere.example/",
        "https://paper.vn/a b",
        "https://paper.vn/\u202egpj.exe",
        "",
    ],
)
def test_what_is_no_plain_web_address_gets_no_link(url: str) -> None:
    assert outward(url) is None


@pytest.mark.parametrize(
    "url", ["https://baohatinh.vn/a-post1.html", "http://x.vn:8080/?a=1&b=2#c", "https://x.vn/ấ"]
)
def test_a_plain_web_address_is_linked_as_it_is(url: str) -> None:
    assert outward(url) == url
