"""The tables of a DOCX, and its chart: a table too, whose bars are shaded cells that any program shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from crawler.reporting.blocks import Bar, Chart, Run, Runs, Table, plain
from crawler.reporting.typography import amount
from crawler.reporting.word.parts import Links, element, paragraph
from crawler.reporting.word.styles import Look

_CELLS = 48  # that the longest bar is made of
_TOGETHER = 14  # rows of a chart that are kept on one page; more would leave half of the one before empty
_WHOLE, _PART, _BLIND = "B9D3CF", "1F5C57", "F3DFAE"  # RGB
_OFFICE_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
_USUAL_SIDES = ("top", "bottom", "insideH")


@dataclass(frozen=True, slots=True)
class _Cell:
    """One cell; its width in twips."""

    runs: Runs
    width: int
    is_number: bool = False
    span: int = 1
    fill: str | None = None  # RGB; None: none
    style: str = "Cell"
    with_next: bool = False


def table(one: Table, look: Look, links: Links) -> list[Any]:
    """Caption and table; its head is repeated on every page, and no row is torn."""
    total = sum(column.width for column in one.columns)
    blank = [_Cell((), look.width * column.width // total, column.is_number) for column in one.columns]
    head = [
        replace(cell, runs=(Run(column.name, "strong"),), with_next=True)
        for cell, column in zip(blank, one.columns, strict=True)
    ]
    made = _table(one.caption, "", [cell.width for cell in blank], look)
    made.append(_row(head, links, is_head=True))
    for row in one.rows:
        cells = [replace(cell, runs=runs) for cell, runs in zip(blank, row, strict=True)]
        made.append(_row(cells, links))
    return [paragraph("Caption", *links.runs(plain(one.caption))), made, _gap()]


def chart(one: Chart, look: Look, links: Links) -> list[Any]:
    """A row for each bar, all on one page where they are few enough; else the head is repeated."""
    label, number = look.width * 9 // 100, look.width * 10 // 100
    unit = (look.width - label - 3 * number) // _CELLS
    blank = _Cell((), number, style="SmallCell", with_next=len(one.bars) <= _TOGETHER)
    sizes = _Sizes(blank, label, unit, max((bar.whole for bar in one.bars), default=0))
    made = _table(one.title, one.description, [label, *[unit] * _CELLS, *[number] * 3], look)
    made.append(_row(_chart_head(one, sizes), links, is_head=True))
    for bar in one.bars:
        made.append(_row(_bar(bar, sizes), links))
    return [paragraph("Caption", *links.runs(plain(f"{one.title}."))), made, _gap()]


@dataclass(frozen=True, slots=True)
class _Sizes:
    blank: _Cell  # as wide as a number
    label: int  # twips
    unit: int  # twips of one of a bar's cells
    highest: int  # value of the longest bar

    def cells(self, value: int) -> int:
        """How long a bar of that value is."""
        return max(1, round(value / self.highest * _CELLS)) if value else 0


def _chart_head(one: Chart, sizes: _Sizes) -> list[_Cell]:
    legend = plain(f"nhạt: {one.whole}; đậm: {one.part}")
    names = (one.whole.capitalize(), one.part.capitalize(), "Không xem được")
    return [
        replace(sizes.blank, width=sizes.label),
        replace(sizes.blank, runs=legend, width=sizes.unit * _CELLS, span=_CELLS),
        *(replace(sizes.blank, runs=(Run(name, "strong"),), is_number=True) for name in names),
    ]


def _bar(bar: Bar, sizes: _Sizes) -> list[_Cell]:
    whole, part = sizes.cells(bar.whole), sizes.cells(bar.part)
    if bar.part < bar.whole and part == whole > 1:
        part -= 1  # what differs is seen to differ
    stretches = ((part, _PART), (whole - part, _WHOLE), (_CELLS - whole, None))
    blank = sizes.blank
    numbers = (amount(bar.whole), amount(bar.part), amount(bar.blind) if bar.blind else "–")
    fills = (None, None, _BLIND if bar.blind else None)
    return [
        replace(blank, runs=plain(bar.label), width=sizes.label),
        *(replace(blank, width=sizes.unit * some, span=some, fill=fill) for some, fill in stretches if some),
        *(
            replace(blank, runs=plain(number), fill=fill, is_number=True)
            for number, fill in zip(numbers, fills, strict=True)
        ),
    ]


def _table(caption: str, description: str, widths: Sequence[int], look: Look) -> Any:
    colour = "000000" if look.is_office else "D8D3C8"
    sides = _OFFICE_SIDES if look.is_office else _USUAL_SIDES
    borders = [element(side, val="single", sz=4, space=0, color=colour) for side in sides]
    margins = [element(side, w=70, type="dxa") for side in ("left", "right")]
    told = [element("tblCaption", val=caption)]
    told += [element("tblDescription", val=description)] if description else []
    properties = element(
        "tblPr",
        element("tblW", w=sum(widths), type="dxa"),
        element("tblBorders", *borders),
        element("tblLayout", type="fixed"),
        element("tblCellMar", *margins),
        element("tblLook", val="0420", firstRow=1, noVBand=1),
        *told,
    )
    return element("tbl", properties, element("tblGrid", *(element("gridCol", w=width) for width in widths)))


def _row(cells: Sequence[_Cell], links: Links, *, is_head: bool = False) -> Any:
    repeated = [element("tblHeader")] if is_head else []
    written = (_cell(cell, links) for cell in cells)
    return element("tr", element("trPr", element("cantSplit"), *repeated), *written)


def _cell(cell: _Cell, links: Links) -> Any:
    spanned = [element("gridSpan", val=cell.span)] if cell.span > 1 else []
    filled = [element("shd", val="clear", color="auto", fill=cell.fill)] if cell.fill else []
    kept = [element("keepNext")] if cell.with_next else []
    side = [element("jc", val="right")] if cell.is_number else []
    text = paragraph(cell.style, *links.runs(cell.runs), properties=[*kept, *side])
    return element("tc", element("tcPr", element("tcW", w=cell.width, type="dxa"), *spanned, *filled), text)


def _gap() -> Any:
    """Word joins tables that touch."""
    return paragraph("Hint", properties=[element("spacing", before=0, after=0)])
