"""Is it an article? What a page is, told by its address, its words and the shape of its links."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice, takewhile
from urllib.parse import parse_qs, urlsplit

from lxml.html import HtmlElement

from crawler.reading.body import Body
from crawler.reading.furniture import is_sentence
from crawler.reading.genres import may_be_wordless, named_genre, shows_a_player
from crawler.reading.marks import part_of
from crawler.reading.structured import Structured
from crawler.reading.text import tidy
from crawler.reading.tree import Tree, finding, heading, own_text, said, telling
from crawler.reading.view import View
from crawler.urls import same_site

_UNSEEN = {"script", "style", "noscript", "template", "title"}
_PASSWORD = telling("//input[@type='password']")

_WALL = re.compile(
    rb"document\.cookie\s*=|D1N=|cf-browser-verification|challenge-platform|just a moment"
    rb"|checking your browser|__ddg|enable javascript and cookies|ddos-guard|incapsula|captcha",
    re.IGNORECASE,
)
_PARKED = re.compile(
    r"domain (?:is|may be|name is) (?:for sale|parked|available)|buy this domain|parked (?:free|domain)"
    r"|tên miền này (?:đang được|đã)|website (?:đang|đã) (?:bảo trì|tạm ngừng|hết hạn)"
    r"|sedoparking|Apache2 \w+ Default Page|Welcome to nginx|It works!"
    r"|account (?:has been )?suspended|Index of /",
    re.IGNORECASE,
)
_ERROR = re.compile(
    r"\b404\b|\b50[0234]\b (?:bad|internal|service|gateway)|page (?:does not|doesn't) exist|not found"
    r"|forbidden|access denied|internal server error|bad gateway|service unavailable"
    r"|không tìm thấy|không tồn tại|trang (?:bạn|này) .{0,30}(?:không|đã bị)|đã bị (?:xóa|xoá|gỡ)"
    r"|có lỗi xảy ra|truy cập bị từ chối",
    re.IGNORECASE,
)
_TAG = re.compile(r"-tag\d+\.html?$|/(?:tags?|tu-khoa|chu-de|topic)/|/tag\.html?")
_THIS = r"(?:trang|bài viết|nội dung|đường dẫn)(?: này| bạn.{0,30})?"
_TITLED = tuple(
    (kind, reason, re.compile(form, re.IGNORECASE))
    for kind, reason, form in (
        ("search", "search", r"kết quả tìm kiếm\b|tìm kiếm\s*(?::|$)|search results?\b"),
        ("tag", "tag", r"(?:tags?|từ kh(?:óa|oá))\s*[:|]"),
        ("error", "error-page", r"(?:lỗi |error )?40[34](?:\s*[-–|:].*)?$|(?:page )?not found\W*$"),
        ("error", "error-page", rf"{_THIS} (?:không tồn tại|đã bị (?:xóa|xoá|gỡ))"),
        ("error", "error-page", rf"(?:rất tiếc\W*)?không tìm thấy {_THIS}\W*$"),
    )
)
_LEAST_WORDS = 4  # of a title that is no rubric's
_SEARCH = re.compile(r"/(?:search|tim-kiem|timkiem)(?:/|\.|$)")
_HEADLINES = finding("//a[@href][string-length(normalize-space(.)) > 30]")
_LINKS = finding("//a[@href]")
_LONG = 120  # characters of a paragraph that only a story has many of
_STORY = 3  # sentences side by side that make a story
_MANY = 10  # links as long as headlines that only a listing or a home page shows
_SMALL = 600  # characters that a person would see; walls, errors and parked pages say less
_LEAST = 40  # characters of a body or lead that make the shortest of news


@dataclass(frozen=True, slots=True)
class Seen:
    """What reading found, before it is decided whether it is an article."""

    status: int
    home: str
    title: str
    lead: str | None  # as printed on the page; what its head alone says hides no empty body
    described: bool  # whether the head says what it is about
    body: Body


def refusal(view: View, seen: Seen) -> tuple[str, str] | None:
    """(kind, reason) of a page that is no article; None for an article, and in doubt it is one."""
    if seen.status >= 400:
        return "error", f"http-{seen.status}"
    tree, structured = view.tree, view.structured
    if seen.body.size < _SMALL and (found := _if_small(view)):
        return found
    if found := _by_address(tree.url, seen, structured):
        return found
    if not seen.title:
        return "empty", "no-title"
    if seen.body.size < _SMALL and (found := _by_title(seen.title, view)):
        return found
    if seen.body.size + len(seen.lead or "") < _LEAST:
        return None if _is_wordless(view, seen) else _without_story(view)
    if _is_listing(view, seen):
        return _by_title(seen.title, view) or ("listing", "listing")
    return None


def _visible(tree: Tree) -> str:
    """The first words a person sees; enough of them to tell a small page from a large one."""
    body = tree.root.find("body")
    whole = tree.root if body is None else body
    kept: list[str] = []
    size = 0
    for element in whole.iter():
        if isinstance(element.tag, str):
            kept += ["" if element.tag in _UNSEEN else element.text or "", element.tail or ""]
            size += len(kept[-2].strip()) + len(kept[-1].strip())
        if size > 2 * _SMALL:
            break
    return tidy(" ".join(kept))


def _if_small(view: View) -> tuple[str, str] | None:
    tree, structured = view.tree, view.structured
    visible = _visible(tree)
    if len(visible) >= _SMALL:
        return None
    words = f"{structured.document_title} {visible}"
    if _WALL.search(tree.markup[:20_000]) and not structured.article:
        return "wall", "cookie-wall"
    if _PASSWORD(tree.root):
        return "login", "login"
    if _PARKED.search(words):
        return "parked", "parked"
    if structured.article or structured.meta("article:published_time"):
        return None
    if _ERROR.search(f"{structured.document_title} {visible[:200]}"):
        return "error", "error-page"
    return ("empty", "empty-page") if len(visible) < _LEAST else None


def _by_address(url: str, seen: Seen, structured: Structured) -> tuple[str, str] | None:
    parts = urlsplit(url)
    if parts.path in {"", "/"} and not parts.query and (not seen.home or same_site(url, seen.home)):
        return "home", "home"
    if structured.article:
        return None
    if _TAG.search(parts.path):
        return "tag", "tag"
    if _SEARCH.search(parts.path) or {"s", "q", "keyword"} & parse_qs(parts.query).keys():
        return "search", "search"
    return None


def _by_title(title: str, view: View) -> tuple[str, str] | None:
    """What the title calls the page, or the largest heading where the paper's own name is the title."""
    if view.structured.article:
        return None
    head = heading(view.tree.root)
    titles = (title, said(head) if head is not None else "")
    return next(
        ((kind, reason) for kind, reason, form in _TITLED if any(map(form.match, titles))),
        None,
    )


