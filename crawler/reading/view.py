"""A page as every layer sees it: its tree, what it says for machines, and the selectors that may hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from lxml.html import HtmlElement

from crawler.reading.families import Family, recognised
from crawler.reading.selectors import Selectors
from crawler.reading.structured import Structured
from crawler.reading.tree import Tree, chosen

_NAME = re.compile(r"[.#]([\w-]{3,})")

Part = Literal["title", "lead", "body", "author", "date", "section", "tags", "caption", "drop"]


@lru_cache(maxsize=1024)
def _names(selector: str) -> tuple[str, ...]:
    return () if ":not" in selector else tuple(_NAME.findall(selector))


@dataclass(frozen=True, slots=True)
class View:
    """One page, ready to be asked."""

    tree: Tree
    structured: Structured
    selectors: Selectors  # the source's own
    families: tuple[Family, ...]  # recognised from the markup, most telling first
    explained: bool = False  # whether what is cut from the body is to be told

    def elements(self, part: Part) -> Iterator[tuple[str, list[HtmlElement]]]:
        """(layer, elements) of every selector for a part that finds something, the source's first."""
        return ((layer, found) for layer, _, found in self.asked(part) if found)

    def asked(self, part: Part) -> Iterator[tuple[str, str, list[HtmlElement]]]:
        """(layer, selector, elements) of every selector for a part, those that find nothing too."""
        for layer, selectors in self._layers():
            named: Sequence[str] = getattr(selectors, part)
            yield from ((layer, selector, self.chosen(selector)) for selector in named)

    def chosen(self, selector: str) -> list[HtmlElement]:
        """All elements a selector finds; not looked for where the page has no such names at all."""
        if not all(name in self.tree.names for name in _names(selector)):
            return []
        return chosen(self.tree.root, selector)

    def _layers(self) -> Iterator[tuple[str, Selectors]]:
        yield "selector", self.selectors
        yield from ((family.name, family.selectors) for family in self.families)


def view_of(tree: Tree, selectors: Selectors, *, explained: bool = False) -> View:
    """The page of this tree, with the families whose signs its markup carries."""
    return View(tree, Structured(tree), selectors, tuple(recognised(tree.names)), explained)
