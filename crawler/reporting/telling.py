"""The articles: those told in full under their topics, and the list of those not decided yet; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawler.reporting.blocks import Block, Column, Entry, Heading, Paragraph, Run, Runs, Table, plain
from crawler.reporting.facts import Facts
from crawler.reporting.naming import UNFLAGGED, Names, topic_of, topics_of
from crawler.reporting.picking import MOST_COPIES, dated, decision
from crawler.reporting.quoting import quotes
from crawler.reporting.typography import amount, clean, counted, cut, dating, moment, short_day
from crawler.times import VIETNAM
from crawler.urls import outward
from storage.records import Case

_LONGEST_TITLE = 300  # characters; a headline may be a whole text by mistake
_MOST_AUTHORS = 4
_DECISIONS = {"keep": "giữ", "drop": "bỏ", "later": "để sau", None: "chưa duyệt"}


@dataclass(frozen=True, slots=True)
class _Told:
    facts: Facts
    names: Names


def in_full(facts: Facts, names: Names) -> Iterator[Block]:
    """Topic after topic in config.toml's order, each article once."""
    told = _Told(facts, names)
    if not facts.full.cases:
        yield Paragraph(plain("Không có bài nào để nêu trong kỳ này."))
        return
    yield from _left_out(len(facts.full.cases), facts.full.asked)
    for place, (topic, cases) in enumerate(_by_topic(facts).items(), 1):
        heading = f"{names.label(topic)} ({counted(len(cases), 'bài')})"
        yield Heading(2, f"{place}.", heading, f"chu-de-{place}")
        for number, case in enumerate(cases, 1):
            yield _entry(case, f"{place}.{number}.", told)


def listed(facts: Facts, names: Names) -> Iterator[Block]:
    """What nobody decided yet, or put off: a row each."""
    cases = facts.short.cases
    if not cases:
        yield Paragraph(plain("Không còn bài gắn cờ nào chưa duyệt trong kỳ này."))
        return
    yield from _left_out(len(cases), facts.short.asked)
    columns = (Column("Ngày", 14), Column("Báo", 20), Column("Đầu đề", 42), Column("Chủ đề", 24))
    yield Table("Bài gắn cờ chưa duyệt hoặc để sau", columns, tuple(_row(case, names) for case in cases))


def _by_topic(facts: Facts) -> dict[str, list[Case]]:
    found: dict[str, list[Case]] = defaultdict(list)
    for case in facts.full.cases:
        found[topic_of(case, facts.order.rule)].append(case)
    known = [topic.name for topic in facts.counts.topics]
    order = [*known, *sorted(found.keys() - {*known, UNFLAGGED}), UNFLAGGED]
    return {topic: found[topic] for topic in order if topic in found}


def _left_out(told: int, asked: int) -> Iterator[Block]:
    if asked > told:
        text = (
            f"Nêu {counted(told, 'bài')} mới nhất trong {counted(asked, 'bài')};"
            f" {counted(asked - told, 'bài')} cũ hơn không nêu ở đây (tùy chọn --limit)."
        )
        yield Paragraph(plain(text), "warning")


def _entry(case: Case, number: str, told: _Told) -> Entry:
    article, facts = case.article, told.facts
    title = cut(clean(article.title), _LONGEST_TITLE) or "(không có đầu đề)"
    blocks: list[Heading | Paragraph] = [
        Heading(3, number, title, f"bai-{case.id}"),
        Paragraph(plain(_whose(case, told)), "meta"),
        *(Paragraph(runs, "quote") for runs in quotes(case, facts.proof.get(case.id, ()))),
        Paragraph((Run("Liên kết: ", "faint"), _link(article.url)), "meta"),
        *_copies(case, told),
        *_remarks(case, told),
    ]
    if facts.order.with_notes:
        blocks += _note(case)
    return Entry(tuple(blocks))


