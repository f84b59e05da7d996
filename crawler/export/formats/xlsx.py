"""`xlsx`: a book for Excel and LibreOffice with sheets of articles, flags, sources, and what it is about."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import Any, Self

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError

from crawler.export.formats.columns import COLUMNS, READERS
from crawler.export.formats.seam import About, Place, Tallied, Told
from crawler.export.formats.sheet import Layout, Styles, Table
from crawler.export.formats.spreadsheet import MOST_ROWS
from crawler.times import shown

FILE = "articles.xlsx"
_MOMENTS = frozenset(name for name, column in COLUMNS.items() if column.kind == "moment")
_ARTICLES = Layout("articles", tuple(COLUMNS), _MOMENTS)
_FLAG = ("rule", "label", "version", "level", "field", "spans", "quote", "score")
_FLAGS = Layout("flags", ("article", "source", "published_at", "title", *_FLAG, "url"), _MOMENTS)
_SOURCES = Layout("sources", ("source", "home", "province", "articles", "flagged", "decided"))
_ABOUT = Layout("about", ("what", "of", "is"))


class Xlsx:
    """articles.xlsx; rows go to the disk as they come, and no text becomes a formula or a link.

    Its temporary files stand in the place's folder, where a full disk is one that the export tells of.
    """

    most_rows = MOST_ROWS

    def __init__(self, place: Place) -> None:
        self._about = place.about
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
            "tmpdir": str(place.folder),
            "use_zip64": True,
        }
        self._book = Workbook(str(place.folder / FILE), options)
        self._styles = Styles.of(self._book)
        self._articles = self._table(_ARTICLES)
        self._flags = self._table(_FLAGS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for sheet in self._book.worksheets():  # closed already, or thrown away with the folder
            with contextlib.suppress(OSError):
                sheet.row_data_fh.close()

    def add(self, case: Told) -> None:
        """Write a row of articles, and one of flags for each flag."""
        self._articles.add(case["id"], [read(case) for read in READERS])
        about = [case["id"], case["source"], case["published_at"], case["title"]]
        for flag in case["flags"]:
            told = {**flag, "spans": json.dumps(flag["spans"])}
            self._flags.add(case["id"], [*about, *(told[key] for key in _FLAG), case["url"]])

    def finish(self, tally: Tallied) -> Sequence[str]:
        """Write the small sheets and pack the book; what was cut or continued."""
        sources, about = self._table(_SOURCES), self._table(_ABOUT)
        for row in _source_rows(self._about, tally):
            sources.add(0, row)
        remarks = [*self._articles.finish(), *self._flags.finish(), *sources.finish()]
        for row in _about_rows(self._about, tally, remarks):
            about.add(0, row)
        about.finish()
        self._close()
        return [f"{FILE}: {remark}" for remark in remarks]

    def _table(self, layout: Layout) -> Table:
        return Table(self._book, layout, self._styles, self.most_rows)

    def _close(self) -> None:
        created = self._about.as_of.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        self._book.set_properties({"title": "diembao", "created": created})
        try:
            self._book.close()
        except FileCreateError as error:
            raise error.args[0] from error  # the OSError it is about


def _source_rows(about: About, tally: Tallied) -> Iterator[Sequence[Any]]:
    """Every source that is watched or has articles here: those without any are told too."""
    counted, watched = tally.sources(), about.watched.sources
    for name in sorted({*counted, *watched}):
        known = watched.get(name)
        counts = counted.get(name, {})
        home, province = (known.home, known.province) if known else (None, None)
        yield (name, home, province, *(counts.get(key, 0) for key in ("articles", "flagged", "decided")))


def _about_rows(about: About, tally: Tallied, remarks: Sequence[str]) -> Iterator[Sequence[Any]]:
    yield ("times", None, "Vietnam's, UTC+07:00, in every sheet")
    yield ("as of", None, shown(about.as_of))
    for name, count in tally.total().items():
        yield ("count", name, count)
    for name, asked in about.query.items():
        yield ("query", name, "any" if asked is None else str(asked))
    for rule, versions in tally.rules().items():
        yield from (("rule", f"{rule}, version {one}", articles) for one, articles in versions.items())
    for rule, known in about.watched.rules.items():
        yield ("label", rule, known.label)
    for name, value in about.versions.items():
        yield ("version", name, value)
    for remark in remarks:
        yield ("remark", None, remark)
