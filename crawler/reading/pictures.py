"""The pictures of an article: where they really lie, and what stands under them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from lxml.html import HtmlElement

from crawler.reading.blocks import Block
from crawler.reading.text import bare
from crawler.urls import absolute
from storage.records import Image

# Lazy pages put a placeholder in src; the real address stands in one of these.
_SOURCES = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-image-src", "src")
_TINY = 60  # pixels: icons, not pictures
_MOST = 200


def pictures(blocks: Sequence[Block], url: str, is_title: Callable[[str], bool]) -> tuple[Image, ...]:
    """Every picture of the body once, each with the caption that follows it; a repeated title is none."""
    found: dict[str, str | None] = {}
    latest: str | None = None
    for block in blocks:
        if block.kind == "image":
            address = _address(block.element, url)
            if address and len(found) < _MOST:
                latest = address
                found.setdefault(address, None)
        elif block.kind == "caption" and latest and not is_title(block.text):
            found[latest] = found[latest] or block.text
    return tuple(Image(address, caption) for address, caption in found.items())


def captions(images: Iterable[Image]) -> set[str]:
    """What the captions say, for telling whether a line of the body repeats one."""
    return {bare(image.caption) for image in images if image.caption}


def _address(image: HtmlElement, url: str) -> str | None:
    for name in ("width", "height"):
        size = image.get(name, "").removesuffix("px")
        if size.isdecimal() and len(size) < 3 and int(size) < _TINY:
            return None
    printed = next(
        (value for name in _SOURCES if (value := image.get(name)) and not value.startswith("data:")), None
    )
    return absolute(url, printed) if printed else None
