"""Every kept page is read as a person corrected it, and the reading of them all may rise, never fall."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from crawler.cli.addpage import GENERIC
from crawler.cli.expected import Fixture, expected, page_of
from crawler.cli.onepage import Got
from crawler.config import Config, load
from crawler.reading import Hints, Reading, read, view
from crawler.reading.selectors import Selectors
from crawler.reading.text import shingles
from tests.reading.pages import ROOT

FOLDER = ROOT / "tests/pages"
PAGES = [
    Fixture(FOLDER, path.parent.name, path.stem)
    for path in sorted({path.with_suffix("") for path in FOLDER.glob("*/*.*")})
]
SHAPES = {"new", "old-cms", "short", "photo", "video", "edited"}  # that every enabled source shows
REFUSED = {"listing", "tag", "search", "home", "error", "login", "wall", "empty"}


@dataclass(frozen=True)
class Floors:
    """What the mean over all kept pages reaches at least; raise them when it does, never lower them."""

    f1: float  # of runs of four words of lead and body
    precision: float  # share of these runs read that a person reads too
    fields: float  # share of titles, leads, authors, minutes, sections, tags and captions that are right


KNOWN = Floors(1.0, 1.0, 1.0)  # by the source's selectors
UNKNOWN = Floors(0.999, 0.999, 0.995)  # without a line of config
STRANGE = Floors(0.97, 0.98, 0.91)  # with no CMS family known besides
_FIELDS = ("title", "lead", "authors", "published_at", "updated_at", "section", "tags", "images")


@cache
def _config() -> Config:
    return load(ROOT / "config.toml")


@cache
def _wanted(fixture: Fixture) -> Mapping[str, Any]:
    told: Mapping[str, Any] = json.loads(fixture.json.read_text(encoding="utf-8"))
    return told


def _hints(fixture: Fixture) -> Hints:
    source = None if fixture.source == GENERIC else _config().sources[fixture.source]
    return Got(page_of(fixture), source).hints


def _read(fixture: Fixture, hints: Callable[[Fixture], Hints] = _hints) -> Reading:
    page = page_of(fixture)
    return read(page, hints(fixture), page.fetched_at)


@pytest.mark.parametrize("fixture", PAGES, ids=lambda fixture: f"{fixture.source}/{fixture.name}")
def test_a_page_is_read_as_a_person_reads_it(fixture: Fixture) -> None:
    assert expected(page_of(fixture), _read(fixture)) == _wanted(fixture)


def test_no_page_is_without_its_json_and_no_json_without_its_page() -> None:
    assert PAGES
    assert [page for page in PAGES if not (page.html.is_file() and page.json.is_file())] == []
    strays = {path for path in FOLDER.rglob("*") if path.is_file()} - set(_files(PAGES))
    assert strays == set()


def _files(pages: Iterable[Fixture]) -> Iterator[Path]:
    for page in pages:
        yield from (page.html, page.json)


@pytest.mark.parametrize("source", [source.name for source in _config().sources.values() if source.enabled])
def test_every_enabled_source_has_pages_of_every_shape(source: str) -> None:
    assert {page.name for page in PAGES if page.source == source} >= SHAPES


def test_every_source_and_every_refusal_has_a_page() -> None:
    assert {page.source for page in PAGES} == {*_config().sources, GENERIC}
    assert {_wanted(page)["kind"] for page in PAGES if _wanted(page)["refused"]} == REFUSED


@pytest.mark.parametrize(
    ("floors", "selectors", "families"),
    [(KNOWN, True, True), (UNKNOWN, False, True), (STRANGE, False, False)],
    ids=["selectors", "no selectors", "no families"],
)
def test_the_reading_of_all_pages_is_as_good_as_it_was(
    floors: Floors, selectors: bool, families: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not families:
        monkeypatch.setattr(view, "recognised", lambda _names: iter(()))
    hints = _hints if selectors else lambda page: replace(_hints(page), selectors=Selectors())
    articles = [page for page in PAGES if not _wanted(page)["refused"]]
    read_ones = {page: expected(page_of(page), _read(page, hints)) for page in articles}
    told = {f"{page.source}/{page.name}": _scores(read_ones[page], _wanted(page)) for page in articles}
    means = Floors(*(sum(column) / len(told) for column in zip(*told.values(), strict=True)))
    worst = sorted(told.items(), key=lambda one: sum(one[1]))[:8]
    assert means.f1 >= floors.f1, (means, worst)
    assert means.precision >= floors.precision, (means, worst)
    assert means.fields >= floors.fields, (means, worst)


def test_no_page_is_taken_for_an_article_without_selectors_either() -> None:
    wrong = [
        page
        for page in PAGES
        if _wanted(page)["refused"]
        and _read(page, lambda one: replace(_hints(one), selectors=Selectors())).article
    ]
    assert wrong == []


def _scores(told: Mapping[str, Any], wanted: Mapping[str, Any]) -> tuple[float, float, float]:
    mine, theirs = shingles(_text(told)), shingles(_text(wanted))
    both = len(mine & theirs)
    f1 = 2 * both / (len(mine) + len(theirs)) if mine or theirs else 1.0
    right = sum(told.get(name) == wanted[name] for name in _FIELDS)
    return f1, both / len(mine) if mine else 1.0, right / len(_FIELDS)


def _text(told: Mapping[str, Any]) -> str:
    return "\n".join(filter(None, (told.get("lead"), *told.get("body", ()))))
