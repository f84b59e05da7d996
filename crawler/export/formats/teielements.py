"""Elements of TEI: made of texts and of each other, escaped by lxml."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from lxml import etree

NAMESPACE = "http://www.tei-c.org/ns/1.0"
_XML = "{http://www.w3.org/XML/1998/namespace}"
XML_ID, XML_LANG = f"{_XML}id", f"{_XML}lang"
Element = etree._Element


def _element(tag: str, *content: str | Element | Mapping[str, str], **attributes: str) -> Element:
    """An element of texts, elements and attributes in their order; mappings are attributes, too."""
    default = {None: NAMESPACE}
    made = etree.Element(f"{{{NAMESPACE}}}{tag}", attributes, nsmap=default)  # type: ignore[arg-type]  # a default has no prefix
    for part in content:
        if isinstance(part, str):
            _append(made, part)
        elif isinstance(part, Mapping):
            for name, value in part.items():
                made.set(name, value)
        else:
            made.append(part)
    return made


def _append(element: Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


class _Elements:
    """`E.head("text", E.lb(), rend="bold")` is <head rend="bold">text<lb/></head>."""

    def __getattr__(self, tag: str) -> Callable[..., Element]:
        return partial(_element, tag)


E = _Elements()
