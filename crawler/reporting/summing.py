"""The summary: what was watched, read, flagged and decided, each with what it is a part of; pure."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.reporting.blocks import Bar, Block, Chart, Column, Paragraph, Run, Runs, Table, plain
from crawler.reporting.facts import Counts, Facts, Paper
from crawler.reporting.naming import paper_name
from crawler.reporting.typography import amount, clean, counted, days, long_day, moment, percent
from crawler.review.periods import Bucket
from crawler.review.tallying import Line, Sum
from crawler.times import VIETNAM

_MOST_BLIND = 12  # papers whose blind days are told in the summary; the appendix has all


def summary(facts: Facts) -> Iterator[Block]:
    """The chapter without its heading."""
    yield Paragraph(plain(_watched(facts.counts)))
    yield Paragraph(plain(_decided(facts.counts.whole.total)))
    yield from _narrowed(facts)
    yield from _warnings(facts)
    yield _chart(facts)  # in print it is whole on one page, where the table after it can go on over two
    yield _funnel(facts.counts)


def topics(facts: Facts) -> Iterator[Block]:
    """How often each topic was met, and what people made of it."""
    rows = tuple(_topic_row(topic, facts) for topic in facts.counts.topics)
    if not rows:
        yield Paragraph(plain("Chưa có chủ đề nào được đặt ra."))
        return
    columns = (
        Column("Chủ đề", 40),
        *(Column(name, 12, is_number=True) for name in ("Gắn cờ", "Giữ", "Bỏ", "Chưa duyệt")),
        Column("Giữ trên đã duyệt", 12, is_number=True),
    )
    yield Table("Số bài theo chủ đề", columns, rows)
    yield Paragraph(
        plain(
            "Một bài có thể thuộc nhiều chủ đề, nên cộng các dòng có thể lớn hơn tổng số bài."
            " Các bản in cùng một văn bản được đếm riêng ở bảng này."
        ),
        "hint",
    )


def by_column(counts: Counts) -> Table:
    """The numbers that the chart draws."""
    names = ("Tìm thấy", "Đọc được", "Gắn cờ", "Đã duyệt", "Giữ", "Báo không xem được")
    by_day = all(bucket.days == 1 for bucket in counts.buckets)
    columns = (
        Column("Ngày" if by_day else "Tuần", 22),
        *(Column(name, 13, is_number=True) for name in names),
    )
    rows = tuple(
        (plain(_label(bucket)), *(plain(amount(value)) for value in _values(one)))
        for bucket, one in zip(counts.buckets, counts.whole.columns, strict=True)
    )
    return Table("Số liệu của biểu đồ", columns, rows)


def _values(one: Sum) -> tuple[int, ...]:
    return one.found, one.read, one.flagged, one.reviewed, one.kept, one.blind


def _label(bucket: Bucket) -> str:
    return days(bucket.first, bucket.last)


def _watched(counts: Counts) -> str:
    total = counts.whole.total
    papers = sum(1 for paper in counts.papers if paper.total.watched)
    return (
        f"Trong kỳ, {counted(papers, 'báo')} được theo dõi; {counted(total.found, 'bài')} được tìm thấy,"
        f" trong đó {counted(total.read, 'bài')} đọc được ({percent(total.read, total.found)})."
    )


def _decided(total: Sum) -> str:
    if not total.flagged:
        return "Không bài nào được gắn cờ vì khớp một chủ đề theo dõi."
    later = total.reviewed - total.kept - total.dropped
    return (
        f"{counted(total.flagged, 'bài')} được gắn cờ vì khớp một chủ đề theo dõi"
        f" ({percent(total.flagged, total.read)} số bài đọc được)."
        f" Đã duyệt {counted(total.reviewed, 'bài')}"
        f" ({percent(total.reviewed, total.flagged)} số bài gắn cờ):"
        f" giữ {amount(total.kept)}, bỏ {amount(total.dropped)}, để sau {amount(later)};"
        f" chưa duyệt {counted(total.waiting, 'bài')}."
    )


def _narrowed(facts: Facts) -> Iterator[Block]:
    """What was asked for beside the days."""
    order = facts.order
    parts = [
        f"của nguồn {facts.homes.get(order.source, order.source)}" if order.source else "",
        f"thuộc chủ đề “{facts.counts.topics[0].label}”" if order.rule and facts.counts.topics else "",
    ]
    told = ", ".join(clean(part) for part in parts if part)
    if told:
        yield Paragraph(plain(f"Bản này chỉ nêu bài {told}; các số trên cũng chỉ đếm như vậy."), "hint")
    if order.question:
        named = f" (lưu với tên “{clean(order.question.name)}”)" if order.question.name else ""
        yield Paragraph(
            plain(
                f"Bản này chỉ nêu bài khớp câu tìm “{clean(order.question.text)}”{named}:"
                f" {counted(facts.full.asked + facts.short.asked, 'bài')}."
                " Các số trên đếm cả những bài không khớp."
            ),
            "hint",
        )


def _warnings(facts: Facts) -> Iterator[Block]:
    counts, period = facts.counts, facts.order.period
    if period.is_open(facts.as_of.astimezone(VIETNAM).date()):
        told = f"Kỳ này chưa kết thúc: số liệu chỉ tính đến {moment(facts.as_of)}."
        yield Paragraph(plain(told), "warning")
    if facts.recorded_since and facts.as_of < facts.recorded_since:
        told = (
            f"Kho chỉ ghi lại những thay đổi từ {moment(facts.recorded_since)}: số liệu tính đến trước đó"
            " có thể thiếu những gì đã bị thay thế."
        )
        yield Paragraph(plain(told), "warning")
    if counts.began:
        told = (
            f"Việc theo dõi bắt đầu từ {long_day(counts.began)};"
            " của những ngày trước đó chỉ có các bài mà báo còn để lại."
        )
        yield Paragraph(plain(told), "warning")
    yield from _blindness(counts)


def _blindness(counts: Counts) -> Iterator[Block]:
    total = counts.whole.total
    if total.blind:
        yield Paragraph(tuple(_blind_runs(counts)), "warning")
    elif total.watched and not counts.began:
        told = "Không báo nào bị mất theo dõi ngày nào: ít bài nghĩa là báo ít tin."
        yield Paragraph(plain(told))
    never = [paper_name(paper) for paper in counts.papers if paper.enabled and not paper.total.watched]
    if never:
        listed = "; ".join(never[:_MOST_BLIND]) + ("…" if len(never) > _MOST_BLIND else "")
        told = (
            f"{counted(len(never), 'báo')} có trong danh sách nhưng chưa được xem lần nào trong kỳ: {listed}."
        )
        yield Paragraph(plain(told), "warning")


def _blind_runs(counts: Counts) -> Iterator[Run]:
    total = counts.whole.total
    yield Run(f"{amount(total.blind)} trong {amount(total.watched)} ngày-báo không xem được", "strong")
    yield Run(", vì không lượt xem nào thành công; ít bài ở đó không có nghĩa là báo ít tin: ")
    blind = sorted((paper for paper in counts.papers if paper.blind), key=lambda paper: -len(paper.blind))
    yield Run("; ".join(f"{paper_name(paper)} ({_blind_days(paper)})" for paper in blind[:_MOST_BLIND]))
    rest = len(blind) - _MOST_BLIND
    yield Run(f"; và {counted(rest, 'báo')} nữa (xem phụ lục)." if rest > 0 else ".")


def _blind_days(paper: Paper) -> str:
    told = ", ".join(f"{day:%d/%m}" for day in paper.blind[:7])
    return told if len(paper.blind) <= 7 else f"{told} và {counted(len(paper.blind) - 7, 'ngày')} nữa"


def _funnel(counts: Counts) -> Table:
    total = counts.whole.total
    rows = (
        ("Tìm thấy", total.found, "", 0),
        ("Đọc được", total.read, "số bài tìm thấy", total.found),
        ("Gắn cờ", total.flagged, "số bài đọc được", total.read),
        ("Đã duyệt", total.reviewed, "số bài gắn cờ", total.flagged),
        ("Giữ", total.kept, "số bài đã duyệt", total.reviewed),
        ("Chưa duyệt", total.waiting, "số bài gắn cờ", total.flagged),
        ("Ngày-báo không xem được", total.blind, "số ngày-báo theo dõi", total.watched),
    )
    columns = (
        Column("Chỉ số", 40),
        Column("Số lượng", 20, is_number=True),
        Column("Tỷ lệ", 40, is_number=True),
    )
    return Table("Kỳ này qua con số", columns, tuple(_funnel_row(*row) for row in rows))


def _funnel_row(name: str, value: int, of: str, whole: int) -> tuple[Runs, ...]:
    return plain(name), plain(amount(value)), plain(f"{percent(value, whole)} {of}" if whole else "–")


def _chart(facts: Facts) -> Chart:
    counts = facts.counts
    total, by_day = counts.whole.total, facts.order.period.by_day
    return Chart(
        title="Bài được gắn cờ và bài được giữ theo " + ("ngày" if by_day else "tuần"),
        description=(
            f"Trong {days(facts.order.period.first, facts.order.period.last)},"
            f" {counted(total.flagged, 'bài')} được gắn cờ và {counted(total.kept, 'bài')} được giữ;"
            f" {amount(total.blind)} ngày-báo không xem được."
            " Số của từng cột ở phụ lục."
        ),
        whole="gắn cờ",
        part="giữ",
        blind="số báo không xem được" if by_day else "số ngày-báo không xem được",
        bars=tuple(
            Bar(_short(bucket), one.flagged, min(one.kept, one.flagged), one.blind)
            for bucket, one in zip(counts.buckets, counts.whole.columns, strict=True)
        ),
    )


def _short(bucket: Bucket) -> str:
    return f"{bucket.first:%d/%m}"


def _topic_row(topic: Line, facts: Facts) -> tuple[Runs, ...]:
    total = topic.total
    in_force = topic.name in {rule.name for rule in facts.rules}
    label = clean(topic.label or topic.name) + ("" if in_force else " (quy tắc không còn dùng)")
    numbers = (total.flagged, total.kept, total.dropped, total.waiting)
    return (
        plain(label),
        *(plain(amount(number)) for number in numbers),
        plain(percent(total.kept, total.reviewed)),
    )
