"""Atom feeds of articles: what the review page serves for a saved search, and an export is."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from crawler.times import shown

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Feed:
    """What stands before the entries."""

    id: str
    title: str
    author: str
    updated: datetime
    subtitle: str = ""
    self_address: str | None = None  # None: it is a file
    page: str | None = None  # where people see the same; None: nowhere


@dataclass(frozen=True, slots=True)
class Entry:
    """One article as a feed shows it."""

    id: str
    title: str
    page: str | None  # absolute: where it is read; None: nowhere
    original: str | None  # the article on the paper's site, if `page` is not that; None: no plain web address
    source: str
    published: datetime | None
    updated: datetime
    summary: str
    categories: tuple[tuple[str, str], ...] = ()  # rule and its label


def identifier(*parts: object) -> str:
    """The same for the same parts, for ever: `article` and a key, or `search`, its number and its moment."""
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, ':'.join(['diembao', *map(str, parts)]))}"


def feed_xml(feed: Feed, entries: Iterable[Entry]) -> Iterator[str]:
    """The whole feed, piece by piece."""
    yield from head_xml(feed)
    for entry in entries:
        yield entry_xml(entry)
    yield END


def head_xml(feed: Feed) -> Iterator[str]:
    """What comes before the first entry."""
    yield '<?xml version="1.0" encoding="utf-8"?>\n'
    yield '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="vi">\n'
    yield _lines(
        _element("id", feed.id),
        _element("title", feed.title),
        feed.subtitle and _element("subtitle", feed.subtitle),
        _element("updated", shown(feed.updated)),
        _element("generator", "diembao"),
        f"<author>{_element('name', feed.author)}</author>",
        _link("self", feed.self_address, type="application/atom+xml"),
        _link("alternate", feed.page, type="text/html"),
    )


def entry_xml(entry: Entry) -> str:
    """One entry."""
    inner = _lines(
        _element("id", entry.id),
        _element("title", entry.title),
        f"<author>{_element('name', entry.source)}</author>",
        _link("alternate", entry.page, type="text/html"),
        _link("via", entry.original),
        *(f"<category term={_quoted(term)} label={_quoted(label)}/>" for term, label in entry.categories),
        _element("published", shown(entry.published)) if entry.published else None,
        _element("updated", shown(entry.updated)),
        _element("summary", entry.summary),
    )
    return f"<entry>\n{inner}</entry>\n"


END = "</feed>\n"


def _lines(*parts: str | None) -> str:
    return "".join(f"  {part}\n" for part in parts if part)


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(_NOT_XML.sub('', text))}</{name}>"


def _link(relation: str, address: str | None, **attributes: str) -> str | None:
    if address is None:
        return None
    others = "".join(f" {name}={_quoted(value)}" for name, value in attributes.items())
    return f"<link rel={_quoted(relation)}{others} href={_quoted(address)}/>"


def _quoted(text: str) -> str:
    return quoteattr(_NOT_XML.sub("", text))
