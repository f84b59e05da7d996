"""Pure: what a message says, as the JSON that webhooks get and that mail and Apprise are made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from crawler.config.model import Channel, Language
from crawler.notices.choosing import Chosen
from crawler.notices.sourcenews import SourceNews, is_ill
from crawler.notices.wording import moment, of_the_store, say
from crawler.review.ailing import SENTENCES, complaint
from crawler.review.marking import Piece, heaviest_first, lit_quote, marks, pieces
from crawler.review.watched import Ailment
from crawler.times import shown
from crawler.urls import outward
from storage.complaints import Recorded
from storage.deliveries import Delivery, DeliveryKind
from storage.notices import Pending
from storage.records import Case, Copy, Flag, StateChange

VERSION = 1  # of the JSON; a key may be added without another, none is taken away

_LONGEST_QUOTE = 400  # characters
_LONGEST_TITLE = 300
_LONGEST_CAUSE = 600
_LONGEST_SUBJECT = 150
_TOPICS = 3  # named in a subject
# Whatever no mail client, terminal or chat should be given by a foreign page.
_UNPRINTABLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What every message of a channel bears."""

    key: str  # of the delivery, the same at every attempt
    channel: str
    language: Language
    page_url: str | None  # of the review page; None: nobody said
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """The cases of a message, with what is told beside them."""

    chosen: Chosen
    cases: Mapping[int, Case]  # those listed, by number
    copies: Mapping[int, Copy]  # other articles of their stories, by number
    labels: Mapping[str, str]  # of rules


@dataclass(frozen=True, slots=True)
class CareNews:
    """What is told of the watch itself."""

    lost: Sequence[Delivery] = ()  # messages that other channels never got
    complaints: Sequence[Recorded] = ()  # of the store, that last
    mended: Sequence[Recorded] = ()  # that are over


@dataclass(frozen=True, slots=True)
class Week:
    """What the weekly message tells."""

    first: date
    last: date
    sources: int
    crawls: int
    troubled: int
    read: int
    flagged: int
    reviewed: int
    waiting: int  # in the queue
    ill: Sequence[StateChange] = ()
    complaints: Sequence[Recorded] = ()  # of the store, that last


def letterhead(channel: Channel, key: str, page_url: str | None, now: datetime) -> Letterhead:
    """The letterhead of a new message."""
    return Letterhead(key, channel.name, channel.language, page_url, now)


def cases_content(head: Letterhead, kind: DeliveryKind, told: Told) -> dict[str, Any]:
    """A message of cases: at once, or a digest."""
    chosen = told.chosen
    counts = {
        "new": sum(one.kind == "new" and not one.late for one in chosen.told),
        "changed": sum(one.kind == "changed" for one in chosen.told),
        "late": sum(one.late for one in chosen.told),
        "listed": len(chosen.listed),
        "all": len(chosen.told),
    }
    topics = [
        {"rule": rule, "label": plain(told.labels.get(rule, rule)), "cases": count}
        for rule, count in chosen.topics.items()
    ]
    cases = [_case(head, one, told) for one in chosen.listed if one.article_id in told.cases]
    subject = _cases_subject(head.language, counts, topics, cases)
    return _message(head, kind, subject) | {"counts": counts, "topics": topics, "cases": cases}


