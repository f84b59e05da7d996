"""The whole DOCX, put together block by block; the same report gives the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import UTC
from typing import Any

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE

from crawler.reporting.blocks import Block, Chart, Entry, Heading, Paragraph, Report, Table
from crawler.reporting.word import office
from crawler.reporting.word.parts import (
    Links,
    bookmarked,
    element,
    field_runs,
    inner_link,
    paragraph,
    text_run,
)
from crawler.reporting.word.styles import OFFICE, USUAL, Look, dress
from crawler.reporting.word.tables import chart, table
from crawler.times import VIETNAM

_STYLES = {
    "text": "BodyText",
    "meta": "Meta",
    "quote": "Quote",
    "note": "Note",
    "hint": "Hint",
    "warning": "Warning",
}
_STYLES_COPY = "/stylesWithEffects"  # Word 2010's; one that differs from the styles is called a damage

_ZIP_BEGINS = (1980, 1, 1, 0, 0, 0)  # no archive knows an earlier moment


def word_document(report: Report) -> bytes:
    """The file's bytes."""
    document = docx.Document()
    look = OFFICE if report.letterhead else USUAL
    dress(document, look)
    _describe(document, report)
    _strip(document)
    body = document.element.body
    section = body.sectPr
    for part in _Writing(document, look).all_of(report):
        section.addprevious(part)
    return _packed(document, report)


class _Writing:
    """What is counted and known while blocks are written one after another."""

    def __init__(self, document: Document, look: Look) -> None:
        self._links = Links(document)
        self._look = look
        self._bookmarks = 0

    def all_of(self, report: Report) -> Iterable[Any]:
        """Every part of the body."""
        yield from self._titles(report)
        yield from _contents(report.headings)
        for block in report.blocks:
            if report.letterhead and isinstance(block, Heading) and block.anchor == "phu-luc":
                yield from office.signing(report.letterhead, self._look)
            yield from self._block(block)

    def _titles(self, report: Report) -> Iterable[Any]:
        if report.letterhead:
            yield from office.letterhead(report.letterhead, self._look)
        side = "center" if report.letterhead else "left"
        yield paragraph("Title", text_run(report.title))
        if report.subject:
            yield paragraph("Subtitle", text_run(f"về {report.subject}"))
        yield paragraph("Meta", text_run(report.days), properties=[element("jc", val=side)])
        if report.letterhead:
            yield office.title_rule(self._look)
        yield paragraph("Meta", text_run(report.made, "Faint"), properties=[element("jc", val=side)])

    def _block(self, block: Block) -> Iterable[Any]:
        if isinstance(block, Heading):
            yield self._heading(block)
        elif isinstance(block, Paragraph):
            yield self._paragraph(block)
        elif isinstance(block, Table):
            yield from table(block, self._look, self._links)
        elif isinstance(block, Chart):
            yield from chart(block, self._look, self._links)
        else:
            yield from self._entry(block)

    def _heading(self, one: Heading) -> Any:
        self._bookmarks += 1
        number = f"{one.number} " if one.number else ""
        apart = one.anchor == "phu-luc"
        plain = [element("caps", val=0)] if apart and self._look.is_office else []
        parts = bookmarked(one.anchor, self._bookmarks, text_run(f"{number}{one.text}", None, *plain))
        properties = [element("pageBreakBefore")] if apart else []
        properties += [element("jc", val="center")] if plain else []
        return paragraph(f"Heading{one.level}", *parts, properties=properties)

    def _paragraph(self, one: Paragraph, *, with_next: bool = False) -> Any:
        kept = [element("keepNext")] if with_next else []
        return paragraph(_STYLES[one.kind], *self._links.runs(one.runs), properties=kept)

    def _entry(self, one: Entry) -> Iterable[Any]:
        for place, block in enumerate(one.blocks):
            if isinstance(block, Heading):
                yield self._heading(block)
            else:
                yield self._paragraph(block, with_next=place == 1)


def _contents(headings: Iterable[Heading]) -> Iterable[Any]:
    """A table of contents as Word makes it, filled in beforehand; it has page numbers once it is updated."""
    lines = [_contents_line(heading) for heading in headings]
    if not lines:
        return
    instruction = field_runs('TOC \\o "1-2" \\h \\z \\u', "")
    first = lines[0]
    for place, part in enumerate(instruction[:3], 1):
        first.insert(place, part)
    end = paragraph("Hint", instruction[-1])
    gallery = element(
        "docPartObj", element("docPartGallery", val="Table of Contents"), element("docPartUnique")
    )
    content = element("sdtContent", *lines, end)
    yield element("sdt", element("sdtPr", gallery), content)


def _contents_line(heading: Heading) -> Any:
    number = f"{heading.number} " if heading.number else ""
    line = inner_link(heading.anchor, text_run(f"{number}{heading.text}"))
    return paragraph(f"toc{heading.level}", line)


def _strip(document: Document) -> None:
    """Leave out what is of the empty document that we begin with: its picture, and a copy of its styles."""
    package = document.part.package
    for relations in (package.rels, document.part.rels):
        for key, related in list(relations.items()):
            if related.reltype == RELATIONSHIP_TYPE.THUMBNAIL or related.reltype.endswith(_STYLES_COPY):
                del relations[key]


def _describe(document: Document, report: Report) -> None:
    told = document.core_properties
    at = report.as_of.astimezone(UTC)
    told.title = f"{report.title} về {report.subject}" if report.subject else report.title
    told.subject = report.days
    told.author = (report.letterhead.organ if report.letterhead else "") or "diembao"
    told.last_modified_by, told.comments, told.keywords = "diembao", report.made, "điểm báo"
    told.language, told.revision = "vi-VN", 1
    told.created = told.modified = at


def _packed(document: Document, report: Report) -> bytes:
    """Saved with the report's own moment on every file within, so that bytes tell of the content alone."""
    plain, packed = io.BytesIO(), io.BytesIO()
    document.save(plain)
    at = max(report.as_of.astimezone(VIETNAM).timetuple()[:6], _ZIP_BEGINS)
    with zipfile.ZipFile(plain) as before, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            member = zipfile.ZipInfo(name, (at[0], *at[1:]))
            member.compress_type, member.create_system = zipfile.ZIP_DEFLATED, 3
            after.writestr(member, before.read(name))
    return packed.getvalue()
