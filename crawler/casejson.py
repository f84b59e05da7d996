"""One case as the JSON that every command and export shows (its keys are a contract: only added)."""

from __future__ import annotations

from typing import Any

from crawler.times import shown
from storage.records import Article, Case, Citation, Cited, Figure, Flag, Mention, Raise, Verdict

_NOTHING = Cited("")


def article_json(article: Article) -> dict[str, Any]:
    """What the page said, without what the store and people add to it."""
    dated = article.published
    return {
        "key": article.key,
        "source": article.source,
        "url": article.url,
        "title": article.title,
        "lead": article.lead,
        "body": article.body,
        "authors": list(article.authors),
        "section": article.section,
        "tags": list(article.tags),
        "published_at": shown(dated.at) if dated else None,
        "published_precision": dated.precision if dated else None,
        "published_from": dated.origin if dated else None,
        "updated_at": shown(article.updated.at) if article.updated else None,
        "images": [{"url": image.url, "caption": image.caption} for image in article.images],
    }


def case_json(case: Case, *, named: bool = False, noted: bool = True) -> dict[str, Any]:
    """The whole case, in the order of the contract; `named`: with who decided; `noted`: with what she noted.

    Where it is not to be told, the note is null; the key stays.
    """
    return {
        "id": case.id,
        **article_json(case.article),
        "found_in": case.found_in,
        "fetched_at": shown(case.fetched_at),
        "revision": case.revision,
        "changed_at": shown(case.changed_at) if case.changed_at else None,
        "gone_at": shown(case.gone_at) if case.gone_at else None,
        "flags": [flag_json(flag) for flag in case.flags],
        "verdict": verdict_json(case.verdict, named=named, noted=noted) if case.verdict else None,
        **cited_json(case.article, case.cited or _NOTHING),
        "story": list(case.story),
        "raised": raise_json(case.raised, noted=noted) if case.raised else None,
    }


def raise_json(raised: Raise, *, noted: bool = True) -> dict[str, Any]:
    """That a person raised it; `rule` is the topic she named, or null."""
    return {"rule": raised.rule, "note": raised.note if noted else None, "at": shown(raised.at)}


def flag_json(flag: Flag) -> dict[str, Any]:
    """A flag with its proof; spans are code points of the stored field, end exclusive."""
    return {
        "rule": flag.rule,
        "label": flag.label,
        "version": flag.version,
        "field": flag.field,
        "spans": [list(span) for span in flag.spans],
        "quote": flag.quote,
        "level": flag.level,
        "score": flag.score,
        "absent": list(flag.absent),
        "excluded": [list(span) for span in flag.excluded],
    }


def cited_json(article: Article, cited: Cited) -> dict[str, Any]:
    """What the article cites: nothing also where that was not looked for yet."""
    return {
        "documents": [citation_json(article, one) for one in cited.citations],
        "figures": [figure_json(article, one) for one in cited.figures],
    }


def citation_json(article: Article, citation: Citation) -> dict[str, Any]:
    """A document with every place where it is cited; spans as those of flags."""
    return {
        **document_json(citation),
        "how": citation.how,
        "confidence": citation.confidence,
        "mentions": [
            {
                "field": place.field,
                "span": [place.start, place.end],
                "text": cut(article, place),
                "how": place.how,
            }
            for place in citation.mentions
        ],
    }


def document_json(citation: Citation) -> dict[str, Any]:
    """A document by itself; null where it is not known, or is none."""
    return {
        "key": citation.key,
        "type": citation.kind,
        "number": citation.number,
        "year": citation.year,
        "organ": citation.organ,
        "province": citation.province,
        "date": citation.dated,
        "term": citation.term,
        "issuer": citation.issuer,
    }


def figure_json(article: Article, figure: Figure) -> dict[str, Any]:
    """A number with what it counts; `text` is both as they stand there."""
    return {
        "field": figure.field,
        "span": [figure.start, figure.end],
        "text": cut(article, figure),
        "value": _number(figure.value),
        "whole": None if figure.whole is None else _number(figure.whole),
        "unit": figure.unit,
        "counted": figure.counted,
        "about": figure.about,
    }


def cut(article: Article, place: Mention | Figure) -> str:
    """What stands at the place."""
    text: str = getattr(article, place.field) or ""
    return text[place.start : place.end]


def _number(value: float) -> int | float:
    return int(value) if value.is_integer() else value


def verdict_json(verdict: Verdict, *, named: bool = False, noted: bool = True) -> dict[str, Any]:
    """A decision that stands; `named`: with who decided."""
    note = verdict.note if noted else None
    told = {"decision": verdict.decision, "note": note, "at": shown(verdict.at)}
    return {**told, "by": verdict.by} if named else told
