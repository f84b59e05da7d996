"""The styles and the page of a DOCX: the usual look, or the sizes that Nghị định 30/2020/NĐ-CP gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from crawler.reporting.word.parts import element, field_runs, paragraph, text_run

FONT = "Times New Roman"  # what every office has, with every Vietnamese letter
_INK, _ACCENT, _SOFT = RGBColor(0, 0, 0), RGBColor(0x1F, 0x5C, 0x57), RGBColor(0x5D, 0x58, 0x4F)


@dataclass(frozen=True, slots=True)
class Look:
    """What differs between the usual look and the office style; lengths in mm, sizes in points."""

    is_office: bool
    margins: tuple[int, int, int, int]  # top, right, bottom, left
    text: float
    small: float
    headings: tuple[float, float, float]

    @property
    def width(self) -> int:
        """Of the text, in twips."""
        return round((210 - self.margins[1] - self.margins[3]) / 25.4 * 1440)

    @property
    def accent(self) -> RGBColor:
        """Of headings: the decree wants black."""
        return _INK if self.is_office else _ACCENT


USUAL = Look(False, (18, 18, 20, 22), 11.5, 10, (15, 13, 11.5))
OFFICE = Look(True, (20, 15, 20, 30), 14, 13, (14, 14, 14))


def dress(document: Document, look: Look) -> None:
    """Set page, language, fonts and styles, and put page numbers where the look has them."""
    _page(document, look)
    _defaults(document)
    _paragraphs(document, look)
    _headings(document, look)
    _titles(document, look)
    _contents(document, look)
    _characters(document, look)
    _numbers(document, look)


def _page(document: Document, look: Look) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    top, right, bottom, left = look.margins
    section.top_margin, section.right_margin = Mm(top), Mm(right)
    section.bottom_margin, section.left_margin = Mm(bottom), Mm(left)
    section.header_distance = section.footer_distance = Mm(10)


def _defaults(document: Document) -> None:
    """One face for every script, and Vietnamese for whoever spells or speaks the text."""
    defaults = document.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    assert defaults is not None
    for name in ("rFonts", "lang"):
        for old in defaults.findall(qn(f"w:{name}")):
            defaults.remove(old)
    defaults.insert(0, element("rFonts", ascii=FONT, hAnsi=FONT, cs=FONT, eastAsia=FONT))
    defaults.append(element("lang", val="vi-VN", eastAsia="vi-VN", bidi="ar-SA"))


def _paragraphs(document: Document, look: Look) -> None:
    usual = document.styles["Normal"]
    usual.font.size = Pt(look.text)
    usual.paragraph_format.space_after = Pt(6)
    usual.paragraph_format.line_spacing = 1.25
    usual.paragraph_format.widow_control = True
    for name in ("Meta", "Hint", "Warning", "Note", "Cell", "Small Cell", "Office Line"):
        made = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        made.base_style = usual
        made.font.size = Pt(look.small)
    for name in ("Cell", "Small Cell", "Office Line"):
        document.styles[name].paragraph_format.space_after = Pt(0)
        document.styles[name].paragraph_format.line_spacing = 1.1
    document.styles["Cell"].font.size = Pt(look.small - 0.5 if not look.is_office else 12)
    document.styles["Small Cell"].font.size = Pt(8.5)
    document.styles["Hint"].font.color.rgb = _SOFT
    document.styles["Meta"].paragraph_format.space_after = Pt(3)
    _bordered(document.styles["Warning"], "left", "A87A00", "FBF1DC")
    _bordered(document.styles["Note"], "left", "808080", None)
    _body(document, look)
    _quote(document, look)


def _body(document: Document, look: Look) -> None:
    made = document.styles["Body Text"]
    made.paragraph_format.space_after = Pt(6)
    if look.is_office:
        made.paragraph_format.first_line_indent = Mm(10)
        made.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY


def _quote(document: Document, look: Look) -> None:
    made = document.styles["Quote"]
    made.font.italic, made.font.size, made.font.color.rgb = False, Pt(look.text), _INK
    made.paragraph_format.left_indent = Mm(6)
    made.paragraph_format.keep_together = True
    _bordered(made, "left", "B9B3A6", None)
    caption = document.styles["Caption"]
    caption.font.size, caption.font.bold, caption.font.color.rgb = Pt(look.small), False, _SOFT
    caption.paragraph_format.keep_with_next = True
    caption.paragraph_format.space_before, caption.paragraph_format.space_after = Pt(6), Pt(3)


def _bordered(style: Any, side: str, colour: str, fill: str | None) -> None:
    properties = style.element.get_or_add_pPr()
    border = element(side, val="single", sz=18, space=8, color=colour)
    properties.insert_element_before(element("pBdr", border), *_BEHIND_BORDERS)
    if fill:
        shading = element("shd", val="clear", color="auto", fill=fill)
        properties.insert_element_before(shading, *_BEHIND_BORDERS[1:])


# What the schema wants to stand after the borders of a paragraph.
_BEHIND_BORDERS = (
    "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap", "w:overflowPunct",
    "w:topLinePunct", "w:autoSpaceDE", "w:autoSpaceDN", "w:bidi", "w:adjustRightInd", "w:snapToGrid",
    "w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents", "w:suppressOverlap", "w:jc",
    "w:textDirection", "w:textAlignment", "w:textboxTightWrap", "w:outlineLvl", "w:divId", "w:cnfStyle",
    "w:rPr", "w:sectPr", "w:pPrChange",
)  # fmt: skip


def _headings(document: Document, look: Look) -> None:
    for level, size in enumerate(look.headings, 1):
        made = document.styles[f"Heading {level}"]
        _plain_face(made)
        made.font.size, made.font.bold = Pt(size), True
        made.font.italic = look.is_office and level == 3
        made.font.all_caps = look.is_office and level == 1
        made.font.color.rgb = look.accent if level < 3 else _INK
        made.paragraph_format.space_before = Pt((18, 12, 10)[level - 1])
        made.paragraph_format.space_after = Pt((6, 4, 2)[level - 1])
        made.paragraph_format.keep_with_next = made.paragraph_format.keep_together = True


def _titles(document: Document, look: Look) -> None:
    title = document.styles["Title"]
    _plain_face(title)
    for border in title.element.findall(f".//{qn('w:pBdr')}"):
        border.getparent().remove(border)
    title.font.size, title.font.bold = Pt(14 if look.is_office else 22), True
    title.font.color.rgb = _INK
    title.paragraph_format.space_after = Pt(3)
    subtitle = document.styles["Subtitle"]
    _plain_face(subtitle)
    subtitle.font.size, subtitle.font.color.rgb = Pt(14 if look.is_office else 13), _INK
    subtitle.font.italic, subtitle.font.bold = False, True
    if look.is_office:
        title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
        subtitle.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _plain_face(style: Any) -> None:
    """Word's own headings name a theme's face, which goes before ours, and spread their letters."""
    properties = style.element.get_or_add_rPr()
    for name in ("rFonts", "spacing", "kern"):
        for old in properties.findall(qn(f"w:{name}")):
            properties.remove(old)


def _contents(document: Document, look: Look) -> None:
    for level in (1, 2):
        made = document.styles.add_style(f"toc {level}", WD_STYLE_TYPE.PARAGRAPH, builtin=True)
        made.base_style = document.styles["Normal"]
        made.font.size = Pt(look.small)
        made.paragraph_format.left_indent = Mm(6 * (level - 1))
        made.paragraph_format.space_after = Pt(2)
        tabs = element("tabs", element("tab", val="right", leader="dot", pos=look.width))
        made.element.get_or_add_pPr().insert_element_before(tabs, *_BEHIND_BORDERS[2:])


def _characters(document: Document, look: Look) -> None:
    link = document.styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER, builtin=True)
    link.font.underline = True
    link.font.color.rgb = _INK if look.is_office else RGBColor(0x1F, 0x4E, 0x79)
    document.styles.add_style("Faint", WD_STYLE_TYPE.CHARACTER).font.color.rgb = _SOFT
    lit = document.styles.add_style("Lit", WD_STYLE_TYPE.CHARACTER)
    lit.font.bold = True
    lit.element.get_or_add_rPr().append(element("shd", val="clear", color="auto", fill="FFE9A8"))


def _numbers(document: Document, look: Look) -> None:
    """The decree wants them above the text, from the second page on; else they stand below it."""
    section = document.sections[0]
    centred = [element("jc", val="center")]
    into: Any
    if look.is_office:
        section.different_first_page_header_footer = True
        into = section.header
        parts = field_runs("PAGE", "2")
    else:
        into = section.footer
        parts = [text_run("Trang "), *field_runs("PAGE", "1"), text_run(" / "), *field_runs("NUMPAGES", "1")]
    into.is_linked_to_previous = False
    style = "Header" if look.is_office else "Footer"
    into._element.replace(into.paragraphs[0]._element, paragraph(style, *parts, properties=centred))
    document.styles[style].font.size = Pt(13 if look.is_office else 9)
