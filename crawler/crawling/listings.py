"""A listing page to the links it shows, and to the page after it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from lxml import etree, html

from crawler.crawling.offers import Offer
from crawler.crawling.shapes import page_number, page_stem
from crawler.urls import absolute, same_site

_MOST_LINKS = 2000
_MOST_TEXT = 300  # characters of a link
_NEXT_WORDS = re.compile(
    r"(?:trang (?:sau|kế|tiếp)(?: theo| tiếp)?|tiếp(?: theo)?|sau|xem thêm|bài (?:cũ hơn|tiếp)"
    r"|next(?: page)?|older(?: posts)?)?\s*[»›>→]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Alternate:
    """A feed that a page names in its head."""

    href: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What a listing page shows."""

    offers: tuple[Offer, ...]  # in reading order, each address once
    next_page: str | None  # absolute; None: it names none
    alternates: tuple[Alternate, ...]  # feeds named in its head
    beyond: int = 0  # links after the last that is looked at


def parse_listing(text: str, url: str) -> Listing:
    """Any HTML page as a listing; an empty or broken page shows nothing."""
    tree = _tree(text)
    if tree is None:
        return Listing((), None, ())
    base = _base(tree, url)
    found = [Offer(href, text=text) for href, text in _hrefs(tree, base).items() if href]
    offers, beyond = tuple(found[:_MOST_LINKS]), max(0, len(found) - _MOST_LINKS)
    return Listing(offers, _next_page(tree, base, url), tuple(_alternates(tree, base)), beyond)


def _hrefs(tree: html.HtmlElement, base: str) -> dict[str, str]:
    """Each address once, with the longest text that leads to it; what is no page is ""."""
    found: dict[str, str] = {}
    for link in tree.xpath("//a[@href]"):
        href = urljoin_or_empty(base, str(link.get("href")))
        text = " ".join(link.text_content().split())[:_MOST_TEXT]
        found[href] = max(found.get(href, ""), text, key=len)
    return found


def urljoin_or_empty(base: str, href: str) -> str:
    """`href` made absolute as it stands; "" for what is no page."""
    return absolute(base, href) or ""


def _tree(text: str) -> html.HtmlElement | None:
    try:
        parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
        body = text.encode("utf-8", "replace")
        tree: html.HtmlElement | None = html.document_fromstring(body, parser=parser)
    except etree.LxmlError:  # empty, or nothing but comments
        return None
    return tree


def _base(tree: html.HtmlElement, url: str) -> str:
    named = [str(href) for href in tree.xpath("//base/@href")]
    base = urljoin(url, named[0]) if named else url
    return base if absolute(url, base) and same_site(base, url) else url


def _alternates(tree: html.HtmlElement, base: str) -> Iterator[Alternate]:
    for link in tree.xpath("//link[@href][contains(concat(' ', normalize-space(@rel), ' '), ' alternate ')]"):
        kind = str(link.get("type", "")).lower()
        if kind in {"application/rss+xml", "application/atom+xml", "application/rdf+xml"}:
            href = absolute(base, str(link.get("href")))
            if href:
                yield Alternate(href)


def _next_page(tree: html.HtmlElement, base: str, url: str) -> str | None:
    """rel=next, else "trang sau" and its kin, else the link to the page with the next number."""
    named = [str(href) for href in tree.xpath("//*[self::a or self::link][@rel='next']/@href")]
    worded = [
        str(link.get("href"))
        for link in tree.xpath("//a[@href]")
        if (words := " ".join(link.text_content().split())) and _NEXT_WORDS.fullmatch(words)
    ]
    numbered = [str(href) for href in tree.xpath("//a/@href")]
    trusted = [page for href in named if (page := _another_page(base, href, url))]
    followed = [page for href in (*worded, *numbered) if (page := _another_page(base, href, url))]
    wanted = page_number(url) + 1
    later = [page for page in followed if page_number(page) == wanted and _same_listing(page, url)]
    return next(iter((*trusted, *later)), None)


def _another_page(base: str, href: str, url: str) -> str | None:
    found = absolute(base, href)
    if found is None or not same_site(found, url):
        return None
    page = found.partition("#")[0]
    return page if page != url else None


def _same_listing(page: str, url: str) -> bool:
    """Whether two addresses differ only in the number of the page."""
    return page_stem(page) == page_stem(url)
