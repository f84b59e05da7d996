# ruff: noqa: E501 - markup is easier to judge on one line
"""Real pages of Vietnamese papers: how much of the gold is read, and no more than it. It may rise, never fall."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
from lxml.html import HtmlElement, HTMLParser, document_fromstring, tostring

from crawler.reading import Reading, read, view
from crawler.reading.text import bare, shingles, tidy
from crawler.times import VIETNAM
from tests.reading.pages import NOW, SHARED, fetched, hints

FOLDER = SHARED / "pages"
pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"the gold pages are not here: {FOLDER} is absent"
)

STRICT_MODERN = 0.999  # mean F1 of pages since 2018, without any source's selectors
STRICT_ALL = 0.999
STRICT_UNKNOWN = 0.998  # of the same pages with no CMS family known
SHORT_KNOWN = 0.97  # of the same pages cut to their first paragraph
SHORT_UNKNOWN = 0.91  # of those, with no CMS family known


@cache
def _gold() -> tuple[Mapping[str, Any], ...]:
    lines = (FOLDER / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(json.loads(line) for line in lines)


@cache
def _reading(file: str, url: str) -> Reading:
    page = fetched((FOLDER / file).read_bytes(), url, headers=(("Content-Type", "text/html"),))
    return read(page, hints(), NOW)


def _read(gold: Mapping[str, Any]) -> Reading:
    return _reading(gold["file"], gold["url"] or f"http://{gold['site']}/tin/mot-bai.html")


def strict(found: str, wanted: str) -> float:
    """F1 of runs of four words."""
    mine, theirs = shingles(found), shingles(wanted)
    both = len(mine & theirs)
    return 2 * both / (len(mine) + len(theirs)) if mine or theirs else 1.0


def _score(gold: Mapping[str, Any]) -> float:
    return _said(_read(gold), gold)


def _said(answer: Reading, gold: Mapping[str, Any]) -> float:
    article = answer.article
    return (
        strict(f"{article.lead or ''}\n{article.body}", f"{gold['lead'] or ''}\n{gold['body']}")
        if article
        else 0.0
    )


def test_the_modern_pages_are_read_nearly_word_for_word() -> None:
    scores = {gold["id"]: _score(gold) for gold in _gold() if "_2012" not in gold["id"]}
    assert len(scores) == 12
    assert sum(scores.values()) / len(scores) >= STRICT_MODERN, scores


def test_all_pages_are_read_nearly_word_for_word() -> None:
    scores = {gold["id"]: _score(gold) for gold in _gold()}
    assert sum(scores.values()) / len(scores) >= STRICT_ALL, scores
    assert min(scores.values()) >= 0.99, scores


def test_systems_never_seen_before_are_read_nearly_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """With no family known, these stand for all the sites that nobody has described."""
    monkeypatch.setattr(view, "recognised", lambda _names: iter(()))
    scores = {}
    for gold in _gold():
        answer = read(
            fetched(
                (FOLDER / gold["file"]).read_bytes(), gold["url"] or f"http://{gold['site']}/tin/mot-bai.html"
            ),
            hints(),
            NOW,
        )
        scores[gold["id"]] = _said(answer, gold)
    assert sum(scores.values()) / len(scores) >= STRICT_UNKNOWN, scores


def _cut(gold: Mapping[str, Any]) -> bytes:
    """The page with nothing of its story but the first paragraph."""
    later = {bare(line) for line in gold["body"].split("\n")[1:]} - {bare(gold["body"].split("\n")[0]), ""}
    parser = HTMLParser(encoding="utf-8")
    root: HtmlElement = document_fromstring((FOLDER / gold["file"]).read_bytes(), parser=parser)
    blocks: list[HtmlElement] = list(root.iter("p", "div", "h2", "h3", "li", "span", "tr", "table", "figure"))
    for element in blocks:
        if bare(tidy(element.text_content())) in later and element.getparent() is not None:
            element.drop_tree()
    return bytes(tostring(root, encoding="utf-8"))


@pytest.mark.parametrize("families", ["known", "unknown"])
def test_pages_cut_to_their_first_paragraph_are_read_too(
    families: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if families == "unknown":
        monkeypatch.setattr(view, "recognised", lambda _names: iter(()))
    scores = {}
    for gold in _gold():
        url = gold["url"] or f"http://{gold['site']}/tin/mot-bai.html"
        answer = read(fetched(_cut(gold), url), hints(), NOW)
        scores[gold["id"]] = _said(answer, {**gold, "body": gold["body"].split("\n")[0]})
    wanted = SHORT_KNOWN if families == "known" else SHORT_UNKNOWN
    assert sum(scores.values()) / len(scores) >= wanted, scores


def test_every_title_and_author_is_right() -> None:
    for gold in _gold():
        article = _read(gold).article
        assert article is not None, gold["id"]
        assert article.title == gold["title"], gold["id"]
        assert list(article.authors) == gold["author"], gold["id"]


def test_every_moment_is_right_to_the_minute() -> None:
    for gold in _gold():
        article = _read(gold).article
        assert article is not None, gold["id"]
        assert article.published is not None, gold["id"]
        at = article.published.at.astimezone(VIETNAM).isoformat()
        wanted = gold["datetime"] or gold["date"]
        assert at[:16] == wanted[:16] or (at[:10] == wanted and article.published.precision == "day"), gold[
            "id"
        ]


def test_captions_are_kept_with_their_pictures() -> None:
    wanted = found = 0
    for gold in _gold():
        article = _read(gold).article
        kept = {image.caption for image in article.images} if article else set()
        wanted += len(gold["captions"])
        found += sum(caption in kept for caption in gold["captions"])
    assert found >= wanted - 1, (found, wanted)


@pytest.mark.parametrize("file", sorted(path.name for path in FOLDER.glob("LIST_*")))
def test_listings_are_refused(file: str) -> None:
    rows = (line.split("\t") for line in (FOLDER / "pages.tsv").read_text(encoding="utf-8").splitlines())
    urls = {row[0]: row[1] for row in rows}
    answer = _reading(file, urls[file])
    assert (answer.article, answer.refused) == (None, "listing")
