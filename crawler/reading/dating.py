"""When the page says it was published and last changed: every layer asked, the first that speaks believed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from lxml.html import HtmlElement

from crawler.reading.beside import beside_title
from crawler.reading.dates import doubt, moment_told, says_update, update_told
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
_MOST_DOUBTS = 5

Statement = tuple[Origin, str]


@dataclass(frozen=True, slots=True)
class Dated:
    """What a page says of time."""

    published: Dating | None  # None: nothing says it
    updated: Dating | None  # None: nothing says it, or it is the publication itself
    doubts: tuple[str, ...] = ()  # dates not believed, each with the reason


@dataclass(frozen=True, slots=True)
class Dateline:
    """One statement of the publication, whether believed or not."""

    origin: Origin
    text: str  # "": from outside the page
    told: Dating | None  # None: it names no moment
    doubt: str | None  # why it is not believed; None: nothing speaks against it


def dated(view: View, container: HtmlElement | None, hinted: Dating | None, now: datetime) -> Dated:
    """First publication and last change, as far as the page tells them believably.

    A bare day is made finer by a later layer that knows the time of the same day, and by nothing else.
    """
    asked = _Asked(now)
    lines = _Lines(view, container)
    published = asked.published(_statements(view, lines, hinted))
    updated = asked.updated(_changes(view, lines), published)
    return Dated(published, updated, tuple(dict.fromkeys(asked.doubts))[:_MOST_DOUBTS])


def datelines(
    view: View, container: HtmlElement | None, hinted: Dating | None, now: datetime
) -> Iterator[Dateline]:
    """Every statement of the publication, in the order they are asked."""
    for statement in _statements(view, _Lines(view, container), hinted):
        if isinstance(statement, Dating):
            yield Dateline(statement.origin, "", statement, doubt(statement, now))
        else:
            told = moment_told(statement[1], statement[0])
            yield Dateline(statement[0], statement[1], told, doubt(told, now) if told else "names no day")


class _Asked:
    """Weighs one statement after another, and keeps why some were not believed."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.doubts: list[str] = []

    def published(self, statements: Iterable[Statement | Dating]) -> Dating | None:
        found: Dating | None = None
        for statement in statements:
            told = statement if isinstance(statement, Dating) else moment_told(statement[1], statement[0])
            if told and self._believed("date", told) and (found is None or _finer(told, found)):
                found = told
            if found and found.precision != "day":
                break
        return found

    def updated(self, changes: Iterable[Dating], published: Dating | None) -> Dating | None:
        told = next((change for change in changes if self._believed("update", change)), None)
        if told is None or published is None:
            return told
        if _is_before(told, published):
            self.doubts.append(f"update {_day(told)} from {told.origin}: before the publication")
            return None
        return told if _is_before(published, told) else None

    def _believed(self, name: str, told: Dating) -> bool:
        reason = doubt(told, self.now)
        if reason:
            self.doubts.append(f"{name} {_day(told)} from {told.origin}: {reason}")
        return reason is None


def _day(dating: Dating) -> str:
    return dating.at.astimezone(VIETNAM).date().isoformat()


def _finer(told: Dating, found: Dating) -> bool:
    return _day(told) == _day(found) and _FINENESS[told.precision] > _FINENESS[found.precision]


def _is_before(one: Dating, other: Dating) -> bool:
    """Whether one moment is earlier, as far as the coarser of the two can tell."""
    width = {"day": 10, "minute": 16, "second": 19}[min(one.precision, other.precision, key=_FINENESS.get)]  # type: ignore[arg-type]  # every precision has its fineness
    first, second = (dating.at.astimezone(VIETNAM).isoformat()[:width] for dating in (one, other))
    return first < second


@dataclass(frozen=True)
class _Lines:
    """The date lines of a page, each kind looked for when first asked; those of changes come last."""

    view: View
    container: HtmlElement | None

    @cached_property
    def marked(self) -> list[str]:
        """Those that the families' selectors find."""
        found = (found for layer, found in self.view.elements("date") if layer != "selector")
        texts = (text for elements in found for element in elements[:3] for text in stamped(element))
        return sorted((text for text in texts if len(text) <= _MOST_LINE), key=says_update)

    @cached_property
    def beside(self) -> list[str]:
        """Those around the title."""
        return beside_title(self.view.tree.root, self.container)

    def __iter__(self) -> Iterator[str]:
        yield from self.marked
        yield from self.beside


def _statements(view: View, lines: _Lines, hinted: Dating | None) -> Iterator[Statement | Dating]:
    for layer, found in view.elements("date"):
        if layer != "selector":
            break
        yield from (("selector", text) for element in found[:3] for text in stamped(element))
    for layer, text in view.structured.publications():
        yield ("json-ld" if layer == "json-ld" else "meta"), text
    if hinted and hinted.origin == "feed":
        yield hinted
    yield from (("text", line) for line in lines)
    if hinted:
        yield hinted
    if stamp := _STAMPED.search(view.tree.url):
        yield "url", "-".join(filter(None, stamp.groups()))


def _changes(view: View, lines: _Lines) -> Iterator[Dating]:
    for layer, text in view.structured.changes():
        if told := moment_told(text, "json-ld" if layer == "json-ld" else "meta"):
            yield told
    yield from (told for line in lines if (told := update_told(line, "text")))
