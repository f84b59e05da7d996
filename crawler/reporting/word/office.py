"""Head and foot of a DOCX in the office style; sizes in half-points, lengths in twips."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crawler.reporting.blocks import Letterhead
from crawler.reporting.word.parts import element, paragraph, text_run
from crawler.reporting.word.styles import Look

_BLANK = "…………………………"  # to be written by hand


def letterhead(head: Letterhead, look: Look) -> list[Any]:
    """Organ and symbol at the left, the country's name, the motto, place and day at the right."""
    widths = [look.width * 2 // 5, look.width * 3 // 5]
    parent = [_line(head.parent_organ.upper(), 24)] if head.parent_organ else []
    organs = [
        *parent,
        _line((head.organ or _BLANK).upper(), 24, bold=True),
        _rule(widths[0] * 3 // 10),
        _line(f"Số: {head.symbol}", 26),
    ]
    nation = [
        _line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 24, bold=True),
        _line("Độc lập - Tự do - Hạnh phúc", 26, bold=True),
        _rule((widths[1] - _MOTTO) // 2),
        _line(f"{head.place or '……………'}, {head.dated}", 26, italic=True),
    ]
    kind = _line("BÁO CÁO", 28, bold=True, before=360)
    return [_beside(widths, organs, nation), kind]


def title_rule(look: Look) -> Any:
    """The line below the title, a third of the text's width."""
    return _rule(look.width // 3)


def signing(head: Letterhead, look: Look) -> list[Any]:
    """Who gets it at the left, who signs at the right."""
    widths = [look.width // 2, look.width - look.width // 2]
    recipients = [
        _line("Nơi nhận:", 24, bold=True, italic=True, side="left"),
        *(_line(f"- {one};", 22, side="left") for one in head.recipients),
        _line("- Lưu: VT.", 22, side="left"),
    ]
    authority = [_line(head.authority.upper(), 28, bold=True)] if head.authority else []
    signature = [
        *authority,
        _line((head.signer_title or _BLANK).upper(), 28, bold=True),
        *(_line("", 28) for _ in range(4)),
        _line(head.signer or _BLANK, 28, bold=True),
    ]
    return [paragraph("OfficeLine"), _beside(widths, recipients, signature), paragraph("OfficeLine")]


_MOTTO = 3_500  # about as wide as the motto in bold 13 points


def _line(
    text: str, size: int, *, bold: bool = False, italic: bool = False, side: str = "center", before: int = 0
) -> Any:
    looks = [*([element("b")] if bold else []), *([element("i")] if italic else []), element("sz", val=size)]
    properties = [element("keepNext"), element("spacing", before=before, after=0), element("jc", val=side)]
    return paragraph("OfficeLine", text_run(text, None, *looks), properties=properties)


def _rule(indent: int) -> Any:
    """A line as a paragraph's border, shortened from both sides."""
    border = element("pBdr", element("top", val="single", sz=6, space=1, color="000000"))
    properties = [border, element("spacing", before=20, after=60, line=120, lineRule="exact")]
    return paragraph("OfficeLine", properties=[*properties, element("ind", left=indent, right=indent)])


def _beside(widths: Sequence[int], *columns: Sequence[Any]) -> Any:
    cells = [
        element("tc", element("tcPr", element("tcW", w=width, type="dxa")), *lines)
        for width, lines in zip(widths, columns, strict=True)
    ]
    properties = element(
        "tblPr", element("tblW", w=sum(widths), type="dxa"), element("tblLayout", type="fixed")
    )
    grid = element("tblGrid", *(element("gridCol", w=width) for width in widths))
    return element("tbl", properties, grid, element("tr", element("trPr", element("cantSplit")), *cells))
