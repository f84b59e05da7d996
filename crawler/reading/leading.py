"""The lead: told apart from the body, once, whether the page prints it, doubles or hides it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import dropwhile, takewhile

from lxml.html import HtmlElement

from crawler.reading.beside import before_body
from crawler.reading.body import Body
from crawler.reading.bylines import dateline_off
from crawler.reading.furniture import end_mark_off
from crawler.reading.marks import part_of
from crawler.reading.structured import Structured
from crawler.reading.text import bare, is_vietnamese, share_said, tidy
from crawler.reading.tree import finding, heading, said
from crawler.reading.view import View

_MOST = 1500
_LEAST = 20
_LEAST_BESIDE = 60  # characters of a line before the body that no selector names
_PHRASE = 0.6  # share of a phrase's words that the story must have too
_MOTTO = re.compile(
    r"cơ quan ngôn luận|tin tức (?:mới|nóng|24)|cập nhật tin|trang (?:thông )?tin|\b24h\b|cổng thông tin",
    re.IGNORECASE,
)
_PARAGRAPHS = finding("//body//*[self::p or self::h2 or self::h3 or self::div][not(self::div[div or p])]")
_CUT = ("...", "…", "[…]", "[...]", "[&hellip;]")


@dataclass(frozen=True, slots=True)
class Lead:
    """The lead, and how many of the body's first lines it takes with it."""

    text: str | None = None
    layer: str = ""
    lines: int = 0
    dateline: str | None = None
    printed: bool = False  # whether the page shows it to people, and not in its head alone


def lead_of(view: View, body: Body, title: str) -> Lead:
    """The lead by the first layer that has one; none where the page's description only repeats the body."""
    for layer, text, printed in offered(view, body):
        dateline, rest = dateline_off(text)
        if _LEAST <= len(rest) <= _MOST and bare(rest) != bare(title):
            return Lead(end_mark_off(rest), layer, _opening(rest, body), dateline, printed)
    for layer, text in view.structured.descriptions():
        dateline, rest = dateline_off(text)
        if why_no_lead(rest, body, title, view) is None:
            return Lead(end_mark_off(rest), layer, _opening(rest, body), dateline)
    return Lead()


def offered(view: View, body: Body) -> Iterator[tuple[str, str, bool]]:
    """(layer, text, printed) of every lead; a description chosen in config, unless the body says it."""
    sure = {"selector", body.layer, *(family.name for family in view.families if family.sure)}
    for layer, found in view.elements("lead"):
        element = _own(view, body, found)
        text = _whole(said(element), body) if element is not None else ""
        if (
            layer in sure
            and element is not None
            and text
            and not (element.tag == "meta" and _repeats(text, body))
        ):
            yield layer, text, element.tag != "meta"
    yield from (("body", text, True) for text in body.leads[:1])
    for element in before_body(view.tree.root, body.container):
        if (element.tag == "h2" or part_of(element) == "lead") and len(
            text := said(element)
        ) >= _LEAST_BESIDE:
            yield "beside", text, True


def _own(view: View, body: Body, found: list[HtmlElement]) -> HtmlElement | None:
    """The first one between the title and the end of the body: boxes elsewhere are dressed alike."""
    head = heading(view.tree.root)
    if head is None or found[0].tag == "meta":
        return found[0]
    end = _after(body.container) if body.container is not None else None
    below = dropwhile(lambda element: element is not head, view.tree.root.iter())
    return next(
        (element for element in takewhile(lambda one: one is not end, below) if element in found), None
    )


def _after(element: HtmlElement) -> HtmlElement | None:
    """The element that begins where this one ends; None at the end of the page."""
    inside: HtmlElement | None = element
    while inside is not None:
        following: HtmlElement | None = inside.getnext()
        if following is not None:
            return following
        inside = inside.getparent()
    return None


def _whole(text: str, body: Body) -> str:
    """A description cut short, whole again where the body's first line begins with it."""
    stem = _stem(text)
    if stem != text and body.lines and body.lines[0].startswith(stem) and len(body.lines[0]) <= _MOST:
        return body.lines[0]
    return text


def _stem(text: str) -> str:
    for mark in _CUT:
        text = text.removesuffix(mark)
    return text.rstrip()


def _repeats(text: str, body: Body) -> bool:
    """Whether the body says it already, otherwise than as its first line."""
    return share_said(_stem(dateline_off(text)[1]), body.text) > 0.85 and not _opening(
        dateline_off(text)[1], body
    )


def why_no_lead(text: str, body: Body, title: str, view: View) -> str | None:
    """Why the page's description of itself is not the lead that the body lacks; None where it is."""
    return _why_no_lead(text, body, title, view.structured) or (
        None if is_vietnamese(text) or _is_shown(text, view) else "written for search engines"
    )


def _why_no_lead(text: str, body: Body, title: str, structured: Structured) -> str | None:
    if not 40 <= len(text) <= _MOST:
        return "too short" if len(text) < 40 else "too long"
    if bare(text) == bare(title):
        return "the title again"
    if text.endswith(_CUT[2:]):
        return "cut short"
    site = structured.meta("og:site_name")
    if body.lines and bare(body.lines[0]) == bare(text):
        return "the first paragraph" if body.layer == "wordpress" else None
    if share_said(_stem(text), body.text) > 0.6:
        return "said by the body"
    if site and text.startswith(site):
        return "about the site"
    if text[-1] in '.!?…”"':
        return "about the site" if _MOTTO.search(text) else None
    return None if _shared_words(text, title, body) > _PHRASE else "about something else"


def _is_shown(text: str, view: View) -> bool:
    """Whether people see it too: elsewhere than in our papers a description is written for search engines."""
    shown = bare(" ".join(element.text_content() for element in _PARAGRAPHS(view.tree.root)))
    return bare(text) in shown


def _shared_words(text: str, title: str, body: Body) -> float:
    """Share of a description's words that the story has too: those of a site's motto are its own."""
    words = {word for word in bare(text).split() if len(word) > 2}
    story = set(bare(f"{title} {body.text}").split())
    return len(words & story) / len(words) if words else 0.0


def _opening(text: str, body: Body) -> int:
    """1 where the body opens with the lead once more, else 0."""
    if not body.lines:
        return 0
    first = tidy(dateline_off(body.lines[0])[1])
    return int(bare(first) == bare(text) or (share_said(text, first) > 0.9 and share_said(first, text) > 0.9))
