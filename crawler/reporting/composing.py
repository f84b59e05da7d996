"""A press review put together from its facts, said once for every format; pure."""

from __future__ import annotations

from collections.abc import Iterator

from crawler import __version__
from crawler.reporting.appendix import appendix
from crawler.reporting.blocks import Block, Heading, Letterhead, Paragraph, Report, plain
from crawler.reporting.citing import documents, figures
from crawler.reporting.facts import Facts
from crawler.reporting.naming import Names, names_of
from crawler.reporting.order import ReportOrder
from crawler.reporting.period import Period
from crawler.reporting.summing import summary, topics
from crawler.reporting.telling import in_full, listed
from crawler.reporting.typography import NBSP, clean, counted, long_day, moment, official_day, roman
from crawler.times import VIETNAM

_FULL = {
    "usual": "Bài được giữ, theo chủ đề",
    "keep": "Bài được giữ, theo chủ đề",
    "all": "Mọi bài gắn cờ hoặc đã duyệt, theo chủ đề",
    "later": "Bài để sau, theo chủ đề",
    "new": "Bài chưa duyệt, theo chủ đề",
    "drop": "Bài đã bỏ, theo chủ đề",
}


def compose(facts: Facts) -> Report:
    """The document; the same facts give the same."""
    order = facts.order
    return Report(
        title=title_of(order.period),
        subject=order.office.subject,
        days=f"Từ {long_day(order.period.first)} đến {long_day(order.period.last)}",
        made=f"Số liệu tính đến {moment(facts.as_of)}; lập bằng diembao{NBSP}{__version__}",
        as_of=facts.as_of,
        blocks=tuple(_blocks(facts, names_of(facts))),
        letterhead=_letterhead(facts) if order.official else None,
    )


def title_of(period: Period) -> str:
    """Điểm báo tuần 47 năm 2026, tháng 11 năm 2026, or Điểm báo alone."""
    if period.kind == "week":
        year, week, _ = period.first.isocalendar()
        return f"Điểm báo tuần{NBSP}{week} năm{NBSP}{year}"
    if period.kind == "month":
        return f"Điểm báo tháng{NBSP}{period.first.month} năm{NBSP}{period.first.year}"
    return "Điểm báo"


def _blocks(facts: Facts, names: Names) -> Iterator[Block]:
    chapters = [("Tóm tắt", summary(facts)), ("Chủ đề", topics(facts))]
    chapters.append((_full(facts.order), in_full(facts, names)))
    if facts.order.short:
        chapters.append(("Bài chưa duyệt", listed(facts, names)))
    chapters.append(("Văn bản được dẫn", _documents(facts)))
    chapters.append(("Số liệu báo nêu", _figures(facts)))
    for number, (name, blocks) in enumerate(chapters, 1):
        yield Heading(1, f"{roman(number)}.", name, f"phan-{number}")
        yield from blocks
    yield Heading(1, "", "Phụ lục", "phu-luc")
    yield from appendix(facts)


def _full(order: ReportOrder) -> str:
    everything = order.question is not None and order.taken == "all"
    return "Mọi bài khớp câu tìm, theo chủ đề" if everything else _FULL[order.taken]


def _documents(facts: Facts) -> Iterator[Block]:
    table, more = documents(facts.full.cases, facts.everywhere)
    if table is None:
        yield Paragraph(plain("Không bài nào nêu ở trên dẫn một văn bản có số, ký hiệu."))
        return
    yield table
    if more:
        yield Paragraph(
            plain(f"Còn {counted(more, 'văn bản')} nữa, được dẫn ít hơn, không nêu ở đây."), "warning"
        )
    yield Paragraph(
        plain(
            "Mọi bài đã đọc: số bài trong kỳ dẫn văn bản ấy, kể cả bài không gắn cờ."
            " Nhận biết nhờ: vì sao biết chắc, hay chưa chắc, đó là văn bản nào."
        ),
        "hint",
    )


def _figures(facts: Facts) -> Iterator[Block]:
    table, more = figures(facts.full.cases, facts.homes)
    if table is None:
        yield Paragraph(plain("Không bài nào nêu ở trên có số liệu đọc được."))
        return
    yield table
    if more > 0:
        told = f"Còn {counted(more, 'số liệu')} nữa trong các bài ấy không nêu ở đây."
        yield Paragraph(plain(told), "warning")


def _letterhead(facts: Facts) -> Letterhead:
    order, office = facts.order, facts.order.office
    return Letterhead(
        parent_organ=office.parent_organ,
        organ=office.organ,
        symbol=symbol_of(order),
        place=office.place,
        authority=office.authority,
        signer_title=office.signer_title,
        signer=office.signer,
        recipients=office.recipients,
        dated=official_day(facts.as_of.astimezone(VIETNAM).date()),
    )


def symbol_of(order: ReportOrder) -> str:
    """12/BC-PV05: numbers below 10 with a 0; room to write one where none was given."""
    number = clean(order.number)
    filled = f"{int(number):02d}" if number.isdecimal() else number or NBSP * 8
    code = order.office.organ_code
    return f"{filled}/BC" + (f"-{code}" if code else "")