def _is_wordless(view: View, seen: Seen) -> bool:
    """Whether it is a film, a graphic or a quiz, of which a page says no more than its head does."""
    genre = named_genre(seen.title, view.tree.url, view.structured)
    shown = shows_a_player(seen.body) or any(block.kind == "image" for block in seen.body.blocks)
    if len(seen.title.split()) < _LEAST_WORDS or not (seen.described or shown):
        return False
    return may_be_wordless(genre) or shows_a_player(seen.body)


def _is_listing(view: View, seen: Seen) -> bool:
    """A page of headlines: links as long as headlines in what was taken for the body, little story there."""
    body = seen.body
    if view.structured.article or body.layer == "selector":
        return False
    doubtful = body.layer in {"", "generic", "trafilatura"}
    if body.container is None or not body.size:
        return doubtful and _most_links(view)
    if _tells_a_story(body):
        return False
    links = len(_headlines(body.container))
    long = sum(len(line) >= _LONG for line in body.lines)
    if not doubtful:
        return links >= max(6, 2 * long)
    around = len(_headlines(_above(body.container)))
    return links >= max(3, long) or (around >= max(1, long) and _names_a_section(view, seen.title))


def _tells_a_story(body: Body) -> bool:
    """Whether three sentences or more stand side by side, and fewer headlines than sentences among them."""
    sentences = [block for block in body.blocks if block.kind == "paragraph" and is_sentence(block)]
    homes = Counter(block.element.getparent() for block in sentences)
    home, own = homes.most_common(1)[0] if homes else (None, 0)
    if own < _STORY or body.container is None:
        return False
    last = [block.element for block in sentences if block.element.getparent() is home][-1]
    links = set(_headlines(body.container))
    before = takewhile(lambda element: element is not last, body.container.iter())
    return sum(element in links for element in before) < own


def _above(element: HtmlElement) -> HtmlElement:
    places = takewhile(lambda place: place.tag not in {"body", "html"}, element.iterancestors())
    return (list(islice(places, 3)) or [element])[-1]


def _names_a_section(view: View, title: str) -> bool:
    """Whether a title is that of a rubric: two or three words, or the very words of a link of the menu."""
    words = len(title.split())
    return words <= 3 or (
        words <= 6 and any(tidy(link.text_content()) == title for link in _LINKS(view.tree.root))
    )


def _headlines(element: HtmlElement) -> list[HtmlElement]:
    """The links that stand alone and are as long as headlines."""
    paths = element.iterfind(".//a[@href]")
    return [
        link
        for link in paths
        if len(tidy(link.text_content())) > 30 and not _in_prose(link) and not _in_furniture(link, element)
    ]


def _in_furniture(link: HtmlElement, element: HtmlElement) -> bool:
    """Whether a link stands in a part of `element` that calls itself a list of other stories."""
    inside = takewhile(lambda place: place is not element, link.iterancestors())
    return any(part_of(place) == "furniture" for place in islice(inside, 4))


def _without_story(view: View) -> tuple[str, str]:
    if _most_links(view) and not view.structured.article:
        return "listing", "listing"
    return ("login", "login") if _PASSWORD(view.tree.root) else ("empty", "empty-body")


def _most_links(view: View) -> bool:
    return len(_HEADLINES(view.tree.root)) >= _MANY


def _in_prose(link: HtmlElement) -> bool:
    """Whether a link stands amid the words of a paragraph rather than alone."""
    parent = link.getparent()
    while parent is not None and parent.tag in {"b", "strong", "i", "em", "span", "u"}:
        parent = parent.getparent()
    return parent is not None and len(tidy(own_text(parent))) > 2 * len(tidy(link.text_content()))
