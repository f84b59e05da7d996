"""What a page says of itself for machines: JSON-LD, OpenGraph, microdata, meta."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from crawler.reading.text import tidy
from crawler.reading.tree import Tree, finding, quoting

_ARTICLES = {
    "newsarticle", "article", "reportagenewsarticle", "analysisnewsarticle", "blogposting", "report",
    "opinionnewsarticle", "backgroundnewsarticle", "reviewnewsarticle", "liveblogposting", "satiricalarticle",
}  # fmt: skip
_SCRIPTS = finding("//script[@type='application/ld+json']")
_METAS = finding("//meta[@content]")
_TITLE = quoting("//title")
_COMMA = re.compile(r",\s*([}\]])")
_MOST_JSON = 400_000  # characters of one script
_MOST_NODES = 2_000

_PUBLISHED = (
    "article:published_time", "datepublished", "pubdate", "og:article:published_time", "publishdate",
    "article.published", "dc.date.issued", "dcterms.created", "publish-date", "date",
)  # fmt: skip
_CHANGED = (
    "article:modified_time", "datemodified", "og:updated_time", "article:modified", "dcterms.modified",
    "dc.date.modified", "lastmod",
)  # fmt: skip
_AUTHORS = ("dable:author", "article:author", "author")


@dataclass(frozen=True)
class Structured:
    """The structured data of one page; every part is read when first asked for."""

    tree: Tree

    @cached_property
    def metas(self) -> Mapping[str, str]:
        """First content of every meta, by its property, name or itemprop in lower case."""
        found: dict[str, str] = {}
        for meta in _METAS(self.tree.root):
            for attribute in ("property", "name", "itemprop"):
                name = meta.get(attribute, "").strip().lower()
                content = meta.get("content", "")
                if name and name not in found and content.strip():
                    found[name] = tidy(content)
        return found

    @cached_property
    def article(self) -> Mapping[str, Any]:
        """The first JSON-LD object that is an article; empty where there is none."""
        scripts = _SCRIPTS(self.tree.root)
        nodes = (node for script in scripts for node in _nodes(script.text or ""))
        return next((node for node in nodes if _is_article(node)), {})

    @cached_property
    def types(self) -> frozenset[str]:
        """What the JSON-LD article says it is, in lower case."""
        kinds = self.article.get("@type")
        return frozenset(str(kind).lower() for kind in (kinds if isinstance(kinds, list) else [kinds]))

    @cached_property
    def document_title(self) -> str:
        """The text of `<title>`; "" where there is none."""
        return tidy(_TITLE(self.tree.root))

    def text(self, key: str) -> str:
        """A text of the JSON-LD article; "" where it says nothing."""
        value = self.article.get(key)
        return tidy(value) if isinstance(value, str) else ""

    def meta(self, *names: str) -> str:
        """The first of these metas that says something; "" where none does."""
        return next((self.metas[name] for name in names if name in self.metas), "")

    def publications(self) -> Iterator[tuple[str, str]]:
        """(layer, text) of every statement of the first publication, most trusted first."""
        for key in ("datePublished", "dateCreated"):
            value = self.article.get(key)
            if isinstance(value, str | int):
                yield "json-ld", str(value)
        yield from (("meta", self.metas[name]) for name in _PUBLISHED if name in self.metas)

    def changes(self) -> Iterator[tuple[str, str]]:
        """(layer, text) of every statement of the last change, most trusted first."""
        value = self.article.get("dateModified")
        if isinstance(value, str | int):
            yield "json-ld", str(value)
        yield from (("meta", self.metas[name]) for name in _CHANGED if name in self.metas)

    def descriptions(self) -> Iterator[tuple[str, str]]:
        """(layer, text) of every statement of what the article is about."""
        yield "meta", self.meta("og:description")
        yield "meta", self.meta("description")
        yield "json-ld", self.text("description")

    def authors(self) -> Iterator[tuple[str, str]]:
        """(layer, text) of every statement of who wrote it; the paper's own name is often among them."""
        value = self.article.get("author")
        for author in value if isinstance(value, list) else [value]:
            if isinstance(author, str):
                yield "json-ld", tidy(author)
            elif isinstance(author, dict) and author.get("@type") != "Organization":
                name = author.get("name")
                yield "json-ld", tidy(name) if isinstance(name, str) else ""
        yield from (("meta", self.metas[name]) for name in _AUTHORS if name in self.metas)


def _nodes(script: str) -> Iterator[Mapping[str, Any]]:
    """Every object of a JSON-LD script, outermost first; none where it cannot be read."""
    if "rticle" not in script and "osting" not in script and "Report" not in script:
        return
    pending: list[Any] = [_loaded(script[:_MOST_JSON])]
    for _ in range(_MOST_NODES):
        if not pending:
            return
        node = pending.pop(0)
        if isinstance(node, dict):
            yield node
            pending += [value for key, value in node.items() if key in {"@graph", "mainEntity"}]
        elif isinstance(node, list):
            pending += node


def _loaded(script: str) -> Any:
    for text in (script, _COMMA.sub(r"\1", script)):
        try:
            return json.loads(text.strip().strip(";"), strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _is_article(node: Mapping[str, Any]) -> bool:
    kinds = node.get("@type")
    return any(
        isinstance(kind, str) and kind.lower() in _ARTICLES
        for kind in (kinds if isinstance(kinds, list) else [kinds])
    )