def sources_content(head: Letterhead, news: SourceNews, care: CareNews, watched: int) -> dict[str, Any]:
    """A message of papers that fell ill or got well, and of the watch itself."""
    language = head.language
    parts = []
    if care.complaints:
        parts.append(say(language, "complaints", n=len(care.complaints)))
    if news.offline:
        dead = sum(one.state == "dead" for one in news.ill)
        parts.append(say(language, "offline", n=dead, all=watched))
    elif news.ill:
        parts.append(say(language, "ill", n=len(news.ill), papers=_papers(one.source for one in news.ill)))
    if news.well:
        parts.append(say(language, "well", n=len(news.well), papers=_papers(one.source for one in news.well)))
    if care.lost:
        names = _papers(dict.fromkeys(one.channel for one in care.lost))
        parts.append(say(language, "lost", n=len(care.lost), channels=names))
    if care.mended:
        parts.append(say(language, "mended", n=len(care.mended)))
    return _message(head, "sources", "; ".join(parts)) | {
        "lost": [
            {
                "id": one.id,
                "channel": one.channel,
                "subject": one.subject,
                "trouble": plain(one.trouble or ""),
            }
            for one in care.lost
        ],
        "offline": news.offline,
        "ill": [state_content(language, one) for one in news.ill],
        "well": [state_content(head.language, one) for one in news.well],
        "complaints": [complaint_content(language, one) for one in care.complaints],
        "mended": [complaint_content(language, one) for one in care.mended],
    }


def weekly_content(head: Letterhead, week: Week) -> dict[str, Any]:
    """The message that says that the watch goes on, even if nothing was found."""
    counts = {
        "sources": week.sources,
        "crawls": week.crawls,
        "troubled": week.troubled,
        "read": week.read,
        "flagged": week.flagged,
        "reviewed": week.reviewed,
        "waiting": week.waiting,
    }
    subject = say(head.language, "weekly", sources=week.sources, read=week.read, flagged=week.flagged)
    return _message(head, "weekly", subject) | {
        "first": week.first.isoformat(),
        "last": week.last.isoformat(),
        "counts": counts,
        "ill": [state_content(head.language, one) for one in week.ill],
        "complaints": [complaint_content(head.language, one) for one in week.complaints],
    }


def tells(content: Mapping[str, Any]) -> bool:
    """Whether there is anything in a message; a weekly one says that the watch goes on."""
    lists = ("cases", "ill", "well", "lost", "complaints", "mended")
    return content["kind"] == "weekly" or any(content.get(name) for name in lists)


def trial_content(head: Letterhead) -> dict[str, Any]:
    """A message that tries a channel."""
    return _message(head, "test", say(head.language, "test", channel=head.channel))


def state_content(language: Language, change: StateChange) -> dict[str, Any]:
    """How a paper is, since when, why, and what to do about it."""
    why, advice = _why(language, change)
    return {
        "source": change.source,
        "state": change.state,
        "before": change.before,
        "since": shown(change.at),
        "finding": change.kind,
        "cause": plain(change.cause, _LONGEST_CAUSE),
        "why": plain(why, _LONGEST_CAUSE),
        "advice": advice,
    }


def complaint_content(language: Language, one: Recorded) -> dict[str, Any]:
    """What is, or was, wrong with the store."""
    return {
        "kind": one.complaint.kind,
        "since": shown(one.begun_at),
        "until": shown(one.ended_at) if one.ended_at else None,
        "cause": plain(one.complaint.said, _LONGEST_CAUSE),
        "why": plain(of_the_store(language, one.complaint), _LONGEST_CAUSE),
    }


def _why(language: Language, change: StateChange) -> tuple[str, str | None]:
    """The cause, and the advice where the cause does not bear it."""
    if language == "en" and change.cause:
        return change.cause, None
    if language == "vi" and change.cause and change.kind in SENTENCES:
        ailment = Ailment(change.kind, change.values, "")
        if told := complaint(change.source, ailment, partial(moment, language)):
            return told, None
    advice = say(language, f"do_{change.state}", source=change.source) if is_ill(change) else None
    return say(language, f"is_{change.state}"), advice


def plain(text: str, longest: int | None = None) -> str:
    """Foreign text on one line, without what does not print; cut where it is longer than `longest`."""
    told = " ".join(_UNPRINTABLE.sub(" ", text).split())
    return told if longest is None or len(told) <= longest else told[: longest - 1].rstrip() + "…"


