"""One page read: decoded, parsed once, every layer asked, and refused by name where it is no article."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from crawler.reading.authoring import authors_told
from crawler.reading.beside import before_body
from crawler.reading.blocks import Block, blocks_of
from crawler.reading.body import Body, body_of
from crawler.reading.dating import dated
from crawler.reading.decoding import decoded
from crawler.reading.genres import genre_of
from crawler.reading.kinds import Seen, refusal
from crawler.reading.leading import Lead, lead_of
from crawler.reading.legacy import lost_letters
from crawler.reading.naming import section_of, tags_of, title_of
from crawler.reading.pictures import captions, pictures
from crawler.reading.result import Hints, Reading
from crawler.reading.text import bare
from crawler.reading.tree import parsed
from crawler.reading.view import View, view_of
from storage.records import Article, Image, Page


@dataclass(frozen=True, slots=True)
class _Told:
    """What was read before it is known that the page is an article."""

    title: str
    title_layer: str
    body: Body
    lead: Lead


def read(page: Page, hints: Hints, now: datetime) -> Reading:
    """What the page says, each part by the first layer that knows it; never raises, whatever the bytes."""
    view = view_of(parsed(decoded(page).text, page.url), hints.selectors)
    return told_of(view, page.status, hints, now)[0]


def told_of(view: View, status: int, hints: Hints, now: datetime) -> tuple[Reading, Body]:
    """What a page answered with `status` says, and the body that was chosen for it."""
    title, title_layer = title_of(view)
    body = body_of(view, title)
    told = _Told(title, title_layer, body, lead_of(view, body, title))
    shown = told.lead.text if told.lead.printed else None
    refused = refusal(view, Seen(status, hints.home, title, shown, bool(told.lead.text), body))
    if refused is None:
        return _article(view, hints, told, now), body
    kind, reason = refused
    return Reading(None, kind, reason, _spoken(_first_layers(told))), body


def _article(view: View, hints: Hints, told: _Told, now: datetime) -> Reading:
    title, body, lead = told.title, told.body, told.lead
    authors, author_layer = authors_told(view, body)
    section, section_layer = section_of(view)
    told_of_time = dated(view, body.container, hints.dated, now)
    published = told_of_time.published
    images = pictures(
        (*_opening_pictures(view, body), *body.blocks), view.tree.url, lambda text: bare(text) == bare(title)
    )
    article = Article(
        key=hints.key,
        source=hints.source,
        url=view.tree.url,
        title=title,
        lead=lead.text,
        body="\n\n".join(_story(body, lead, images)),
        authors=authors,
        section=section,
        tags=tags_of(view),
        published=published,
        images=images,
        updated=told_of_time.updated,
    )
    layers = {
        **_first_layers(told),
        "authors": author_layer,
        "section": section_layer,
        "published": published.origin if published else "",
    }
    return Reading(
        article,
        genre_of(view, article, body),
        None,
        _spoken(layers),
        dateline=lead.dateline or body.dateline,
        credit=body.credit,
        doubts=(*told_of_time.doubts, *_doubts_of_letters(view, article)),
    )


def _opening_pictures(view: View, body: Body) -> Iterator[Block]:
    """The pictures with captions that stand between the title and the body."""
    for element in before_body(view.tree.root, body.container):
        if element.tag == "figure":
            yield from blocks_of(element)


def _doubts_of_letters(view: View, article: Article) -> Iterator[str]:
    yield from (f"letters of {font} fonts: converted" for font in view.tree.fonts)
    if lost_letters(article.body or article.lead or ""):
        yield "text without Vietnamese letters: typed so, or in a code that is not known"


def _story(body: Body, lead: Lead, images: tuple[Image, ...]) -> list[str]:
    """The body's lines without the lead it opens with and the captions it repeats."""
    repeated = captions(images)
    return [line for line in body.lines[lead.lines :] if bare(line) not in repeated]


def _first_layers(told: _Told) -> Mapping[str, str]:
    return {"title": told.title_layer, "body": told.body.layer, "lead": told.lead.layer}


def _spoken(layers: Mapping[str, str]) -> Mapping[str, str]:
    return {part: layer for part, layer in layers.items() if layer}
