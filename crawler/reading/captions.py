"""Captions that no name marks: told by their place after a picture and by how they are set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from lxml.html import HtmlElement

from crawler.reading.blocks import Block
from crawler.reading.tags import HEADINGS

_LONGEST = 300
_CREDITS = ("ảnh:", "ảnh minh họa", "ảnh minh hoạ", "nguồn:", "(ảnh", "ảnh do")


def with_captions(blocks: Iterable[Block]) -> Iterator[Block]:
    """The same lines, the one right after a picture called a caption where it is no sentence of the story."""
    after_picture = False
    for block in blocks:
        if after_picture and block.kind == "paragraph" and _is_caption(block):
            yield replace(block, kind="caption")
            after_picture = False
        else:
            after_picture = block.kind == "image"
            yield block


def _is_caption(block: Block) -> bool:
    if len(block.text) > _LONGEST or block.element.tag in HEADINGS:
        return False
    slanted = block.slanted > 0.8 and block.text[-1] not in ":;"
    return _is_centred(block.element) or slanted or _names_a_photographer(block.text) or _is_open(block.text)


def _is_open(text: str) -> bool:
    """Whether a line ends as no sentence does."""
    return text[-1] not in '.:;?!…”"' and not text.endswith("./.")


def _is_centred(element: HtmlElement) -> bool:
    style = (element.get("style") or "").replace(" ", "").lower()
    names = (element.get("class") or "").lower()
    return (
        "text-align:center" in style
        or element.get("align") == "center"
        or element.tag == "center"
        or "center" in names
    )


def _names_a_photographer(text: str) -> bool:
    return any(credit in text[-80:].lower() for credit in _CREDITS)
