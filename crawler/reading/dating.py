"""When the page says it was published: every layer asked, the first that speaks believed, the finest kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from lxml.html import HtmlElement

from crawler.reading.beside import beside_title
from crawler.reading.dates import parse_moment
from crawler.reading.tree import stamped
from crawler.reading.view import View
from crawler.times import VIETNAM
from storage.records import Dating, Origin

# The ids of VCCorp's CMS begin with the moment the article was made, to the millisecond; some papers put
# the day into the path.
_STAMPED = re.compile(
    r"-(20[0-3]\d)([01]\d)([0-3]\d)[0-2]\d[0-5]\d[0-5]\d\d{3}\.(?:htm|chn)|/(20\d\d)/([01]\d)/([0-3]\d)/"
)
_FINENESS = {"day": 0, "minute": 1, "second": 2}
_MOST_LINE = 110  # characters of a line that is a date line and no sentence

Statement = tuple[Origin, str]


def dating_of(
    view: View, container: HtmlElement | None, hinted: Dating | None, now: datetime
) -> Dating | None:
    """The first publication; None where nothing says it.

    A bare day is made finer by a later layer that knows the time of the same day, and by nothing else.
    """
    found: Dating | None = None
    for statement in _statements(view, container, hinted):
        told = statement if isinstance(statement, Dating) else parse_moment(statement[1], statement[0], now)
        if told and (found is None or _finer(told, found)):
            found = told
        if found and found.precision != "day":
            break
    return found


def _finer(told: Dating, found: Dating) -> bool:
    same_day = told.at.astimezone(VIETNAM).date() == found.at.astimezone(VIETNAM).date()
    return same_day and _FINENESS[told.precision] > _FINENESS[found.precision]


def _statements(
    view: View, container: HtmlElement | None, hinted: Dating | None
) -> Iterator[Statement | Dating]:
    for layer, found in view.elements("date"):
        if layer != "selector":
            break
        yield from (("selector", text) for element in found[:3] for text in stamped(element))
    for layer, text in view.structured.publications():
        yield ("json-ld" if layer == "json-ld" else "meta"), text
    if hinted and hinted.origin == "feed":
        yield hinted
    for layer, found in view.elements("date"):
        if layer != "selector":
            texts = [text for element in found[:3] for text in stamped(element)]
            yield from (("text", text) for text in texts if len(text) <= _MOST_LINE)
    yield from (("text", text) for text in beside_title(view.tree.root, container))
    if hinted:
        yield hinted
    if stamp := _STAMPED.search(view.tree.url):
        yield "url", "-".join(filter(None, stamp.groups()))
