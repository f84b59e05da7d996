"""The small parts of a DOCX that python-docx has no words for: fields, links, bookmarks, shading."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from w3lib.url import safe_url_string

from crawler.reporting.blocks import Run
from crawler.reporting.typography import legal

_LONGEST_LINK = 2_000  # characters; Word takes no more
_LOOKS = {"lit": "Lit", "strong": "Strong", "faint": "Faint"}


def element(tag: str, *children: Any, **attributes: str | int) -> Any:
    """`<w:tag w:name="value">` with its children; a trailing `_` of a name is dropped."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name.rstrip('_')}"), str(value))
    for child in children:
        made.append(child)
    return made


def text_run(text: str, look: str | None = None, *properties: Any) -> Any:
    """A run of a character style; what XML cannot hold is left out."""
    style = [element("rStyle", val=look)] if look else []
    written = element("t")
    written.text = legal(text)
    written.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    looks = [element("rPr", *style, *properties)] if style or properties else []
    return element("r", *looks, written)


def field_runs(instruction: str, shown: str) -> list[Any]:
    """A field that whoever opens the file works out; until then it shows `shown`."""
    written = element("instrText")
    written.text = f" {instruction} "
    written.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return [
        element("r", element("fldChar", fldCharType="begin")),
        element("r", written),
        element("r", element("fldChar", fldCharType="separate")),
        text_run(shown),
        element("r", element("fldChar", fldCharType="end")),
    ]


def paragraph(style: str, *parts: Any, properties: Iterable[Any] = ()) -> Any:
    """A paragraph of a style, given by its id."""
    return element("p", element("pPr", element("pStyle", val=style), *properties), *parts)


def bookmarked(anchor: str, number: int, *parts: Any) -> list[Any]:
    """The parts under a name that links and the table of contents lead to."""
    start = element("bookmarkStart", id=number, name=bookmark(anchor))
    return [start, *parts, element("bookmarkEnd", id=number)]


def bookmark(anchor: str) -> str:
    """A name that Word takes: letters, digits and _."""
    return anchor.replace("-", "_")[:40]


def inner_link(anchor: str, *parts: Any) -> Any:
    """A link to a bookmark."""
    return element("hyperlink", *parts, anchor=bookmark(anchor), history=1)


class Links:
    """Addresses outside, each related to the document once."""

    def __init__(self, document: Document) -> None:
        self._part = document.part
        self._known: dict[str, str] = {}

    def runs(self, runs: Iterable[Run]) -> list[Any]:
        """Runs, and links around those that lead somewhere."""
        return [self._linked(run) if run.href else text_run(run.text, _LOOKS.get(run.kind)) for run in runs]

    def _linked(self, run: Run) -> Any:
        address = safe_url_string(run.href or "")
        if len(address) > _LONGEST_LINK:
            return text_run(run.text, _LOOKS.get(run.kind))
        made = element("hyperlink", text_run(run.text, "Hyperlink"), history=1)
        made.set(qn("r:id"), self._related(address))
        return made

    def _related(self, address: str) -> str:
        if address not in self._known:
            related = self._part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
            self._known[address] = related
        return self._known[address]
