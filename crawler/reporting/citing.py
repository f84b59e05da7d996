"""The normative documents and figures that the articles told in full cite, as tables; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from crawler.casejson import cut as text_of
from crawler.judging.citing.kinds import BY_CODE
from crawler.judging.sentences import quote_bounds
from crawler.reporting.blocks import Column, Run, Runs, Table, plain
from crawler.reporting.quoting import LONGEST, shortened, trimmed
from crawler.reporting.typography import NBSP, amount, clean, short_day
from crawler.review.wording import HOW_RESOLVED
from storage.records import Case, Citation, Figure

MOST_DOCUMENTS = 60
MOST_FIGURES = 3  # of one article
MOST_FIGURES_IN_ALL = 90

_PARTY = frozenset({"TW", "TU", "HU", "ThU", "ĐU", "ĐUCA", "VPTW", "QUTW", "BTCTW", "BTGTW", "UBKTTW"})


@dataclass(frozen=True, slots=True)
class _Counted:
    surest: Citation
    articles: int
    mentions: int


def document_name(citation: Citation) -> str:
    """Kết luận số 44-KL/TW ngày 22/01/2019 (Ban Bí thư): as much of it as is known."""
    kind = BY_CODE.get(citation.kind)
    word = kind.words[-1] if kind and citation.kind == "L" else kind.words[0] if kind else "văn bản"
    issuer = f" ({clean(citation.issuer)})" if citation.issuer else ""
    return f"{word.capitalize()} số{NBSP}{symbol(citation)}{_dated(citation.dated)}{issuer}"


def symbol(citation: Citation) -> str:
    """44-KL/TW, 40/2024/NĐ-CP, 521/QĐ-TTg, or the number alone where nobody says whose it is."""
    number, organ = f"{citation.number:02d}", citation.organ
    if organ is None:
        return number + (f"/{citation.year}" if citation.year else "")
    if citation.kind == "L":
        return f"{number}/{citation.year}/{organ}" if citation.year else f"{number}/{organ}"
    if citation.year is None and organ in _PARTY:
        return f"{number}-{citation.kind}/{organ}"
    year = f"/{citation.year}" if citation.year else ""
    return f"{number}{year}/{citation.kind}-{organ}"


def documents(cases: Iterable[Case], everywhere: Mapping[str, int]) -> tuple[Table | None, int]:
    """The documents that most articles cite first, and how many more there are; None: none is cited."""
    counted = _counted(cases)
    rows = tuple(_document_row(one, everywhere) for one in counted[:MOST_DOCUMENTS])
    columns = (
        Column("Văn bản", 40),
        Column("Bài trong bản này", 13, is_number=True),
        Column("Lượt dẫn", 11, is_number=True),
        Column("Mọi bài đã đọc", 13, is_number=True),
        Column("Nhận biết nhờ", 23),
    )
    table = Table("Văn bản được dẫn trong các bài nêu ở trên", columns, rows) if rows else None
    return table, max(0, len(counted) - MOST_DOCUMENTS)


def figures(cases: Sequence[Case], homes: Mapping[str, str]) -> tuple[Table | None, int]:
    """What the articles count, with the sentence it stands in, and how many figures are left out."""
    told = [(case, figure) for case in cases for figure in _of(case)[:MOST_FIGURES]]
    rows = tuple(_figure_row(case, figure, homes) for case, figure in told[:MOST_FIGURES_IN_ALL])
    columns = (Column("Số liệu", 24), Column("Câu văn của báo", 56), Column("Báo", 20))
    table = Table("Số liệu nêu trong các bài ở trên", columns, rows) if rows else None
    return table, sum(len(_of(case)) for case in cases) - len(rows)


def _counted(cases: Iterable[Case]) -> list[_Counted]:
    found: dict[str, list[Citation]] = defaultdict(list)
    for case in cases:
        for one in case.cited.citations if case.cited else ():
            found[one.key].append(one)
    counted = [
        _Counted(max(some, key=lambda one: one.confidence), len(some), sum(len(one.mentions) for one in some))
        for some in found.values()
    ]
    return sorted(counted, key=lambda one: (-one.articles, -one.mentions, one.surest.key))


def _document_row(one: _Counted, everywhere: Mapping[str, int]) -> tuple[Runs, ...]:
    return (
        plain(document_name(one.surest)),
        plain(amount(one.articles)),
        plain(amount(one.mentions)),
        plain(amount(everywhere.get(one.surest.key, one.articles))),
        plain(str(HOW_RESOLVED[one.surest.how])),
    )


def _of(case: Case) -> tuple[Figure, ...]:
    return case.cited.figures if case.cited else ()


def _figure_row(case: Case, figure: Figure, homes: Mapping[str, str]) -> tuple[Runs, ...]:
    about, stands = clean(figure.about or ""), clean(text_of(case.article, figure))
    if not stands.casefold().startswith(about.casefold()):  # it mostly stands among the words themselves
        stands = f"{about} {stands}"
    return (
        (Run(stands, "strong"),),
        shortened(trimmed(_sentence(case, figure)), LONGEST),
        plain(homes.get(case.article.source, case.article.source)),
    )


def _sentence(case: Case, figure: Figure) -> Iterator[Run]:
    text: str = getattr(case.article, figure.field) or ""
    first, last = quote_bounds(text, figure.start, figure.end)
    yield Run(text[first : figure.start])
    yield Run(text[figure.start : figure.end], "lit")
    yield Run(text[figure.end : last])


def _dated(text: str | None) -> str:
    if not text:
        return ""
    try:
        return f" ngày{NBSP}{short_day(date.fromisoformat(text))}"
    except ValueError:
        return f" năm{NBSP}{text}"
