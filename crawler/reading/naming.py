"""Title, section and tags: what the article is called and where the paper puts it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.reading.text import bare, share_said, tidy
from crawler.reading.tree import finding, heading, said
from crawler.reading.view import View
from crawler.urls import absolute

_H1 = finding("//h1")
_SPLIT = re.compile(r"\s+[-|–—»•:]\s+|\s*\|\s*")
_CRUMBS = (".breadcrumb a", ".breadcrumbs a", "[class*=breadcrumb] a")
_LINKS = finding("//a[@href]")
_TAG_LISTS = ("a[rel=tag]", ".tags a", ".tag a", ".keywords a", ".tu-khoa a", ".article-tags a", ".box-tag a")
_HOME = re.compile(r"trang chủ|trang nhất|home|tin tức", re.IGNORECASE)
_MOST_TITLE = 500
_MOST_TAGS = 30


def title_of(view: View) -> tuple[str, str]:
    """(title, layer); ("", "") where the page has none."""
    claimed = claims(view)
    for layer, found in view.elements("title"):
        texts = [text for element in found if (text := said(element)) and len(text) < _MOST_TITLE]
        if texts:
            return _agreeing(texts, claimed), layer
    heads = [text for head in _H1(view.tree.root) if (text := said(head)) and len(text) < _MOST_TITLE]
    agreed = [text for text in heads if any(_alike(text, claim) for _, claim in claimed)]
    if agreed:
        return agreed[0], "heading"
    if claimed:
        shown = _instead(view, claimed)
        return (shown, "heading") if shown else (claimed[0][1], claimed[0][0])
    return (heads[0], "heading") if len(heads) == 1 else ("", "")


def _instead(view: View, claimed: Sequence[tuple[str, str]]) -> str | None:
    """The title shown on a page whose head gives the site's name on every page; else None."""
    site = view.structured.meta("og:site_name", "application-name")
    if _H1(view.tree.root) or not all(_names_site(claim, site, view.tree.url) for _, claim in claimed):
        return None
    head = heading(view.tree.root)
    return said(head) if head is not None else None


def claims(view: View) -> list[tuple[str, str]]:
    """What the page says in its head that it is called, without the site's name."""
    structured, url = view.structured, view.tree.url
    site = structured.meta("og:site_name", "application-name")
    texts = (
        ("json-ld", structured.text("headline") or structured.text("name")),
        ("meta", structured.meta("og:title", "twitter:title")),
        ("meta", structured.document_title),
    )
    return [(layer, cleaned) for layer, text in texts if text and (cleaned := site_off(text, site, url))]


def site_off(title: str, site: str, url: str) -> str:
    """`Title | Báo Hà Tĩnh` without the paper's name; whatever follows the title's own dashes stays."""
    for _ in range(3):
        marks = list(_SPLIT.finditer(title))
        if not marks:
            break
        tail = title[marks[-1].end() :]
        if not _names_site(tail, site, url):
            break
        title = title[: marks[-1].start()].strip()
    return title


def _names_site(tail: str, site: str, url: str) -> bool:
    folded = re.sub(r"\W", "", bare(tail))
    host = re.sub(r"\W", "", (urlsplit(url).hostname or "").removeprefix("www."))
    own = re.sub(r"\W", "", bare(site))
    if not folded:
        return True
    if own and (folded in own or own in folded) and len(folded) > 2:
        return True
    known = re.match(
        r"(?:báo|tạp chí|đài|cổng|trang|kênh|tin tức|cơ quan|công an|ủy ban|ubnd)\b", tail, re.IGNORECASE
    )
    return (
        (bool(known) and len(tail) < 90 and len(tail.split()) <= 16)
        or (len(folded) > 2 and folded in host)
        or tail.lower().endswith((".vn", ".com"))
    )


def _agreeing(found: Sequence[str], claimed: Sequence[tuple[str, str]]) -> str:
    """The candidate that the page's head knows of; the first where the head knows of none."""
    return next((text for text in found if any(_alike(text, claim) for _, claim in claimed)), found[0])


def _alike(one: str, other: str) -> bool:
    mine, theirs = bare(one), bare(other)
    if not mine or not theirs:
        return False
    return (
        mine == theirs
        or (len(mine) > 20 and mine in theirs)
        or (len(theirs) > 20 and theirs in mine)
        or share_said(one, other) > 0.5
    )


def section_of(view: View) -> tuple[str | None, str]:
    """(section, layer); (None, "") where the page names none."""
    return next(sections(view), (None, ""))


def sections(view: View) -> Iterator[tuple[str, str]]:
    """(section, layer) of every statement of where the paper puts it, most trusted first."""
    for layer, found in view.elements("section"):
        if labels := _labels(found):
            yield labels[-1], layer
    structured = view.structured
    for layer, told in (
        ("json-ld", structured.text("articleSection")),
        ("meta", structured.meta("article:section")),
    ):
        if told:
            yield told.split(",")[0].strip(), layer
    crumbs = [element for selector in _CRUMBS for element in view.chosen(selector)]
    if labels := _labels(crumbs):
        yield labels[-1], "breadcrumb"
    if label := _label_of_path(view):
        yield label, "menu"


def _label_of_path(view: View) -> str | None:
    """What the menu calls the folder this page lies in: `/an-ninh-trat-tu/…` is "An ninh trật tự"."""
    folders = urlsplit(view.tree.url).path.split("/")[1:-1]
    if not folders or f"/{folders[0]}".encode() not in view.tree.markup:
        return None
    own = "/".join(folders)
    links = (link for link in _LINKS(view.tree.root) if own in link.get("href", ""))
    leading = (link for link in links if _path(view.tree.url, link.get("href", "")) == own)
    return next((labels[0] for link in leading if (labels := _labels([link]))), None)


def _path(base: str, href: str) -> str | None:
    """The path of a link without its outer slashes; None for what is no address."""
    address = absolute(base, href)
    return urlsplit(address).path.strip("/") if address else None


def _labels(found: Sequence[HtmlElement]) -> list[str]:
    return [text for element in found if 1 < len(text := said(element)) < 60 and not _HOME.fullmatch(text)]


def tags_of(view: View) -> tuple[str, ...]:
    """The tags the page shows; none where it shows none."""
    return next((tags for _, tags in tag_lists(view)), ())


def tag_lists(view: View) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(layer, tags) of every list of tags that a page shows, most trusted first."""
    for layer, found in view.elements("tags"):
        if tags := _tags([said(element) for element in found]):
            yield layer, tags
    found = [said(element) for selector in _TAG_LISTS for element in view.chosen(selector)]
    if tags := _tags(found):
        yield "generic", tags


def _tags(texts: Sequence[str]) -> tuple[str, ...]:
    tags = (tidy(text.lstrip("#").rstrip(",;")) for text in texts)
    return tuple(dict.fromkeys(tag for tag in tags if 1 < len(tag) < 100))[:_MOST_TAGS]
