"""The appendix: how the press review came about, so that another person can check it; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from crawler import __version__
from crawler.reporting.blocks import Block, Column, Heading, Paragraph, Runs, Table, plain
from crawler.reporting.facts import Facts, Paper
from crawler.reporting.naming import paper_name
from crawler.reporting.order import Taken
from crawler.reporting.summing import by_column
from crawler.reporting.typography import amount, clean, moment, short_day
from crawler.review.wording import STATES
from crawler.times import VIETNAM

_TAKEN: Mapping[Taken, str] = {
    "usual": "nêu đầy đủ bài được giữ, liệt kê bài chưa duyệt và để sau; bài đã bỏ không nêu",
    "all": "nêu đầy đủ mọi bài gắn cờ hoặc đã duyệt, kể cả bài đã bỏ",
    "keep": "chỉ nêu bài được giữ",
    "later": "chỉ nêu bài để sau",
    "new": "chỉ nêu bài chưa duyệt",
    "drop": "chỉ nêu bài đã bỏ",
}
_EVERY_HIT = "nêu đầy đủ mọi bài khớp câu tìm, gắn cờ hay không, kể cả bài đã bỏ"


def appendix(facts: Facts) -> Iterator[Block]:
    """Its sections, numbered."""
    yield Heading(2, "1.", "Số liệu của biểu đồ", "phu-luc-1")
    yield by_column(facts.counts)
    yield Heading(2, "2.", "Nguồn theo dõi", "phu-luc-2")
    yield from _sources(facts)
    yield Heading(2, "3.", "Quy tắc và phiên bản", "phu-luc-3")
    yield from _rules(facts)
    yield Heading(2, "4.", "Cách lập bản điểm báo", "phu-luc-4")
    yield _made(facts)


def _sources(facts: Facts) -> Iterator[Block]:
    if not facts.counts.papers:
        yield Paragraph(plain("Không có nguồn nào."))
        return
    columns = (
        Column("Báo", 27),
        Column("Tình trạng nay", 16),
        Column("Ngày xem được", 12, is_number=True),
        *(Column(name, 10, is_number=True) for name in ("Tìm thấy", "Đọc được", "Gắn cờ")),
        Column("Xem tốt gần nhất", 15, is_number=True),
    )
    yield Table("Từng nguồn trong kỳ", columns, tuple(map(_paper_row, facts.counts.papers)))
    yield Paragraph(
        plain(
            "Ngày xem được: số ngày có lượt xem thành công, hoặc không đến hạn xem, trên số ngày theo dõi."
            " Tìm thấy kể cả liên kết chưa đọc được; liên kết bị loại có lý do ở lệnh diembao gaps."
        ),
        "hint",
    )


def _paper_row(paper: Paper) -> tuple[Runs, ...]:
    total = paper.total
    province = f" ({paper.province})" if paper.province else ""
    seen = f"{total.watched - total.blind}/{total.watched}" if total.watched else "–"
    last = short_day(paper.seen_at.astimezone(VIETNAM).date()) if paper.seen_at else "–"
    return (
        plain(f"{paper_name(paper)}{province}"),
        plain(_state(paper)),
        plain(seen),
        *(plain(amount(value)) for value in (total.found, total.read, total.flagged)),
        plain(last),
    )


def _state(paper: Paper) -> str:
    if paper.home is None:
        return "không còn trong danh sách"
    return str(STATES.get(paper.state or "", paper.state or "không rõ"))


def _rules(facts: Facts) -> Iterator[Block]:
    rows = tuple(_rule_rows(facts))
    if not rows:
        yield Paragraph(plain("Không có quy tắc nào."))
        return
    columns = (
        Column("Quy tắc", 20),
        Column("Chủ đề", 34),
        Column("Phiên bản đang dùng", 23),
        Column("Đã gắn cờ các bài nêu ở đây", 23),
    )
    yield Table("Quy tắc gắn cờ", columns, rows)


def _rule_rows(facts: Facts) -> Iterator[tuple[Runs, ...]]:
    versions: dict[str, set[str]] = defaultdict(set)
    labels: dict[str, str] = {}
    for case in (*facts.full.cases, *facts.short.cases):
        for flag in case.flags:
            versions[flag.rule].add(flag.version)
            labels[flag.rule] = flag.label
    for rule in facts.rules:
        in_force = rule.version or "không đọc được"
        yield _rule_row(rule.name, rule.label, in_force, versions.get(rule.name, set()))
    for name in sorted(versions.keys() - {rule.name for rule in facts.rules}):
        yield _rule_row(name, labels[name], "không còn dùng", versions[name])


def _rule_row(name: str, label: str, in_force: str, versions: set[str]) -> tuple[Runs, ...]:
    return plain(clean(name)), plain(clean(label)), plain(in_force), plain(", ".join(sorted(versions)) or "–")


def _made(facts: Facts) -> Table:
    order, period = facts.order, facts.order.period
    question = order.question
    rows = {
        "Kỳ": f"{short_day(period.first)} đến {short_day(period.last)}, giờ Việt Nam (+07:00)",
        "Số liệu tính đến": moment(facts.as_of),
        "Chọn bài": _EVERY_HIT if question and order.taken == "all" else _TAKEN[order.taken],
        "Chỉ nguồn": order.source or "mọi nguồn",
        "Chỉ quy tắc": order.rule or "mọi quy tắc",
        "Câu tìm": f"“{clean(question.text)}”" if question else "không",
        "Nhiều nhất": f"{amount(order.most)} bài nêu đầy đủ, {amount(order.most)} bài liệt kê",
        "Ghi chú duyệt": "có" if order.with_notes else "không",
        "Bài không ghi ngày": "xếp theo lúc tải về lần đầu, đánh dấu * trong danh sách",
        "Bản in lại": "các bài in cùng một văn bản nêu một lần, dưới bài sớm nhất",
        "Chương trình": f"diembao {__version__}",
    }
    told = tuple((plain(key), plain(value)) for key, value in rows.items())
    return Table("Cách lập", (Column("Mục", 25), Column("Nội dung", 75)), told)
