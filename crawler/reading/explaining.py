"""How one page was read: what every layer offers for every field, and what was cut from the body and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import get_args

from crawler.reading.authoring import tellings
from crawler.reading.body import Body, Container, containers, read_container
from crawler.reading.bylines import dateline_off
from crawler.reading.cutting import Cut, named
from crawler.reading.dating import datelines
from crawler.reading.decoding import Decoded, decoded
from crawler.reading.density import densest
from crawler.reading.families import Family
from crawler.reading.generic import whole_page
from crawler.reading.leading import offered, why_no_lead
from crawler.reading.naming import claims, sections, tag_lists, title_of
from crawler.reading.reader import told_of
from crawler.reading.result import Hints, Reading
from crawler.reading.tree import finding, parsed, said
from crawler.reading.view import Part, View, view_of
from crawler.times import shown
from storage.records import Page

_MOST = 400  # characters of what one layer offers
_MOST_OFFERS = 25  # of one field
_MOST_ASKED = 200  # … before those that are said twice are gone: pages have been met with a thousand h1
_H1 = finding("//h1")
_FIELDS: Mapping[Part, str] = {
    "title": "title",
    "lead": "lead",
    "body": "body",
    "author": "authors",
    "date": "published",
    "section": "section",
    "tags": "tags",
}


@dataclass(frozen=True, slots=True)
class Offer:
    """What one layer has to say of one field."""

    layer: str
    says: str  # "" where it finds nothing
    selector: str = ""  # by which it found it; "": by none
    unused: str | None = None  # why it may not be used; None: it may, if no layer before it was


@dataclass(frozen=True, slots=True)
class Explained:
    """One page's reading, laid open."""

    reading: Reading
    decoded: Decoded
    fonts: tuple[str, ...]  # of before Unicode, that were converted
    families: Mapping[str, str]  # systems recognised → by which name in the markup
    offers: Mapping[str, tuple[Offer, ...]]  # field → what each layer offers, in the order they are asked
    cuts: tuple[Cut, ...]
    unmatched: Mapping[str, tuple[str, ...]]  # field → the source's own selectors, where none found anything


def explained(page: Page, hints: Hints, now: datetime) -> Explained:
    """Read a page as `read` does, and tell how; takes some times as long."""
    text = decoded(page)
    tree = parsed(text.text, page.url)
    view = view_of(tree, hints.selectors, explained=True)
    reading, body = told_of(view, page.status, hints, now)
    offers = {
        "title": _titles(view),
        "lead": _leads(view, body),
        "body": _bodies(view, title_of(view)[0]),
        "authors": _authors(view, body),
        "published": _dates(view, body, hints, now),
        "section": (Offer(layer, label) for label, layer in sections(view)),
        "tags": (Offer(layer, ", ".join(tags)) for layer, tags in tag_lists(view)),
    }
    return Explained(
        reading,
        text,
        tuple(tree.fonts),
        {family.name: _sign(family, tree.names) for family in view.families},
        {part: tuple(_short(found)) for part, found in offers.items()},
        (*body.cuts, *_moved(reading, body)),
        dict(_unmatched(view)),
    )


def _short(offers: Iterable[Offer]) -> Iterable[Offer]:
    """Each once: a page says the same thing of itself many times over."""
    short = (Offer(one.layer, one.says[:_MOST], one.selector, one.unused) for one in offers)
    return islice(dict.fromkeys(islice(short, _MOST_ASKED)), _MOST_OFFERS)


def _sign(family: Family, names: str) -> str:
    return next(sign for sign in family.signs if sign in names)


def _unmatched(view: View) -> Iterator[tuple[str, tuple[str, ...]]]:
    for part in get_args(Part):
        selectors: tuple[str, ...] = getattr(view.selectors, part)
        if part in _FIELDS and selectors and not any(view.chosen(one) for one in selectors):
            yield _FIELDS[part], selectors


def _titles(view: View) -> Iterator[Offer]:
    for layer, selector, found in view.asked("title"):
        yield from (Offer(layer, said(element), selector) for element in found)
    yield from (Offer("heading", said(head), "h1") for head in _H1(view.tree.root))
    yield from (Offer(layer, text) for layer, text in claims(view))


def _leads(view: View, body: Body) -> Iterator[Offer]:
    title = title_of(view)[0]
    yield from (Offer(layer, text) for layer, text, _ in offered(view, body))
    for layer, text in view.structured.descriptions():
        if text:
            rest = dateline_off(text)[1]
            yield Offer(layer, text, unused=why_no_lead(rest, body, title, view))


def _bodies(view: View, title: str) -> Iterator[Offer]:
    for container in containers(view):
        yield _measured(container, view, title)
    if dense := densest(view.tree):
        yield _measured(Container(dense.element, "generic", dense.decisive, view.selectors), view, title)
    lines = whole_page(view.tree)
    yield Offer("trafilatura", _size(lines)) if lines else Offer("trafilatura", "", unused="finds no story")


def _measured(container: Container, view: View, title: str) -> Offer:
    body = read_container(container, view, title)
    unused = None if body.lines else "says nothing of a story"
    return Offer(
        container.layer, f"{named(container.element)}: {_size(body.lines)}", container.selector, unused
    )


def _size(lines: Iterable[str]) -> str:
    kept = tuple(lines)
    return f"{sum(map(len, kept))} characters in {len(kept)} lines"


def _authors(view: View, body: Body) -> Iterator[Offer]:
    for layer, texts, names in tellings(view, body):
        if texts:
            unused = None if names else "names nobody but the paper"
            yield Offer(layer, ", ".join(names) or " · ".join(texts), unused=unused)


def _dates(view: View, body: Body, hints: Hints, now: datetime) -> Iterator[Offer]:
    for line in datelines(view, body.container, hints.dated, now):
        told = f"{shown(line.told.at)} to the {line.told.precision}" if line.told else ""
        yield Offer(line.origin, " → ".join(filter(None, [line.text, told])), unused=line.doubt)


def _moved(reading: Reading, body: Body) -> Iterator[Cut]:
    """What the chosen body had and the article has elsewhere: the lead it opens with, repeated captions."""
    if reading.article is None:
        return
    story = set(reading.article.body.split("\n\n"))
    for place, line in enumerate(body.lines):
        if line not in story:
            yield Cut(line[:_MOST], "the lead again" if place == 0 else "a caption again", "")
