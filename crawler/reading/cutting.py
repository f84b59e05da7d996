"""What is cut from the body and why: noted where somebody asks, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from lxml import etree
from lxml.html import HtmlElement

from crawler.reading.text import tidy

_SEEN = etree.XPath(".//text()[not(parent::script or parent::style)]", smart_strings=False)
_MOST = 200  # characters that tell which text is meant


@dataclass(frozen=True, slots=True)
class Cut:
    """One text of the body's container that is not in the body."""

    text: str
    reason: str
    where: str  # the element it stands in: "div.box-related"; "": a part of a line


class Cuts:
    """The list of cuts, if there is a listener; otherwise what it is told is forgotten at once."""

    __slots__ = ("kept", "listens")

    def __init__(self, *, listens: bool = False) -> None:
        self.kept: list[Cut] = []
        self.listens = listens

    def element(self, element: HtmlElement, reason: str) -> None:
        """A whole element; not worth a line where it says nothing."""
        if self.listens and (text := tidy(" ".join(cast("list[str]", _SEEN(element))))):
            self.kept.append(Cut(text[:_MOST], reason, named(element)))

    def lines(self, lines: Iterable[tuple[str, HtmlElement]], reason: str) -> None:
        """(text, element) of lines gone for one reason."""
        if self.listens:
            self.kept += [Cut(text[:_MOST], reason, named(element)) for text, element in lines if text]

    def words(self, text: str, reason: str) -> None:
        """A part of a line."""
        if self.listens:
            self.kept.append(Cut(text[:_MOST], reason, ""))


UNHEARD = Cuts()


def named(element: HtmlElement) -> str:
    """An element as a person points to it: `div#main.body`."""
    if not isinstance(element.tag, str):
        return ""
    number = f"#{element.get('id')}" if element.get("id") else ""
    return f"{element.tag}{number}{''.join(f'.{name}' for name in (element.get('class') or '').split()[:3])}"
