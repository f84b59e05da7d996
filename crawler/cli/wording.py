"""A case as a terminal shows it: pure texts of lines, foreign text made harmless."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from crawler.casejson import cut
from crawler.cli.output import faint, lit, one_line
from crawler.review.marking import heaviest_first, lit_quote, marks, pieces
from crawler.times import VIETNAM
from storage.cases import state_of
from storage.records import Case, Dating, FieldName, Flag, Revision, Verdict


@dataclass(frozen=True, slots=True)
class History:
    """What an article said and what was decided of it, oldest first."""

    revisions: Sequence[Revision]
    verdicts: Sequence[Verdict]
    layers: bool = False  # whether to tell what gave each field


def brief(case: Case) -> str:
    """A case in a list: number, time, source, state and labels; title; the sentence that proves it."""
    facts = [str(case.id).rjust(5), _published(case.article.published), case.article.source]
    labels = ", ".join([*dict.fromkeys(map(_label, case.flags)), *_raised(case)])
    head = "  ".join([*facts, f"[{state_of(case) or 'not flagged'}]", labels]).rstrip()
    lines = [head, "       " + _lit_title(case)]
    if case.story:
        lines.append("       " + faint("copies: " + ", ".join(map(str, case.story))))
    lines += [f"       {quote(case, flag)}" for flag in _proofs(case.flags)[:1]]
    return "\n".join(lines) + "\n"


def whole(case: Case, history: History) -> str:
    """An article to be read: facts, text with matches lit up, proofs, revisions, verdicts."""
    article = case.article
    lines = [_lit_title(case), ""]
    lines += [f"{faint(name + ':')} {one_line(value)}" for name, value in _facts(case) if value]
    lines += ["", *([_lit_field(case, "lead"), ""] if article.lead else [])]
    lines += [_lit_field(case, "body"), ""]
    pictures = [one_line(f"{image.caption or ''} {image.url}") for image in article.images]
    lines += [f"{faint('picture:')} {picture}" for picture in pictures]
    lines += [
        f"flag: {_label(flag)} ({flag.rule} {flag.version}, {flag.field})\n      {quote(case, flag)}"
        for flag in case.flags
    ]
    if case.raised:
        note = f": {one_line(case.raised.note)}" if case.raised.note else ""
        lines += [f"{one} {_minute(case.raised.at)}{note}" for one in _raised(case)]
    lines += _cited(case)
    lines += [
        f"revision {one.number}: {_minute(one.fetched_at)}  {one_line(one.article.title)}"
        + (_layers(one) if history.layers else "")
        for one in history.revisions
    ]
    lines += [f"verdict: {verdict_line(one)}" for one in history.verdicts]
    return "\n".join(lines)


def _cited(case: Case) -> Iterator[str]:
    """The documents that it cites, and the figures it tells."""
    if case.cited is None:
        return
    for one in case.cited.citations:
        texts = dict.fromkeys(one_line(cut(case.article, place)) for place in one.mentions)
        how = f"{len(one.mentions)} times, {one.how}" if len(one.mentions) > 1 else one.how
        yield f"document: {one.key} ({how})\n      {'; '.join(texts)}"
    if case.cited.figures:
        yield "figures: " + "; ".join(one_line(cut(case.article, figure)) for figure in case.cited.figures)


def verdict_line(verdict: Verdict) -> str:
    """`23/11/2026 12:00 keep by Lan: the note`."""
    note = f": {one_line(verdict.note)}" if verdict.note else ""
    by = f" by {one_line(verdict.by)}" if verdict.by else ""
    return f"{_minute(verdict.at)} {verdict.decision}{by}{note}"


def quote(case: Case, flag: Flag) -> str:
    """A flag's quote on one line, what matched in it lit up."""
    found = lit_quote(flag, case.flags, field_text(case, flag.field))
    return " ".join(lit(found).split())


def field_text(case: Case, field: FieldName) -> str:
    """The text that a flag's spans count in."""
    article = case.article
    return {"title": article.title, "lead": article.lead or "", "body": article.body}[field]


def _raised(case: Case) -> list[str]:
    """That a person raised it, and for what."""
    if case.raised is None:
        return []
    return ["raised by hand" + (f" for {one_line(case.raised.rule)}" if case.raised.rule else "")]


def _label(flag: Flag) -> str:
    return one_line(flag.label) + (" (only mentioned)" if flag.level == "mention" else "")


def _proofs(flags: Sequence[Flag]) -> list[Flag]:
    """The heaviest first, but those of the title last, since that stands above the quote anyway."""
    return sorted(heaviest_first(flags), key=lambda flag: flag.field == "title")


def _lit_field(case: Case, field: FieldName) -> str:
    return lit(pieces(field_text(case, field), marks(case.flags, field)))


def _lit_title(case: Case) -> str:
    return " ".join(_lit_field(case, "title").split())


def _facts(case: Case) -> Iterator[tuple[str, str]]:
    article = case.article
    yield "id", f"{case.id} ({article.key})"
    yield "url", article.url
    yield "published", _published(article.published)
    yield "authors", ", ".join(article.authors)
    yield "section", article.section or ""
    yield "tags", ", ".join(article.tags)
    yield "fetched", f"{_minute(case.fetched_at)}, found in a {case.found_in}"
    yield "changed", _minute(case.changed_at) if case.changed_at else ""
    yield "gone", _minute(case.gone_at) if case.gone_at else ""
    yield "state", state_of(case) or "not flagged"
    yield "copies", ", ".join(map(str, case.story))


def _layers(revision: Revision) -> str:
    told = ", ".join(f"{part} {layer}" for part, layer in revision.layers.items())
    return f"\n      layers: {told or 'not recorded'}"


def _published(dated: Dating | None) -> str:
    if dated is None:
        return "undated"
    day = f"{dated.at.astimezone(VIETNAM):%d/%m/%Y}"
    return day if dated.precision == "day" else _minute(dated.at)


def _minute(moment: datetime) -> str:
    return f"{moment.astimezone(VIETNAM):%d/%m/%Y %H:%M}"
