"""Articles and rules for these tests: a test names only what it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from crawler.judging import compile_rules
from crawler.judging.ruletext import RuleText
from storage.records import Article, Dating, Flag


def article(
    title: str = "",
    body: str = "",
    lead: str | None = None,
    *,
    section: str | None = None,
    published: datetime | None = None,
) -> Article:
    """An article of the source "bao"."""
    return Article(
        key="bao:1",
        source="bao",
        url="https://bao.example.vn/1",
        title=title,
        lead=lead,
        body=body,
        authors=(),
        section=section,
        tags=(),
        published=Dating(published, "minute", "meta") if published else None,
        images=(),
    )


def flags(query: str, about: Article, lists: Mapping[str, Sequence[str]] | None = None) -> tuple[Flag, ...]:
    """The flags that one query puts on the article."""
    known = {name: tuple(phrases) for name, phrases in (lists or {}).items()}
    return compile_rules([RuleText("rule", "Rule", query=query, lists=known)]).flags(about)


def found(query: str, text: str) -> list[str]:
    """What the query lights up in a body of this text."""
    return [text[start:end] for flag in flags(query, article(body=text)) for start, end in flag.spans]