def _message(head: Letterhead, kind: str, subject: str) -> dict[str, Any]:
    return {
        "version": VERSION,
        "id": head.key,
        "kind": kind,
        "channel": head.channel,
        "language": head.language,
        "made_at": shown(head.made_at),
        "subject": plain(f"[{say(head.language, 'name')}] {subject}", _LONGEST_SUBJECT),
        "page": f"{head.page_url}/" if head.page_url else None,
    }


def _cases_subject(
    language: Language, counts: Mapping[str, int], topics: Sequence[Mapping[str, Any]], cases: Sequence[Any]
) -> str:
    parts = [say(language, kind, n=counts[kind]) for kind in ("new", "changed", "late") if counts[kind]]
    if counts["all"] == 1 and cases:
        return f"{parts[0]} · {topics[0]['label']}: {cases[0]['title']}"
    named = ", ".join(f"{one['label']} {one['cases']}" for one in topics[:_TOPICS])
    return f"{', '.join(parts)}: {named}" + (", …" if len(topics) > _TOPICS else "")


def _case(head: Letterhead, one: Pending, told: Told) -> dict[str, Any]:
    case = told.cases[one.article_id]
    article, flags = case.article, heaviest_first(flag for flag in case.flags if flag.level == "primary")
    title, title_spans = _marked(pieces(article.title, marks(flags, "title")), _LONGEST_TITLE)
    proof = _proof(flags, one.rule)
    field = proof.field if proof else None
    text = getattr(article, proof.field) or "" if proof else ""
    quote, spans = _marked(lit_quote(proof, flags, text), _LONGEST_QUOTE) if proof else (None, [])
    dated = article.published
    return {
        "id": case.id,
        "key": article.key,
        "kind": one.kind,
        "late": one.late,
        "source": article.source,
        "url": outward(article.url),
        "page": f"{head.page_url}/cases/{case.id}" if head.page_url else None,
        "title": title,
        "title_spans": title_spans,
        "published_at": shown(dated.at) if dated else None,
        "published_precision": dated.precision if dated else None,
        "rules": [
            {"rule": flag.rule, "label": plain(flag.label), "weight": flag.weight}
            for flag in {flag.rule: flag for flag in reversed(flags)}.values()
        ][::-1],
        "field": field,
        "quote": quote,
        "spans": spans,
        "also": [
            {"id": number, "source": told.copies[number].source}
            for number in case.story
            if number in told.copies
        ],
    }


def _proof(flags: Sequence[Flag], rule: str) -> Flag | None:
    """A flag of that rule beside the title, which is shown anyway; else of any rule, else the title's."""
    ordered = [flag for flag in flags if flag.rule == rule] + [flag for flag in flags if flag.rule != rule]
    return next((flag for flag in ordered if flag.field != "title"), ordered[0] if ordered else None)


def _marked(found: Iterable[Piece], longest: int) -> tuple[str, list[list[int]]]:
    """The pieces as one plain text, and where in it the marked ones stand; cut about the first of these."""
    text, spans = "", list[list[int]]()
    for piece in found:
        told = _UNPRINTABLE.sub(" ", piece.text)
        if piece.labels and piece.kind != "excluded":
            if spans and spans[-1][1] == len(text):
                spans[-1][1] += len(told)
            else:
                spans.append([len(text), len(text) + len(told)])
        text += told
    return _cut(text, spans, longest)


def _cut(text: str, spans: list[list[int]], longest: int) -> tuple[str, list[list[int]]]:
    if len(text) <= longest:
        return text, spans
    begin = max(0, min(spans[0][0] - longest // 3, len(text) - longest)) if spans else 0
    end = begin + longest
    before = "…" if begin else ""
    moved = len(before) - begin
    kept = [
        [max(start, begin) + moved, min(stop, end) + moved]
        for start, stop in spans
        if start < end and stop > begin
    ]
    return before + text[begin:end] + ("…" if end < len(text) else ""), kept


def _papers(sources: Iterable[str], most: int = 5) -> str:
    names = list(sources)
    return ", ".join(names[:most]) + (", …" if len(names) > most else "")
