"""The text of a TEI file: paragraphs, with anchors where something is told of a place. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from crawler.export.formats.characters import lines, one_line
from crawler.export.formats.seam import Told
from crawler.export.formats.teielements import XML_ID, E, Element

Marks = Mapping[int, Sequence[str]]  # code point of a field → names of the anchors there
_FIELDS = ("title", "lead", "body")


@dataclass(frozen=True, slots=True)
class Spot:
    """A stretch of a field and what is told of it; its two anchors are NAME.from and NAME.to."""

    name: str
    kind: str  # rule, document or figure
    field: str
    span: Sequence[int]  # [start, end]: code points of the field, end exclusive
    said: str
    category: str | None = None  # that the header lists it under; None: under none


def spots(case: Told, categories: Mapping[str, str]) -> list[Spot]:
    """Flags, cited documents and figures, in this order; `categories` is rule → its identifier."""
    told: list[tuple[str, str, Sequence[int], str, str | None]] = []
    for flag in case["flags"]:
        category = categories[flag["rule"]]
        told += [("rule", flag["field"], span, flag["quote"], category) for span in flag["spans"]]
    for document in case["documents"]:
        told += [
            ("document", one["field"], one["span"], document["key"], None) for one in document["mentions"]
        ]
    told += [("figure", one["field"], one["span"], one["text"], None) for one in case["figures"]]
    return [Spot(f"s{number}", *one) for number, one in enumerate(told, 1)]


def text_of(case: Told, told: Sequence[Spot]) -> Element:
    """<text>: the title as its head, the lead, the paragraphs, the pictures."""
    marks = {field: _marks(spot for spot in told if spot.field == field) for field in _FIELDS}
    head = E.head(
        *_pieces(case["title"], (0, len(case["title"])), _within([], marks["title"], case["title"]))
    )
    lead = _paragraphs(case["lead"] or "", marks["lead"], rend="lead")
    content = [*lead, *_paragraphs(case["body"], marks["body"]), *_pictures(case["images"])]
    return E.text(E.body(E.div(head, *(content or [E.p()]), type="article")))


def standoff_of(told: Sequence[Spot]) -> Element | None:
    """<standOff>: a note for each spot, of its kind; None where there is none."""
    return E.standOff(*(_note(spot) for spot in told)) if told else None


def _note(spot: Spot) -> Element:
    ends = {"type": spot.kind, "target": f"#{spot.name}.from", "targetEnd": f"#{spot.name}.to"}
    return E.note(one_line(spot.said), ends | ({"corresp": f"#{spot.category}"} if spot.category else {}))


def _pictures(images: Sequence[Told]) -> Iterator[Element]:
    if images:
        yield E.list(*(E.item(_picture(image)) for image in images), type="pictures")


def _picture(image: Told) -> Element:
    return E.ref(one_line(image["caption"] or ""), target=image["url"])


def _marks(told: Iterator[Spot]) -> Marks:
    marks: dict[int, list[str]] = {}
    for spot in told:
        marks.setdefault(spot.span[0], []).append(f"{spot.name}.from")
        marks.setdefault(spot.span[1], []).append(f"{spot.name}.to")
    return marks


def _paragraphs(text: str, marks: Marks, **attributes: str) -> list[Element]:
    """One <p> for each stretch between blank lines."""
    stretches = list(_stretches(text)) or ([(0, 0)] if marks else [])
    within = _within(stretches, marks, text)
    return [E.p(*_pieces(text, stretch, within), **attributes) for stretch in stretches]


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for part in text.split("\n\n"):
        if part.strip():
            yield start, start + len(part)
        start += len(part) + len("\n\n")


def _within(stretches: Sequence[tuple[int, int]], marks: Marks, text: str) -> Marks:
    """Marks between stretches moved to where the next begins, those behind all to where the last ends."""
    last = stretches[-1][1] if stretches else len(text)
    moved: dict[int, list[str]] = {}
    for at, names in sorted(marks.items()):
        place = next((max(at, start) for start, end in stretches if at <= end), min(at, last))
        moved.setdefault(place, []).extend(names)
    return moved


def _pieces(text: str, stretch: tuple[int, int], marks: Marks) -> Iterator[str | Element]:
    """What stands in the stretch: text, line breaks, anchors."""
    begin, end = stretch
    for at in sorted(at for at in marks if stretch[0] <= at <= end):
        yield from _broken(text[begin:at])
        yield from (E.anchor({XML_ID: name}) for name in marks[at])
        begin = at
    yield from _broken(text[begin:end])


def _broken(text: str) -> Iterator[str | Element]:
    first, *others = lines(text).split("\n")
    yield first
    for line in others:
        yield E.lb()
        yield line
