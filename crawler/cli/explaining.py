"""One page's reading laid open, as a terminal shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.cli.onepage import Got
from crawler.cli.output import one_line, table
from crawler.times import shown

if TYPE_CHECKING:
    from crawler.reading import Explained
    from storage.records import Article

_MOST = 90  # characters of a value in a table
_CUTS = 60  # lines


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds, by the clock on the wall."""

    parse: float  # bytes to tree
    read: float  # bytes to article, parsing included


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A page's reading, what is wrong with it, and how long it took."""

    explained: Explained
    ills: tuple[str, ...]
    timing: Timing


def explained_text(found: Got, diagnosis: Diagnosis) -> Iterator[str]:
    """Lines; every foreign text made harmless."""
    told = diagnosis.explained
    yield from _head(found, diagnosis)
    yield ""
    yield from table(["field", "layer", "says"], _fields(told))
    yield ""
    yield from table(["field", "offered by", "says", "by", "remark"], _offers(told))
    yield from _cuts(told)
    yield from _section("not believed", [one_line(doubt) for doubt in told.reading.doubts])
    yield from _section("to mend", list(diagnosis.ills))


def _head(found: Got, diagnosis: Diagnosis) -> Iterator[str]:
    told, page, reading = diagnosis.explained, found.page, diagnosis.explained.reading
    yield one_line(page.url)
    yield f"answered {page.status}, {len(page.body) / 1024:.0f} KiB; " + (
        f"read as {found.source.name}" if found.source else "of no source in config.toml"
    )
    yield (
        f"is no article but {reading.kind}: {reading.refused}"
        if reading.refused
        else f"is an article: {reading.kind}"
    )
    systems = [f"{name} (by {sign})" for name, sign in told.families.items()]
    yield f"system: {', '.join(systems) or 'none that is known'}"
    decoded = told.decoded
    declared = (
        ""
        if decoded.declared in {decoded.encoding, None}
        else f", which calls itself {one_line(decoded.declared or '')}"
    )
    mended = [
        *filter(None, [decoded.repaired]),
        *(f"letters of {font} fonts converted" for font in told.fonts),
    ]
    yield "; ".join([f"encoding: {decoded.encoding}{declared}", *mended])
    timing = diagnosis.timing
    yield f"read in {timing.read:.1f} ms, of which {timing.parse:.1f} ms parsing"


def _fields(told: Explained) -> Iterator[tuple[str, str, str]]:
    article, layers = told.reading.article, told.reading.layers
    if article is None:
        yield from ((part, layer, "") for part, layer in layers.items())
        return
    for part, says in _values(article):
        yield part, layers.get(part, "–"), _brief(says)
    yield from (
        (name, "body", _brief(says))
        for name, says in (("dateline", told.reading.dateline), ("credit", told.reading.credit))
        if says
    )


def _values(article: Article) -> Iterator[tuple[str, str]]:
    dated, updated = article.published, article.updated
    lines = article.body.split("\n\n") if article.body else []
    yield "title", article.title
    yield "lead", article.lead or ""
    yield "body", f"{len(article.body)} characters in {len(lines)} lines: {lines[0] if lines else ''}"
    yield "authors", ", ".join(article.authors)
    yield "published", f"{shown(dated.at)} to the {dated.precision}, from {dated.origin}" if dated else ""
    yield (
        "updated",
        f"{shown(updated.at)} to the {updated.precision}, from {updated.origin}" if updated else "",
    )
    yield "section", article.section or ""
    yield "tags", ", ".join(article.tags)
    yield "images", str(len(article.images))


def _offers(told: Explained) -> Iterator[tuple[str, str, str, str, str]]:
    for part, offers in told.offers.items():
        used = _used(told, part)
        for place, one in enumerate(offers):
            yield (
                part,
                one.layer,
                _brief(one.says),
                one.selector,
                "used" if place == used else one.unused or "",
            )
    for part, selectors in told.unmatched.items():
        yield part, "selector", "", ", ".join(selectors), "find nothing"


def _used(told: Explained, part: str) -> int | None:
    """The place of the offer that the field was taken from; None where it is empty."""
    layer, article = told.reading.layers.get(part), told.reading.article
    if part == "published" and article and article.published:
        layer = article.published.origin
    offers = enumerate(told.offers[part])
    return next((place for place, one in offers if one.layer == layer and not one.unused), None)


def _cuts(told: Explained) -> Iterator[str]:
    if told.cuts:
        yield ""
        rows = [(cut.reason, cut.where, _brief(cut.text)) for cut in told.cuts[:_CUTS]]
        yield from table(["cut from the body because", "in", "says"], rows)
        if len(told.cuts) > _CUTS:
            yield f"and {len(told.cuts) - _CUTS} more; --json tells all"


def _section(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield ""
        yield from (f"{title}: {line}" for line in lines)


def _brief(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= _MOST else f"{line[: _MOST - 1]}…"
