"""Who wrote it: asked of every layer, the paper itself never taken for a person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from crawler.reading.beside import after_body, beside_title
from crawler.reading.body import Body
from crawler.reading.bylines import authors_of, beside_date, is_byline
from crawler.reading.text import tidy
from crawler.reading.tree import said
from crawler.reading.view import View

_HOUSE = re.compile(r"(?:báo|đài|tạp chí|cổng|trang|tòa soạn|ban biên tập|công an)\b", re.IGNORECASE)
_LONGEST = 160  # characters; a longer text is a box about the author, no byline


def authors_told(view: View, body: Body) -> tuple[tuple[str, ...], str]:
    """(authors, layer); ((), "") where nobody is named."""
    return next(((found, layer) for layer, _, found in tellings(view, body) if found), ((), ""))


def tellings(view: View, body: Body) -> Iterator[tuple[str, list[str], tuple[str, ...]]]:
    """(layer, texts, the people they name) of every statement of who wrote it, most trusted first."""
    papers = tuple(_papers(view))
    return ((layer, texts, authors_of(texts, papers)) for layer, texts in _texts(view, body))


def _texts(view: View, body: Body) -> Iterator[tuple[str, list[str]]]:
    for layer, found in view.elements("author"):
        texts = [tidy(said(element)) for element in found]
        yield layer, [text for text in texts if len(text) <= _LONGEST]
    yield "byline", list(body.bylines)
    yield "beside", [line for line in after_body(body.container) if is_byline(line)][:1]
    named = (beside_date(line) for line in beside_title(view.tree.root, body.container))
    yield "beside", [name for name in named if name][:1]
    told = list(view.structured.authors())
    for layer in ("json-ld", "meta"):
        for text in [text for name, text in told if name == layer and text and not _HOUSE.match(text)]:
            yield layer, [text]


def _papers(view: View) -> Iterator[str]:
    structured = view.structured
    publisher = structured.article.get("publisher")
    if isinstance(publisher, dict) and isinstance(publisher.get("name"), str):
        yield tidy(publisher["name"])
    for site in (structured.meta("og:site_name"), structured.meta("application-name", "copyright")):
        yield from (site, f"báo {site}", site.lower().removeprefix("báo ")) if site else ()
    host = (urlsplit(view.tree.url).hostname or "").removeprefix("www.")
    name = host.split(".")[0]
    yield from (host, name, f"báo {name}", f"{name} online", f"{name}vn", f"báo điện tử {name}")
