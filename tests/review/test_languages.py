"""The page in Vietnamese and in English: whose wish counts, and that nothing is left unsaid."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from crawler.review import languages
from crawler.review.languages import Language, wanted

ROOT = Path(__file__).parents[2]
REVIEW = ROOT / "crawler" / "review"
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
OPTIONS = {"**.html": {"trimmed": "true", "newstyle_gettext": "true"}}
KEYWORDS = {"_": None, "ngettext": (1, 2), "counted": (1, 2), "Sentence": None}
PLACES = re.compile(r"%\(\w+\)[ds]|\{\w+\}")


def sentences() -> set[str | tuple[str, ...]]:
    """All that the code and the templates say."""
    found = extract_from_dir(REVIEW, METHODS, OPTIONS, KEYWORDS)
    return {message for _, _, message, *_ in found if message}


def english() -> Iterator[Message]:
    with (languages.CATALOGUES / "en.po").open("rb") as file:
        yield from (message for message in read_po(file, locale="en") if message.id)


@pytest.mark.parametrize(
    ("cookie", "accepted", "language"),
    [
        (None, None, "vi"),
        (None, "", "vi"),
        (None, "vi-VN,vi;q=0.9,en-US;q=0.8", "vi"),
        (None, "en-GB,en;q=0.9,vi;q=0.2", "en"),
        (None, "fr;q=1.0, vi;q=0.4, en;q=0.7", "en"),
        (None, "en;q=0, vi;q=0.1", "vi"),
        (None, "de, fr", "vi"),
        (None, ";;;,en;q=x,,=,", "vi"),
        (None, "EN", "en"),
        ("en", "vi", "en"),
        ("vi", "en", "vi"),
        ("klingon", "en", "en"),
    ],
)
def test_the_switch_counts_first_then_the_browser_then_vietnamese(
    cookie: str | None, accepted: str | None, language: Language
) -> None:
    assert wanted(cookie, accepted) == language


def test_every_sentence_is_said_in_english_and_none_that_nobody_says() -> None:
    translated = {message.id if isinstance(message.id, str) else tuple(message.id) for message in english()}
    assert translated == sentences()
    assert [message.id for message in english() if not all(_texts(message.string))] == []


def test_translations_have_the_places_of_their_sentences() -> None:
    for message in english():
        wanted_places = {place for text in _texts(message.id) for place in PLACES.findall(text)}
        for text in _texts(message.string):
            assert set(PLACES.findall(text)) <= wanted_places, text
        assert set(PLACES.findall(_texts(message.string)[-1])) == wanted_places, message.id


def test_a_browser_is_answered_in_its_language(client: httpx.Client) -> None:
    answer = client.get("/", headers={"Accept-Language": "en-US"})
    assert '<html lang="en">' in answer.text
    assert "All reviewed" in answer.text or "Keep" in answer.text
    assert '<html lang="vi">' in client.get("/", headers={"Accept-Language": "vi"}).text


def test_troubles_are_told_in_that_language_too(client: httpx.Client) -> None:
    told = client.get("/cases/x", headers={"Accept-Language": "en"})
    assert told.status_code == 400
    assert "id=“x” is no article&#39;s number" in told.text
    assert (
        "Wrong host name" in client.get("/", headers={"Host": "evil.example", "Accept-Language": "en"}).text
    )


def test_the_switch_is_remembered_and_leads_back(client: httpx.Client) -> None:
    back = "/?tab=kept&source=baohatinh"
    answer = client.post("/language", data={"to": "en", "back": back})
    assert (answer.status_code, answer.headers["location"]) == (303, back)
    assert '<html lang="en">' in client.get(back, headers={"Accept-Language": "vi"}).text
    page = client.get("/?tab=kept&source=b%C3%A1o").text
    assert 'name="back" value="/?tab=kept&amp;source=b%C3%A1o"' in page


@pytest.mark.parametrize(
    "back", ["//evil.example", "/\\evil.example", "https://evil.example", "", "/a\r\nb: c"]
)
def test_the_switch_leads_nowhere_else(client: httpx.Client, back: str) -> None:
    assert client.post("/language", data={"to": "vi", "back": back}).headers["location"] == "/"


@pytest.mark.parametrize("fields", [{"to": "fr"}, {}, {"to": ""}])
def test_an_unknown_language_is_refused_with_a_sentence(client: httpx.Client, fields: dict[str, str]) -> None:
    answer = client.post("/language", data={"back": "/", **fields})
    assert answer.status_code == 400
    assert "tiếng Việt (vi)" in answer.text


def _texts(one: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (one,) if isinstance(one, str) else tuple(one or ())