def _whose(case: Case, told: _Told) -> str:
    authors = [clean(name) for name in case.article.authors[:_MOST_AUTHORS]]
    parts = [told.names.paper(case.article.source), _when(case), ", ".join(filter(None, authors))]
    return " · ".join(filter(None, parts))


def _when(case: Case) -> str:
    if case.article.published:
        return dating(case.article.published)
    return f"báo không ghi ngày đăng; tải về lần đầu {moment(case.first_fetched_at)}"


def _link(url: str, text: str = "") -> Run:
    """A link where the address is one that a person may follow, else its text alone."""
    return Run(text or clean(url), "plain", outward(url))


def _copies(case: Case, told: _Told) -> Iterator[Paragraph]:
    known = [told.facts.copies[number] for number in case.story if number in told.facts.copies]
    known.sort(key=lambda copy: (dated(copy), copy.id))
    more = len(case.story) - MOST_COPIES
    if not known and more <= 0:
        return
    runs = [Run("Cũng đăng ở: ", "faint")]
    for place, copy in enumerate(known):
        runs += [Run("; ")] if place else []
        runs += _copy(copy, told.names)
    rest = f" và {counted(more, 'bản')} nữa" if more > 0 else ""
    yield Paragraph((*runs, Run(f"{rest}.")), "meta")


def _copy(copy: Case, names: Names) -> list[Run]:
    day = short_day(dated(copy).astimezone(VIETNAM).date())
    return [_link(copy.article.url, names.host(copy.article.source)), Run(f" ({day})")]


def _remarks(case: Case, told: _Told) -> Iterator[Paragraph]:
    """What a reader must know before she relies on it."""
    facts = told.facts
    others = [topic for topic in topics_of(case) if topic != topic_of(case, facts.order.rule)]
    if others:
        labels = "; ".join(told.names.label(topic) for topic in others)
        yield Paragraph((Run("Cũng thuộc chủ đề: ", "faint"), Run(f"{labels}.")), "meta")
    if facts.order.taken in {"all", "new", "drop", "later"}:
        yield Paragraph((Run("Tình trạng duyệt: ", "faint"), Run(f"{_DECISIONS[decision(case)]}.")), "meta")
    remarks = _odd(case)
    if remarks:
        yield Paragraph((Run("Lưu ý: ", "faint"), Run(f"{'; '.join(remarks)}.")), "meta")


def _odd(case: Case) -> Sequence[str]:
    found = []
    if case.verdict and case.material_at and case.material_at > case.verdict.at:
        found.append(f"văn bản hoặc cờ đã đổi sau khi duyệt ({moment(case.material_at)})")
    if case.gone_at:
        found.append(f"báo đã gỡ bài (thấy lúc {moment(case.gone_at)})")
    if case.raised:
        found.append("do người duyệt gắn cờ bằng tay")
    return found


def _note(case: Case) -> list[Paragraph]:
    if case.verdict is None or decision(case) is None:
        return []
    by = f" – {clean(case.verdict.by)}" if case.verdict.by else ""
    note = clean(case.verdict.note or "") or "(không ghi)"
    head = Run("Ghi chú duyệt: ", "faint")
    return [Paragraph((head, Run(note), Run(f"{by}, {moment(case.verdict.at)}", "faint")), "note")]


def _row(case: Case, names: Names) -> tuple[Runs, ...]:
    title = cut(clean(case.article.title), _LONGEST_TITLE) or "(không có đầu đề)"
    day = short_day(dated(case).astimezone(VIETNAM).date()) + ("" if case.article.published else "*")
    more = f" (+{amount(len(case.story))} bản)" if case.story else ""
    put_off = [Run(" – để sau", "faint")] if decision(case) == "later" else []
    labels = "; ".join(names.label(topic) for topic in topics_of(case) or (UNFLAGGED,))
    return (
        plain(day),
        plain(names.host(case.article.source)),
        (_link(case.article.url, title), Run(more, "faint"), *put_off),
        plain(labels),
    )
