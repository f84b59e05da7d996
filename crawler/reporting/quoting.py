"""The sentences that prove an article, with the very words lit; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from crawler.reporting.blocks import Run, Runs, texts
from crawler.reporting.typography import clean, cut
from crawler.review.marking import Piece, heaviest_first, lit_quote
from storage.records import Article, Case, Flag

MOST_QUOTES = 2  # of one article
LONGEST = 700  # characters of one
_LEAD = 320  # characters of a lead that stands where nothing is proven
_BLANKS = re.compile(r"\s+")


def quotes(case: Case, proof: Sequence[Flag] = ()) -> tuple[Runs, ...]:
    """At most MOST_QUOTES sentences, of the question's proof first; else how the article begins, unlit.

    A sentence of the text tells more than the title, which stands above anyhow: the title is quoted only
    where nothing else proves.
    """
    flags = [*proof, *(flag for flag in heaviest_first(case.flags) if flag.level == "primary")]
    chosen = _distinct([flag for flag in flags if flag.field != "title"] or flags)
    found = tuple(_lit(flag, flags, case.article) for flag in chosen[:MOST_QUOTES])
    return tuple(runs for runs in found if texts(runs)) or _beginning(case.article)


def _distinct(flags: Iterable[Flag]) -> list[Flag]:
    return list({(flag.field, flag.quote): flag for flag in reversed(list(flags))}.values())[::-1]


def _lit(flag: Flag, flags: Sequence[Flag], article: Article) -> Runs:
    pieces = lit_quote(flag, flags, getattr(article, flag.field) or "")
    return shortened(trimmed(_runs(pieces)), LONGEST)


def _runs(pieces: Iterable[Piece]) -> Runs:
    """Neighbours under different rules are lit as one."""
    return tuple(
        Run("".join(piece.text for piece in group), "lit" if is_lit else "plain")
        for is_lit, group in groupby(
            pieces, key=lambda piece: bool(piece.labels) and piece.kind != "excluded"
        )
    )


def trimmed(runs: Iterable[Run]) -> Runs:
    """The runs cleaned as `clean` does, blanks between them kept, those at both ends taken away."""
    found: list[Run] = []
    for run in runs:
        before = texts(found)
        text = _inner(run.text)
        if text.startswith(" ") and (not before or before.endswith(" ")):
            text = text[1:]
        if text:
            found.append(Run(text, run.kind, run.href))
    if found:
        last = found.pop()
        found += [Run(last.text.rstrip(), last.kind, last.href)] if last.text.strip() else []
    return tuple(found)


def shortened(runs: Runs, most: int) -> Runs:
    """The runs up to about so many characters, and an ellipsis where that cuts them."""
    found: list[Run] = []
    for run in runs:
        room = most - len(texts(found))
        if len(run.text) > room:
            found.append(Run(cut(run.text, room) if room > 1 else "…", run.kind, run.href))
            break
        found.append(run)
    return tuple(found)


def _inner(text: str) -> str:
    """Cleaned, a blank at either end kept."""
    cleaned = clean(text)
    before = " " if _BLANKS.match(text) and cleaned else ""
    behind = " " if text[-1:].isspace() else ""
    return f"{before}{cleaned}{behind}"


def _beginning(article: Article) -> tuple[Runs, ...]:
    first = article.lead or article.body.partition("\n\n")[0]
    text = cut(clean(first), _LEAD)
    return ((Run(text),),) if text else ()
