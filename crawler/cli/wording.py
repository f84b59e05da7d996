"""A case as a terminal shows it: pure texts of lines, foreign text made harmless."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from crawler.cli.output import faint, lit, one_line
from crawler.times import VIETNAM
from storage.cases import state_of
from storage.records import Case, Dating, FieldName, Flag, Revision, Verdict

_ELLIPSES = "… "


@dataclass(frozen=True, slots=True)
class History:
    """What an article said and what was decided of it, oldest first."""

    revisions: Sequence[Revision]
    verdicts: Sequence[Verdict]


def brief(case: Case) -> str:
    """A case in a list: number, time, source, state and labels; title; the sentence that proves it."""
    facts = [str(case.id).rjust(5), _published(case.article.published), case.article.source]
    labels = ", ".join(dict.fromkeys(one_line(flag.label) for flag in case.flags))
    head = "  ".join([*facts, f"[{state_of(case) or 'not flagged'}]", labels]).rstrip()
    lines = [head, "       " + _lit_line(case, "title")]
    lines += [f"       {quote(case, flag)}" for flag in _proofs(case.flags)[:1]]
    return "\n".join(lines) + "\n"


def whole(case: Case, history: History) -> str:
    """An article to be read: facts, text with matches lit up, proofs, revisions, verdicts."""
    article = case.article
    lines = [_lit_line(case, "title"), ""]
    lines += [f"{faint(name + ':')} {one_line(value)}" for name, value in _facts(case) if value]
    lines += ["", *([lit(article.lead, spans(case.flags, "lead")), ""] if article.lead else [])]
    lines += [lit(article.body, spans(case.flags, "body")), ""]
    lines += [f"{faint('picture:')} {one_line(image.caption or '')} {image.url}" for image in article.images]
    lines += [
        f"flag: {one_line(flag.label)} ({flag.rule} {flag.version}, {flag.field})\n      {quote(case, flag)}"
        for flag in case.flags
    ]
    lines += [
        f"revision {one.number}: {_minute(one.fetched_at)}  {one_line(one.article.title)}"
        for one in history.revisions
    ]
    lines += [f"verdict: {verdict_line(one)}" for one in history.verdicts]
    return "\n".join(lines)


def verdict_line(verdict: Verdict) -> str:
    """`23/11/2026 12:00 keep: the note`."""
    note = f": {one_line(verdict.note)}" if verdict.note else ""
    return f"{_minute(verdict.at)} {verdict.decision}{note}"


def quote(case: Case, flag: Flag) -> str:
    """A flag's quote on one line, what it matched lit up."""
    text = field_text(case, flag.field)
    bare = flag.quote.strip(_ELLIPSES)
    first, last = flag.spans[0] if flag.spans else (0, 0)
    at = text.find(bare, max(0, last - len(bare)))
    if at < 0 or at > first:
        return one_line(flag.quote)
    moved = at - flag.quote.index(bare)
    inside = [
        (start - moved, end - moved)
        for start, end in flag.spans
        if moved <= start and end <= moved + len(flag.quote)
    ]
    return " ".join(lit(flag.quote, inside).split())


def spans(flags: Iterable[Flag], field: FieldName) -> list[tuple[int, int]]:
    """All matches in one field, overlapping ones joined."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(span for flag in flags if flag.field == field for span in flag.spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def field_text(case: Case, field: FieldName) -> str:
    """The text that a flag's spans count in."""
    article = case.article
    return {"title": article.title, "lead": article.lead or "", "body": article.body}[field]


def _proofs(flags: Sequence[Flag]) -> list[Flag]:
    """The heaviest first, but those of the title last, since that stands above the quote anyway."""
    return sorted(flags, key=lambda flag: (flag.field == "title", -flag.weight))


def _lit_line(case: Case, field: FieldName) -> str:
    return " ".join(lit(field_text(case, field), spans(case.flags, field)).split())


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


def _published(dated: Dating | None) -> str:
    if dated is None:
        return "undated"
    day = f"{dated.at.astimezone(VIETNAM):%d/%m/%Y}"
    return day if dated.precision == "day" else _minute(dated.at)


def _minute(moment: datetime) -> str:
    return f"{moment.astimezone(VIETNAM):%d/%m/%Y %H:%M}"
